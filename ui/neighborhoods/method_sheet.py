"""How quiet areas are counted, in plain words, with where the method was published."""

from __future__ import annotations

from typing import Any

from ui.theme import Theme
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words


class MethodSheet(Sheet):
    NAME = "quiet_areas"
    ENTER_ACTS = True
    IS_LEFT = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=460)
        self.bridge = bridge
        self.say_title(self.tr("How quiet areas are counted"))
        self.say_act(self.tr("Close"))
        for paragraph in self._paragraphs():
            self.body.addWidget(Words(paragraph, theme=theme))
        sources = Words("\n".join(self._sources()), theme=theme, role="small", tone="text_dim")
        self.body.addWidget(sources)

    def act(self) -> None:
        return None

    def _paragraphs(self) -> tuple[str, ...]:
        tr = self.tr
        return (
            tr(
                "Reports are counted, not sites: three neighbors about one tree are three voices. "
                "Bulk entries (a field survey, a loaded list) are left out, as far as they are "
                "marked."
            ),
            tr(
                "Expected in an area: what all other areas report together, shared out by residents, "
                "and by what the area usually reports where ordinary weeks are known. An area that "
                "never says much is still expected to say half its share."
            ),
            tr(
                "Areas differ by more than chance. How much is taken from the areas themselves, so "
                "that only what stands out against that is called under."
            ),
            tr(
                "“Under by 60 to 80 %” is said where an area like all others would report so few or "
                "fewer once in twenty times at most. The two ends hold four times in five. “Maybe "
                "under”: once in seven. So of a hundred areas that report evenly up to five may stand "
                "as under by chance; a silent area that is small, or a quiet day, may be missed."
            ),
            tr(
                "“Too few people to tell”: no report at all would look the same. Areas under 1,000 "
                "people are pooled with the smallest one beside them."
            ),
            tr(
                "Not in it: wind and flooding, of which there are no figures by area; and what the "
                "areas beside report, because quiet areas lie beside each other and would hide each "
                "other."
            ),
        )

    def _sources(self) -> tuple[str, ...]:
        return (
            "Clayton, Kaldor: Empirical Bayes estimates of age-standardized relative risks for use in "
            "disease mapping. Biometrics 43 (1987)",
            "Benjamini, Hochberg: Controlling the false discovery rate. J. R. Statist. Soc. B 57 (1995)",
            "Garwood: Fiducial limits for the Poisson distribution. Biometrika 28 (1936)",
        )
