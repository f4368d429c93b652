"""The look of Qt's standard widgets, written once; colors come from the palette by name."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

from dispatch.resources import resource

_SHEET = Template("""
QWidget { color: $text; }
QMainWindow, QDialog { background: $window; }
QToolTip { color: $text; background: $card; border: 1px solid $line_strong; padding: 5px 7px; }

QPushButton {
    background: $panel; border: 1px solid $line_strong; border-radius: 4px;
    padding: 6px 12px; min-height: 20px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $selection; }
QPushButton:focus { border: 2px solid $focus; padding: 5px 11px; }
QPushButton:disabled { color: $text_faint; border-color: $line; }
QPushButton[look="accent"] {
    background: $accent; color: $accent_text; border: 1px solid $accent; font-weight: 600;
}
QPushButton[look="accent"]:focus { border: 2px solid $window; outline: 2px solid $focus; }
QPushButton[look="accent"]:disabled { background: $chip_on; color: $text_dim; border-color: $chip_on; }
QPushButton[look="danger"] { color: $alarm; border-color: $alarm; }
QPushButton[look="quiet"] { background: transparent; border: 1px solid transparent; }
QPushButton[look="quiet"]:hover { background: $hover; }
QPushButton[look="quiet"]:focus { border: 2px solid $focus; }
QPushButton[look="warn"] { background: transparent; border-color: $warn; color: $warn; }
QPushButton[look="warn"]:hover { background: $warn_bg; }
QPushButton[look="alarm"] { background: $alarm; border-color: $alarm; color: $badge_text; font-weight: 600; }
StatusLine QPushButton { padding: 2px 10px; min-height: 20px; }
StatusLine QPushButton:focus { padding: 1px 9px; }
QLabel[look="exercise"] {
    background: $exercise; color: $exercise_text; border-radius: 3px; padding: 3px 8px;
}

QPushButton[look="link"], QPushButton[look="bare"] {
    background: transparent; border: none; padding: 0; min-height: 0; color: $text_dim; text-align: left;
}
QPushButton[look="link"]:hover { color: $text; text-decoration: underline; }
QPushButton[look="link"]:focus, QPushButton[look="bare"]:focus {
    border: none; border-bottom: 2px solid $focus;
}

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 4px; }
QToolButton:hover { background: $hover; }
QToolButton:focus { border: 2px solid $focus; padding: 3px; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDateTimeEdit, QTimeEdit, QComboBox {
    background: $card; border: 1px solid $line_strong; border-radius: 4px; padding: 6px 9px;
    selection-background-color: $accent; selection-color: $accent_text;
}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDateTimeEdit:focus, QTimeEdit:focus,
QComboBox:focus { border: 2px solid $focus; padding: 5px 8px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QComboBox:disabled {
    color: $text_faint; border-color: $line; background: $panel;
}
QComboBox::drop-down { border: none; width: 22px; }
QComboBox QAbstractItemView {
    background: $card; border: 1px solid $line_strong; outline: none; padding: 4px;
    selection-background-color: $selection; selection-color: $text;
}

QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; }
QCheckBox:focus, QRadioButton:focus { outline: 2px solid $focus; }

QCheckBox::indicator, QListView::indicator {
    width: 14px; height: 14px; border: 1px solid $text_faint; border-radius: 3px; background: $card;
}
QCheckBox::indicator:checked, QListView::indicator:checked {
    background: $accent; border-color: $accent; image: url("$check");
}

QMenu { background: $card; border: 1px solid $line_strong; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 12px; border-radius: 3px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $text_faint; }
QMenu::separator { height: 1px; background: $line; margin: 5px 6px; }

QTableView, QListView, QTreeView { background: $window; outline: none; }
QHeaderView { background: $window; border: none; }
QHeaderView::section {
    background: $window; color: $text_dim; padding: 5px 10px;
    border: none; border-bottom: 1px solid $line_strong;
}
QListView::item:selected, QTreeView::item:selected { background: $selection; color: $text; }
QFrame[part="popup"] { background: $panel; border: 1px solid $line_strong; border-radius: 6px; }
QFrame[part="toast"] { background: $accent; border: none; border-radius: 6px; }
QFrame[part="toast"][look="alarm"] { background: $alarm; }
QListWidget { background: $card; border: 1px solid $line_strong; border-radius: 4px; padding: 3px; }
QListWidget:focus { border: 2px solid $focus; padding: 2px; }
QListWidget[look="plain"] { background: transparent; border: none; padding: 0; }
QListWidget::item { min-height: 24px; padding: 0 4px; }
QScrollArea, QAbstractScrollArea { border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: $line_strong; border-radius: 3px; min-height: 32px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:horizontal { background: $line_strong; border-radius: 3px; min-width: 32px; margin: 2px; }
QScrollBar::handle:hover { background: $text_faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $line_strong; }
""")


def stylesheet(colors: Mapping[str, str]) -> str:
    """The sheet in these colors, with a rule for each `tone` a label may have."""
    # A check is drawn for the ground it stands on, and the accent is dark in the light theme.
    check = resource("icons", "check_light.svg" if colors["name"] == "dim" else "check_dark.svg")
    tones = (
        f'QLabel[tone="{tone}"] {{ color: {color}; }}' for tone, color in colors.items() if tone != "name"
    )
    return _SHEET.substitute(colors, check=check.as_posix()) + "\n".join(tones)
