"""Builds the parts once and hands them to each other: for the window, the command line and the tests."""

from __future__ import annotations

import getpass
import platform
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert, select

from dispatch.acts import Acts
from dispatch.alarm_desk import AlarmDesk
from dispatch.board import Board, StormModePreview
from dispatch.bulk.desk import BulkDesk
from dispatch.calls.desk import CallDesk
from dispatch.calls.paste_check import PasteCheck
from dispatch.calls.reader import CallReader
from dispatch.channel_desk import ChannelDesk
from dispatch.city_fact_desk import CityFactDesk
from dispatch.claim_desk import ClaimDesk
from dispatch.clock import Clock, WallClock
from dispatch.desk import HOLD_BACK_MS, Desk
from dispatch.detail import Detail
from dispatch.em_desk import EmDesk
from dispatch.escalation.channel import Values
from dispatch.escalation.channels import BY_HAND, ChannelSettings, set_up
from dispatch.expected_desk import ExpectedDesk
from dispatch.feeds.desk import Feeds
from dispatch.feeds.records import Status
from dispatch.feeds.sniff import MOST_BYTES as MOST_FEED_BYTES
from dispatch.feeds.timer import FeedTimer
from dispatch.figure_desk import FigureDesk
from dispatch.follow import Follow
from dispatch.form_desk import FormDesk
from dispatch.front_door import Sitting
from dispatch.geo.areas import Areas
from dispatch.geo.folder import GeoFolder
from dispatch.geo.imports.folder import LayerFolder
from dispatch.handover import HandOver
from dispatch.http import HttpDoor
from dispatch.in_force import InForce
from dispatch.jurisdiction import Jurisdiction, load_jurisdiction
from dispatch.keep_columns import keep_columns
from dispatch.layer_desk import LayerDesk
from dispatch.locks import FolderLock, make_folder
from dispatch.locks import sync_lock as folder_sync_lock
from dispatch.notice_desk import NoticeDesk
from dispatch.notices.areas import NoticeAreas
from dispatch.offer_desk import OfferDesk
from dispatch.opening import DATABASE, DRAFTS, LAYERS, SNAPSHOT
from dispatch.outreach_desk import OutreachDesk
from dispatch.outreach_papers import OutreachPapers
from dispatch.people import People
from dispatch.periods import operational_period
from dispatch.plan.desk import PlanDesk
from dispatch.plan.rehearsed import middle_of, no_advisories, rehearsed_advisories
from dispatch.presence import Presence
from dispatch.profile_desk import ProfileDesk
from dispatch.public_mode.desk import PublicModeDesk
from dispatch.public_mode.paper import ChecklistPaper
from dispatch.public_mode.plan import load_storm_only
from dispatch.records import Activation, Actor, Millis, Role, Suspension, SyncStatus
from dispatch.rehearsal import Rehearsal, interpreter
from dispatch.resources import resource
from dispatch.rule_desk import RuleDesk
from dispatch.rule_plan import RulePlan
from dispatch.seat_desk import SeatDesk
from dispatch.servers import SERVERS, Server, Where
from dispatch.settings import Settings, secret
from dispatch.shift.desk import ShiftDesk
from dispatch.shown import Shown
from dispatch.site_texts import SiteTexts
from dispatch.snapshot.kinds import HOMES
from dispatch.snapshot_desk import SnapshotDesk
from dispatch.statistics_desk import StatisticsDesk
from dispatch.store import escalations, mirror, schema
from dispatch.store.legal_holds import is_held
from dispatch.store.listener import Listener
from dispatch.store.presence import CHANNEL as PRESENCE_CHANNEL
from dispatch.store.store import Store, open_store
from dispatch.store.sync_lock import StoreLock
from dispatch.store.transaction import FEED_CHANNEL
from dispatch.survey_desk import SurveyDesk
from dispatch.sweep_desk import SweepDesk
from dispatch.sync.announce import Announce
from dispatch.sync.apart import Apart, Orders
from dispatch.sync.asking import Asking
from dispatch.sync.budget import Budget
from dispatch.sync.deliver import Deliver
from dispatch.sync.hear import Hear
from dispatch.sync.line import Line, take_turn
from dispatch.sync.pages_apart import Errand, PagesApart
from dispatch.sync.push import Push
from dispatch.sync.rescore import Rescore
from dispatch.sync.rules import Rules
from dispatch.sync.service import Sync
from dispatch.sync.suggest import Suggest
from dispatch.sync.take import Taker
from dispatch.sync.watch import Watch
from dispatch.template_desk import TemplateDesk
from dispatch.triage.categories import OTHER
from dispatch.triage.context import load_context
from dispatch.triage.judge import Judge
from dispatch.triage.places import Places
from dispatch.triage.rules import load_rules
from dispatch.triage.surroundings import Surroundings
from dispatch.triage.tailored import files_print
from dispatch.unmasking import Unmasking
from dispatch.volume_reader import VolumeReader
from dispatch.workers import Workers

