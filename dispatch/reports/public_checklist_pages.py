"""The checklist of public categories drawn: a line each with a box for the pen, on one page where it fits."""

from __future__ import annotations

from dispatch.forms.public_checklist import ChecklistLine, PublicChecklist
from dispatch.reports.paper import BOLD, HAIRLINE, REGULAR, STRONG, Sheet, shortened, wrap

HEAD = 92.0
PITCH, LEAST_PITCH = 24.0, 13.0
SIZE = 10.0
BOX, CODE, WANTED, WHO = 26.0, 78.0, 52.0, 170.0


class PublicChecklistPages:
    def __init__(self, page: PublicChecklist) -> None:
        self.page = page
        self.sheet = Sheet(page.title, is_exercise=page.is_exercise)
        room = self.sheet.bottom - self.sheet.top - HEAD
        self.pitch = max(LEAST_PITCH, min(PITCH, room / max(1, len(page.lines))))
        self.on_a_page = int(room / self.pitch)

    def draw(self) -> bytes:
        lines, most = self.page.lines, self.on_a_page
        pages = [lines[at : at + most] for at in range(0, len(lines), most)] or [()]
        for number, part in enumerate(pages, start=1):
            self._head(number, len(pages))
            for at, line in enumerate(part):
                self._line(self.sheet.top + HEAD + at * self.pitch, line)
            self.sheet.end_page()
        return self.sheet.finish()

    def _head(self, number: int, count: int) -> None:
        sheet, page = self.sheet, self.page
        top, width = sheet.top, sheet.right - sheet.left
        sheet.text(sheet.left, top + 14, shortened(wrap(page.title, BOLD, 15, width), 1)[0], BOLD, 15)
        sheet.text(sheet.left, top + 30, shortened(wrap(page.incident, STRONG, 10, 330), 1)[0], STRONG, 10)
        made = page.made_at if count == 1 else f"{page.made_at}, page {number} of {count}"
        sheet.right_text(sheet.right, top + 30, made, REGULAR, 9.5)
        for at, words in enumerate(wrap(page.what, REGULAR, 9.5, width)[:3]):
            sheet.text(sheet.left, top + 48 + at * 12, words, REGULAR, 9.5)
        sheet.rule(sheet.left, top + HEAD - 6, sheet.right)

    def _line(self, y: float, line: ChecklistLine) -> None:
        sheet, baseline = self.sheet, y + self.pitch * 0.68
        x = sheet.left
        sheet.tick_box(x, baseline, "", 12 if self.pitch > 18 else 9, is_crossed=bool(line.ticked))
        x += BOX
        sheet.text(x, baseline, line.wanted, BOLD, SIZE)
        x += WANTED
        sheet.text(x, baseline, shortened(wrap(line.category_id, REGULAR, SIZE, CODE - 6), 1)[0])
        x += CODE
        room = sheet.right - WHO - x - 8
        sheet.text(x, baseline, shortened(wrap(line.title, STRONG, SIZE, room), 1)[0], STRONG, SIZE)
        if line.ticked:
            words = shortened(wrap(line.ticked, REGULAR, 9, WHO), 1)[0]
            sheet.text(sheet.right - WHO, baseline, words, REGULAR, 9)
        else:
            sheet.blank(sheet.right - WHO, baseline, "by, at", sheet.right, 8.5)
        sheet.rule(sheet.left, y + self.pitch, sheet.right, HAIRLINE)
