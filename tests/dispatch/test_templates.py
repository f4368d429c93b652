"""Texts to residents: which one is chosen, that none is ever half filled, that none says what is not so."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.records import (
    Band,
    CloseReason,
    EscalationState,
    Expectation,
    Intent,
    SiteState,
    Template,
    WaitReason,
)
from dispatch.residents import danger
from dispatch.residents.private_words import private_words
from dispatch.residents.slots import (
    PRIVATE,
    UTILITYS,
    Known,
    offered,
    site_slots,
    why_not_offered,
)
from dispatch.residents.templates import (
    SLOTS,
    fill,
    first_sentence,
    load_templates,
    template_id,
    why_not_text,
)
from dispatch.triage.categories import load_categories
from tests.dispatch.forms.made import hand_over

TEMPLATES = load_templates("st-petersburg")
CATEGORIES = list(load_categories())
BY_KEY = {each.key: each for each in CATEGORIES}
DAYS = Expectation(low_days=2, high_days=7, normal_days=3, closed=40, open=120)
STATES = [
    (SiteState.NEW, ""),
    (SiteState.TRIAGED, ""),
    *((SiteState.WAITING, reason) for reason in WaitReason),
    *((SiteState.CLOSED, reason) for reason in CloseReason),
]


def known(key: str = "pothole", **more: object) -> Known:
    category = BY_KEY[key]
    said = {"category": key, "label": category.label, "family": category.family, "number": "4411"}
    return Known(**{**said, "normal_days": category.normal_days, "expectation": DAYS, **more})


def english(seen: Known, intent: Intent) -> str:
    return offered(TEMPLATES, seen, "en")[intent][1].text


def test_each_intent_has_a_text_in_english_and_in_spanish() -> None:
    for intent, language in product(Intent, ("en", "es")):
        found = TEMPLATES.choose(intent, language=language)
        assert found is not None
        assert found.language == language
    pairs = {each.template_id.split(".")[0] for each in TEMPLATES}
    assert {each.template_id for each in TEMPLATES} == {f"{p}.{lang}" for p in pairs for lang in ("en", "es")}


def test_what_came_with_the_program_was_approved_by_nobody() -> None:
    assert not any(each.is_approved for each in TEMPLATES)


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_text_that_is_offered_is_left_half_filled(language: str) -> None:
    """Every category and band, in every state, with and without a time, in the wind and after it."""
    seen: set[Intent] = set()
    closed = hand_over(state=EscalationState.CLOSED)
    crew = hand_over(state=EscalationState.UNDER_WAY, resource="E5", received_at=1)
    times = (DAYS, None, Expectation(no_time_why="Too few."))
    at_one = list(product([(SiteState.TRIAGED, "")], times, (False, True), ((), (closed,), (crew,))))
    cases = [*at_one, *product(STATES, (DAYS,), (False, True), ((),))]
    for category, band in product(CATEGORIES, Band):
        for (state, reason), time, suspended, items in cases:
            here = known(
                category.key,
                band=band,
                state=state,
                state_reason=reason,
                expectation=time,
                is_suspended=suspended,
                escalations=items,
                reports=2,
                is_in_sweep=True,
                was_told_time=True,
            )
            for intent, (template, filled) in offered(TEMPLATES, here, language).items():
                seen.add(intent)
                assert template.language == language
                assert not filled.missing
                assert not set("{}…") & set(filled.text), filled.text
                assert TEMPLATES.language(language).not_911 in filled.text
    assert seen == set(Intent)


@given(
    st.text(),
    st.dictionaries(st.sampled_from([*SLOTS, "other"]), st.text()),
    st.lists(st.sampled_from([*(f"{{{name}}}" for name in SLOTS), "{", "}", "{ next }", "{x}"])),
)
def test_whatever_is_filled_holds_no_brace_and_names_what_is_missing(
    text: str, slots: dict[str, str], more: list[str]
) -> None:
    filled = fill(text + " ".join(more), slots)
    assert not set("{}") & set(filled.text)
    for name in SLOTS:
        if f"{{{name}}}" in more and not slots.get(name, "").strip():
            assert name in filled.missing


def test_the_closest_text_is_chosen_by_category_then_band_then_none() -> None:
    general = TEMPLATES.choose(Intent.GOT_IT)
    assert general is not None
    of_band = replace(general, template_id="got_it-p2.en", variant="p2", bands=frozenset({2}))
    of_category = replace(
        general, template_id="got_it-hole.en", variant="hole", categories=frozenset({"pothole"})
    )
    both = TEMPLATES.with_versions([of_band, of_category])
    assert both.choose(Intent.GOT_IT, category="pothole", band=2) is of_category
    assert both.choose(Intent.GOT_IT, category="graffiti", band=2) is of_band
    assert both.choose(Intent.GOT_IT, category="graffiti", band=3) is general


def test_a_language_without_the_closest_text_falls_back_to_english_and_says_so() -> None:
    own = Template(
        template_id="got_it-hole.en",
        intent=Intent.GOT_IT,
        language="en",
        text="We fill potholes at night. {safety}",
        categories=frozenset({"pothole"}),
        variant="hole",
    )
    chosen = TEMPLATES.with_versions([own]).choose(Intent.GOT_IT, category="pothole", language="es")
    assert chosen is own
    assert TEMPLATES.choose(Intent.GOT_IT, language="ht").language == "en"


@pytest.mark.parametrize("language", ["en", "es"])
def test_s9_bundled_texts_ask_nobody_into_danger(language: str) -> None:
    for category, suspended in product(CATEGORIES, (False, True)):
        here = known(category.key, band=category.default_band, is_suspended=suspended)
        for _template, filled in offered(TEMPLATES, here, language).values():
            no = danger.refusal(
                filled.text,
                category=category.key,
                family=category.family,
                has_wire=False,
                is_suspended=suspended,
            )
            assert no == "", filled.text


@pytest.mark.parametrize("language", ["en", "es"])
def test_s8_filled_texts_hold_nothing_private(language: str) -> None:
    for category in CATEGORIES:
        if category.is_restricted:
            continue
        for _template, filled in offered(TEMPLATES, known(category.key), language).values():
            assert private_words(filled.text) == {}


def test_s8_who_was_told_fills_only_from_a_receipt() -> None:
    sent = known("power_line_down", escalations=(hand_over(state=EscalationState.SENT),))
    assert "passed" not in english(sent, Intent.GOT_IT)
    received = known("power_line_down", escalations=(hand_over(state=EscalationState.RECEIVED),))
    assert "passed to emergency management" in english(received, Intent.GOT_IT)
    assert "utility has been told" not in english(received, Intent.GOT_IT)
    told = known("power_line_down", has_wire=True, is_utility_told=True)
    assert "The utility has been told." in english(told, Intent.GOT_IT)


def test_s8_a_crew_is_named_only_where_one_was() -> None:
    accepted = known(escalations=(hand_over(state=EscalationState.ACCEPTED),))
    assert "Nobody has named a crew" in why_not_offered(Intent.ON_THE_WAY, accepted)
    named = known(escalations=(hand_over(state=EscalationState.UNDER_WAY, resource="Crew 5"),))
    said = english(named, Intent.ON_THE_WAY)
    assert "A crew has been named" in said
    assert "Crew 5" not in said


def test_s8_nothing_is_called_done_that_was_passed_to_somebody_else() -> None:
    passed = known(state=SiteState.CLOSED, state_reason=CloseReason.PASSED_TO_OWNER)
    assert why_not_offered(Intent.DONE, passed)
    assert why_not_offered(Intent.WITH_OWNER, passed) == ""


@pytest.mark.parametrize("key", sorted(UTILITYS | PRIVATE))
def test_no_time_is_told_for_what_is_not_the_citys(key: str) -> None:
    assert "range" not in site_slots(known(key), TEMPLATES.language("en"))
    assert why_not_offered(Intent.ON_THE_LIST, known(key))


@pytest.mark.parametrize("intent", [Intent.GOT_IT, Intent.WITH_OWNER])
def test_what_is_for_its_owner_stands_on_no_list_that_the_city_works_through(intent: Intent) -> None:
    for key in sorted(UTILITYS | PRIVATE):
        for state in (SiteState.NEW, SiteState.TRIAGED):
            said = english(known(key, state=state), intent)
            assert "works through" not in said and "The city has noted it." in said
    assert "works through" in english(known("tree_road_blocked"), Intent.GOT_IT)
    assert "works through" not in english(known("tree_road_blocked", has_wire=True), Intent.GOT_IT)


def test_s7_no_time_is_told_and_a_p1_hears_stay_safe_texts_alone_while_response_is_suspended() -> None:
    for category in CATEGORIES:
        here = known(category.key, band=Band.P1, is_suspended=True, was_told_time=True)
        assert set(offered(TEMPLATES, here)) == {Intent.STAY_SAFE}
        below = replace(here, band=Band.P3)
        assert not {Intent.ON_THE_LIST, Intent.DATE_MOVED} & set(offered(TEMPLATES, below))
        assert "range" not in site_slots(below, TEMPLATES.language("en"))


def test_s13_a_wire_that_nobody_made_safe_is_treated_as_live_in_every_category() -> None:
    here = known("tree_road_blocked", has_wire=True)
    assert "treat it as live" in english(here, Intent.GOT_IT)
    assert "treat it as live" not in english(replace(here, is_made_safe=True), Intent.GOT_IT)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Write the text"),
        ("Thank you.", "safety line is gone"),
        ("Hello {mame}. {safety}", "no slot {mame}"),
        ("Hello {name. {safety}", "brace stands alone"),
        ("Help is on the way. {safety}", "promise"),
        ("A crew will come. {safety}", "promise"),
        ("La ayuda va en camino. {safety}", "promise"),
        ("x" * 1300 + "{safety}", "at most"),
    ],
)
def test_s8_a_text_that_may_not_be_said_is_refused_in_a_sentence(text: str, why: str) -> None:
    assert why in why_not_text(text, Intent.GOT_IT, TEMPLATES.language("en"))


def test_s7_the_first_sentence_of_a_stay_safe_text_stands_by_itself() -> None:
    spanish = TEMPLATES.language("es")
    assert "first sentence" in why_not_text("{next} Stay in. {safety}", Intent.STAY_SAFE, spanish)
    for each in TEMPLATES:
        if each.intent is Intent.STAY_SAFE:
            assert first_sentence(each.text) in TEMPLATES.stay_safe_sentences()


def test_every_category_has_a_name_in_each_language_but_english() -> None:
    for code, language in TEMPLATES.languages.items():
        if code != "en":
            assert set(language.categories) == set(BY_KEY)


def test_an_id_is_the_same_in_every_language_up_to_its_dot() -> None:
    assert template_id(Intent.STAY_SAFE, "es", "wires") == "stay_safe-wires.es"


def test_s13_nobody_is_told_to_clear_a_tree_while_the_wire_in_it_is_live() -> None:
    tree = known("tree_private", expectation=None, has_wire=True)

    said = offered(TEMPLATES, tree, "en")

    assert "Power lines belong to the electric utility" in said[Intent.WITH_OWNER][1].text
    assert not any("owner to clear" in filled.text for _, filled in said.values())
    assert Intent.CANNOT not in said
    safe = offered(TEMPLATES, replace(tree, is_made_safe=True), "en")
    assert "owner to clear" in safe[Intent.WITH_OWNER][1].text