LEFT_BY_EXERCISE = ("server", f"{DATABASE}*", "hand-overs", "print", "weather", DRAFTS, "notices")
WALL_CLOCK = WallClock()
# Kinds of servers whose rows are read by themselves: by no clock, no rows met before and no record of what
# the server can do.
READ_ALIKE = ("seeclickfix",)
# The exercise's own weather is on this machine, and its storm may run fast.
EXERCISE_FEEDS_S = 15.0
FEED_S = 30.0
# Messages made for exercises show in one, and nowhere else.
REAL_ALERTS = (Status.ACTUAL,)
EXERCISE_ALERTS = (Status.ACTUAL, Status.EXERCISE)
# Ticked at first, of those that are set up here.
FIRST_CHANNELS = ("desk", "folder", "email")


@dataclass(frozen=True, slots=True)
class Storm:
    """What the activation is for; an exercise marks everything that leaves it (S18)."""

    name: str
    is_exercise: bool


# What syncing without a console opens in an empty store.
UNNAMED = Storm("Sync", is_exercise=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything that works together at one seat."""

    folder: Path
    settings: Settings
    jurisdiction: Jurisdiction
    clock: Clock
    workers: Workers
    door: HttpDoor
    store: Store
    judge: Judge
    in_force: InForce
    board: Board
    follow: Follow
    seat_desk: SeatDesk
    people: People
    unmasking: Unmasking
    desk: Desk
    claim_desk: ClaimDesk
    presence: Presence
    em_desk: EmDesk
    profile_desk: ProfileDesk
    bulk: BulkDesk
    layer_desk: LayerDesk
    alarm_desk: AlarmDesk
    outreach_desk: OutreachDesk
    outreach_papers: OutreachPapers
    template_desk: TemplateDesk
    plan_desk: PlanDesk
    offer_desk: OfferDesk
    call_desk: CallDesk
    call_reader: CallReader
    paste_check: PasteCheck
    sweep_desk: SweepDesk
    city_fact_desk: CityFactDesk
    snapshot_desk: SnapshotDesk
    survey_desk: SurveyDesk
    statistics_desk: StatisticsDesk
    form_desk: FormDesk
    shift_desk: ShiftDesk
    feeds: Feeds
    feed_timer: FeedTimer
    detail: Detail
    volume_reader: VolumeReader
    figure_desk: FigureDesk
    channel_desk: ChannelDesk
    channel_settings: ChannelSettings
    acts: Acts
    notice_desk: NoticeDesk
    site_texts: SiteTexts
    rule_desk: RuleDesk
    expected_desk: ExpectedDesk
    public_mode_desk: PublicModeDesk
    checklist_paper: ChecklistPaper
    channel_values: Values  # those of `channel_settings`, to be taken anew when somebody changes them

    @property
    def actor(self) -> Actor:
        """Who acts at this seat now."""
        return self.seat_desk.actor()

    @property
    def layers_dir(self) -> Path:
        return self.folder / LAYERS

    def shown(self) -> Shown:
        """What screens show of the rules in force."""
        table = self.judge.rules.table
        return Shown(
            labels={each.key: each.label for each in table},
            families={each.key: each.family for each in table},
            promises=self.judge.promises(),
            hidden=self.judge.hidden_categories(),
            reasons=self.judge.reason_labels(),
            other=OTHER,
        )

    def load(self) -> None:
        """Put everything that the store holds onto the board."""
        self.follow.load()

    def room(self) -> tuple[Activation, tuple[Suspension, ...]]:
        """What holds for every seat: the activation, and whose field response is suspended. The rules in
        force are looked up with them."""
        return room(self)

    def family(self, category: str) -> str:
        return self.judge.rules.table[category].family

    def storm_mode_preview(self) -> StormModePreview:
        return self.board.storm_mode_preview(self.judge.hidden_categories())

    def keep_columns(self) -> None:
        """Leave a snapshot of the columns for the next start. Not where others hold the store, and not of a
        board that is masked (S15)."""
        is_own = self.store.is_sqlite and not self.settings.store_url
        if is_own and not self.follow.is_masked():
            path = self.folder / SNAPSHOT
            keep_columns(self.store, path, city=self.settings.city, shown=self.shown())

    def close(self) -> None:
        """Finish what the store lane was given, then let go of everything."""
        self.workers.close()
        self.door.close()
        self.feeds.close()
        self.store.close()


def build(
    *,
    folder: Path,
    settings: Settings,
    clock: Clock,
    storm: Storm | None,
    store_url: str = "",
    wall_clock: Clock = WALL_CLOCK,
    is_masked: bool = False,
    board: Board | None = None,
    workers: Workers | None = None,
    sitting: Sitting | None = None,
) -> Parts:
    """The parts of one seat; `is_masked` where the words of restricted sites must not be seen (S15). `board`
    and `workers` are those that a window stands on already, `sitting` is who has signed in at the front door.

    Without a storm they join the activation that is current in the store.
    Raises LandfallError with one sentence for what cannot be opened.
    """
    make_folder(folder)
    jurisdiction = load_jurisdiction(settings.city)
    store = open_store(
        store_url or settings.store_url or f"sqlite:///{folder / DATABASE}",
        clock=clock,
        login=sitting.person.login if sitting and sitting.password else "",
        password=sitting.password if sitting else "",
    )
    judge = build_judge(jurisdiction)
    known = store.account()
    role = known[2] if known else None
    activation_id, is_exercise = _join(store, storm, clock, known[1] if known else "", role)
    seat_desk = SeatDesk(
        store=store,
        folder=folder,
        jurisdiction=jurisdiction,
        actor=Actor(
            activation_id=activation_id,
            person=known[1] if known else settings.person or getpass.getuser(),
            position=settings.position,
            seat=settings.seat or platform.node().split(".")[0],
            role=role,
        ),
    )
    if sitting is not None:
        seat_desk.sign_in(sitting.person, sitting.position)
    unmasking = Unmasking(store=store, actor=seat_desk.actor, zone=jurisdiction.zone)
    channel_values = Values(settings.channel_values())
    channel_settings = ChannelSettings(is_exercise, jurisdiction.zone, clock, folder, channel_values, secret)
    hand_over = HandOver(
        store=store,
        jurisdiction=jurisdiction,
        categories={category.key: category for category in judge.rules.table},
        channels=lambda: tuple(name for name in FIRST_CHANNELS if name in set_up(channel_settings)),
    )
    layers = LayerFolder(folder / LAYERS)
    in_force = InForce(
        judge,
        activation_id=activation_id,
        files=files_print(jurisdiction.key),
        surroundings=Surroundings(GeoFolder(resource("geo"), jurisdiction.key), layers),
        city=jurisdiction.key,
    )
    layer_desk = LayerDesk(store=store, folder=layers, actor=seat_desk.actor)
    board, workers = board or Board(promise_ms=judge.promises()), workers or Workers()
    feeds = Feeds(
        folder=folder / "weather",
        geo=GeoFolder(resource("geo"), jurisdiction.key),
        box=jurisdiction.box,
        door=HttpDoor(
            name="The weather service", contact=settings.contact, whole_s=FEED_S, max_bytes=MOST_FEED_BYTES
        ),
        store=store,
        actor=seat_desk.actor,
        clock=clock,
        wall_clock=wall_clock,
        nws_url=settings.nws_url,
        nhc_url=settings.nhc_url,
        statuses=EXERCISE_ALERTS if is_exercise else REAL_ALERTS,
    )
    expected_desk = ExpectedDesk(
        store=store,
        in_force=in_force,
        actor=seat_desk.actor,
        now=clock.now,
        wall_now=wall_clock.now,
        jurisdiction=jurisdiction,
    )
    site_texts = SiteTexts(
        templates=in_force.templates,
        expectations=expected_desk.at_sites,
        swept=lambda connection: sweep_desk.swept(connection),
        told_a_time=expected_desk.told_a_time,
        table=lambda: in_force.judge.rules.table,
        is_exercise=is_exercise,
    )
    template_desk = TemplateDesk(store=store, in_force=in_force, actor=seat_desk.actor, texts=site_texts)
    desk = Desk(
        store=store,
        in_force=in_force,
        hand_over=hand_over,
        actor=seat_desk.actor,
        wall_now=wall_clock.now,
        zone=jurisdiction.zone,
        layer_taken_back=layer_desk.taken_back,
        note_told=expected_desk.note_told,
    )
    em_desk = EmDesk(
        store=store,
        actor=seat_desk.actor,
        zone=jurisdiction.zone,
        wall_now=wall_clock.now,
        texts=site_texts,
        channels=partial(_by_themselves, channel_settings),
    )
    claim_desk = ClaimDesk(store=store, actor=seat_desk.actor, zone=jurisdiction.zone)
    alarm_desk = AlarmDesk(store=store, actor=seat_desk.actor, wall_now=wall_clock.now)
    outreach_desk = OutreachDesk(store=store, actor=seat_desk.actor, now=clock.now)
    plan_desk = PlanDesk(
        store=store,
        actor=seat_desk.actor,
        now=clock.now,
        weather=feeds.weather,
        place=middle_of(jurisdiction.box),
        earlier=rehearsed_advisories if is_exercise else no_advisories,
    )
    offer_desk = OfferDesk(store=store, in_force=in_force, actor=seat_desk.actor, say=desk.say)
    rule_desk = RuleDesk(
        store=store,
        plan=RulePlan(in_force=in_force, texts=site_texts),
        actor=seat_desk.actor,
        now=clock.now,
        wall_now=wall_clock.now,
    )
    call_desk = CallDesk(
        store=store,
        in_force=in_force,
        actor=seat_desk.actor,
        wall_now=wall_clock.now,
        hold_back_ms=HOLD_BACK_MS,
        take_in=desk.take_in,
        put_911=desk.put_911,
    )
    call_reader = CallReader(store=store, in_force=in_force, layers=layers, box=jurisdiction.box)
    bulk = BulkDesk(
        store=store,
        in_force=in_force,
        texts=site_texts,
        actor=seat_desk.actor,
        wall_now=wall_clock.now,
        note_told=expected_desk.note_told,
    )
    sweep_desk = SweepDesk(
        store=store,
        in_force=in_force,
        bulk=bulk,
        actor=seat_desk.actor,
        now=clock.now,
        zone=jurisdiction.zone,
        is_exercise=is_exercise,
        wall_now=wall_clock.now,
        texts=site_texts,
    )
    city_fact_desk = CityFactDesk(
        store=store,
        actor=seat_desk.actor,
        now=clock.now,
        jurisdiction=jurisdiction,
        shelters_file=GeoFolder(resource("geo"), jurisdiction.key).shelters,
    )
    snapshot_desk = SnapshotDesk(store=store, actor=seat_desk.actor, now=clock.now)
    public_mode_desk = PublicModeDesk(
        store=store,
        in_force=in_force,
        actor=seat_desk.actor,
        wall_now=WallClock().now,
        storm_only=load_storm_only(jurisdiction.key),
    )
    acts = Acts(
        store=store,
        folder=folder,
        desks={
            "desk": desk,
            "em_desk": em_desk,
            "claim_desk": claim_desk,
            "alarm_desk": alarm_desk,
            "outreach_desk": outreach_desk,
            "plan_desk": plan_desk,
            "offer_desk": offer_desk,
            "template_desk": template_desk,
            "rule_desk": rule_desk,
            "call_desk": call_desk,
            "sweep_desk": sweep_desk,
            "city_fact_desk": city_fact_desk,
            "snapshot_desk": snapshot_desk,
        },
        actor=seat_desk.actor,
    )
    return Parts(
        folder=folder,
        settings=settings,
        jurisdiction=jurisdiction,
        clock=clock,
        workers=workers,
        door=HttpDoor(contact=settings.contact),
        store=store,
        judge=judge,
        in_force=in_force,
        board=board,
        follow=Follow(
            store=store,
            board=board,
            workers=workers,
            is_masked=lambda: is_masked or unmasking.is_masked,
        ),
        seat_desk=seat_desk,
        people=People(store=store, actor=seat_desk.actor),
        unmasking=unmasking,
        desk=desk,
        claim_desk=claim_desk,
        presence=Presence(store=store, actor=seat_desk.actor),
        em_desk=em_desk,
        bulk=bulk,
        profile_desk=ProfileDesk(
            store=store,
            in_force=in_force,
            actor=seat_desk.actor,
            at_its_time=public_mode_desk.at_its_time,
        ),
        public_mode_desk=public_mode_desk,
        checklist_paper=ChecklistPaper(
            public_mode_desk, store=store, actor=seat_desk.actor, zone=jurisdiction.zone, folder=folder
        ),
        layer_desk=layer_desk,
        alarm_desk=alarm_desk,
        outreach_desk=outreach_desk,
        outreach_papers=OutreachPapers(
            store=store,
            actor=seat_desk.actor,
            jurisdiction=jurisdiction,
            folder=folder,
            labels=lambda: {each.key: each.label for each in judge.rules.table},
        ),
        plan_desk=plan_desk,
        offer_desk=offer_desk,
        template_desk=template_desk,
        call_desk=call_desk,
        call_reader=call_reader,
        paste_check=PasteCheck(
            reader=call_reader,
            in_force=in_force,
            now=clock.now,
            zone=jurisdiction.zone,
            box=jurisdiction.box,
        ),
        sweep_desk=sweep_desk,
        city_fact_desk=city_fact_desk,
        snapshot_desk=snapshot_desk,
        survey_desk=SurveyDesk(store=store, actor=seat_desk.actor, home_categories=HOMES),
        statistics_desk=StatisticsDesk(
            store=store,
            actor=seat_desk.actor,
            wall_now=wall_clock.now,
            jurisdiction=jurisdiction,
            family=lambda key: in_force.judge.rules.table[key].family,
            folder=folder,
        ),
        acts=acts,
        site_texts=site_texts,
        rule_desk=rule_desk,
        form_desk=FormDesk(store=store, actor=seat_desk.actor, jurisdiction=jurisdiction, folder=folder),
        shift_desk=ShiftDesk(
            store=store,
            actor=seat_desk.actor,
            jurisdiction=jurisdiction,
            folder=folder,
            wall_now=wall_clock.now,
            weather=feeds.weather,
            kept_acts=lambda: len(acts.journal.waiting()),
            is_masked=lambda: is_masked or unmasking.is_masked,
        ),
        feeds=feeds,
        feed_timer=FeedTimer(
            feeds=feeds,
            workers=workers,
            wait_s=EXERCISE_FEEDS_S if is_exercise else settings.feeds_every_s,
        ),
        detail=Detail(
            store=store, judge=judge, box=jurisdiction.box, unmasking=unmasking, is_masked=is_masked
        ),
        figure_desk=FigureDesk(store=store, actor=seat_desk.actor),
        volume_reader=VolumeReader(store=store, actor=seat_desk.actor, zone=jurisdiction.zone),
        channel_desk=ChannelDesk(
            store=store,
            actor=seat_desk.actor,
            jurisdiction=jurisdiction,
            settings=channel_settings,
            values=channel_values,
        ),
        channel_settings=channel_settings,
        channel_values=channel_values,
        notice_desk=NoticeDesk(
            store=store,
            actor=seat_desk.actor,
            jurisdiction=jurisdiction,
            areas=NoticeAreas(
                geo=GeoFolder(resource("geo"), jurisdiction.key),
                layers=layers,
                municipality=jurisdiction.municipality,
            ),
            folder=folder,
            wall_now=wall_clock.now,
            weather=feeds.weather,
        ),
        expected_desk=expected_desk,
    )


def _by_themselves(settings: ChannelSettings) -> tuple[str, ...]:
    """The channels that a hand-over nobody takes goes down next, those ticked at first before the others."""
    names = [name for name in set_up(settings) if name not in BY_HAND]
    return tuple(sorted(names, key=lambda name: name not in FIRST_CHANNELS))


def open_exercise(storm: str, *, speed: float, folder: Path, calls_per_minute: int) -> Rehearsal:
    """Start the exercise's 311 server for a seat; `storm` is a name or a CSV file of rows."""
    arguments = ["--speed", str(speed), "--rate-limit", str(calls_per_minute)]
    if storm.endswith((".csv", ".csv.gz")):
        storm, arguments = "rows", [*arguments, "--rows", storm]
    return Rehearsal.start(storm, door=HttpDoor(), folder=folder, arguments=arguments)


def begin_anew(folder: Path) -> None:
    """Clear an exercise's folder for a new one; the last one is kept beside it, and each that is under legal
    hold. Settings and tiles stay."""
    previous = folder / "previous"
    kept = [path for name in LEFT_BY_EXERCISE for path in folder.glob(name)]
    if not kept:
        return
    if is_held(previous / DATABASE):
        previous.rename(next(p for n in count(1) if not (p := folder / f"held-{n}").exists()))
    shutil.rmtree(previous, ignore_errors=True)
    previous.mkdir()
    for path in kept:
        path.rename(previous / path.name)


def build_judge(jurisdiction: Jurisdiction) -> Judge:
    """Triage with the areas of a city."""
    geo = GeoFolder(resource("geo"), jurisdiction.key)
    municipalities = Areas.load(geo.municipalities)
    return Judge(
        rules=load_rules(jurisdiction.key),
        neighborhoods=Areas.load(geo.neighborhoods),
        city=_outline(municipalities, jurisdiction.municipality),
        places=Places.load(jurisdiction.key),
        context=load_context(geo),
    )


def _outline(municipalities: Areas, name: str) -> Areas:
    """The city's own outline; no area at all where none of that name is loaded."""
    own = [i for i, each in enumerate(municipalities.names) if each == name]
    return Areas([municipalities.shapes[i] for i in own], ids=[name for _ in own], names=[name for _ in own])


def build_sync(
    parts: Parts,
    *,
    url: str,
    token: str = "",
    kind: str = "seeclickfix",
    organization: str = "",
    calls_per_minute: int,
    poll_s: float,
    since_at: Millis | None = None,
    tell: Callable[[SyncStatus], None] = lambda _status: None,
    nudge_readers: Callable[[], None] = lambda: None,
    many_rows: int | None = None,
    lock: FolderLock | StoreLock | None = None,
) -> tuple[Sync, Asking]:
    """The coming and going with one server. With `many_rows`, a backlog of so many is fetched by a process of
    its own where nothing but our own work holds it up. `lock` is the one that lets us sync."""
    where = Where(parts.jurisdiction.zone, parts.jurisdiction.box, parts.clock.now)
    server: Server = SERVERS[kind](parts.door, url, organization, token, where)
    sync_actor = Actor(parts.actor.activation_id, "", "Sync", parts.actor.seat, parts.actor.role)
    with parts.store.transaction(sync_actor) as tx:
        server_id = mirror.ensure_server(tx.connection, server.address, kind)
        mirror.make_current(tx.connection, server_id)
        escalations.hurry_deliveries(tx)
    with parts.store.reading() as connection:
        account_id = mirror.server_row(connection, server_id).account_id
    rescore = Rescore(store=parts.store, in_force=parts.in_force, actor=sync_actor)
    rescore.begin()
    rules = Rules(store=parts.store, desk=parts.rule_desk, actor=sync_actor)
    taker = Taker(parts.store, parts.in_force, sync_actor, server_id, since_at or 0)
    taker.remember()
    budget = Budget(calls_per_minute)
    parts.door.before_call = take_turn
    if isinstance(lock, StoreLock):
        budget.inherit(lock.inherited)
        lock.calls = budget.ages
        parts.door.before_call = partial(_in_turn, lock)
    older = None
    if many_rows is not None and not calls_per_minute and kind in READ_ALIKE:
        errand = Errand(
            city=parts.settings.city,
            contact=parts.settings.contact,
            kind=kind,
            url=url,
            organization=organization,
            token=token,
        )
        older = PagesApart(server, [*interpreter(), "pages-apart"], errand, many_rows=many_rows)
    line = Line(server, parts.store, taker, parts.workers, budget, older)
    asking = Asking(line, since_at=since_at)
    sync = Sync(
        line=line,
        pull=asking,
        push=Push(line, account_id=account_id, withdraw=rules.withdraw),
        deliver=Deliver(
            store=parts.store,
            workers=parts.workers,
            actor=sync_actor,
            settings=parts.channel_settings,
            channels=partial(_by_themselves, parts.channel_settings),
            must_be_ours=lock.must_be_ours if isinstance(lock, StoreLock) else _nobody_else,
        ),
        hear=Hear(
            desk=EmDesk(
                store=parts.store,
                actor=lambda: sync_actor,
                zone=parts.jurisdiction.zone,
                wall_now=WallClock().now,
                texts=parts.site_texts,
                channels=partial(_by_themselves, parts.channel_settings),
            ),
            workers=parts.workers,
            settings=parts.channel_settings,
        ),
        em_desk=parts.em_desk,
        profile_desk=parts.profile_desk,
        rescore=rescore,
        suggest=Suggest(store=parts.store, in_force=parts.in_force, actor=sync_actor),
        rules=rules,
        announce=Announce(line, actor=sync_actor, zone=parts.jurisdiction.zone),
        poll_s=poll_s,
        tell=tell,
        nudge_readers=nudge_readers,
    )
    return sync, asking


def _nobody_else() -> None:
    """Syncs this store: it lies in our folder."""


def _in_turn(lock: StoreLock) -> None:
    """Our turn may come while the room's database is away, or after somebody else has taken over."""
    take_turn()
    lock.must_be_ours()


def sync_apart(
    parts: Parts,
    *,
    url: str,
    token: str = "",
    kind: str = "seeclickfix",
    organization: str = "",
    calls_per_minute: int,
    poll_s: float,
    control_url: str = "",
    sync_password: str = "",
    tell: Callable[[SyncStatus], None],
    nudge_readers: Callable[[], None],
) -> Apart:
    """The same in a process of its own, for a console; `control_url` where its storm's clock is read,
    `sync_password` where a shared database has a login of its own for it."""
    activation = _activation(parts)
    orders = Orders(
        folder=str(parts.folder),
        store_url=sync_store_url(parts, sync_password),
        # Channels may have been set up since the settings were read.
        settings=asdict(replace(parts.settings, channels={"all": dict(parts.channel_values)})),
        storm=activation.name,
        is_exercise=activation.is_exercise,
        url=url,
        token=token,
        kind=kind,
        organization=organization,
        calls_per_minute=calls_per_minute,
        poll_s=poll_s,
        control_url=control_url,
    )
    command = [*interpreter(), "sync-apart"]
    return Apart(command, orders, tell=tell, nudge_readers=nudge_readers)


def needs_sync_login(parts: Parts) -> bool:
    """On a shared database where people sign in the syncing is nobody's: it has a login of its own."""
    return not parts.store.is_sqlite and parts.seat_desk.signed_in is not None


def sync_store_url(parts: Parts, password: str) -> str:
    url = parts.store.engine.url
    if needs_sync_login(parts):
        url = url.set(username=parts.settings.sync_user, password=password or None)
    return url.render_as_string(hide_password=False)


def build_watch(parts: Parts) -> Watch:
    """What the seat's own process looks after beside the syncing."""
    return Watch(
        store=parts.store,
        workers=parts.workers,
        em_desk=parts.em_desk,
        profile_desk=parts.profile_desk,
        judge=parts.judge,
    )


def listen(parts: Parts, *, feed: Callable[[], None], presence: Callable[[], None]) -> Listener | None:
    """Hears of what other seats commit and where they look, on a thread of its own; None where there is no
    other seat."""
    hear = {FEED_CHANNEL: feed, PRESENCE_CHANNEL: presence}
    return None if parts.store.is_sqlite else Listener(parts.store, hear)


def sync_lock(parts: Parts) -> FolderLock | StoreLock:
    """What lets one process at a time sync: of this folder, or of all seats on a shared database."""
    return (
        folder_sync_lock(parts.folder) if parts.store.is_sqlite else StoreLock(parts.store, parts.actor.seat)
    )


# -- the activation ---------------------------------------------------------------------------------------


def _join(
    store: Store, storm: Storm | None, clock: Clock, person: str, role: Role | None
) -> tuple[str, bool]:
    """The activation to work in, opened when there is none yet, and whether it is an exercise."""
    current = select(schema.activation).where(schema.activation.c.is_current == 1)
    with store.reading() as connection:
        found = connection.execute(
            current.where(schema.activation.c.name == storm.name) if storm else current
        ).first()
    if found is not None:
        return found.activation_id, bool(found.is_exercise)
    opened = storm or UNNAMED
    activation_id = str(uuid4())
    with store.transaction(Actor(activation_id, person, "Setup", "", role)) as tx:
        tx.connection.execute(schema.activation.update().values(is_current=0))
        tx.connection.execute(
            insert(schema.activation).values(
                activation_id=activation_id,
                name=opened.name,
                is_exercise=int(opened.is_exercise),
                started_at=clock.now(),
                storm_mode=1,
                is_current=1,
            )
        )
        tx.log("activation", f"activation opened: {opened.name}")
    return activation_id, opened.is_exercise


def _activation(parts: Parts) -> Activation:
    """The activation as it stands, with the operational period of now."""
    with parts.store.reading() as connection:
        row = connection.execute(
            select(schema.activation).where(schema.activation.c.activation_id == parts.actor.activation_id)
        ).one()
    period = operational_period(row.started_at, parts.clock.now(), parts.jurisdiction.zone)
    return Activation(
        row.activation_id, row.name, bool(row.is_exercise), row.started_at, bool(row.storm_mode), *period
    )


def _suspensions(parts: Parts) -> tuple[Suspension, ...]:
    """Which services' field response is suspended now (S7)."""
    with parts.store.reading() as connection:
        rows = connection.execute(
            select(schema.suspension)
            .where(schema.suspension.c.activation_id == parts.actor.activation_id)
            .order_by(schema.suspension.c.service)
        )
        return tuple(Suspension(r.service, r.since_at, r.why, r.review_at, r.who) for r in rows)


def room(parts: Parts) -> tuple[Activation, tuple[Suspension, ...]]:
    """What holds for every seat: the activation, and whose field response is suspended. The rules in force
    are looked up with them."""
    with parts.store.reading() as connection:
        parts.in_force.look(connection)
    return _activation(parts), _suspensions(parts)
