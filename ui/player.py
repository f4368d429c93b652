"""The tone of the alarm, and what plays it."""

from __future__ import annotations

import io
import logging
import math
import shutil
import struct
import tempfile
import wave
from pathlib import Path

from PySide6.QtCore import QObject, QProcess

log = logging.getLogger(__name__)

PLAYERS = ("pw-play", "paplay", "aplay", "afplay")
_RATE = 22_050


class Player(QObject):
    """Plays the tone with the desktop's own player; without one the visual twin stands alone."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = next((found for name in PLAYERS if (found := shutil.which(name))), None)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: QProcess | None = None
        if self._program is None:
            log.info("no sound player found: alarms are shown, not heard")

    @property
    def can_play(self) -> bool:
        return self._program is not None

    def play(self) -> None:
        if self._program is None or (
            self._process and self._process.state() != QProcess.ProcessState.NotRunning
        ):
            return
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="landfall-")
            Path(self._folder.name, "alarm.wav").write_bytes(tone())
        self._process = QProcess(self)
        self._process.setStandardOutputFile(QProcess.nullDevice())
        self._process.setStandardErrorFile(QProcess.nullDevice())
        self._process.start(self._program, [str(Path(self._folder.name, "alarm.wav"))])

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.waitForFinished(1000)
            self._process = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def tone() -> bytes:
    """Two soft notes, a falling third, half a second: heard in a full room, bearable all night."""
    frames = bytearray()
    for pitch in (784.0, 659.3):
        length = int(_RATE * 0.26)
        for i in range(length):
            swell = min(1.0, i / 400, (length - i) / 2500)
            value = math.sin(2 * math.pi * pitch * i / _RATE) + 0.3 * math.sin(
                4 * math.pi * pitch * i / _RATE
            )
            frames += struct.pack("<h", int(9000 * swell * value))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(bytes(frames))
    return out.getvalue()
