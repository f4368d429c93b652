"""Names the system packages Qt misses here in one sentence, and says whether a window can be opened.

Prints `window` or `offscreen`; exit 1 with the sentence when libraries are missing. With --offscreen
only what an offscreen run needs is asked for; with --missing the packages are listed, nothing else.
Linux is checked; elsewhere Qt brings what it needs.
"""

from __future__ import annotations

import ctypes
import os
import sys

# Debian's package: a library that only it brings.
ALWAYS = {
    "libegl1": "libEGL.so.1",
    "libgl1": "libGL.so.1",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libglib2.0-0": "libgthread-2.0.so.0",
}
FOR_X11 = {
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
}


def missing(wanted: dict[str, str]) -> list[str]:
    return [package for package, library in wanted.items() if not loads(library)]


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_display() -> bool:
    """A display that answers; a DISPLAY left over from a closed session counts as none."""
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in ("offscreen", "minimal"):
        return False
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("WAYLAND_DISPLAY")) or answers_x11()


def answers_x11() -> bool:
    if not os.environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # cannot be asked; the missing libraries are named next
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    return answers


def sentence(packages: list[str]) -> str:
    return (
        f"Qt needs system libraries that this machine lacks: {' '.join(packages)} "
        f"(on Debian and Ubuntu: apt-get install {' '.join(packages)})."
    )


def main(arguments: list[str]) -> None:
    if "--missing" in arguments:
        sys.stdout.write(" ".join(missing(ALWAYS | FOR_X11)) + "\n")
        return
    window = "--offscreen" not in arguments and has_display()
    if sys.platform.startswith("linux"):
        x11 = window and not os.environ.get("WAYLAND_DISPLAY")
        if packages := missing(ALWAYS | FOR_X11 if x11 else ALWAYS):
            sys.exit(sentence(packages))
    if "--offscreen" not in arguments:
        sys.stdout.write("window\n" if window else "offscreen\n")


if __name__ == "__main__":
    main(sys.argv[1:])
