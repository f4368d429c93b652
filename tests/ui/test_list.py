"""The list: its order, what makes it take a new one, and what stays under the operator's hand."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFontMetrics, QImage, QPainter, QPixmap

from dispatch.records import Flag
from tests.ui.boards import NOW, put, site, storm_board
from ui.queue.delegate import ROW_HEIGHT, fit_place


def many(count, **changes):
    return [site(i, score=float(count - i), **changes) for i in range(1, count + 1)]


def test_s4_the_list_stands_in_queue_order(console):
    c = console(
        site(1, band=2, score=50),
        site(2, band=1, score=60, acted_min=1),
        site(3, band=1, score=10),
        site(4, band=2, score=50, first_min=90),
        site(5, band=4, escalation_state="returned", escalation_desk="Rescue", escalation_state_min=1),
    )
    assert c.shown() == [5, 3, 2, 4, 1]


def test_u5_a_new_site_waits_behind_the_chip_while_somebody_is_in_the_list(console):
    c = console(*many(3))
    c.type("j")

    c.take(put(c.seat.board, site(9, band=2)))

    assert c.shown() == [1, 2, 3]
    assert c.queue.header.new.text() == "1 new ↑"
    c.type("r")
    assert c.shown() == [9, 1, 2, 3]
    assert c.queue.header.new.text() == "Nothing new"


def test_a_click_on_the_chip_takes_in_what_is_new(console, qtbot):
    c = console(*many(3))
    c.type("j")
    c.take(put(c.seat.board, site(9, band=2)))

    qtbot.mouseClick(c.queue.header.new, Qt.MouseButton.LeftButton)

    assert c.shown()[0] == 9


def test_without_anybody_in_the_list_what_is_new_comes_by_itself(console, qtbot):
    c = console(*many(3))
    assert not c.queue.order.is_kept

    c.take(put(c.seat.board, site(9, band=2)))

    qtbot.waitUntil(lambda: c.shown()[0] == 9)


def test_the_quiet_time_ends_the_kept_order(console, qtbot):
    c = console(*many(3))
    c.type("j")
    c.take(put(c.seat.board, site(9, band=2)))
    assert c.queue.order.is_kept

    c.queue.order._quiet.setInterval(1)  # the thirty seconds, over

    qtbot.waitUntil(lambda: c.shown()[0] == 9)


def test_s5_a_new_p1_stands_in_the_fixed_line_at_once_and_n_goes_to_it(console):
    c = console(*many(3))
    c.type("j")

    c.take(put(c.seat.board, site(9, band=1)))

    assert c.queue.header.line.said() == "1 new P1 N goes to it"
    assert c.shown() == [1, 2, 3]
    c.type("n")
    assert c.selection.current == 9


def test_s5_the_fixed_line_counts_p1_outside_and_p_shows_them(console):
    c = console(site(1, band=1), site(2, band=4, category="fence"))
    assert c.queue.header.line.said() == "Every open P1 is in this view"

    c.selection.narrow(categories=frozenset({"fence"}))
    assert c.queue.header.line.said() == "1 P1 outside this view P shows them"

    c.type("p")
    assert c.shown() == [1]


def test_a_handed_back_site_is_told_behind_the_chip(console):
    c = console(*many(3))
    c.type("j")

    c.take(put(c.seat.board, site(3, escalation_state="returned", escalation_desk="Rescue")))

    assert c.queue.header.new.text() == "1 back on top ↑"


def test_an_act_repaints_its_row_and_leaves_it_where_it_is(console):
    c = console(*many(3))
    c.type("j")

    c.take(put(c.seat.board, site(1, state=3, state_reason="area_sweep", score=2.0)))

    assert c.shown() == [1, 2, 3]
    assert c.queue.model.writer.words(0).state == "closed · area sweep"


def test_after_a_close_the_next_key_goes_on_from_there(console):
    c = console(*many(5))
    c.selection.go(3)
    c.take(put(c.seat.board, site(3, state=3, state_reason="spam")))
    c.type("r")
    assert c.shown() == [1, 2, 4, 5]

    c.type("j")

    assert c.selection.current == 4


def test_a_new_order_keeps_the_current_row_where_the_eye_is(console):
    c = console(*many(200))
    c.selection.go(c.queue.model.site_at(100))
    bar = c.queue.list.verticalScrollBar()
    before = 100 * ROW_HEIGHT - bar.value()

    put(c.seat.board, *[site(1000 + i, band=2) for i in range(30)])
    c.selection.take(c.seat.board.apply([]))
    c.queue.order.apply()

    position = c.queue.model.position_of(c.selection.current)
    assert position == 130
    assert position * ROW_HEIGHT - bar.value() == before


def test_at_its_top_the_list_shows_what_is_new_above_the_current_row(console):
    c = console(*many(200))
    c.type("j")
    bar = c.queue.list.verticalScrollBar()

    c.take(put(c.seat.board, site(1001, band=1), site(1002, band=1)))
    c.type("r")

    assert c.queue.model.position_of(c.selection.current) == 2
    assert bar.value() == 0

    c.take(put(c.seat.board, *[site(2000 + i, band=1) for i in range(60)]))
    c.queue.order.apply()

    assert c.queue.model.position_of(c.selection.current) == 62
    at = 62 * ROW_HEIGHT - bar.value()
    assert 0 <= at <= c.queue.list.viewport().height() - ROW_HEIGHT


def test_the_model_is_never_reset(console):
    c = console(*many(50))
    resets = []
    c.queue.model.modelReset.connect(lambda: resets.append(1))

    c.selection.narrow(bands=frozenset({1}))
    c.selection.clear_all()
    c.take(put(c.seat.board, site(900, band=1)))
    c.queue.order.apply()

    assert resets == []
    assert len(c.shown()) == 51


def test_ticks_hold_while_filters_come_and_go(console):
    c = console(*many(6))
    c.selection.go(2)
    c.type("x")
    c.selection.go(4)
    c.shift(Qt.Key.Key_X)
    assert c.selection.checked == {2, 3, 4}

    c.selection.narrow(bands=frozenset({1}))
    c.selection.clear_all()

    assert c.selection.checked == {2, 3, 4}


def test_empty_lists_say_why_and_lead_out(console, qtbot):
    c = console()
    assert c.queue.list.empty.title.said() == "No reports yet"

    c.take(put(c.seat.board, site(1, state=3, state_reason="spam")))
    qtbot.waitUntil(lambda: c.queue.list.empty.title.said() == "All handled")

    c.take(put(c.seat.board, site(2, band=4)))
    c.selection.narrow(bands=frozenset({1}))
    assert c.queue.list.empty.title.said() == "Nothing matches"
    assert c.queue.list.empty.sentence.said() == "P1"
    qtbot.mouseClick(c.queue.list.empty.button, Qt.MouseButton.LeftButton)
    assert c.shown() == [2]
    assert not c.queue.list.empty.isVisible()


def test_s1_what_is_set_aside_is_counted_and_can_be_seen(console, qtbot):
    c = console(site(1), site(2, flags=int(Flag.SET_ASIDE)), site(3, flags=int(Flag.SET_ASIDE)))
    assert c.queue.header.count.said() == "1 site"
    assert "2 held until after the storm" in c.queue.header.held.text()

    qtbot.mouseClick(c.queue.header.held, Qt.MouseButton.LeftButton)

    assert sorted(c.shown()) == [2, 3]


def test_each_filter_in_force_has_a_chip_that_takes_it_away(console, qtbot):
    c = console(site(1), site(2, band=2))
    c.selection.narrow(bands=frozenset({2}))
    chip = c.queue.header._crumbs["bands"]
    assert chip.text() == "P2"

    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)

    assert "bands" not in c.queue.header._crumbs
    assert c.shown() == [2, 1]


def test_facets_narrow_by_keyboard_and_count_what_they_leave(console, qtbot):
    c = console(site(1, category="fence"), site(2, category="signal"), site(3, category="signal"))
    c.type("f")
    categories = c.queue.facets.categories
    assert [categories.item(i).text() for i in range(categories.count())] == ["signal  2", "fence  1"]

    categories.setFocus()
    c.type(Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: c.shown() == [2, 3])
    c.type(Qt.Key.Key_Escape)
    assert not c.queue.facets.isVisible()


def test_rows_are_read_aloud(console):
    c = console(site(1, band=2, what="Traffic signal dark"))

    table = QAccessible.queryAccessibleInterface(c.queue.list)
    said = [table.child(i).text(QAccessible.Text.Name) for i in range(table.childCount())]

    assert any(name.startswith("P2 hazard or access. Traffic signal dark. Lakewood") for name in said)


def test_a_hundred_thousand_rows_paint_only_what_is_seen(qapp, clock, zone, console):
    c = console(*many(3))
    painted = []
    delegate = c.queue.list.itemDelegate()
    whole = delegate._look_of
    delegate._look_of = lambda *args: painted.append(args[0]) or whole(*args)
    big = storm_board(3000)
    rows = [site(10_000 + int(i)) for i in big.site_id]
    c.take(put(c.seat.board, *rows))
    c.queue.order.apply()

    c.queue.list.viewport().repaint()

    assert 0 < len(set(painted)) < 40
    assert c.seat.clock.now() == NOW


def test_s11_a_street_that_does_not_fit_keeps_its_ending(console):
    c = console(site(1, where="25th Ave S & 21st St S"))
    words, metrics = c.queue.model.writer.words(0), QFontMetrics(c.theme.font("small"))
    whole, street = (metrics.horizontalAdvance(text) for text in (words.where, words.street))

    assert fit_place(words, whole, metrics) == "Lakewood Estates · 25th Ave S & 21st St S"
    assert fit_place(words, whole - 20, metrics).endswith("… · 25th Ave S & 21st St S")
    assert fit_place(words, street + 20, metrics) == "25th Ave S & 21st St S"
    assert fit_place(words, street - 20, metrics).endswith(" S & 21st St S")


def test_the_focus_alone_chooses_no_site(console):
    c = console(site(1), site(2))
    assert c.queue.list.hasFocus()
    assert c.selection.current == 0

    c.type("j")
    assert c.selection.current == 1


def test_a_list_sorted_from_its_own_order_is_the_one_sorted_from_scratch(console):
    c = console(*many(300))
    board, order = c.seat.board, c.queue.order
    for _round in range(6):
        order.apply()
        listed = c.queue.model.order
        scratch = board.order(np.flatnonzero(c.selection.mask))
        assert sorted(listed.tolist()) == sorted(scratch.tolist())
        assert _keys(board, listed) == _keys(board, scratch)
        changed = [
            site(
                int(i),
                band=1 + (int(i) + _round) % 5,
                score=float(int(i) % 7),
                state=3 if int(i) % 11 == _round else 0,
            )
            for i in board.site_id[_round::3]
        ]
        c.selection.take(
            put(board, *changed, *(site(1000 * (_round + 1) + n, band=1 + n % 5) for n in range(40)))
        )


def _keys(board, rows):
    return [
        (int(board.state[r] == 3), int(board.band[r]), -float(board.score[r]), int(board.first_at[r]))
        for r in rows
    ]


def test_a_row_shown_from_its_picture_looks_as_if_painted_anew(console):
    c = console(
        site(1, band=1, reports=4, first_min=40, last_min=2),
        site(2, band=2, flags=int(Flag.PLACE_DOUBT), claimed_by="Ben", claimed_min=1),
        site(3, band=4, state=3),
    )
    c.selection.narrow(with_closed=True)
    c.type("j")
    c.selection.tick([2], True)
    listed, delegate = c.queue.list, c.queue.list.itemDelegate()

    def anew(position):
        picture = QPixmap(listed.viewport().width(), ROW_HEIGHT)
        picture.fill(c.theme.color("window"))
        with QPainter(picture) as painter:
            delegate.paint_row(painter, picture.rect(), position)
        return picture.toImage().convertToFormat(QImage.Format.Format_RGB32)

    def shown(position):
        index = listed.model().index(position, 0)
        seen = listed.viewport().grab(listed.visualRect(index)).toImage()
        return seen.convertToFormat(QImage.Format.Format_RGB32)

    for _ in range(3):  # painted, painted into its picture, copied from it
        assert all(shown(position) == anew(position) for position in range(3))

    before = shown(0)
    c.take(put(c.seat.board, site(1, band=1, reports=5, first_min=40, last_min=1)))
    assert shown(0) == anew(0) != before
    c.theme.toggle()
    assert all(shown(position) == anew(position) for position in range(3))
