"""One snapshot being counted or written by a process of its own; it can be given up at any time."""

from __future__ import annotations

import logging
import os

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from dispatch.helper_command import helper_command
from dispatch.snapshot_job.orders import Answer, Done, Orders, Refused, Step, heard
from ui.map.spare_time import in_a_session_of_its_own

log = logging.getLogger(__name__)

# It has its half-written file to take away; after that nobody waits for it.
END_MS = 5_000


class Job(QObject):
    """Emits `stepped` while it goes on, then one of the others; nothing at all once it was given up."""

    stepped = Signal(object)  # Step
    finished = Signal(object)  # Done
    refused = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._answer: Answer | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def begin(self, orders: Orders) -> None:
        """What still runs is given up: the newest wish counts."""
        self.give_up()
        process = QProcess(self)
        self._process, self._answer = process, None
        process.readyReadStandardOutput.connect(lambda: self._hear(process))
        process.finished.connect(lambda *_: self._end(process))
        process.errorOccurred.connect(lambda error: self._broken(process, error))
        program, *arguments = helper_command("snapshot")
        process.setProgram(program)
        process.setArguments(arguments)
        if os.name == "posix":
            in_a_session_of_its_own(process)
        process.start()
        process.write(orders.line())

    def give_up(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.closeWriteChannel()
        process.finished.connect(process.deleteLater)
        QTimer.singleShot(END_MS, process, process.kill)

    def end(self) -> None:
        """Give up and wait for it: the program ends."""
        process, self._process = self._process, None
        if process is not None:
            process.closeWriteChannel()
            if not process.waitForFinished(END_MS):
                process.kill()
                process.waitForFinished(END_MS)

    def _hear(self, process: QProcess) -> None:
        while process is self._process and process.canReadLine():
            answer = heard(bytes(process.readLine().data()))
            if isinstance(answer, Step):
                self.stepped.emit(answer)
            elif answer is not None:
                self._answer = answer

    def _broken(self, process: QProcess, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._end(process)

    def _end(self, process: QProcess) -> None:
        if process is not self._process:
            return
        self._hear(process)
        self._process = None
        said = bytes(process.readAllStandardError().data()).decode(errors="replace").strip()
        process.deleteLater()
        if isinstance(self._answer, Done):
            self.finished.emit(self._answer)
        elif isinstance(self._answer, Refused):
            self.refused.emit(self._answer.sentence)
        else:
            log.warning("A snapshot was not made: its process ended. %s", said[-300:])
            self.refused.emit(self.tr("The snapshot was not made: its process ended. Try once more."))
