"""What every database must keep for us, told on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, text, update

from dispatch.errors import StoreUnusable
from dispatch.records import (
    NOTE_OF_ROW,
    Actor,
    Assessment,
    BadRecord,
    Band,
    CrmStatus,
    Flag,
    Message,
    OutboxKind,
    OutboxState,
    Place,
    Reason,
    Reporter,
    ServiceRequest,
    SiteSummary,
)
from dispatch.store import log, mirror, outbox, schema, search, sites
from dispatch.store.store import CHECKPOINT_PAGES, Store, open_store
from dispatch.store.transaction import Transaction

OPERATOR = Actor("irma", "A. Operator", "Operator", "Seat 1")


@pytest.fixture
def store(store_url: str, clock) -> Iterator[Store]:
    opened = open_store(store_url, clock=clock)
    with opened.transaction(OPERATOR) as tx:
        tx.connection.execute(
            insert(schema.activation).values(
                activation_id="irma", name="Irma", is_exercise=1, started_at=1, storm_mode=1, is_current=1
            )
        )
        mirror.ensure_server(tx.connection, "http://city/api/v2", "seeclickfix")
    yield opened
    opened.close()


def report(request_id: str, words: str = "Oak across the road", *, at: int = 1000) -> ServiceRequest:
    return ServiceRequest(
        request_id,
        CrmStatus.OPEN,
        "Open",
        "Tree",
        words,
        "5701",
        "Tree",
        "5th Ave N",
        Place(27.77, -82.65),
        at,
        at,
    )


def summary(band: Band = Band.P3) -> SiteSummary:
    return SiteSummary(
        band, 20.5, (), 1000, 1000, 1, "tree_road_blocked", "Old Northeast", Place(27.77, -82.65), Flag(0),
        "Tree", "5th Ave N", "",
    )  # fmt: skip


def take(tx: Transaction, *requests: ServiceRequest) -> list[int]:
    """A page of new requests, as sync takes it."""
    keys = list(tx.next_request_keys(len(requests)))
    mirror.save(tx, 1, [(k, r, mirror.digest(r)) for k, r in zip(keys, requests, strict=True)])
    sites.open_new(tx, [(k, summary(), False) for k in keys])
    reasons = (Reason("category", "Tree in the road", 20.0),)
    sites.save_assessments(tx, [(k, Assessment(Band.P3, 20.5, reasons, "tree_road_blocked")) for k in keys])
    return keys


def test_a_new_request_opens_a_site_under_its_own_number(store: Store) -> None:
    with store.transaction(OPERATOR) as tx:
        keys = take(tx, report("0"), report("a-17"))

    with store.reading() as connection:
        rows = sites.board_rows(connection)
        members = sites.members(connection, keys)
    assert sorted(row.site_id for row in rows) == keys
    assert [members[key][0][1].request_id for key in keys] == ["0", "a-17"]
    assert members[keys[0]][0][2].reasons[0].text == "Tree in the road"


@pytest.mark.parametrize(
    "wanted", [(), (1,), (0, 1, 2, 3), (3, 2, 1, 0), (0, 0, 2, 3), (0, 2, 4), (1, 2, 3, 9), (7, 8, 9)]
)
def test_any_sites_are_read_by_their_numbers(store: Store, wanted: tuple[int, ...]) -> None:
    with store.transaction(OPERATOR) as tx:
        keys = take(tx, *(report(str(number)) for number in range(5)))
    asked = [keys[0] + number for number in wanted]

    with store.reading() as connection:
        read = [row.site_id for row in sites.board_rows(connection, asked)]
        reports = [row.site_id for row in sites.board_reports(connection, asked)]

    assert sorted(read) == sorted(reports) == sorted(set(asked) & set(keys))


def test_the_same_request_again_changes_its_row_and_adds_none(store: Store) -> None:
    with store.transaction(OPERATOR) as tx:
        (key,) = take(tx, report("5"))
    newer = report("5", "Oak across the road, now cleared")

    with store.transaction(OPERATOR) as tx:
        mirror.save(tx, 1, [(key, newer, mirror.digest(newer))])

    with store.reading() as connection:
        assert mirror.counts(connection) == (1, 0)
        assert sites.members(connection, [key])[key][0][1].description == newer.description


def test_a_failed_act_leaves_no_row_no_number_and_no_log_line(store: Store) -> None:
    before = store.feed_number()
    with pytest.raises(RuntimeError), store.transaction(OPERATOR) as tx:
        take(tx, report("5"))
        tx.log("open", "never happened")
        raise RuntimeError

    assert store.feed_number() == before
    with store.reading() as connection:
        assert mirror.counts(connection) == (0, 0)
        assert log.verify(connection).entries == 0


def test_the_feed_tells_another_seat_what_changed_once_and_in_order(store: Store) -> None:
    start = store.feed_number()
    with store.transaction(OPERATOR) as tx:
        first = take(tx, report("1"))
    with store.transaction(OPERATOR) as tx:
        second = take(tx, report("2"))

    assert store.changes_since(start).sites == set(first + second)
    assert store.changes_since(start + 1).sites == set(second)
    assert not store.changes_since(start + 2)


def test_the_log_proves_that_nobody_changed_a_line(store: Store) -> None:
    for number in range(5):
        with store.transaction(OPERATOR) as tx:
            tx.log("claim", f"claimed site {number}", site_id=number, detail={"n": number})
    with store.reading() as connection:
        honest = log.verify(connection)

    with store.engine.begin() as connection:
        connection.execute(
            update(schema.activity_log)
            .where(schema.activity_log.c.number == 3)
            .values(person="Somebody else")
        )

    with store.reading() as connection:
        forged = log.verify(connection)
    assert honest.is_intact and honest.entries == 5
    assert forged.first_broken == 3


def test_a_log_cut_off_at_its_end_is_found_by_an_earlier_head(store: Store) -> None:
    for number in range(3):
        with store.transaction(OPERATOR) as tx:
            tx.log("claim", f"claimed site {number}")
    with store.reading() as connection:
        head = log.verify(connection).head

    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM activity_log WHERE number = 3"))
    with store.reading() as connection:
        assert log.verify(connection).first_broken == 3

    # Whoever knows the tables cuts the feed as well.
    with store.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE feed SET log_number = 2, log_hash = (SELECT hash FROM activity_log WHERE number = 2)"
            )
        )
    with store.reading() as connection:
        assert log.verify(connection).is_intact
        assert log.verify(connection, head=head).first_broken == 3


def test_two_seats_claiming_one_site_the_second_hears_who_was_first(store: Store) -> None:
    with store.transaction(OPERATOR) as tx:
        (key,) = take(tx, report("5"))
    other = Actor("irma", "B. Operator", "Operator", "Seat 2")

    with store.transaction(OPERATOR) as tx:
        assert sites.put_claim(tx, key) is None
    with store.transaction(other) as tx:
        holder = sites.put_claim(tx, key)

    assert holder is not None and holder[:2] == ("A. Operator", "Seat 1")
    with store.reading() as connection:
        assert sites.board_rows(connection)[0].claimed_by == "A. Operator"


def test_writers_at_the_same_time_keep_one_chain(store: Store) -> None:
    def write(seat: str) -> None:
        for number in range(20):
            with store.transaction(Actor("irma", seat, "Operator", seat), durable=False) as tx:
                tx.log("claim", f"{seat} {number}")

    seats = [threading.Thread(target=write, args=(f"Seat {n}",)) for n in range(3)]
    for seat in seats:
        seat.start()
    for seat in seats:
        seat.join()

    with store.reading() as connection:
        proof = log.verify(connection)
    assert proof.is_intact and proof.entries == 60


def test_outbox_rows_of_one_request_leave_one_after_the_other(store: Store) -> None:
    with store.transaction(OPERATOR) as tx:
        one, two = take(tx, report("1"), report("2"))
        first, _, third = [
            *outbox.put(tx, OutboxKind.MESSAGE, [one], "first", due_at=10),
            *outbox.put(tx, OutboxKind.MESSAGE, [one], "second", due_at=10),
            *outbox.put(tx, OutboxKind.CLOSE, [two], "closing", due_at=10),
        ]

    with store.reading() as connection:
        assert outbox.due(connection, 9) == []
        due = outbox.due(connection, 10)
    assert [item.outbox_id for item in due] == [first, third]

    with store.transaction(OPERATOR) as tx:
        outbox.change(tx, due[0], state=OutboxState.SENT.value)
    with store.reading() as connection:
        assert [item.text for item in outbox.due(connection, 10)] == ["second", "closing"]


def test_a_message_is_taken_back_only_before_its_first_try(store: Store) -> None:
    with store.transaction(OPERATOR) as tx:
        (key,) = take(tx, report("1"))
        early, late = (outbox.put(tx, OutboxKind.MESSAGE, [key], text_, due_at=10)[0] for text_ in ("a", "b"))
        outbox.change(tx, outbox.get(tx.connection, [late])[0], attempts=1)

    with store.transaction(OPERATOR) as tx:
        stopped = outbox.take_back(tx, [early, late])

    assert [item.outbox_id for item in stopped] == [early]


def test_a_broken_row_met_twice_is_one_entry_with_its_raw_body(store: Store) -> None:
    bad = BadRecord("no id", b'{"summary": 5}')
    with store.transaction(OPERATOR) as tx:
        mirror.put_in_quarantine(tx.connection, 1, [bad], 5)
        mirror.put_in_quarantine(tx.connection, 1, [bad], 9)

    with store.reading() as connection:
        assert mirror.counts(connection)[1] == 1
        assert connection.execute(text("SELECT raw FROM quarantine")).scalar_one() == bad.raw


def test_words_find_their_site(store: Store) -> None:
    with store.transaction(OPERATOR) as tx:
        oak, pole = take(tx, report("71", "Oak across the road"), report("72", "Pole leaning, árbol caído"))

    with store.reading() as connection:
        assert search.find(connection, "oak roa") == [oak]
        assert search.find(connection, "72") == [pole]
        assert search.find(connection, "nothing like it") == []
        assert search.find(connection, "'; DROP TABLE site; --") == []


def test_flags_set_by_acts_stay_when_the_reports_are_summed_anew(store: Store) -> None:
    with store.transaction(OPERATOR) as tx:
        (key,) = take(tx, report("1"))
        sites.set_flags(tx, key, add=Flag.NEW_FACT | Flag.TOLD_911)
        sites.set_flags(tx, key, drop=Flag.NEW_FACT)
        sites.refresh(tx, key, summary(Band.P1))

    with store.reading() as connection:
        row = sites.board_rows(connection, [key])[0]
    assert row.flags == Flag.TOLD_911 and row.band == Band.P1


def test_an_operators_band_is_raised_by_a_new_fact_and_never_lowered(store: Store) -> None:
    with store.transaction(OPERATOR) as tx:
        (key,) = take(tx, report("1"))
        sites.change(tx, key, own_band=2, band=2)
        sites.refresh(tx, key, summary(Band.P4))
        kept = sites.board_rows(tx.connection, [key])[0].band
        sites.refresh(tx, key, summary(Band.P1))
        raised = sites.board_rows(tx.connection, [key])[0].band

    assert (kept, raised) == (Band.P2, Band.P1)


def test_a_database_of_a_newer_console_is_refused_with_the_way_out(
    store: Store, store_url: str, clock
) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreUnusable, match="newer version of Landfall"):
        open_store(store_url, clock=clock)


def test_a_note_of_a_row_gives_way_to_the_same_words_with_an_id(store: Store) -> None:
    city, words = Reporter("city", "City", "Verified Official"), "A crew is on the way."
    note, line = Message(f"{NOTE_OF_ROW}1f", city, words, 5), Message("77", city, words, 4)

    def taken(*messages: Message) -> list[str]:
        with store.transaction(OPERATOR) as tx:
            mirror.save_messages(tx, key, messages)
            return [each.message_id for each in mirror.thread(tx.connection, [key])[key]]

    with store.transaction(OPERATOR) as tx:
        [key] = take(tx, report("901"))

    assert taken(note) == [note.message_id]
    assert taken(line) == ["77"]
    assert taken(note) == ["77"], "nor does it come back"
    assert taken(Message(f"{NOTE_OF_ROW}2f", city, "Closed.", 6)) == ["77", f"{NOTE_OF_ROW}2f"]


def test_a_message_that_the_server_changed_keeps_what_it_said_at_first(store: Store) -> None:
    city = Reporter("city", "City", "Verified Official")

    def taken(text: str, *, is_moderated: bool = False) -> Message:
        with store.transaction(OPERATOR) as tx:
            mirror.save_messages(tx, key, [Message("77", city, text, 4, is_moderated)])
            return mirror.thread(tx.connection, [key])[key][0]

    with store.transaction(OPERATOR) as tx:
        [key] = take(tx, report("901"))

    first = taken("Done.")
    assert (first.first_text, first.edited_at, first.is_moderated) == ("", 0, False)
    second = taken("Nearly done.")
    assert (second.text, second.first_text) == ("Nearly done.", "Done.")
    assert second.edited_at > 0
    assert taken("Not done.").first_text == "Done."
    hidden = taken("Not done.", is_moderated=True)
    assert hidden.is_moderated and hidden.first_text == "Done."


def test_s11_words_as_typed_come_before_the_same_words_elsewhere(store: Store) -> None:
    with store.transaction(OPERATOR) as tx:
        south, north, begun = take(
            tx,
            report("71", "Oak down, 22nd Ave S"),
            report("72", "Oak down, 22nd Ave N near 31st St S"),
            report("73", "Oak down, 22nd Ave SE"),
        )

    with store.reading() as connection:
        assert search.find_best(connection, "22nd ave s", limit=9)[0] == south
        assert set(search.find_best(connection, "22nd ave s", limit=9)) == {south, north, begun}
        assert search.find_phrase(connection, "22nd ave s", limit=9) == [south]
        assert search.find_phrase(connection, "oak dow", limit=9) == [begun, north, south]
        assert search.find_best(connection, '"; --', limit=9) == []


def test_a_first_sync_writes_the_database_file_seldom_and_all_of_it_is_read(store: Store) -> None:
    if not store.is_sqlite:
        pytest.skip("a file of SQLite's")
    file = Path(store.engine.url.database or "")

    def save(page: int) -> int:
        """Gives what the page made the write-ahead file grow to, in its own pages."""
        with store.transaction(OPERATOR, durable=False) as tx:
            take(tx, *(report(f"{page}-{n}", f"Oak {n} across the road " * 20) for n in range(500)))
        return file.with_name(f"{file.name}-wal").stat().st_size // 4096

    size, pages = file.stat().st_size, 0
    saved = 0
    while pages < CHECKPOINT_PAGES * 3 // 4:
        assert file.stat().st_size == size, "moved into the database before it was worth it"
        pages, saved = save(saved), saved + 1

    with store.reading() as connection:
        assert mirror.counts(connection)[0] == 500 * saved
    while saved < 40 and file.stat().st_size == size:
        save(saved)
        saved += 1
    assert file.stat().st_size > size, "the write-ahead file must not grow without end"
