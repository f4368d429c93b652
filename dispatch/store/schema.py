"""The tables. The mirror holds what a server said and only sync writes it; all others are ours."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
)

metadata = MetaData()

# SQLite gives a table its fast whole-number key only to a column typed INTEGER, to the letter.
Key = BigInteger().with_variant(Integer, "sqlite")
Time = BigInteger


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


# -- the mirror ---------------------------------------------------------------------------------------

server = Table(
    "server",
    metadata,
    Column("server_id", Integer, primary_key=True),
    Column("address", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("account_id", Text, nullable=False, server_default=""),
    Column("watermark_at", Time),
    # How far the first sync has come: everything entered before this time is still to be fetched.
    Column("backlog_before_at", Time),
    Column("backlog_done", Integer, nullable=False, server_default="0"),
    # What the server can do, as TOML that a person may correct; empty until it was probed.
    _text("capabilities"),
    # How far the walks by windows and the reconciling sweep have come, as JSON of theirs.
    _text("progress"),
    Column("swept_at", Time),
    # The one this console is in step with: what is typed in here goes there.
    Column("is_current", Integer, nullable=False, server_default="0"),
)

request = Table(
    "request",
    metadata,
    Column("request_key", Key, primary_key=True, autoincrement=False),
    Column("server_id", Integer, ForeignKey("server.server_id"), nullable=False),
    # The server's own id as text: "0" is an id. Null until a report typed in by us is adopted.
    Column("remote_id", Text),
    Column("digest", Text, nullable=False),
    Column("status", Text, nullable=False),
    _text("raw_status"),
    _text("summary"),
    _text("description"),
    _text("service_code"),
    _text("service_name"),
    _text("address"),
    Column("lat", Double),
    Column("lng", Double),
    Column("created_at", Time, nullable=False),
    Column("updated_at", Time, nullable=False),
    Column("acknowledged_at", Time),
    Column("closed_at", Time),
    Column("reopened_at", Time),
    _text("reporter_id"),
    _text("reporter_name"),
    _text("reporter_role"),
    _text("photo_url"),
    _text("page_url"),
    _text("transitions"),
    Column("followers", Integer, nullable=False, server_default="1"),
    Column("expected_at", Time),
    _text("agency"),
    _text("status_notes"),
    _text("duplicate_of"),
    _text("assignee_id"),
    Column("is_private", Integer, nullable=False, server_default="0"),
    _text("doubts"),
    # Given back by the server until it has an id for a report we sent in.
    _text("token"),
    # When a read by id first and then again, hours later, said that the server has it no more.
    Column("missing_at", Time),
    Column("gone_at", Time),
    UniqueConstraint("server_id", "remote_id"),
)

message = Table(
    "message",
    metadata,
    Column("request_key", Key, ForeignKey("request.request_key"), primary_key=True),
    Column("message_id", Text, primary_key=True),
    _text("author_id"),
    _text("author_name"),
    _text("author_role"),
    _text("text"),
    Column("at", Time, nullable=False),
    # For the organization alone: never shown or sent where the public could read it.
    Column("is_internal", Integer, nullable=False, server_default="0"),
    Column("is_moderated", Integer, nullable=False, server_default="0"),
    # What it said when it first came here, and when it was found to say something else: empty and 0 where it
    # always said the same.
    _text("first_text"),
    Column("edited_at", Time, nullable=False, server_default="0"),
)

quarantine = Table(
    "quarantine",
    metadata,
    # The digest of the raw row: the same broken row met again is one entry, not a hundred.
    Column("digest", Text, primary_key=True),
    Column("server_id", Integer, ForeignKey("server.server_id"), nullable=False),
    Column("at", Time, nullable=False),
    _text("remote_id"),
    Column("reason", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
)

# -- ours ---------------------------------------------------------------------------------------------

activation = Table(
    "activation",
    metadata,
    Column("activation_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("is_exercise", Integer, nullable=False),
    Column("started_at", Time, nullable=False),
    Column("storm_mode", Integer, nullable=False),
    # When storm mode goes on and off by itself; empty where a person does it.
    Column("storm_mode_from", Time),
    Column("storm_mode_until", Time),
    Column("is_current", Integer, nullable=False),
    # Whether somebody chose that the public's list follows these times.
    Column("storm_mode_public", Integer, nullable=False, server_default="0"),
)

# What a storm's profile says of categories other than the city's table; the highest version is in force.
profile = Table(
    "profile",
    metadata,
    Column("activation_id", Text, ForeignKey("activation.activation_id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Time, nullable=False),
    _text("person"),
    Column("body", Text, nullable=False),
)

# What goes on in the background: by which rules the assessments were made, and below which request they are
# still to be made anew.
rescoring = Table(
    "rescoring",
    metadata,
    Column("activation_id", Text, ForeignKey("activation.activation_id"), primary_key=True),
    Column("made_with", Text, nullable=False),
    Column("below_key", Key, nullable=False),
    # Only reports under these; empty: all.
    _text("categories"),
    # Up to which request it was looked what it may repeat.
    Column("suggested_key", Key, nullable=False, server_default="0"),
)

suspension = Table(
    "suspension",
    metadata,
    Column("activation_id", Text, ForeignKey("activation.activation_id"), primary_key=True),
    Column("service", Text, primary_key=True),
    Column("since_at", Time, nullable=False),
    _text("why"),
    Column("review_at", Time, nullable=False),
    _text("who"),
)

# Alarms set aside for a while, with reason and end (wall time); `site_id` 0: of no site.
alarm_shelf = Table(
    "alarm_shelf",
    metadata,
    Column("activation_id", Text, ForeignKey("activation.activation_id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("site_id", Key, primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    _text("note"),
    _text("who"),
    _text("position"),
    _text("seat"),
    Column("at", Time, nullable=False),
    Column("until", Time, nullable=False),
)

site = Table(
    "site",
    metadata,
    Column("site_id", Key, primary_key=True, autoincrement=False),
    Column("activation_id", Text, ForeignKey("activation.activation_id"), nullable=False),
    # Ours by an act.
    Column("state", Integer, nullable=False, server_default="0"),
    _text("state_reason"),
    _text("state_note"),
    Column("acted_at", Time, nullable=False, server_default="0"),
    Column("snoozed_until", Time, nullable=False, server_default="0"),
    Column("closed_at", Time),
    Column("own_band", Integer),
    _text("own_band_reason"),
    _text("own_band_who"),
    Column("own_band_at", Time),
    # Marks an act or an event set; the others follow from the reports and are made anew with them.
    Column("own_flags", Integer, nullable=False, server_default="0"),
    # What its reports come to, so that the board is one query: written whenever one of them changes.
    Column("band", Integer, nullable=False),
    Column("assessed_band", Integer, nullable=False),
    Column("score", Double, nullable=False),
    Column("first_at", Time, nullable=False),
    Column("last_at", Time, nullable=False),
    Column("reports", Integer, nullable=False),
    _text("category"),
    _text("neighborhood"),
    Column("lat", Double),
    Column("lng", Double),
    Column("flags", Integer, nullable=False),
    _text("what"),
    _text("where_words"),
    _text("place_doubt"),
    # The names of the reasons, for "why here"; in words they stand with each report.
    _text("why"),
)

membership = Table(
    "membership",
    metadata,
    Column("request_key", Key, ForeignKey("request.request_key"), primary_key=True),
    Column("site_id", Key, ForeignKey("site.site_id"), nullable=False),
    # When it happened, when a person has said so; entry time stands in the mirror.
    Column("happened_at", Time),
)
Index("membership_site", membership.c.site_id)

link = Table(
    "link",
    metadata,
    Column("site_id", Key, ForeignKey("site.site_id"), primary_key=True),
    Column("other_id", Key, ForeignKey("site.site_id"), primary_key=True),
)

# Which other site one may repeat: proposed by the console, decided by a person.
suggestion = Table(
    "suggestion",
    metadata,
    Column("site_id", Key, ForeignKey("site.site_id"), primary_key=True),
    Column("other_id", Key, ForeignKey("site.site_id"), primary_key=True),
    Column("likeness", Double, nullable=False),
    Column("is_link", Integer, nullable=False, server_default="0"),
    _text("why"),
    # Empty while open, else what was decided.
    _text("decided"),
    _text("who"),
    Column("at", Time, nullable=False),
)
Index("suggestion_other", suggestion.c.other_id)

fact = Table(
    "fact",
    metadata,
    Column("fact_id", Text, primary_key=True),
    Column("site_id", Key, ForeignKey("site.site_id"), nullable=False),
    Column("name", Text, nullable=False),
    _text("value"),
    _text("who"),
    Column("at", Time, nullable=False),
)
Index("fact_site", fact.c.site_id)

assessment = Table(
    "assessment",
    metadata,
    Column("request_key", Key, ForeignKey("request.request_key"), primary_key=True),
    Column("band", Integer, nullable=False),
    Column("score", Double, nullable=False),
    _text("category"),
    Column("is_assessed", Integer, nullable=False),
    _text("language"),
    Column("is_set_aside", Integer, nullable=False),
    _text("cues"),
    _text("reasons"),
)

claim = Table(
    "claim",
    metadata,
    Column("site_id", Key, ForeignKey("site.site_id"), primary_key=True),
    Column("person", Text, nullable=False),
    _text("position"),
    _text("seat"),
    Column("at", Time, nullable=False),
)

escalation = Table(
    "escalation",
    metadata,
    Column("escalation_id", Text, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("site_id", Key, ForeignKey("site.site_id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("closed_at", Time),
    # The whole record: it is read and written only whole, and travels whole.
    Column("body", Text, nullable=False),
)
Index("escalation_site", escalation.c.site_id)

# The sites of a hand-over: mostly one, several where a street or an area is handed over as one.
escalation_of_site = Table(
    "escalation_of_site",
    metadata,
    Column("escalation_id", Text, ForeignKey("escalation.escalation_id"), primary_key=True),
    Column("site_id", Key, ForeignKey("site.site_id"), primary_key=True),
)
Index("escalation_of_site_site", escalation_of_site.c.site_id)

delivery = Table(
    "delivery",
    metadata,
    Column("delivery_id", Text, primary_key=True),
    Column("escalation_id", Text, ForeignKey("escalation.escalation_id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", Time, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # Wall time: waits for a road are real, also in an exercise.
    Column("next_at", Time, nullable=False, server_default="0"),
    _text("proof"),
    _text("error"),
    UniqueConstraint("escalation_id", "channel"),
)

# Who is on each desk of emergency management now.
roster = Table(
    "roster",
    metadata,
    Column("activation_id", Text, ForeignKey("activation.activation_id"), primary_key=True),
    Column("desk", Text, primary_key=True),
    _text("person"),
    _text("contact"),
    Column("since_at", Time, nullable=False),
)

# What came back down the channels: each once, whether it answered a hand-over or somebody has to read it.
incoming = Table(
    "incoming",
    metadata,
    Column("incoming_key", Text, primary_key=True),
    Column("escalation_id", Text, ForeignKey("escalation.escalation_id")),
    Column("state", Text, nullable=False),
    Column("at", Time, nullable=False),
    Column("body", Text, nullable=False),
    _text("who"),
)
Index("incoming_state", incoming.c.state)

outbox = Table(
    "outbox",
    metadata,
    Column("position", Key, primary_key=True, autoincrement=True),
    Column("outbox_id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("request_key", Key, ForeignKey("request.request_key"), nullable=False),
    _text("text"),
    # What a kind needs beside its text, as JSON: an assignee, a new request's place and category.
    _text("detail"),
    Column("state", Text, nullable=False),
    Column("at", Time, nullable=False),
    # Wall time, as all waits for the server are.
    Column("due_at", Time, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # How many equal messages of ours the server held when this one was first tried: the read-back counts
    # from there, so that a deliberate second equal message still goes out.
    Column("equal_before", Integer),
    _text("error"),
    _text("person"),
    _text("seat"),
    # What is written at one site goes first, then what is said to many at once, then what a rule says.
    Column("lane", Integer, nullable=False, server_default="0"),
)
Index("outbox_state", outbox.c.state)

# What the city says to the public. Who wrote it and who stands for it are columns: a shared database looks
# at them before each step. `body` is what was written, as JSON; it stays as it is from the first approval on.
notice = Table(
    "notice",
    metadata,
    Column("notice_id", Text, primary_key=True),
    Column("activation_id", Text, ForeignKey("activation.activation_id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("body", Text, nullable=False),
    _text("number"),
    _text("kind"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("starts_at", Time, nullable=False, server_default="0"),
    Column("expires_at", Time, nullable=False, server_default="0"),
    _text("drafted_by"),
    _text("edited_by"),
    Column("submitted_at", Time),
    _text("approved_by"),
    Column("approved_at", Time),
    _text("second_by"),
    Column("second_at", Time),
    _text("published_by"),
    Column("published_at", Time),
    Column("ended_at", Time),
    _text("ended_why"),
    _text("sent_back_why"),
    _text("cancel_texts"),
    # The notice that this one stands in for once it is published.
    _text("updates"),
)

# ICS forms as people left them. Every version is kept: the first one is as it was filled from the records.
form = Table(
    "form",
    metadata,
    Column("form_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("activation_id", Text, ForeignKey("activation.activation_id"), nullable=False),
    Column("kind", Text, nullable=False),
    _text("number"),
    # What it is about: a hand-over's id, or a position and its period.
    _text("subject"),
    Column("at", Time, nullable=False),
    _text("person"),
    _text("position"),
    Column("body", Text, nullable=False),
)
Index("form_subject", form.c.kind, form.c.subject)

# What was done to hear a neighborhood. Rows are added, never changed: `corrects` is the entry that a row
# stands in for, or takes back.
outreach = Table(
    "outreach",
    metadata,
    Column("outreach_id", Text, primary_key=True),
    Column("activation_id", Text, ForeignKey("activation.activation_id"), nullable=False),
    _text("corrects"),
    Column("is_taken_back", Integer, nullable=False, server_default="0"),
    Column("kind", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("at", Time, nullable=False),
    _text("place"),
    _text("partner"),
    Column("reached", Integer),
    # By language, as JSON: [["English", 200], ...].
    _text("materials"),
    _text("owner"),
    _text("next_step"),
    Column("due_at", Time, nullable=False, server_default="0"),
    _text("note"),
    _text("person"),
    _text("position"),
    _text("seat"),
    Column("recorded_at", Time, nullable=False),
)

# Packs by which one shift hands the room over to the next; a correction is a version of its own. `totals` are
# numbers alone, `body` has the lists and the ICS 201 of the same moment, `remarks` what a person wrote.
shift_pack = Table(
    "shift_pack",
    metadata,
    Column("pack_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("activation_id", Text, ForeignKey("activation.activation_id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("edit", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("since_at", Time, nullable=False),
    Column("since_is_hand_over", Integer, nullable=False),
    Column("at", Time, nullable=False),
    Column("until_at", Time, nullable=False),
    _text("made_by"),
    _text("made_position"),
    Column("made_at", Time, nullable=False),
    _text("out_person"),
    _text("out_position"),
    Column("out_at", Time),
    _text("to_person"),
    _text("to_position"),
    _text("in_person"),
    _text("in_position"),
    Column("in_at", Time),
    Column("totals", Text, nullable=False),
    _text("body"),
    _text("remarks"),
)
Index("shift_pack_number", shift_pack.c.activation_id, shift_pack.c.number)

activity_log = Table(
    "activity_log",
    metadata,
    Column("number", Key, primary_key=True, autoincrement=False),
    Column("at", Time, nullable=False),
    _text("activation_id"),
    _text("person"),
    _text("position"),
    _text("seat"),
    Column("act", Text, nullable=False),
    Column("site_id", Key),
    _text("subject"),
    _text("text"),
    _text("detail"),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
Index("activity_log_site", activity_log.c.site_id)

# One row. Its lock orders commits, the numbers of the change feed and the hash chain of the log.
feed = Table(
    "feed",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("n", Key, nullable=False),
    Column("log_number", Key, nullable=False),
    Column("log_hash", Text, nullable=False),
    Column("request_key", Key, nullable=False),
    Column("escalation_number", Integer, nullable=False),
)

change = Table(
    "change",
    metadata,
    Column("n", Key, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)

# -- a room of many seats --------------------------------------------------------------------------------

# Who may sign in, and what their role lets them do. The hash is only for a store of one seat: a shared
# database keeps its people's passwords itself.
person = Table(
    "person",
    metadata,
    Column("login", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    _text("password_hash"),
    Column("is_active", Integer, nullable=False, server_default="1"),
    Column("at", Time, nullable=False),
)

# Which site a seat looks at or writes on just now, and since when (the storm's time); `at`: when it last said
# so (the database's clock). Not in the feed: it is gone with the seat.
presence = Table(
    "presence",
    metadata,
    Column("seat", Text, primary_key=True),
    _text("person"),
    _text("position"),
    Column("site_id", Key),
    _text("doing"),
    Column("since_at", Time, nullable=False),
    Column("at", Time, nullable=False),
)

# Somebody asks the holder of a claim for it.
claim_ask = Table(
    "claim_ask",
    metadata,
    Column("site_id", Key, ForeignKey("site.site_id"), primary_key=True),
    Column("person", Text, nullable=False),
    _text("position"),
    _text("seat"),
    Column("at", Time, nullable=False),
)

# Acts that are done, by the id which the seat gave them: what is sent again from a journal is done once.
done = Table(
    "done",
    metadata,
    Column("act_id", Text, primary_key=True),
    Column("at", Time, nullable=False),
)

# One row: which process syncs for the room, when it was last heard of (the database's clock) and how old its
# calls of the last minute were then, as JSON. A write of the mirror by another one is refused.
syncing = Table(
    "syncing",
    metadata,
    Column("one", Integer, primary_key=True),
    _text("holder"),
    _text("seat"),
    Column("beat_at", Time, nullable=False, server_default="0"),
    _text("calls"),
)

# -- texts to residents ----------------------------------------------------------------------------------

# The city's own versions of the texts. Rows are added, never changed; an approval is a version with the same
# text, and an empty text says that what came with the program stands again.
template = Table(
    "template",
    metadata,
    Column("template_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("intent", Text, nullable=False),
    Column("language", Text, nullable=False),
    _text("variant"),
    _text("text"),
    # As JSON: keys of categories, numbers of bands.
    _text("categories"),
    _text("bands"),
    _text("approved_by"),
    Column("approved_at", Time, nullable=False, server_default="0"),
    _text("person"),
    _text("position"),
    _text("seat"),
    Column("at", Time, nullable=False),
)
# -- rules that write to residents ------------------------------------------------------------------------

# Each switching and each setting is a version of its own; the highest one of a kind is in force.
rule = Table(
    "rule",
    metadata,
    Column("activation_id", Text, ForeignKey("activation.activation_id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("is_on", Integer, nullable=False),
    Column("settings", Text, nullable=False),
    _text("person"),
    _text("position"),
    _text("seat"),
    Column("at", Time, nullable=False),
)

# What was done with the storm plan: rows are added and never changed; `takes_back` names a step that no
# longer holds. `at` is the hour 0 that was set, or when an item was due as it was done.
plan_step = Table(
    "plan_step",
    metadata,
    Column("step_id", Text, primary_key=True),
    Column("activation_id", Text, ForeignKey("activation.activation_id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("act", Text, nullable=False),
    _text("item_key"),
    Column("at", Time, nullable=False, server_default="0"),
    _text("note"),
    _text("advisory"),
    Column("hours", Integer, nullable=False, server_default="0"),
    _text("owner"),
    _text("takes_back"),
    _text("person"),
    _text("position"),
    _text("seat"),
    Column("recorded_at", Time, nullable=False),
)

# Each version of a notice, as it was then: rows are added, never changed.
notice_version = Table(
    "notice_version",
    metadata,
    Column("notice_id", Text, ForeignKey("notice.notice_id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("at", Time, nullable=False),
    _text("person"),
    _text("position"),
    Column("body", Text, nullable=False),
)

# Where a notice stands: on the server, and where people put it by hand. `due_at` is wall time, as all waits
# for the server are; `link` is what was pasted back, or the server's own id for it.
notice_place = Table(
    "notice_place",
    metadata,
    Column("notice_id", Text, ForeignKey("notice.notice_id"), primary_key=True),
    Column("place", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("at", Time, nullable=False),
    _text("person"),
    _text("link"),
    _text("error"),
    Column("due_at", Time, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
)
# What a rule has sent, once for each report and round, whatever is run again: written in the transaction of
# its outbox row. A report is asked a second time only in a round of its own.
rule_sent = Table(
    "rule_sent",
    metadata,
    Column("activation_id", Text, ForeignKey("activation.activation_id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("request_key", Key, ForeignKey("request.request_key"), primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("outbox_id", Text, nullable=False, unique=True),
    # Whose report it is, so that nobody hears from the rules twice a day; empty where that is not known.
    _text("reporter_id"),
    Column("at", Time, nullable=False),
)
Index("rule_sent_at", rule_sent.c.at)
# Who called, by the report that was typed in for them: ours alone, in no message and no file that leaves.
# `number` counts the calls of an activation; `paste_id` is of those brought in together.
caller = Table(
    "caller",
    metadata,
    Column("request_key", Key, ForeignKey("request.request_key"), primary_key=True, autoincrement=False),
    Column("activation_id", Text, ForeignKey("activation.activation_id"), nullable=False),
    Column("number", Integer, nullable=False),
    _text("name"),
    _text("phone"),
    _text("language"),
    # Null: nobody asked whether they may be called back.
    Column("may_call", Integer),
    _text("note"),
    _text("paste_id"),
    _text("who"),
    Column("at", Time, nullable=False),
    UniqueConstraint("activation_id", "number", name="caller_number"),
)
Index("caller_paste", caller.c.paste_id)
# -- what the city does by area, and what it can say ------------------------------------------------------

# Area sweeps. Rows are added, never changed: each is a version. `body` is what was planned, as JSON; empty
# where only the state changed and the words of the version before go on to hold.
sweep = Table(
    "sweep",
    metadata,
    Column("sweep_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("activation_id", Text, ForeignKey("activation.activation_id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    _text("body"),
    _text("person"),
    _text("position"),
    _text("seat"),
    Column("at", Time, nullable=False),
)
Index("sweep_activation", sweep.c.activation_id)

# What is told to residents beside the reply: shelters with room, closures, numbers. Rows are added, never
# changed: of one kind and name the newest stands, and one that is gone takes it from the list.
city_fact = Table(
    "city_fact",
    metadata,
    Column("fact_id", Text, primary_key=True),
    Column("activation_id", Text, ForeignKey("activation.activation_id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    _text("value"),
    Column("room", Integer),
    _text("note"),
    _text("source"),
    Column("until_at", Time, nullable=False, server_default="0"),
    Column("is_gone", Integer, nullable=False, server_default="0"),
    _text("person"),
    _text("position"),
    _text("seat"),
    Column("at", Time, nullable=False),
)
Index("city_fact_activation", city_fact.c.activation_id)
# Which range of days was told to which report, with what it was counted from. It stands as long as the
# message that told it was not taken back or refused. `high_days` is empty for "longer than two weeks";
# `by_rule` names the rule where no person sent it.
told = Table(
    "told",
    metadata,
    Column("told_id", Text, primary_key=True),
    Column("activation_id", Text, ForeignKey("activation.activation_id"), nullable=False),
    Column("request_key", Key, ForeignKey("request.request_key"), nullable=False),
    Column("at", Time, nullable=False),
    _text("category"),
    Column("low_days", Integer, nullable=False),
    Column("high_days", Integer),
    Column("normal_days", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Column("closed_day", Integer, nullable=False),
    Column("closed_week", Integer, nullable=False),
    Column("is_correction", Integer, nullable=False, server_default="0"),
    Column("outbox_id", Text, nullable=False),
    _text("person"),
    _text("position"),
    _text("seat"),
    _text("by_rule"),
)
Index("told_request", told.c.request_key)
# -- what the public can report under ---------------------------------------------------------------------

# The server's own list as it was seen last. What left the list stays here as not offered.
offered_category = Table(
    "offered_category",
    metadata,
    Column("server_id", Integer, ForeignKey("server.server_id"), primary_key=True),
    Column("category_id", Text, primary_key=True),
    _text("title"),
    Column("is_offered", Integer, nullable=False),
    Column("can_switch", Integer, nullable=False, server_default="0"),
    Column("place", Integer, nullable=False, server_default="0"),
)

# When that list was read, in the storm's time; and in real time when it was tried and when a seat wanted it
# read again.
category_look = Table(
    "category_look",
    metadata,
    Column("server_id", Integer, ForeignKey("server.server_id"), primary_key=True),
    Column("seen_at", Time),
    Column("tried_at", Time, nullable=False, server_default="0"),
    Column("wanted_at", Time, nullable=False, server_default="0"),
    _text("error"),
)

# What storm mode wants of each category: as it was before, as it is wanted, how far that is. A further storm
# has the next number; a row is never taken away, so that what was before can be put back.
category_switch = Table(
    "category_switch",
    metadata,
    Column("activation_id", Text, ForeignKey("activation.activation_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("category_id", Text, primary_key=True),
    Column("server_id", Integer, ForeignKey("server.server_id"), nullable=False),
    _text("title"),
    Column("phase", Text, nullable=False),
    Column("was_offered", Integer, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("state", Text, nullable=False),
    _text("error"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Time, nullable=False, server_default="0"),
    _text("person"),
    _text("position"),
    Column("at", Time, nullable=False),
    Column("done_at", Time),
    _text("ticked_by"),
    Column("ticked_at", Time),
)
Index("category_switch_state", category_switch.c.state)

# -- what county, state and FEMA are given ----------------------------------------------------------------

# What heads a snapshot and only people know. Rows are added, never changed: the newest stands.
storm_fact = Table(
    "storm_fact",
    metadata,
    Column("activation_id", Text, ForeignKey("activation.activation_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("contact"),
    _text("disaster_number"),
    _text("declared_area"),
    _text("incident_period"),
    _text("activation_level"),
    _text("local_emergency"),
    _text("person"),
    _text("position"),
    _text("seat"),
    Column("at", Time, nullable=False),
)

# Snapshots that somebody kept. `number` is 0 until one is published; `replaces` is the number of the one
# whose place it takes, 0 for none. `content` is the whole snapshot, frozen.
snapshot_version = Table(
    "snapshot_version",
    metadata,
    Column("version_id", Text, primary_key=True),
    Column("activation_id", Text, ForeignKey("activation.activation_id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("number", Integer, nullable=False, server_default="0"),
    Column("replaces", Integer, nullable=False, server_default="0"),
    Column("from_at", Time, nullable=False),
    Column("to_at", Time, nullable=False),
    _text("area"),
    Column("only_storm", Integer, nullable=False, server_default="0"),
    _text("digest"),
    Column("reports", Integer, nullable=False, server_default="0"),
    Column("sites", Integer, nullable=False, server_default="0"),
    Column("content", LargeBinary, nullable=False),
    _text("why"),
    _text("made_by"),
    _text("made_position"),
    Column("made_at", Time, nullable=False),
    _text("reviewed_by"),
    _text("reviewed_position"),
    Column("reviewed_at", Time),
    _text("published_by"),
    _text("published_position"),
    Column("published_at", Time),
)
Index("snapshot_version_activation", snapshot_version.c.activation_id)
# Two of one number there cannot be, whoever publishes at the same time.
Index(
    "snapshot_version_number",
    snapshot_version.c.activation_id,
    snapshot_version.c.number,
    unique=True,
    sqlite_where=snapshot_version.c.number > 0,
    postgresql_where=snapshot_version.c.number > 0,
)
# A shared database keeps to this by its rights; a file of one seat has none, and is asked by every program.
KEEP_PUBLISHED = tuple(
    f"CREATE TRIGGER snapshot_version_{name} BEFORE {name.upper()} ON snapshot_version"
    " WHEN OLD.state IN ('published', 'discarded')"
    " BEGIN SELECT RAISE(ABORT, 'a published or discarded snapshot stays as it is'); END"
    for name in ("update", "delete")
)
for _trigger in KEEP_PUBLISHED:
    _made: Any = DDL(_trigger)  # type: ignore[no-untyped-call]
    event.listen(snapshot_version, "after_create", _made.execute_if(dialect="sqlite"))

# -- surveys of others ------------------------------------------------------------------------------------

# A file that was imported. Taken back it counts nowhere; its rows stay as they came.
survey = Table(
    "survey",
    metadata,
    Column("survey_id", Text, primary_key=True),
    Column("activation_id", Text, ForeignKey("activation.activation_id"), nullable=False),
    Column("kind", Text, nullable=False),
    _text("file_name"),
    _text("sha256"),
    _text("person"),
    _text("position"),
    _text("seat"),
    Column("at", Time, nullable=False),
    Column("rows_read", Integer, nullable=False),
    Column("rows_taken", Integer, nullable=False),
    Column("rows_joined", Integer, nullable=False),
    Column("is_taken_back", Integer, nullable=False, server_default="0"),
)
Index("survey_activation", survey.c.activation_id)

# `original` is the row whole, as JSON, whatever became of it.
survey_row = Table(
    "survey_row",
    metadata,
    Column("survey_id", Text, ForeignKey("survey.survey_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("original", Text, nullable=False),
    Column("is_taken", Integer, nullable=False),
    _text("address"),
    Column("lat", Double),
    Column("lng", Double),
    _text("level"),
    _text("pa_line"),
    Column("cost_cents", BigInteger),
    _text("cost_by"),
    _text("cost_source"),
    _text("photo"),
    _text("photo_sha256"),
    Column("site_id", Key, ForeignKey("site.site_id")),
    _text("how_joined"),
    _text("why_not"),
)
Index("survey_row_site", survey_row.c.site_id)

# -- public records and legal holds -----------------------------------------------------------------------

# A request for public records (Ch. 119 F.S.). `content` is what was collected, whole, as it stood then: what
# is marked, withheld and given out is this, whatever a server says later.
records_request = Table(
    "records_request",
    metadata,
    Column("records_id", Text, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("activation_id", Text, ForeignKey("activation.activation_id"), nullable=False),
    _text("requester"),
    Column("received_at", Time, nullable=False),
    Column("query", Text, nullable=False),
    Column("records", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    _text("person"),
    _text("position"),
    _text("seat"),
    Column("at", Time, nullable=False),
)

# A passage that is blacked out in the copy; where `field` is empty, the whole record is withheld.
redaction = Table(
    "redaction",
    metadata,
    Column("redaction_id", Text, primary_key=True),
    Column("records_id", Text, ForeignKey("records_request.records_id"), nullable=False),
    Column("record_id", Text, nullable=False),
    _text("field"),
    Column("start_char", Integer, nullable=False),
    Column("end_char", Integer, nullable=False),
    Column("statute", Text, nullable=False),
    _text("reason"),
    _text("person"),
    _text("position"),
    _text("seat"),
    Column("at", Time, nullable=False),
    Column("withdrawn_at", Time),
    _text("withdrawn_by"),
    _text("withdrawn_why"),
)
Index("redaction_records", redaction.c.records_id)

# While one stands, nothing of the storm may be disposed of.
legal_hold = Table(
    "legal_hold",
    metadata,
    Column("hold_id", Text, primary_key=True),
    Column("activation_id", Text, ForeignKey("activation.activation_id"), nullable=False),
    Column("since_at", Time, nullable=False),
    Column("why", Text, nullable=False),
    _text("person"),
    _text("position"),
    _text("seat"),
    Column("at", Time, nullable=False),
    Column("lifted_at", Time),
    _text("lifted_by"),
    _text("lifted_why"),
)
Index("legal_hold_activation", legal_hold.c.activation_id)
# As with snapshots: a file of one seat is asked by every program.
KEEP_RECORDS = tuple(
    f"CREATE TRIGGER {table}_{name} BEFORE {name.upper()} ON {table}{when}"
    f" BEGIN SELECT RAISE(ABORT, '{words}'); END"
    for table, name, when, words in (
        ("records_request", "update", "", "what was collected for a records request stays as it is"),
        ("records_request", "delete", "", "what was collected for a records request stays as it is"),
        ("redaction", "update", " WHEN OLD.withdrawn_at IS NOT NULL", "a withdrawn redaction stays as it is"),
        ("redaction", "delete", "", "a redaction is withdrawn, never deleted"),
        ("legal_hold", "update", " WHEN OLD.lifted_at IS NOT NULL", "a lifted hold stays as it is"),
        ("legal_hold", "delete", "", "a legal hold is lifted, never deleted"),
    )
)
for _trigger, _table in zip(
    KEEP_RECORDS, (*(records_request,) * 2, *(redaction,) * 2, *(legal_hold,) * 2), strict=True
):
    _made = DDL(_trigger)  # type: ignore[no-untyped-call]
    event.listen(_table, "after_create", _made.execute_if(dialect="sqlite"))
