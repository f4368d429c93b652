"""Puts Landfall into this person's application menu, as a desktop entry that starts this very folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
NAME = "landfall.desktop"


def entry(home: Path) -> str:
    return f"""[Desktop Entry]
Type=Application
Name=Landfall
GenericName=Dispatch console
Comment=What residents report in a hurricane, sorted, answered and handed to emergency management
Exec={quoted(home / ".venv" / "bin" / "python")} {quoted(home / "main.py")}
Path={home}
Terminal=false
Categories=Office;
Keywords=311;EOC;dispatch;hurricane;
StartupWMClass=landfall
Actions=Exercise;

[Desktop Action Exercise]
Name=Exercise: Irma
Exec={quoted(home / ".venv" / "bin" / "python")} {quoted(home / "main.py")} --exercise irma
"""


def quoted(path: Path) -> str:
    """As the Desktop Entry Specification wants an argument of Exec: quoted, its own signs escaped."""
    text = str(path)
    for sign in ("\\", '"', "`", "$"):
        text = text.replace(sign, "\\" + sign)
    # Exec is a string first, whose backslashes are escaped once more; a % would be a field code.
    return '"' + text.replace("\\", "\\\\").replace("%", "%%") + '"'


def applications() -> Path:
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "applications"


def main() -> None:
    target = applications() / NAME
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(entry(HOME), "utf-8")
    sys.stdout.write(f"Landfall is in the application menu now ({target}).\n")


if __name__ == "__main__":
    main()
