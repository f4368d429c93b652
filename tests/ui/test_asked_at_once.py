"""What is made behind the first paint is there when a key asks for it before that."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMenu

CTRL = Qt.KeyboardModifier.ControlModifier


def test_keys_open_what_was_not_made_yet(real_over):
    real = real_over()
    window, queue = real.window, real.queue
    assert not vars(window).keys() & {"command_line", "help", "sync_panel"}
    assert "facets" not in vars(queue)

    real.key(Qt.Key.Key_K, CTRL)
    assert window.command_line.isVisible()
    real.key(Qt.Key.Key_Escape)
    real.key(Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier)
    assert window.help.isVisible()
    real.key(Qt.Key.Key_Escape)
    real.key(Qt.Key.Key_F)
    assert queue.facets.isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_maps_menus_open_before_they_are_made(real_over):
    real = real_over()
    assert not vars(real.console).keys() & {"base_menu", "paper_menu"}

    real.window.commands.give("base_map")
    menus = [menu for menu in real.console.map.findChildren(QMenu) if menu.isVisible()]
    real.window.commands.give("save_map")

    assert len(menus) == 1
    dialog = real.console.map.findChild(QFileDialog)
    assert dialog is not None and dialog.isVisible()
    menus[0].close()
    dialog.close()
