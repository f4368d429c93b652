"""Which report another one may repeat: what is offered, in which words, and what never is."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import SettingsBroken
from dispatch.records import Place
from dispatch.triage.compared import Report, building, report_of
from dispatch.triage.duplicates import DuplicateIndex
from dispatch.triage.families import load_families
from dispatch.triage.incidents import clusters
from tests.dispatch.triage.reports import AT, PLACE, report

MINUTE, HOUR = 60_000, 3_600_000
METRE = 1 / 111_195.0


def tree(report_id: str = "1", *, north_m: float = 0.0, after_min: float = 0.0, **more: object) -> Report:
    """A tree on a road, as the category table has it, so far north of the first and so long after it."""
    values: dict[str, object] = {
        "report_id": report_id,
        "opened_at": AT + round(after_min * MINUTE),
        "kind": "tree_road_blocked",
        "family": "trees",
        "place": Place(PLACE.lat + north_m * METRE, PLACE.lng),
        "radius_m": 40.0,
        "window_h": 48.0,
    }
    return Report(**(values | more))  # type: ignore[arg-type]


def index_of(*reports: Report) -> DuplicateIndex:
    index = DuplicateIndex()
    for each in reports:
        index.add(each)
    return index


def offered(index: DuplicateIndex, one: Report) -> list[str]:
    return [candidate.report_id for candidate in index.candidates(one)]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (tree("2", north_m=38, after_min=-12), "38 m away, 12 min earlier, same kind"),
        (tree("2", north_m=1, after_min=0.2), "same spot, the same minute, same kind"),
        (tree("2", after_min=180), "same spot, 3 h later, same kind"),
        (tree("2", kind="tree_private", after_min=-2800), "same spot, 47 h earlier, same family"),
        (tree("2", place=None, address="5244 burlington ave n"), "same address, the same minute, same kind"),
        (
            tree("2", north_m=400, address="5244 burlington ave n"),
            "same address but pins 400 m apart, the same minute, same kind",
        ),
        (
            tree("2", north_m=20, words=("fence", "oak", "fell")),
            "20 m away, the same minute, same kind, both say 'oak'",
        ),
    ],
)
def test_the_why_can_be_said_aloud(other, why):
    new = tree(address="5244 burlington ave n", words=("large", "oak", "blocks"))

    (candidate,) = index_of(other).candidates(new)

    assert candidate.why == why


@pytest.mark.parametrize(
    "other",
    [
        tree("2", north_m=41),
        tree("2", after_min=48 * 60 + 1),
        tree("2", after_min=-48 * 60 - 1),
        tree("2", family="wires"),
        tree("2", place=None),
        tree("2", radius_m=0.0),
        tree("1", north_m=3),
    ],
    ids=["too far", "too late", "too early", "another family", "no place", "never a duplicate", "itself"],
)
def test_what_is_no_candidate(other):
    assert offered(index_of(other), tree()) == []


def test_the_likest_three_come_first_whether_earlier_or_later():
    index = index_of(
        tree("far", north_m=39, after_min=-60),
        tree("near", north_m=2, after_min=5),
        tree("family", north_m=2, after_min=5, kind="tree_private"),
        tree("earlier", north_m=10, after_min=-5),
        tree("old", north_m=39, after_min=-2800),
    )
    assert offered(index, tree()) == ["near", "earlier", "far"]


def test_a_wild_first_pin_hides_no_neighbor():
    helsinki = Place(60.17, 24.94)
    near = Place(helsinki.lat, helsinki.lng + 39 * METRE * 2)  # a degree is half as wide there
    index = index_of(tree("gulf of guinea", place=Place(0.1, 0.1)), tree("2", place=near))
    assert offered(index, tree(place=helsinki)) == ["2"]


def test_rare_words_tell_more_than_common_ones():
    index = index_of(
        *(tree(f"tree {n}", north_m=10_000 + 100 * n, words=("tree", "down")) for n in range(50)),
        tree("common", north_m=15, words=("tree", "down")),
        tree("rare", north_m=20, words=("tree", "banyan")),
    )
    assert offered(index, tree(words=("tree", "down", "banyan")))[0] == "rare"


def test_what_is_closed_is_forgotten_and_what_is_corrected_is_known_anew():
    index = index_of(tree("2"), tree("3"))

    index.remove("2")
    index.add(tree("3", north_m=500))
    index.remove("never there")

    assert offered(index, tree()) == []
    assert (len(index), "2" in index, "3" in index) == (1, False, True)


# -- S10: persons -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "is_offered"),
    [
        (tree("2", north_m=15, is_person=True, family="medical", kind="welfare_check"), True),
        (tree("2", north_m=30, is_person=True, family="medical", kind="welfare_check"), False),
        (tree("2", north_m=15, is_person=True, address="17 4th ave s"), False),
        (tree("2", north_m=90, is_person=True, address="15 4th ave s"), True),
        (tree("2", north_m=15), True),
        (tree("2", north_m=15, family="medical"), False),
    ],
    ids=["a neighbor", "another house", "another number", "equal address", "no person", "of another family"],
)
def test_s10_persons_are_linked_by_building_and_never_merged(other, is_offered):
    new = tree(is_person=True, address="15 4th ave s")

    found = index_of(other).candidates(new)

    assert [candidate.is_link for candidate in found] == [True] * is_offered
    assert not any(candidate.is_strong for candidate in found)
    assert len(set(clusters([new, other]).values())) == 2


def test_s10_a_link_says_what_it_is():
    other = tree("2", is_person=True, family="medical", kind="welfare_check", address="15 4th ave s")

    (candidate,) = index_of(other).candidates(tree(is_person=True, address="15 4th ave s"))

    assert candidate.why == "same building, the same minute, about persons too"


# -- areas ------------------------------------------------------------------------------------------------


def flood(report_id: str, *, north_m: float, after_min: float = 0, kind: str = "street_flooding") -> Report:
    return tree(
        report_id,
        north_m=north_m,
        after_min=after_min,
        kind=kind,
        family="flooding",
        radius_m=150.0,
        window_h=12.0,
    )


def test_flooded_streets_are_one_area_through_a_report_between():
    ends = flood("south", north_m=0), flood("north", north_m=270)
    index = index_of(*ends)
    assert [offered(index, end) for end in ends] == [[], []]

    index.add(flood("between", north_m=140))

    assert offered(index, ends[0]) == ["between", "north"]
    assert offered(index, ends[1]) == ["between", "south"]
    assert index.candidates(ends[0])[1].why == (
        "270 m away with a report between, the same minute, same kind"
    )


def test_an_area_ends_where_the_reports_do():
    index = index_of(*(flood(str(n), north_m=140 * n) for n in range(6)))
    assert set(offered(index, flood("new", north_m=0))) == {"0", "1", "2"}
    assert offered(index, flood("late", north_m=0, after_min=13 * 60)) == []


def test_a_tree_is_a_point_whatever_lies_between():
    index = index_of(tree("between", north_m=35), tree("far", north_m=70))
    assert offered(index, tree()) == ["between"]


# -- default points and bulk entries ----------------------------------------------------------------------


def test_on_a_default_point_only_the_address_counts():
    index = DuplicateIndex(default_points=[PLACE])
    index.add(tree("2", address="mirror lake"))
    index.add(tree("3", address="vinoy park"))
    assert offered(index, tree(address="vinoy park")) == ["3"]
    assert offered(index, tree()) == []


def test_a_point_learned_to_be_one_later_counts_no_more():
    index = index_of(tree("2"), tree("3", north_m=20))
    assert offered(index, tree()) == ["2", "3"]

    index.learn([PLACE])

    assert offered(index, tree()) == []
    assert offered(index, tree(north_m=10)) == ["3"]


def test_twenty_rows_of_one_account_in_a_minute_are_a_list():
    rows = [tree(str(n), after_min=n / 20, account="42") for n in range(20)]
    assert offered(index_of(*rows), rows[0]) == []
    assert len(offered(index_of(*rows[1:]), rows[1])) == 3
    assert offered(index_of(*rows), tree("resident")) != []


def test_a_field_survey_lists_neighbors():
    rows = [tree(str(n), north_m=15 * n, after_min=n / 2, account="42") for n in range(4)]
    index = index_of(*rows)
    assert offered(index, rows[1]) == []

    twice = tree("twice", north_m=15, after_min=1.0, account="42")
    index.add(twice)

    assert offered(index, twice) == ["1"]


def test_one_resident_who_reports_twice_is_offered():
    pair = tree("1", account="7"), tree("2", north_m=14, after_min=0.5, account="7")
    assert offered(index_of(*pair), pair[0]) == ["2"]


def test_two_entries_of_a_desk_beside_each_other_need_eyes():
    here, beside = tree("1", source="phone"), tree("2", north_m=14, after_min=3, source="phone")
    (candidate,) = index_of(here, beside).candidates(here)
    assert not candidate.is_strong
    (candidate,) = index_of(tree("2", north_m=14, after_min=3, source="app")).candidates(here)
    assert candidate.is_strong


def test_a_ledger_of_one_place_needs_eyes():
    rows = [tree(str(n), after_min=2 * n, source="desk") for n in range(5)]
    assert len(set(clusters(rows).values())) == 5
    assert len(set(clusters(rows[:4]).values())) == 1


# -- from the console's records ---------------------------------------------------------------------------


def test_a_service_request_is_compared_as_its_category_says(rules):
    request = report("Large oak across the road at 4th St", title="Tree down")

    compared = report_of(request, rules.table["tree_road_blocked"])

    assert (compared.report_id, compared.opened_at, compared.place) == ("4411", AT, PLACE)
    assert (compared.kind, compared.family) == ("tree_road_blocked", "trees")
    assert (compared.radius_m, compared.window_h) == (40.0, 48.0)
    assert compared.words == ("large", "oak", "across"), "a title is nobody's words"
    assert (compared.account, compared.is_person) == ("", False)
    assert report_of(request, rules.table["welfare_check"]).is_person
    assert report_of(request, rules.table["tree_private"], is_person=True).is_person


def test_what_has_no_family_is_like_its_own_kind_only(rules):
    gas, dog = (report_of(report(""), rules.table[key]) for key in ("gas_leak", "animal"))
    assert gas.family != dog.family


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("5244 Burlington Ave N, St. Petersburg, FL 33710", "5244 BURLINGTON AVENUE NORTH", True),
        ("15 4th Ave S Apt 7", "15 4th Ave S #9", True),
        ("Central Ave & 4th St N", "4th St N & Central Ave", True),
        ("22nd Ave S & 4th St S", "22nd Ave N & 4th St S", False),
        ("15 4th Ave S", "15 4th Ave N", False),
        ("Central Ave", "Central Ave", False),
        ("St. Petersburg, FL", "St. Petersburg, FL", False),
        ("", "", False),
    ],
)
def test_an_address_is_a_building_or_a_crossing(one, other, is_same):
    assert (building(one) == building(other) != "") == is_same


# -- whatever the reports ---------------------------------------------------------------------------------

some_reports = st.lists(
    st.builds(
        tree,
        north_m=st.integers(0, 200),
        after_min=st.integers(0, 3000),
        kind=st.sampled_from(["tree_private", "tree_road_blocked"]),
        family=st.sampled_from(["trees", "flooding"]),
        radius_m=st.sampled_from([0.0, 15.0, 40.0, 150.0]),
        address=st.sampled_from(["", "", "15 4th ave s", "17 4th ave s"]),
        account=st.sampled_from(["", "7"]),
        source=st.sampled_from(["", "phone"]),
        is_person=st.booleans(),
    ),
    max_size=14,
).map(lambda reports: [tree_with(each, str(n)) for n, each in enumerate(reports)])


def tree_with(each: Report, report_id: str) -> Report:
    return replace(each, report_id=report_id)


@given(some_reports, st.randoms(use_true_random=False))
def test_the_order_of_reports_changes_no_cluster(reports: list[Report], chance: random.Random):
    shuffled = list(reports)
    chance.shuffle(shuffled)

    found = clusters(reports)

    assert clusters(shuffled) == found
    assert found.keys() == {each.report_id for each in reports}
    assert all(found[lead] == lead for lead in found.values())


@given(some_reports)
def test_a_is_a_candidate_of_b_exactly_when_b_is_one_of_a(reports: list[Report]):
    index = index_of(*reports)
    pairs = {
        (each.report_id, candidate.report_id, candidate.score, candidate.is_link)
        for each in reports
        for candidate in index.candidates(each, at_most=None)
    }
    assert pairs == {(other, one, score, is_link) for one, other, score, is_link in pairs}


@given(some_reports, st.data())
def test_what_was_taken_out_leaves_no_trace(reports: list[Report], data: st.DataObject):
    gone = data.draw(st.sets(st.sampled_from([each.report_id for each in reports]))) if reports else set()
    index = index_of(*reports)
    for report_id in gone:
        index.remove(report_id)

    left = [each for each in reports if each.report_id not in gone]

    fresh = index_of(*left)
    assert [offered(index, each) for each in left] == [offered(fresh, each) for each in left]


def test_what_was_filed_apart_meets_by_what_its_words_speak_of(rules):
    families = load_families()

    def filed(report_id, words, category, north_m=0.0):
        place = Place(PLACE.lat + north_m * METRE, PLACE.lng)
        request = replace(report(words, place=place), request_id=report_id, address="")
        return report_of(request, rules.table[category], families=families)

    tree = filed("1", "Oak down on the wires", "tree_private")
    wire = filed("2", "Palm is hanging in the power cable", "storm_other", 30)
    index = index_of(
        tree, wire, filed("3", "Palm in the cable", "storm_other", 45), filed("4", "", "storm_other", 30)
    )

    [found] = index.candidates(tree)

    assert (found.report_id, found.is_strong) == ("2", False)
    assert found.why == "30 m away, the same minute, both about trees"
    assert "1" in [each.report_id for each in index.candidates(wire)], "and the same from the other side"


def test_a_families_list_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "families.toml"
    path.write_text("words = 3", "utf-8")

    with pytest.raises(SettingsBroken, match=r"families\.toml"):
        load_families(path)
