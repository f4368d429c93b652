"""What is asked of every imported layer: words, purpose, fields and color."""

from __future__ import annotations

from dispatch.geo.imports.fields import likely_name, likely_zone
from dispatch.geo.imports.kinds import STYLES, ZONES, LayerKind
from dispatch.geo.imports.records import Look
from ui.map.layers.imported import kind_words
from ui.sheets.layer_words import field_choices, first_words, style_words
from ui.widgets.fields import ChoiceField, LineField, PickField
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words


class LookSheet(Sheet):
    """What both sheets ask: words, purpose, fields and color of one layer."""

    def add_look(self) -> None:
        theme = self.theme
        kinds = [(kind, kind_words(kind)) for kind in LayerKind]
        styles = [(style, style_words(style)) for style in STYLES]
        self._label = self.add("label", LineField(self.tr("Name in the layer box"), theme=theme))
        self._kind = self.add("kind", PickField(self.tr("What it is"), kinds, theme=theme, columns=2))
        self._zone = self.add("zone", ChoiceField(self.tr("Field with the zone"), theme=theme))
        self._name = self.add("name", ChoiceField(self.tr("Field with the name"), theme=theme))
        self._style = self.add("style", PickField(self.tr("Color"), styles, theme=theme, columns=3))
        self._reads = Words(theme=theme, role="small", tone="text_dim")
        self.body.addWidget(self._reads)
        self._kind.show_value(LayerKind.PLAIN)
        self._style.show_value(STYLES[0])
        for field in (self._kind, self._zone, self._name, self._label):
            field.edited.connect(self.say_reads)

    def look(self) -> Look:
        kind = self._kind.value()
        return Look(
            label=self._label.value(),
            kind=kind,
            name_field=self._name.value() or "",
            zone_field=(self._zone.value() or "") if kind in ZONES else "",
            style=self._style.value(),
        )

    def offer_fields(self, samples: dict[str, tuple[str, ...]]) -> None:
        for field, likely in ((self._zone, likely_zone), (self._name, likely_name)):
            field.offer([("", self.tr("None")), *field_choices(samples)])
            field.fill(likely(samples))

    def say_reads(self) -> None:
        """The zone's field only where one is asked for, and how the first features will be called."""
        self._zone.setVisible(self._kind.value() in ZONES)
        self._reads.say(first_words(self.look(), self.samples()))
        self.grew.emit()

    def samples(self) -> dict[str, tuple[str, ...]]:
        return {}
