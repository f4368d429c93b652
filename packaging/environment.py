"""Sets up .venv from one of the locks; quick when it is already as the lock says. Standard library only."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
VENV = HOME / ".venv"
PYTHON = VENV / "bin" / "python"

# What is needed to run is part of what is needed to work on it: the larger set serves both.
ENOUGH = {
    "requirements.lock": ("requirements.lock", "requirements-dev.lock"),
    "requirements-dev.lock": ("requirements-dev.lock",),
}


def main(lock: str) -> None:
    if starts() and any(stamp(name).is_file() for name in ENOUGH[lock]):
        return
    say(f"Setting up .venv from {lock}; the first time this fetches about 530 MB.")
    if not starts():
        create()
    install(lock)
    for old in VENV.glob("*.stamp"):
        old.unlink()
    stamp(lock).touch()


def stamp(lock: str) -> Path:
    """Stands in .venv when the lock with this very content was installed to its end."""
    content = hashlib.sha256((HOME / lock).read_bytes()).hexdigest()[:16]
    return VENV / f"{lock}-{content}.stamp"


def starts() -> bool:
    """False without a .venv, and with one whose Python or pip is gone."""
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode == 0


def create() -> None:
    try:
        import ensurepip  # noqa: F401  Debian ships venv without it
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(
            f"This Python {version} cannot make a virtual environment: install its venv package "
            f"(on Debian: apt-get install python3-venv, or python{version}-venv) and try again."
        )
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True)
    if made.returncode:
        sys.exit(f"The virtual environment .venv could not be made: {last_line(made.stdout + made.stderr)}")


def install(lock: str) -> None:
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", HOME / lock])
    if done.returncode:
        sys.exit(f"pip could not install what {lock} lists (see above); mend that and try again.")


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1]


def say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ENOUGH:
        sys.exit(f"Name the lock to install: {' or '.join(ENOUGH)}.")
    main(sys.argv[1])
