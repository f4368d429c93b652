"""The life of an alert: replaced, cancelled, run out, a test, out of order, twice."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from dispatch.feeds.in_force import gathered, in_force
from dispatch.feeds.records import Listing, Status
from tests.dispatch.feeds.alerts import HOUR, MINUTE, NOON, alert


def numbers(*alerts, at=NOON + 30 * MINUTE, **more):
    return [each.alert.alert_id for each in in_force(alerts, at, **more)]


def test_an_update_takes_the_place_of_what_it_refers_to():
    first, second = alert("a"), alert("b", minute=5, kind="Update", references=("a",))

    assert numbers(first, second) == ["b"]
    assert numbers(second, first) == ["b"]


def test_a_cancel_ends_what_it_refers_to_and_is_not_shown():
    assert numbers(alert("a"), alert("b", minute=5, kind="Cancel", references=("a",))) == []


def test_a_reference_to_something_later_ends_nothing():
    early = alert("a", kind="Update", references=("b",))

    assert numbers(early, alert("b", minute=5)) == ["a", "b"]


def test_a_later_word_on_the_same_event_takes_the_place_of_an_earlier_one_in_its_zones():
    whole = alert("a", action="NEW", zones=("county/FLC103", "county/FLC057"))
    rest = alert("b", minute=5, kind="Update", action="CON", zones=("county/FLC057",))
    gone = alert("c", minute=5, kind="Update", action="CAN", zones=("county/FLC103",))

    assert numbers(whole, rest) == ["a", "b"]
    assert in_force([whole, rest], NOON + 30 * MINUTE)[0].zones == ("county/FLC103",)
    assert numbers(whole, rest, gone) == ["b"]


def test_a_zone_said_with_and_without_its_kind_is_one_zone():
    assert (
        numbers(
            alert("a", action="NEW"), alert("b", minute=5, kind="Cancel", action="CAN", zones=("/FLC103",))
        )
        == []
    )


def test_an_upgrade_ends_the_watch_and_leaves_the_warning():
    watch = alert("a", action="NEW", event="HU.A.1014")
    upgrade = alert("b", minute=5, kind="Cancel", action="UPG", event="HU.A.1014")
    warning = alert("c", minute=5, action="NEW", event="HU.W.1014")

    assert numbers(watch, upgrade, warning) == ["c"]


def test_the_same_number_next_year_is_another_event():
    last_year = alert("a", action="NEW", lasts_h=24 * 300)
    this_year = replace(alert("b", action="CAN", kind="Cancel"), sent_at=NOON + 200 * 24 * HOUR)

    assert numbers(last_year, this_year, at=NOON + 200 * 24 * HOUR) == ["a"]


def test_what_has_run_out_is_gone():
    assert numbers(alert("a"), at=NOON + 2 * HOUR) == []


def test_an_event_that_outlives_its_text_stays_and_says_that_no_newer_word_came():
    flood = replace(alert("a"), ends_at=NOON + 9 * HOUR)
    (found,) = in_force([flood], NOON + 3 * HOUR)

    assert found.is_lapsed
    assert found.until == NOON + 9 * HOUR
    assert numbers(flood, at=NOON + 9 * HOUR) == []


def test_until_further_notice_is_not_taken_off_with_its_text():
    warning = alert("a", action="CON", event="HU.W.1014", open_ended=True)
    (found,) = in_force([warning], NOON + 3 * HOUR)

    assert found.is_lapsed
    assert found.until == 0
    assert numbers(warning, at=NOON + 15 * HOUR) == []


def test_tests_and_exercises_are_never_shown_as_real_and_end_nothing_real():
    real = alert("a", action="NEW")
    for made_up in (
        alert("b", minute=5, status="Test"),
        alert("b", minute=5, status="Exercise"),
        alert("b", minute=5, status="Test", kind="Cancel", references=("a",)),
        alert("b", minute=5, status="Exercise", kind="Cancel", action="CAN"),
    ):
        assert numbers(real, made_up) == ["a"]
    drill = alert("b", status="Exercise")
    assert numbers(real, drill, statuses=(Status.EXERCISE,)) == ["b"]


def test_an_acknowledgement_is_no_alert():
    assert numbers(alert("a"), alert("b", minute=5, kind="Ack", references=("a",))) == ["a"]


def test_a_message_of_another_storm_waits_for_its_time():
    assert numbers(alert("a"), at=NOON - 2 * HOUR) == []
    assert numbers(alert("a"), at=NOON - MINUTE) == ["a"]  # this computer's clock is a little slow


def listing(at, *alerts, source="https", is_whole=True):
    return Listing(source, at, is_whole, tuple(alerts))


def test_what_the_newest_listing_lacks_is_over():
    old, new = listing(NOON, alert("a"), alert("b")), listing(NOON + MINUTE, alert("b"))
    late_copy = listing(NOON - MINUTE, alert("c"))

    assert [a.alert_id for a in gathered([new, old, late_copy])] == ["b"]


def test_a_file_somebody_brought_is_heard_beside_the_listing():
    brought = listing(NOON - HOUR, alert("a"), source="file", is_whole=False)

    assert {a.alert_id for a in gathered([listing(NOON, alert("b")), brought])} == {"a", "b"}


MESSAGES = st.lists(
    st.builds(
        alert,
        st.sampled_from("abcdef"),
        minute=st.integers(0, 4),
        kind=st.sampled_from(["Alert", "Update", "Cancel"]),
        action=st.sampled_from(["", "NEW", "CON", "EXT", "CAN", "UPG"]),
        event=st.sampled_from(["TO.W.0012", "HU.W.1014"]),
        zones=st.sampled_from([("county/FLC103",), ("/FLC103", "county/FLC057"), ("county/FLC057",), ()]),
        references=st.lists(st.sampled_from("abcdef"), max_size=2).map(tuple),
        status=st.sampled_from(["Actual", "Actual", "Test"]),
        lasts_h=st.sampled_from([0.1, 2.0]),
        open_ended=st.booleans(),
    ),
    max_size=8,
)


@given(MESSAGES.flatmap(lambda sent: st.tuples(st.just(sent), st.permutations(sent))), st.integers(0, 180))
def test_the_order_of_arrival_changes_nothing_and_repeats_add_nothing(orders, minute):
    sent, arrived = orders
    at = NOON + minute * MINUTE

    assert in_force(sent, at) == in_force([*arrived, *sent], at)


@given(MESSAGES, st.integers(0, 180))
def test_nothing_shown_is_a_test_a_cancel_over_or_taken_back_by_number(sent, minute):
    at = NOON + minute * MINUTE
    heard = [each for each in sent if each.status is Status.ACTUAL]

    for found in in_force(sent, at):
        shown = found.alert
        assert shown in heard
        assert shown.kind.value != "Cancel"
        later = [each for each in heard if each.sent_at > shown.sent_at and each.kind.value != "Alert"]
        twice = [each.alert_id for each in heard].count
        assert not any(shown.alert_id in e.references for e in later if twice(e.alert_id) == 1)
