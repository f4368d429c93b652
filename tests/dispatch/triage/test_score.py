"""Band and score with their reasons: S1 (nothing dangerous set aside), S2, S4, S10."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.records import Band
from dispatch.triage.profile import DANGER, CategoryChange, StormProfile, preview
from dispatch.triage.rules import Rules, load_rules
from dispatch.triage.score import assess, assess_site, reporter_points, waiting_points
from dispatch.triage.tailored import tailored
from tests.dispatch.triage.reports import AT, report, say
from tests.dispatch.triage.test_sentences import ENGLISH, SPANISH, table

RULES = load_rules("st-petersburg")
HOUR = 3_600_000
DAY = 24 * HOUR
SENTENCES = [words for words, _ in table(ENGLISH + SPANISH.lstrip())]
HIDDEN = ["Graffiti", "Codes Compliance", "Sidewalk Repair", "Road Surface Repair"]


@pytest.mark.parametrize("title", HIDDEN)
@pytest.mark.parametrize(
    ("words", "band"), [("the pole is sparking", Band.P1), ("tree blocking the road", Band.P2)]
)
def test_s1_danger_under_a_set_aside_category_stays_in_the_queue(title, words, band):
    assessment = assess(report(words, title=title), RULES)
    assert (assessment.band, assessment.is_set_aside) == (band, False)


@pytest.mark.parametrize("title", HIDDEN)
def test_s1_an_ordinary_report_of_a_set_aside_category_is_set_aside_and_counted(title):
    assessment = assess(report("been like this since spring", title=title), RULES)
    assert assessment.is_set_aside
    assert preview(RULES.profile, [("7", assessment)]).set_aside == {assessment.category: 1}


@pytest.mark.parametrize(
    "words",
    [
        "Aidez-nous, l'eau entre dans la maison",
        "Preciso de ajuda, estamos presos no telhado",
        "Bitte helfen Sie uns, das Wasser ist im Haus",
        "Xin giúp chúng tôi, nước đang vào nhà",
        "Tulong po, may tubig na sa bahay namin",
        "Пожалуйста помогите нам",
        "Zaburzona studzienka przy naszym wejściu",
    ],
)
def test_s1_a_language_nobody_assessed_stays_and_never_scores_nothing(words):
    assessment = assess(report(words, title="Graffiti", place=None), RULES)
    assert not assessment.is_assessed
    assert not assessment.is_set_aside
    assert assessment.score > 0
    assert "not_assessed" in [reason.part for reason in assessment.reasons]


def test_s1_a_photo_without_words_stays_until_somebody_looked():
    silent = report("", title="Sidewalk Repair", photo="https://city.example/1.jpg")
    assert not assess(silent, RULES).is_set_aside
    assert assess(silent, RULES, photo_seen=True).is_set_aside


def test_s1_a_summary_that_repeats_the_title_is_no_text():
    silent = report(
        "", title="Sidewalk Repair", summary="sidewalk repair ", photo="https://city.example/1.jpg"
    )
    assert not assess(silent, RULES).is_set_aside


def test_s1_a_later_message_brings_a_report_back():
    first = report("cracked slab", title="Sidewalk Repair")
    assert assess(first, RULES).is_set_aside
    back = assess(first, RULES, later=["Now there is a live wire down on it"])
    assert (back.band, back.is_set_aside) == (Band.P2, False)


@pytest.mark.parametrize("title", HIDDEN)
@pytest.mark.parametrize("words", ["this is dangerous", "es un peligro", "sa danjere"])
def test_s1_what_somebody_calls_dangerous_is_marked_under_any_category(title, words):
    assert DANGER in assess(report(words, title=title), RULES).cues


@pytest.mark.parametrize(
    ("words", "category", "band"),
    [
        ("it is dangerous", "storm_other", Band.P3),
        ("it is dangerous, please help", "storm_other", Band.P2),
        ("elderly, we need food, please help", "storm_other", Band.P2),
        ("please help, we need food", "food_water_ice", Band.P3),
        ("please help, my kid is scared", "power_outage", Band.P3),
    ],
)
def test_what_points_alone_bring_to_p2(words, category, band):
    assert say(words, RULES, category).band is band


def test_s1_the_preview_lists_what_a_profile_would_have_hidden_worst_first():
    said = {
        "a": "tree blocking the road",
        "b": "old paint",
        "c": "smell of gas",
        "d": "Aidez-nous, il y a de l'eau dans la maison",
    }
    rows = [(name, assess(report(words, title="Graffiti"), RULES)) for name, words in said.items()]
    shown = preview(StormProfile.of(RULES.table, is_on=True), rows)
    assert shown.would_have_hidden == ("c", "a")
    assert shown.not_known == ("d",)
    assert (shown.kept, shown.set_aside_count) == (3, 1)


def test_s1_switched_off_the_profile_sets_nothing_aside():
    assessment = assess(report("old paint", title="Graffiti"), RULES)
    assert not StormProfile.of(RULES.table, is_on=False).apply(assessment).is_set_aside


def test_s2_a_keyword_suggests_a_category_and_moves_nothing():
    assessment = say("looking for a pet shelter", RULES)
    assert (assessment.band, assessment.category, assessment.score) == (Band.P3, "storm_other", 10.0)
    assert assessment.reasons[-1].text == "'pet shelter' suggests 'Shelter question'"


def test_s2_spam_is_never_set_by_a_word():
    assert RULES.table["spam_test"].keywords == ()
    raised = assess_in("spam_test", "this is not a test, the pole is sparking")
    assert (raised.band, raised.is_set_aside) == (Band.P1, False)


@pytest.mark.parametrize("category", [each.key for each in RULES.table])
def test_s2_a_p1_cue_works_in_every_category_and_says_so(category):
    assessment = assess_in(category, "the pole is sparking")
    assert assessment.band is Band.P1
    if RULES.table[category].default_band is not Band.P1:
        assert "Says 'sparking', wire or pole sparking: raised to P1" in [r.text for r in assessment.reasons]


def test_s2_the_words_of_a_reason_are_the_residents_own():
    (said,) = [r for r in say("WE CAN’T GET OUT, hurry", RULES).reasons if r.part == "trapped"]
    assert said.text == "Says 'CAN’T GET OUT', person trapped: raised to P1"


@given(
    st.sampled_from(SENTENCES),
    st.sampled_from(SENTENCES),
    st.sampled_from([each.key for each in RULES.table]),
)
def test_s2_saying_more_never_lowers_the_band(first, second, category):
    alone = assess_in(category, first)
    both = assess_in(category, f"{first}. {second}")
    assert both.band <= alone.band


@given(st.text(max_size=200))
def test_any_text_can_be_scored(words):
    assert assess_in("storm_other", words).band in Band


@given(st.sampled_from(SENTENCES))
def test_the_score_is_the_sum_of_its_reasons(words):
    assessment = say(words, RULES)
    assert assessment.score == pytest.approx(sum(reason.points for reason in assessment.reasons))


def test_points_alone_reach_p2_and_no_further():
    urgent = "very dangerous, please help, elderly and hungry, need food, life or death emergency"
    assert say(urgent, RULES).band is Band.P2


def test_lowering_parts_stop_at_the_points_of_the_category():
    over = say(
        "already fixed, thank you for the quick work, what time is it, god bless", RULES, "power_outage"
    )
    assert over.score == RULES.table["power_outage"].base_points
    assert over.band is Band.P3


def test_a_second_cue_of_a_part_brings_a_quarter():
    points = {r.part: r.points for r in say("we are trapped, need rescue", RULES).reasons}
    assert (points["trapped"], points["needs_rescue"]) == (20.0, 5.0)


def test_a_place_counts_three_and_is_no_band():
    assert (
        assess(report("old paint"), RULES).score - assess(report("old paint", place=None), RULES).score == 3.0
    )


def test_an_unknown_category_is_other_and_says_so():
    assessment = assess(report("help", title="Mosquito Control"), RULES)
    assert assessment.category == "storm_other"
    assert "Category 'Mosquito Control' is not in our table" in assessment.reasons[-1].text


@pytest.mark.parametrize("band", [Band.P1, Band.P2, Band.INFO])
def test_s4_waiting_gives_no_points_outside_p3_and_p4(band):
    assert waiting_points(RULES.table["power_outage"], band, AT, AT + 30 * DAY, RULES.points) == 0.0


@pytest.mark.parametrize(("days", "points"), [(0, 0), (0.69, 0), (0.7, 1), (3.5, 5), (14, 20), (99, 20)])
def test_s4_waiting_adds_one_for_each_tenth_of_the_promise_up_to_twenty(days, points):
    category = RULES.table["power_outage"]
    assert category.storm_days == 7
    assert waiting_points(category, Band.P3, AT, AT + round(days * DAY), RULES.points) == points


def test_s4_what_is_stored_does_not_depend_on_the_clock():
    early, late = report("roof leaking"), report("roof leaking")
    assert assess(early, RULES) == assess(late, RULES)


def test_s10_other_reporters_add_at_most_five_and_never_a_band():
    one = say("roof leaking", RULES)
    site = assess_site([one] * 40, 40, RULES)
    assert (site.score - one.score, site.band) == (5.0, Band.P3)
    assert site.reasons[-1].text == "39 other reporters"
    assert [reporter_points(n, RULES.points) for n in (0, 1, 2, 6, 7)] == [0, 0, 1, 5, 5]


def test_s10_a_site_takes_the_worst_band_and_tells_each_reason_once():
    calm = say("tree in yard, dangerous, please help us, hungry, need food", RULES, "tree_road_blocked")
    grave = say("gas smell", RULES, "graffiti")
    site = assess_site([calm, grave, grave], 1, RULES)
    assert site.band is Band.P1
    assert site.category == "graffiti"
    assert site.score == max(calm.score, grave.score)
    assert sum(reason.points for reason in site.reasons) == pytest.approx(site.score)
    assert [reason.part for reason in site.reasons].count("gas") == 1


@pytest.mark.parametrize(
    "words", ["we are trapped", "my wife needs dialysis", "stuck in elevator", "CO alarm", "no food, hungry"]
)
def test_s10_reports_about_persons_are_marked(words):
    category = "food_water_ice" if "food" in words else "storm_other"
    assert assess_site([say(words, RULES, category)], 1, RULES).is_about_person


@pytest.mark.parametrize(
    "words",
    [
        "wire down",
        "branch is touching the power lines",
        "the pole is sparking",
        "cable colgando",
        "limb near wires",
    ],
)
def test_s13_a_wire_in_any_report_marks_the_site(words):
    assert assess_site([say(words, RULES, "tree_private")], 1, RULES).has_wire


@pytest.mark.parametrize(
    "words", ["barbed wire fence", "tree in yard, no wires", "fishing line", "line at the shelter"]
)
def test_s13_other_wires_mark_nothing(words):
    assert not assess_site([say(words, RULES, "tree_private")], 1, RULES).has_wire


def test_site_of_set_aside_reports_stays_when_one_of_them_must():
    waiting = assess(report("old paint", title="Graffiti"), RULES)
    danger = assess(report("gas smell", title="Graffiti"), RULES)
    assert assess_site([waiting, waiting], 2, RULES).is_set_aside
    assert not assess_site([waiting, danger], 2, RULES).is_set_aside


@pytest.mark.parametrize(
    ("category", "band", "minutes"),
    [
        ("medical_power_dependent", Band.P1, 2),
        ("power_outage", Band.P3, 30),
        ("graffiti", Band.P1, 1),
        ("graffiti", Band.P2, 5),
        ("power_line_down", Band.P3, 30),
        ("tree_private", Band.P4, 240),
    ],
)
def test_first_look_is_the_categorys_or_the_bands(category, band, minutes):
    assert RULES.table[category].first_look_for(band) == minutes


def assess_in(category, words):
    return RULES.profile.apply(say(words, RULES, category))


def test_what_was_read_once_is_read_anew_by_other_rules(rules: Rules) -> None:
    fence = report("Fence is down", title="tree_private")
    before = assess(fence, rules)
    assert assess(fence, rules) == before and rules.known

    lifted = tailored(rules, {"tree_private": CategoryChange(default_band=Band.P2)})

    assert lifted.known == {} and assess(fence, lifted).band == Band.P2
    assert assess(fence, rules).band == before.band
