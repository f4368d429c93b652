"""`python -m dispatch pa-indicator`: both numbers typed by a person, one sentence out."""

from __future__ import annotations

from tests.flow.test_command_line import dispatch

ASKED = {
    "--declared": "2017-09-10",
    "--level": "county",
    "--population": "970637",
    "--population-by": "A. Manager",
    "--population-source": "Census estimate",
    "--cost": "3,600,000",
    "--cost-by": "B. Clerk",
    "--cost-source": "debris invoices",
}


def asked(**changed: str) -> list[str]:
    given = ASKED | {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    return [word for pair in given.items() for word in pair]


def test_costs_of_a_person_stand_beside_the_indicator_of_the_date() -> None:
    code, said, error = dispatch("pa-indicator", *asked())
    assert code == 0, error
    assert (said["indicator"], said["per_head"], said["reached"]) == ("$3.61", "$3.70", True)
    assert said["row_of"] == "2016-10-01" and "not an entitlement" in said["says"]


def test_what_is_missing_or_no_number_ends_in_a_sentence() -> None:
    for changed, sentence in (
        ({"cost_by": " "}, "Say who entered the cost"),
        ({"declared": "2010-01-01"}, "enter the one in force then"),
        ({"cost": "much"}, "no sum of dollars"),
    ):
        code, _, error = dispatch("pa-indicator", *asked(**changed))
        assert code in (1, 2) and sentence in error and "Traceback" not in error
