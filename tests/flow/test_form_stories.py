"""ICS forms as people make them: filled from the records, edited, kept in every version, printed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatch.errors import ActRefused
from dispatch.form_desk import FormDesk
from dispatch.records import Band, CloseReason, Escalation
from dispatch.store import log
from tests.dispatch.reports.read_pdf import pages_of
from tests.rooms import Room


def forms_of(room: Room, position: str = "Logistics", person: str = "J. Rivera") -> FormDesk:
    """The forms as somebody in this position makes them."""
    return FormDesk(
        store=room.store,
        actor=lambda: replace(room.parts.actor, position=position, person=person),
        jurisdiction=room.parts.jurisdiction,
        folder=room.parts.folder,
    )


@pytest.fixture
def handed_over(room: Room, city: Any) -> Escalation:
    request_id = city.add_report("Oak across 5th Ave N, nobody gets through")
    room.sync()
    return room.escalate(request_id, effect_needed="Clear one lane")


def lines(room: Room, act: str) -> list[Any]:
    with room.store.reading() as connection:
        assert log.verify(connection).is_intact
        return [row for row in log.every_row(connection) if row["act"] == act]


def test_a_resource_request_is_made_typed_on_and_opened_again(room: Room, handed_over: Escalation) -> None:
    desk = forms_of(room)
    opened = desk.resource_request(handed_over.escalation_id)
    assert opened.version == 0 and opened.form.number == "RR-····"

    desk.keep(opened, {"notes": "Call Ana first", "order": [["2", "Crew", "3", "Tree crew", "", "", ""]]})
    again = desk.resource_request(handed_over.escalation_id)

    assert (again.form.number, again.version, again.person) == ("RR-0001", 2, "J. Rivera")
    assert again.form.notes == "Call Ana first" and again.form.order[0][3] == "Tree crew"
    original, edited = desk.originals("ics213rr", handed_over.escalation_id)
    assert original.notes == "" and "Clear one lane" in original.order[0][3]
    assert "version 2, edited by J. Rivera, Logistics" in edited.edition and not original.edition


def test_saving_without_a_change_keeps_one_version(room: Room, handed_over: Escalation) -> None:
    desk = forms_of(room)

    first = desk.keep(desk.resource_request(handed_over.escalation_id), {})
    second = desk.keep(desk.resource_request(handed_over.escalation_id), {})

    assert first.version == second.version == 1
    assert len(lines(room, "form")) == 1


def test_each_request_has_a_number_of_its_own(room: Room, city: Any) -> None:
    ids = [city.add_report(f"Oak across street {n}") for n in range(3)]
    room.sync()
    desk = forms_of(room)

    numbers = [
        desk.keep(desk.resource_request(room.escalate(each).escalation_id), {"notes": "x"}).form.number
        for each in ids
    ]

    assert numbers == ["RR-0001", "RR-0002", "RR-0003"]


def test_the_log_tells_which_boxes_changed_and_nobodys_words(room: Room, handed_over: Escalation) -> None:
    desk = forms_of(room)
    desk.keep(desk.resource_request(handed_over.escalation_id), {"notes": "Call Mrs. Ortega"})

    made, edited = lines(room, "form")

    assert made["text"] == "ICS 213RR RR-0001 made" and made["site_id"] == handed_over.site_id
    assert edited["text"] == "ICS 213RR RR-0001 edited, version 2"
    assert '"boxes":["notes"]' in edited["detail"] and '"after":{"version":2}' in edited["detail"]
    assert "Ortega" not in str((made, edited))


def test_only_emergency_management_and_logistics_make_it(room: Room, handed_over: Escalation) -> None:
    opened = forms_of(room).resource_request(handed_over.escalation_id)
    operator = forms_of(room, "Operator")

    for act in (
        lambda: operator.resource_request(handed_over.escalation_id),
        lambda: operator.keep(opened, {}),
    ):
        with pytest.raises(ActRefused, match="made by emergency management or Logistics"):
            act()
    assert lines(room, "form") == []


def test_who_types_second_hears_that_the_form_has_changed(room: Room, handed_over: Escalation) -> None:
    ana, ben = forms_of(room, person="Ana"), forms_of(room, person="Ben")
    first = ana.resource_request(handed_over.escalation_id)
    second = ben.resource_request(handed_over.escalation_id)
    ana.keep(first, {"notes": "from Ana"})

    with pytest.raises(ActRefused, match="Ana has changed this form meanwhile"):
        ben.keep(second, {"notes": "from Ben"})

    assert ana.resource_request(handed_over.escalation_id).form.notes == "from Ana"


def test_the_page_lies_in_the_print_folder_by_number_and_version(room: Room, handed_over: Escalation) -> None:
    desk = forms_of(room)
    kept = desk.keep(desk.resource_request(handed_over.escalation_id), {"supplier": "Árboles & Co."})

    path = desk.print_out(kept)

    assert path.parent.name == "print" and path.name == "EXERCISE_ICS-213RR_RR-0001_v2.pdf"
    [page] = pages_of(path.read_bytes())
    assert "Árboles & Co." in page and "Clear one lane" in page and "RR-0001" in page


def test_a_warning_that_came_later_is_on_the_form_all_the_same(room: Room, handed_over: Escalation) -> None:
    desk = forms_of(room)
    desk.keep(desk.resource_request(handed_over.escalation_id), {"notes": "x"})
    with room.store.transaction(room.parts.actor) as tx:
        from dispatch.store import escalations

        escalations.save(tx, replace(handed_over, has_wire=True, place_quality="street"))

    again = desk.resource_request(handed_over.escalation_id)

    assert again.form.notes == "x"
    assert again.form.warnings[:2] == ("TREAT AS LIVE", "PLACE NOT CONFIRMED")


def test_an_activity_log_is_filled_edited_and_its_original_kept(room: Room, city: Any) -> None:
    request_id = city.add_report("Oak across 5th Ave N")
    room.sync()
    now = room.parts.clock.now()
    room.desk.claim(room.site(request_id))
    room.desk.set_band(room.site(request_id), Band.P1)
    desk = forms_of(room, "Operator", "A. Operator")

    opened = desk.activity_log("Operator", now - 1000, now + 1000)
    assert [what for _, what in opened.form.entries] == [f"#{request_id}: Band P2 to P1"]
    with room.store.reading() as connection:
        head = log.newest(connection)
    assert (opened.form.log_number, opened.form.log_hash) == (head.number, head.hash)

    typed = [*opened.form.entries, ("09/11/2017 10:45 EDT", "Briefed the night shift")]
    desk.keep(opened, {"entries": typed, "agency": "City of St. Petersburg"})
    again = desk.activity_log("Operator", now - 1000, now + 1000)

    assert again.form.entries[-1][1] == "Briefed the night shift" and again.version == 2
    assert desk.originals("ics214", opened.subject)[0] == opened.form
    [page] = pages_of(desk.print_out(again).read_bytes())
    assert f"entry {head.number}, head hash {head.hash}" in page and "version 2, edited by" in page
    # The printed head still stands in the log, which has gone on.
    with room.store.reading() as connection:
        assert log.verify(connection, head=head.hash).is_intact


def test_a_briefing_counts_what_stands_on_either_database(
    tmp_path: Path, city: Any, clock: Any, run: Any, store_url: str
) -> None:
    room = Room(tmp_path / "seat", city, clock, run, store_url=store_url)
    tree, line, spam, again, medical = (
        city.add_report(words)
        for words in (
            "Oak across 5th Ave N",
            "Power line down and sparking on 5th Ave N",
            "Buy cheap roofs",
            "Big oak blocks 5th Ave N",
            "My mother needs oxygen, the power is out",
        )
    )
    room.sync()
    room.desk.close(room.site(spam), CloseReason.SPAM)
    room.desk.merge(room.site(tree), [room.site(again)])
    held = room.escalate(line)
    room.em_desk.hold(held.escalation_id)
    under_way = room.escalate(medical)
    room.em_desk.resource(under_way.escalation_id, "Medic 4", clock.now() + 600_000)
    room.desk.suspend("police", clock.now(), "Wind 45 mph.", clock.now() + 3_600_000)
    desk = forms_of(room)
    period = (clock.now() - 3_600_000, clock.now() + 3_600_000)

    briefing = desk.briefing(*period).form
    status = desk.status_summary(*period).form
    page = desk.first_hour()

    assert "Reports to 311: 4, 4 of them in this period." in briefing.situation
    assert "2 P1 life safety, 1 P2" in briefing.situation
    assert "1 held for weather, 1 under way" in briefing.situation
    assert "Sites with a wire reported and not made safe: 1. TREAT AS LIVE." in briefing.situation
    assert "Field response suspended: police" in briefing.situation
    assert [row[:2] for row in briefing.resources] == [
        ("not named yet", held.number),
        ("Medic 4", under_way.number),
    ]
    assert any("Field response suspended: police" in what for _, what in briefing.actions)
    assert status.hazards == "3 sites: roads blocked or washed out (reported to date)"
    assert status.version == "initial" and "P1 handed over: 2, accepted: 2" in status.life_safety
    assert [words for words, _ in page.parts] == ["P1 life safety: 1 held", "P2 hazard or access: 0 held"]
    assert page.parts[0][1][0].what.startswith("Power line down and sparking")
    # Before the storm there was nothing.
    early = desk.briefing(0, 1000).form
    assert "Reports to 311: 0, 0 of them in this period." in early.situation and early.actions == ()
    room.close()


def test_a_second_status_summary_is_an_update(room: Room) -> None:
    desk, now = forms_of(room), room.parts.clock.now()

    desk.keep(desk.status_summary(now - 2000, now - 1000), {"sent_to": "County EOC"})

    assert desk.status_summary(now - 1000, now).form.version == "update"
    assert desk.status_summary(now - 2000, now - 1000).form.sent_to == "County EOC"


def test_other_positions_and_other_times_stay_out_of_an_activity_log(room: Room, city: Any) -> None:
    request_id = city.add_report("Oak across 5th Ave N")
    room.sync()
    now = room.parts.clock.now()
    room.desk.set_band(room.site(request_id), Band.P1)

    desk = forms_of(room)

    assert desk.activity_log("Logistics", now - 1000, now + 1000).form.entries == ()
    assert desk.activity_log("Operator", now - 1000, now).form.entries == ()
    with pytest.raises(ActRefused, match="ends before it begins"):
        desk.activity_log("Operator", now, now)
