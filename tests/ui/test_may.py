"""Who may not do an act hears so by key and button, before anything is filled in for it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from dispatch.records import Role
from dispatch.rights import ACTS
from ui.may import ACT_OF
from ui.sheets.registry import SHEETS

K = Qt.Key
# What needs no sheet: the buttons under the detail do it.
AT_ONCE = {"claim", "let_go", "resume", "reopen", "undo"}
HAND_OVER = "Only an operator, a supervisor or the emergency manager may hand a site over: ask one of them."


def test_each_name_is_a_sheet_or_a_button_and_each_act_stands_in_the_table_of_rights() -> None:
    assert set(ACT_OF) <= set(SHEETS) | AT_ONCE
    assert set(ACT_OF.values()) <= set(ACTS)


@pytest.fixture
def sitting(real_over: Any, city: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`sitting(role)` is a console at which such a person sits, on a site."""
    city.add_report("Oak across 5th Ave N", address="5th Ave N & 9th St N")
    real = real_over()

    def sit(role: Role | None) -> Any:
        actor = real.room.parts.actor
        monkeypatch.setattr(type(actor), "role", role)
        real.selection.go(int(real.bridge.board.site_id[0]))
        real.wait(lambda: real.console.detail.view is not None)
        real.console.detail.show_anew()
        return real

    return sit


def test_a_viewers_keys_open_no_sheet_and_say_whom_to_ask(sitting: Any) -> None:
    real = sitting(Role.VIEWER)
    real.key(K.Key_E)
    assert real.sheets.current is None
    assert real.window.toast.said() == HAND_OVER


def test_a_viewers_buttons_are_grey_and_say_why(sitting: Any) -> None:
    actions = sitting(Role.VIEWER).console.detail.page.actions
    buttons = (actions.escalate, actions.claim, actions.message, actions.duplicate, actions.close_site)
    assert not any(button.isEnabled() for button in buttons)
    assert HAND_OVER in actions.escalate.toolTip()
    assert not any(action.isEnabled() for action in actions.menu.actions())


def test_emergency_management_hands_over_and_notes_but_writes_to_no_resident(sitting: Any) -> None:
    real = sitting(Role.MANAGER)
    actions = real.console.detail.page.actions
    assert actions.escalate.isEnabled() and actions.claim.isEnabled()
    assert not actions.message.isEnabled() and not actions.close_site.isEnabled()
    real.key(K.Key_I)
    assert real.sheets.current.NAME == "note"


@pytest.mark.parametrize("role", [None, Role.OPERATOR, Role.SUPERVISOR])
def test_who_may_everything_at_a_site_sees_no_difference(sitting: Any, role: Role | None) -> None:
    actions = sitting(role).console.detail.page.actions
    buttons = (actions.escalate, actions.claim, actions.message, actions.duplicate, actions.close_site)
    assert all(button.isEnabled() and not button.toolTip() for button in buttons)
