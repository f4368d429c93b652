"""The ICS 213 drawn: page 1 carries every block, later pages what did not fit into it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from dispatch.forms.ics213 import Ics213, Line
from dispatch.reports import paper
from dispatch.reports.paper import BOLD, FRAME, HAIRLINE, REGULAR, STRONG, Sheet, shortened, wrap

LABEL = 7.5
BODY = 9.5
LEADING = 12.5
LABEL_COLUMN = 96.0
PAD = 5.0
ENTRY_GAP = 2.5
MOST_ROWS = 6


@dataclass(frozen=True, slots=True)
class _Row:
    """One printed line of block 7 or 9."""

    text: str
    label: str = ""
    is_warning: bool = False
    gap: float = 0.0

    @property
    def height(self) -> float:
        return LEADING + self.gap


class Ics213Pages:
    """Page 1 carries every block; what does not fit into 7 or 9 goes on with the same head."""

    REPLY_HEIGHT = 118.0
    SIGN_HEIGHT = 32.0
    FOOT_HEIGHT = 20.0
    HEAD_CONTINUED = 24.0 + 30.0
    BLOCK_HEAD = 20.0
    REPLY_ROWS = 7

    def __init__(self, form: Ics213) -> None:
        self.form = form
        self.sheet = Sheet(f"{form.title} {form.number}".strip(), is_exercise=form.is_exercise)
        self.left, self.width = self.sheet.left, self.sheet.right - self.sheet.left
        self.overflow: list[Line] = []

    def draw(self) -> bytes:
        form, sheet = self.form, self.sheet
        y = self._head(first=True)
        message_height = sheet.bottom - y - 2 * self.SIGN_HEIGHT - self.REPLY_HEIGHT - self.FOOT_HEIGHT
        approved = self._fitted("8. Approved by:", form.approved_by, 100, most=1)
        replied = self._fitted("10. Replied by:", form.replied_by, 145, most=1)
        room = message_height - self.BLOCK_HEAD
        here, rest = _fitting(self._rows((*form.message, *self.overflow), room), room)
        reply = wrap(form.reply, REGULAR, BODY, self.width - 2 * PAD) if form.reply else []
        if len(reply) > self.REPLY_ROWS:
            reply = self._wrapped(Line("", form.reply))  # as wide as the column it goes on in
            rest += _entry("9. Reply, continued", reply[self.REPLY_ROWS :], is_warning=False)
        later = self._continuations(rest)
        pages = 1 + len(later)

        self._message(y, message_height, here, "7. Message:", goes_on=bool(rest))
        y += message_height
        self._signed(
            y, "8. Approved by:", (("Name:", approved[0]), ("Signature:", ""), ("Position/Title:", ""))
        )
        y += self.SIGN_HEIGHT
        self._reply(y, reply[: self.REPLY_ROWS])
        y += self.REPLY_HEIGHT
        self._signed(y, "10. Replied by:", (("Name, position:", replied[0]), ("Signature:", "")))
        self._foot(1, pages)
        for number, rows in enumerate(later, start=2):
            y = self._head(first=False)
            self._message(y, sheet.bottom - self.FOOT_HEIGHT - y, rows, "7. Message (continued):")
            self._foot(number, pages)
        return sheet.finish()

    def _rows(self, lines: Iterable[Line], height: float) -> list[_Row]:
        """A long text must not push what is asked off page 1: its rest goes on below the last line."""
        entries = [(line, self._wrapped(line)) for line in lines]
        rows = [row for line, texts in entries for row in _entry(line.label, texts, line.is_warning)]
        if sum(row.height for row in rows) <= height:
            return rows
        rows, rest = [], []
        for line, texts in entries:
            if len(texts) <= MOST_ROWS:
                rows += _entry(line.label, texts, line.is_warning)
                continue
            rows += _entry(line.label, [*texts[:MOST_ROWS], "(goes on below)"], line.is_warning)
            rest += _entry(f"{line.label}, continued", texts[MOST_ROWS:], line.is_warning)
        return rows + rest

    def _wrapped(self, line: Line) -> list[str]:
        font = BOLD if line.is_warning else REGULAR
        return wrap(line.text, font, BODY, self.width - LABEL_COLUMN - 2 * PAD)

    def _continuations(self, rows: list[_Row]) -> list[list[_Row]]:
        height = self.sheet.bottom - self.sheet.top - self.HEAD_CONTINUED - self.FOOT_HEIGHT - self.BLOCK_HEAD
        pages = []
        while rows:
            page, rows = _fitting(rows, height)
            pages.append(page)
        return pages

    def _head(self, *, first: bool) -> float:
        """Title and blocks 1 to 6, on later pages 1, 4, 5 and 6; answers where block 7 begins."""
        form, sheet = self.form, self.sheet
        y = sheet.top
        sheet.box(self.left, y, self.width, sheet.bottom - y, FRAME)
        sheet.centered(y + 16.5, "GENERAL MESSAGE (ICS 213)", BOLD, 13)
        y += 24
        if not first:
            return self._blocks(
                y, 30, (("1. Incident Name:", form.incident, 190), *self._dated(most=1)), most=1
            )
        y = self._blocks(y, 28, (("1. Incident Name (Optional):", form.incident, self.width),), most=1)
        y = self._blocks(y, 28, (("2. To (Name and Position):", form.sent_to, self.width),), most=1)
        y = self._blocks(y, 28, (("3. From (Name and Position):", form.sent_from, self.width),), most=1)
        return self._blocks(y, 40, self._dated(most=2), most=2)

    def _dated(self, *, most: int) -> tuple[tuple[str, str, float], ...]:
        taken = 190 if most == 1 else 0
        return (
            ("4. Subject:", self.form.subject, self.width - 160 - taken),
            ("5. Date:", self.form.date, 80),
            ("6. Time:", self.form.time, 80),
        )

    def _blocks(
        self, y: float, height: float, blocks: Sequence[tuple[str, str, float]], *, most: int
    ) -> float:
        x = self.left
        self.sheet.rule(x, y, x + self.width)
        for label, text, width in blocks:
            if x > self.left:
                self.sheet.stem(x, y, y + height)
            self.sheet.text(x + PAD, y + 10, label, STRONG, LABEL)
            for at, line in enumerate(self._fitted(label, text, width - 2 * PAD, most=most)):
                self.sheet.text(x + PAD, y + 22.5 + at * LEADING, line, REGULAR, BODY + 0.5)
            x += width
        return y + height

    def _fitted(self, label: str, text: str, width: float, *, most: int) -> list[str]:
        """The lines that fit; a cut one ends in …, and the whole text stands at the end of block 7."""
        lines = wrap(text, REGULAR, BODY + 0.5, width)
        if len(lines) <= most:
            return lines
        self.overflow.append(Line(label, text))
        return shortened(wrap(text, REGULAR, BODY + 0.5, width - 12), most)

    def _message(
        self, y: float, height: float, rows: list[_Row], label: str, *, goes_on: bool = False
    ) -> None:
        self.sheet.rule(self.left, y, self.left + self.width)
        self.sheet.text(self.left + PAD, y + 10, label, STRONG, LABEL)
        if goes_on:
            self.sheet.right_text(self.left + self.width - PAD, y + 10, "continued on page 2", STRONG, LABEL)
        top = y + 15
        for row in rows:
            top += row.gap
            baseline = top + LEADING - 3.2
            self.sheet.text(self.left + PAD, baseline, row.label, STRONG, BODY - 1)
            self._row(top, baseline, row)
            top += LEADING

    def _row(self, top: float, baseline: float, row: _Row) -> None:
        x = self.left + LABEL_COLUMN
        if not row.is_warning:
            self.sheet.text(x, baseline, row.text, REGULAR, BODY)
        elif row.text:
            self.sheet.black(x - 3, top, paper.text_width(row.text, BOLD, BODY) + 6, LEADING)
            self.sheet.white_text(x, baseline, row.text, BOLD, BODY)

    def _signed(self, y: float, label: str, blanks: Sequence[tuple[str, str]]) -> None:
        sheet = self.sheet
        sheet.rule(self.left, y, self.left + self.width)
        sheet.text(self.left + PAD, y + 10, label, STRONG, LABEL)
        x = self.left + 78
        width = (self.left + self.width - PAD - x) / len(blanks)
        for name, text in blanks:
            sheet.blank(x, y + 22, name, x + width - 8, 8)
            start = x + paper.text_width(name, REGULAR, 8) + 5
            sheet.text(start, y + 21, text, REGULAR, BODY)
            x += width

    def _reply(self, y: float, said: list[str]) -> None:
        sheet = self.sheet
        sheet.rule(self.left, y, self.left + self.width)
        sheet.text(self.left + PAD, y + 10, "9. Reply:", STRONG, LABEL)
        code = f"answer code {paper.printable(self.form.answer_code)[:12]}"
        sheet.right_text(self.left + self.width - PAD, y + 11, code, STRONG, 9)
        if not said:
            return self._to_tick(y + 27)
        for at, text in enumerate(said):
            sheet.text(self.left + PAD, y + 26 + at * LEADING, text, REGULAR, BODY)
        return None

    def _to_tick(self, y: float) -> None:
        """For the pen: the answers emergency management can give."""
        sheet, x, end = self.sheet, self.left + PAD, self.left + self.width - PAD
        after = sheet.tick_box(x, y, "Accepted")
        after = sheet.tick_box(after, y, "Accepted, held for weather")
        sheet.blank(after, y, "passed on to", end)
        after = sheet.tick_box(x, y + 22, "Returned:")
        for words in ("wrong desk", "outside our area", "no resource now"):
            after = sheet.tick_box(after, y + 22, words)
        sheet.tick_box(after, y + 22, "already known as no.")
        sheet.rule(after + 104, y + 23.5, end, HAIRLINE)
        sheet.blank(x, y + 46, "Resource", end - 150)
        sheet.blank(end - 142, y + 46, "ETA", end)
        sheet.blank(x, y + 68, "Question or remark", end)
        sheet.rule(x, y + 86, end, HAIRLINE)

    def _foot(self, page: int, pages: int) -> None:
        sheet, form = self.sheet, self.form
        y = sheet.bottom - self.FOOT_HEIGHT
        sheet.rule(self.left, y, self.left + self.width)
        words = " · ".join(part for part in ("ICS 213", paper.printable(form.number)[:24]) if part)
        sheet.text(self.left + PAD, y + 13.5, words, BOLD, 9)
        answered = f"Date/Time: {form.replied_at}" if page == 1 else ""
        sheet.text(self.left + 200, y + 13.5, paper.printable(answered), REGULAR, 8.5)
        sheet.right_text(self.left + self.width - PAD, y + 13.5, f"Page {page} of {pages}", REGULAR, 8.5)
        sheet.end_page()


def _entry(label: str, texts: list[str], is_warning: bool) -> list[_Row]:
    labels = wrap(label, STRONG, BODY - 1, LABEL_COLUMN - PAD)
    pairs = enumerate(zip_longest(texts, labels, fillvalue=""))
    return [_Row(text, label, is_warning, ENTRY_GAP if at == 0 else 0.0) for at, (text, label) in pairs]


def _fitting(rows: list[_Row], height: float) -> tuple[list[_Row], list[_Row]]:
    """What fits and what is left; at least one row, so that it always ends."""
    used = 0.0
    for at, row in enumerate(rows):
        used += row.height
        if used > height and at:
            return rows[:at], rows[at:]
    return rows, []
