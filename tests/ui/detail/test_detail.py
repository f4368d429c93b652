"""The detail beside list and map: follows the selection, shows reasons, thread and state in plain words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt

from dispatch.board import Delta
from dispatch.records import BY_HAND, Band, Fact, Flag, OwnBand, OwnPlace, Place, Suggestion, ThreadLine
from tests.ui.boards import MINUTE, NOW, put
from tests.ui.seat import Screen, answer_of, card_of, some_site, view_of
from ui.queue.detail import Detail
from ui.widgets.link_line import LinkLine
from ui.widgets.words import Words

WALL = 1_800_000_000_000


class Wall:
    now = WALL


@pytest.fixture
def wall():
    return Wall()


def detail_on(screen, wall):
    detail = Detail(
        bridge=screen.seat,
        selection=screen.selection,
        theme=screen.theme,
        sheets=screen.sheets,
        wall_now=lambda: wall.now,
    )
    screen.show(detail)
    return detail


def said(widget):
    return "\n".join(w.said() for w in widget.findChildren(Words) if w.isVisible())


def test_without_a_site_it_says_how_to_choose_one(qtbot, run, wall):
    screen = Screen(qtbot, run)
    detail = detail_on(screen, wall)

    assert "No site chosen" in said(detail)
    assert "1 open site in view" in said(detail)


def test_it_shows_the_site_in_the_operators_words(qtbot, run, wall):
    screen = Screen(qtbot, run)
    detail = detail_on(screen, wall)

    screen.do(lambda: screen.selection.go(1))

    text = said(detail)
    assert "P1 Life safety · 96" in text
    assert detail.page.head.counts.text == "2 reports · first 14:06"
    assert "22nd Ave S & 31st St S · Lakewood Estates" in text
    assert "Why this is first" in text
    assert "Says “sparking”: raised to P1" in text and "+30" in text
    assert "Resident · 14:06" in text and "Another resident" in text


def test_what_it_may_repeat_is_named_with_its_why_and_leads_there(qtbot, run, wall):
    screen = Screen(qtbot, run, some_site(), some_site(site_id=2, what="Oak across the road"))
    why = "38 m away, 12 min earlier, same kind, both say 'oak'"
    screen.seat.views[1] = view_of(some_site(), suggestions=(Suggestion(2, why, 2.0),))
    detail = detail_on(screen, wall)

    screen.do(lambda: screen.selection.go(1))

    assert "May be the same place" in said(detail) and why in said(detail)
    assert "D merges · Shift D: none of these" in said(detail)
    [line] = detail.page.may_repeat.findChildren(LinkLine)
    assert line.said() == "P1 Oak across the road"
    screen.do(line.click)
    assert screen.selection.current == 2


def test_it_is_called_the_first_only_while_it_is(qtbot, run, wall):
    screen = Screen(qtbot, run)
    detail = detail_on(screen, wall)
    screen.do(lambda: screen.selection.go(1))
    assert "Why this is first" in said(detail)

    worse = put(screen.seat.board, some_site(site_id=7, score=120.0))
    screen.do(lambda: screen.selection.take(worse))

    assert "Why it stands here" in said(detail)


def test_the_clock_of_the_first_look_runs_until_somebody_acts(qtbot, run, wall):
    screen = Screen(qtbot, run)
    detail = detail_on(screen, wall)
    for acted_min, minutes, expected in (
        (None, 30, "first look due in 4 min"),
        (None, 20, "first look 6 min late"),
        (1, 20, ""),
    ):
        row = some_site(**({"acted_min": acted_min} if acted_min else {}))
        detail.take(view_of(row, first_look_min=minutes))
        assert ("first look" in said(detail)) is bool(expected) and expected in said(detail)


def test_s3_below_p1_the_category_decides_about_911(qtbot, run, wall):
    screen = Screen(qtbot, run, some_site(band=2))
    detail = detail_on(screen, wall)

    screen.do(lambda: screen.selection.go(1))

    assert "911: not needed by category" in said(detail)


def test_s6_a_hand_over_that_runs_late_is_said_while_it_is_looked_at(qtbot, run, wall):
    handed_over = some_site(escalation_state="accepted", escalation_desk="Energy", flags=int(Flag.TOLD_911))
    screen = Screen(qtbot, run, handed_over)
    detail = detail_on(screen, wall)
    screen.seat.board.set_clocks({1: (NOW + 5 * MINUTE, "no resource yet")})
    screen.do(lambda: screen.selection.go(1))
    assert detail.page.head.late.said() == ""

    screen.seat.clock.set(NOW + 11 * MINUTE)
    screen.do(lambda: screen.seat.ticked.emit(NOW + 11 * MINUTE))

    assert detail.page.head.late.said() == "no resource yet · 6 min over with Energy"


def test_the_head_keeps_to_one_line_where_it_is_narrow(qtbot, run, wall):
    screen = Screen(qtbot, run)
    detail = detail_on(screen, wall)
    detail.setFixedWidth(280)

    screen.do(lambda: screen.selection.go(1))

    assert detail.page.head.counts.shown() == "2 reports"


def test_an_answer_for_another_site_is_dropped(qtbot, run, wall):
    screen = Screen(qtbot, run, some_site(1), some_site(2, what="Neighbor on oxygen, no power"))
    detail = detail_on(screen, wall)

    def leap():
        screen.selection.go(1)
        screen.selection.go(2)

    screen.do(leap)

    assert detail.view.row.site_id == 2
    assert "Neighbor on oxygen" in said(detail)


def test_new_facts_keep_the_place_in_the_text(qtbot, run, wall):
    screen = Screen(qtbot, run)
    thread = tuple(ThreadLine("resident", "901", f"N{i}", f"Line {i} " * 12, NOW + i) for i in range(12))
    screen.seat.views[1] = view_of(some_site(), thread=thread)
    detail = detail_on(screen, wall)
    screen.do(lambda: screen.selection.go(1))
    screen.do(lambda: detail.page.scroll.verticalScrollBar().setValue(300))

    screen.seat.views[1] = view_of(some_site(), thread=(*thread, replace(thread[0], text="And one more")))
    row = screen.seat.board.row(1)
    delta = put(screen.seat.board, some_site(last_min=1))
    assert row in delta.changed
    screen.do(lambda: screen.selection.take(delta))

    assert "And one more" in said(detail)
    assert detail.page.scroll.verticalScrollBar().value() == 300


def test_a_change_elsewhere_reads_nothing(qtbot, run, wall):
    screen = Screen(qtbot, run, some_site(1), some_site(2))
    detail = detail_on(screen, wall)
    screen.do(lambda: screen.selection.go(1))
    before = detail.view
    screen.seat.views[1] = view_of(some_site(), title="Changed")

    delta: Delta = put(screen.seat.board, some_site(2, last_min=1))
    screen.do(lambda: screen.selection.take(delta))

    assert detail.view is before


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (Flag.SEND_911, "911 NOT TOLD"),
        (Flag.SEND_911 | Flag.NOT_REACHED_911, "911 NOT TOLD, not reached: try again"),
        (Flag(0), "911 not told · Ctrl 9 where a life is at risk"),
    ],
)
def test_s3_it_says_whether_911_was_told(qtbot, run, wall, flags, words):
    screen = Screen(qtbot, run, some_site(flags=int(flags)))
    detail = detail_on(screen, wall)

    screen.do(lambda: screen.selection.go(1))

    assert detail.page.head.told_911.said() == words
    assert (detail.page.head.told_911.property("tone") == "alarm") == ("NOT TOLD" in words)


def test_s3_a_told_911_shows_time_and_number(qtbot, run, wall):
    row = some_site(flags=int(Flag.SEND_911 | Flag.TOLD_911))
    screen = Screen(qtbot, run, row)
    screen.seat.views[1] = view_of(row, facts=(Fact("911", "no. 17-2231", "Ann Ortiz", NOW - 3 * MINUTE),))
    detail = detail_on(screen, wall)

    screen.do(lambda: screen.selection.go(1))

    assert detail.page.head.told_911.said() == "911 told 14:29, no. 17-2231"


def test_s13_a_wire_is_live_until_made_safe(qtbot, run, wall):
    screen = Screen(qtbot, run, some_site(flags=int(Flag.WIRE)))
    detail = detail_on(screen, wall)
    screen.do(lambda: screen.selection.go(1))
    assert detail.page.head.utility.said() == "TREAT AS LIVE · utility not told yet"

    told = some_site(flags=int(Flag.WIRE | Flag.UTILITY_TOLD))
    screen.do(lambda: detail.take(view_of(told, facts=(Fact("utility_told", "D-77", "Ann", NOW),))))
    assert detail.page.head.utility.said() == "TREAT AS LIVE · utility told 14:32, ticket D-77"

    safe = some_site(flags=int(Flag.WIRE | Flag.MADE_SAFE))
    screen.do(lambda: detail.take(view_of(safe, facts=(Fact("made_safe", "Duke crew 12", "Ann", NOW),))))
    assert detail.page.head.utility.said() == "Made safe 14:32 by Duke crew 12"


def test_s11_a_doubted_place_shows_both(qtbot, run, wall):
    doubt = "pin and words disagree: the pin lies at 22nd Ave N, the words say 22nd Ave S"
    screen = Screen(qtbot, run)
    screen.seat.views[1] = view_of(some_site(), place_doubt=doubt)
    detail = detail_on(screen, wall)

    screen.do(lambda: screen.selection.go(1))

    assert detail.page.head.doubt.said() == doubt
    assert detail.page.head.place.said().startswith("22nd Ave S & 31st St S")


def test_an_operators_own_band_is_shown_as_theirs(qtbot, run, wall):
    screen = Screen(qtbot, run, some_site(band=2))
    own = OwnBand(Band.P2, "phone cable", "Ann Ortiz", NOW)
    screen.seat.views[1] = view_of(some_site(band=2), own_band=own, assessed_band=Band.P1)
    detail = detail_on(screen, wall)

    screen.do(lambda: screen.selection.go(1))

    text = detail.page.reasons.said()
    assert "Ann Ortiz set P2, 14:32" in text
    assert "phone cable" in text
    assert "The reports alone say P1" in text


def test_s8_our_message_counts_down_and_can_be_taken_back(qtbot, run, wall):
    ours = [
        ThreadLine(
            "ours", str(n), "Ann", "On the list.", NOW, state="waiting", outbox_id=f"o{n}", due_at=WALL + 7000
        )
        for n in (1, 2)
    ]
    screen = Screen(qtbot, run)
    screen.seat.views[1] = view_of(some_site(), thread=tuple(ours))
    detail = detail_on(screen, wall)
    screen.do(lambda: screen.selection.go(1))
    assert "leaves in 7 s · U takes it back" in said(detail.page.thread)
    assert "to 2 reporters · PUBLIC on the city's site, 6 followers" in said(detail.page.thread)

    wall.now += 3000
    screen.do(lambda: screen.seat.ticked.emit(NOW))
    assert "leaves in 4 s" in said(detail.page.thread)

    back = next(
        b for b in detail.page.thread.findChildren(object) if getattr(b, "text", str)() == "Take back"
    )
    screen.do(back.click)
    assert screen.seat.done[0].args == (["o1", "o2"],)

    wall.now += 5000
    screen.do(lambda: screen.seat.ticked.emit(NOW))
    assert "on its way" in said(detail.page.thread) and not back.isVisible()


def test_what_the_server_refused_stands_in_its_words(qtbot, run, wall):
    line = ThreadLine("ours", "1", "Ann", "Hi", NOW, state="failed", error="Comments are closed")
    screen = Screen(qtbot, run)
    screen.seat.views[1] = view_of(some_site(), thread=(line,))
    detail = detail_on(screen, wall)

    screen.do(lambda: screen.selection.go(1))

    assert "NOT SENT: Comments are closed" in said(detail.page.thread)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            ThreadLine("ours", "1", "Ann", "Hi", NOW, state="held", act="message"),
            "waiting at the city: shown once a moderator has read it",
        ),
        (
            ThreadLine(
                "report", "", "Ann", "Wire down", NOW, state="waiting", act="new_request", due_at=WALL
            ),
            "on its way",
        ),
        (
            ThreadLine("internal", "1", "Bo", "Gate code", NOW),
            "INTERNAL at the city · Bo · 14:32 · the public does not see it",
        ),
        (ThreadLine("note", "", "Ann", "Gate code", NOW), "INTERNAL note · Ann · 14:32 · never sent"),
        (
            ThreadLine("note", "", "Ann", "Gate code", NOW, state="failed", act="internal_note", error="No."),
            "to the city's internal comments",
        ),
        (ThreadLine("ours", "1", "Ann", "1200001", NOW, state="sending", act="assign"), "Assigned · Ann"),
        (ThreadLine("rule", "1", "City", "Thank you", NOW), "The city, by rule"),
    ],
)
def test_a_line_says_who_can_read_it_and_how_far_it_is(line, words, qtbot, run, wall):
    screen = Screen(qtbot, run)
    screen.seat.views[1] = view_of(some_site(), thread=(line,))
    detail = detail_on(screen, wall)

    screen.do(lambda: screen.selection.go(1))

    assert words in said(detail.page.thread)
    is_public = line.kind == "ours" and line.act != "assign"
    assert ("PUBLIC" in said(detail.page.thread)) is is_public


def test_residents_words_are_plain_text(qtbot, run, wall):
    evil = "<h1>big</h1><a href='file:///etc/passwd'>x</a>"
    screen = Screen(qtbot, run)
    screen.seat.views[1] = view_of(
        some_site(), title=evil, thread=(ThreadLine("report", "1", "x", evil, NOW),)
    )
    detail = detail_on(screen, wall)

    screen.do(lambda: screen.selection.go(1))

    assert evil in said(detail.page.thread)
    labels = detail.findChildren(Words)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)


def test_a_long_address_of_the_web_is_not_cut_off(qtbot, run, wall):
    long = "https://example.org/" + "x" * 300
    screen = Screen(qtbot, run)
    screen.seat.views[1] = view_of(some_site(), thread=(ThreadLine("report", "1", "x", long, NOW),))
    detail = detail_on(screen, wall)
    screen.do(lambda: screen.selection.go(1))

    right = detail.page.scroll.viewport().width()
    for words in detail.page.thread.findChildren(Words):
        assert words.mapTo(detail.page.scroll.viewport(), QPoint(words.width(), 0)).x() <= right


def test_links_are_asked_for_and_only_http(qtbot, run, wall):
    screen = Screen(qtbot, run)
    detail = detail_on(screen, wall)
    heard = []
    screen.seat.said.connect(lambda sentence, _alarm: heard.append(sentence))

    assert detail.ask_to_open("javascript:alert(1)") is None
    assert detail.ask_to_open("file:///etc/passwd") is None
    box = detail.ask_to_open("https://example.org/a")

    assert len(heard) == 2
    assert "example.org" in box.text() and box.textFormat() == Qt.TextFormat.PlainText
    screen.do(box.reject)


@pytest.mark.parametrize(
    ("address", "host", "shown"),
    [
        ("https://city.example@evil.example/x", "evil.example", "https://evil.example/x"),
        ("http://\u0430pple.example/", "xn--pple-43d.example", "http://xn--pple-43d.example/"),
        ("http://evil.example/%E2%80%AEgnp.exe", "evil.example", "http://evil.example/%E2%80%AEgnp.exe"),
        ("http://evil.example/%3Cimg%20src=x%3E", "evil.example", "http://evil.example/%3Cimg%20src=x%3E"),
    ],
)
def test_a_link_is_shown_as_the_browser_will_ask_for_it(qtbot, run, wall, address, host, shown):
    screen = Screen(qtbot, run)
    detail = detail_on(screen, wall)

    box = detail.ask_to_open(address)

    assert f" of {host} in" in box.text() and box.informativeText() == shown
    screen.do(box.reject)


def test_a_question_of_emergency_management_is_answered_from_here(qtbot, run, wall):
    asked = card_of(answers=(answer_of("ask", "Is the pole broken?"),))
    screen = Screen(qtbot, run)
    screen.seat.views[1] = view_of(some_site(), escalations=(asked,))
    detail = detail_on(screen, wall)
    screen.do(lambda: screen.selection.go(1))
    assert "Emergency management asks: Is the pole broken?" in detail.page.hand_overs.said()

    screen.do(lambda: detail.page.hand_overs.reply_wanted.emit(asked))
    screen.type("No, it stands")
    screen.ctrl_enter()

    assert [(done.name, done.args) for done in screen.seat.done] == [("reply", ("id-41", "No, it stands"))]


def test_the_buttons_act_on_the_current_site(qtbot, run, wall):
    screen = Screen(qtbot, run)
    detail = detail_on(screen, wall)
    screen.do(lambda: screen.selection.go(1))

    screen.do(detail.page.actions.claim.click)
    screen.do(detail.page.actions.escalate.click)

    assert screen.seat.done[0].args == (1,) and screen.seat.names() == ["claim"]
    assert screen.sheets.current.NAME == "escalate"


def test_a_sheet_leaves_the_thread_readable(qtbot, run, wall):
    screen = Screen(qtbot, run)
    detail = detail_on(screen, wall)
    detail.setFixedWidth(340)
    screen.window.layout().insertStretch(0, 1)
    screen.do(lambda: screen.selection.go(1))

    sheet = screen.open("message")

    left = detail.mapTo(screen.window, QPoint(0, 0)).x()
    assert sheet.geometry().right() <= left + 12


def test_s11_a_place_put_by_hand_says_so_with_who_and_when(qtbot, run, wall):
    screen = Screen(qtbot, run)
    own = OwnPlace(Place(27.7634, -82.6415), "700 6th St S", None, "Ben Lee", NOW - MINUTE)
    fact = Fact(BY_HAND, own.value, own.who, own.at)
    screen.seat.views[1] = view_of(some_site(), facts=(fact,))
    detail = detail_on(screen, wall)

    screen.do(lambda: screen.selection.go(1))

    assert (
        detail.page.head.place.said() == "700 6th St S · Lakewood Estates · placed by hand by Ben Lee, 14:31"
    )
    assert "Placed by hand: 700 6th St S" in said(detail)


def test_a_site_off_the_map_says_how_to_place_it(qtbot, run, wall):
    row = some_site(lat=None, lng=None)
    screen = Screen(qtbot, run, row)
    detail = detail_on(screen, wall)

    screen.do(lambda: screen.selection.go(1))

    assert detail.page.head.place.said().endswith("not on the map, Shift P places it")


def test_a_message_that_the_city_changed_or_moderated_is_shown_as_such(qtbot, run, wall):
    line = ThreadLine("city", "901", "Streets", "Nearly done.", NOW, first_text="Done.", edited_at=NOW)
    hidden = ThreadLine("resident", "901", "Joe", "Rude words", NOW, is_moderated=True)
    screen = Screen(qtbot, run)
    screen.seat.views[1] = view_of(some_site(), thread=(line, hidden))
    detail = detail_on(screen, wall)

    screen.do(lambda: screen.selection.go(1))

    text = said(detail.page.thread)
    assert "CHANGED on the city's site, seen 14:32. At first: “Done.”" in text
    assert "MODERATED on the city's site" in text
