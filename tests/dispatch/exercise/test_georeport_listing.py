"""GET /requests: filters, windows of entry, the 90 days, order, pages and caps, and how each can be set."""

from __future__ import annotations

import pytest

DAY_S = 86_400


@pytest.fixture
def three(city):
    """A day and a minute apart; the second is closed last of all."""
    numbers = []
    for category in ("5701", "5702", ""):
        city.clock(forward_s=DAY_S + 60)
        numbers.append(city.add_report("Oak", category=category))
    city.clock(forward_s=120)
    city.elsewhere(numbers[1], "close", "Cleared")
    return numbers


def entered(geo, number):
    return geo.get(f"requests/{number}.json")[0]["requested_datetime"]


def test_newest_first_unless_another_order_is_set(city, geo, three):
    assert geo.ids() == three[::-1]

    for order, numbers in (
        ("entered_up", three),
        ("updated_down", [three[1], three[2], three[0]]),
        ("updated_up", [three[0], three[2], three[1]]),
    ):
        city.quirks(order=order)
        assert geo.ids() == numbers
    city.quirks(order="none")
    assert sorted(geo.ids()) == three


def test_ids_override_everything_else(geo, three):
    asked = f"{three[2]},{three[0]},7,A-7"

    assert geo.ids(service_request_id=asked, status="closed", start_date="2001-01-01") == [three[2], three[0]]


def test_status_and_services_come_one_or_many(geo, three):
    assert geo.ids(status="closed") == [three[1]]
    assert geo.ids(status="open, closed") == three[::-1]
    assert geo.ids(service_code="5701") == [three[0]]
    assert geo.ids(service_code="5702,other") == [three[2], three[1]]
    assert geo.ids(service_code="other,nothing", status="") == [three[2]]
    assert geo.ids(service_code="nothing") == []
    assert geo.ids(color="red") == three[::-1]


def test_bounds_are_times_of_entry_and_belong_to_the_window(city, geo, three):
    second = entered(geo, three[1])

    assert geo.ids(start_date=second) == [three[2], three[1]]
    assert geo.ids(end_date=second) == [three[1], three[0]]
    assert geo.ids(start_date=second, end_date=second) == [three[1]]
    assert geo.ids(end_date="2017-09-13T14:32:00Z") == [three[1], three[0]]
    assert geo.ids(end_date="2017-09-13 10:32:00") == [three[1], three[0]]
    # A plus that nobody encoded.
    assert geo.get(f"requests.json?start_date={second.replace('-04:00', '')}+00:00") == geo.rows()[:2]
    city.quirks(open_end=True)
    assert geo.ids(end_date=second) == [three[0]]


def test_bounds_can_be_swapped_or_ignored_or_whole_days(city, geo, three):
    first, last = entered(geo, three[0]), entered(geo, three[2])

    city.quirks(swapped_bounds=True)
    assert geo.ids(start_date=first, end_date=last) == []
    assert geo.ids(start_date=last, end_date=first) == three[::-1]
    city.quirks(swapped_bounds=False, filter_times="days")
    assert geo.ids(start_date=last) == [three[2]]
    assert geo.ids(start_date=first, end_date=last) == [three[1], three[0]]
    city.quirks(bounds=False)
    assert geo.ids(start_date=last) == three[::-1]


def test_a_list_holds_the_latest_ninety_days(city, geo, three):
    city.clock(forward_s=88.5 * DAY_S)

    assert geo.ids() == [three[2], three[1]]
    assert geo.ids(start_date="2017-09-12T10:31:00-04:00") == three[::-1]
    assert geo.ids(start_date="2001-01-01", end_date="2030-01-01") == []
    city.quirks(latest_days=0)
    assert geo.ids() == three[::-1]
    city.quirks(latest_days=1)
    assert geo.ids(end_date="2017-09-13T10:31:00-04:00") == [three[0]]


def test_changes_are_listed_whenever_the_request_was_entered(city, geo, three):
    city.clock(forward_s=100 * DAY_S)
    city.elsewhere(three[0], "comment", "Any news?")
    city.clock(forward_s=60)
    [row] = geo.get(f"requests/{three[0]}.json")

    assert geo.ids(updated_after=row["updated_datetime"]) == [three[0]]
    assert geo.ids(updated_after="2100-01-01T00:00:00Z") == []
    city.quirks(updated_after=False, latest_days=0)
    assert geo.ids(updated_after="2100-01-01T00:00:00Z") == three[::-1]


def test_pages_go_on_from_their_first_number(city, geo, three):
    pages = [geo.ids(page_size=2, page=page) for page in (1, 2, 3)]
    assert pages == [[three[2], three[1]], [three[0]], []]
    assert geo.ids(page_size=2, page=0) == pages[0]
    assert geo.ids(per_page=1) == pages[0][:1]

    city.quirks(first_page=0, page_size=2)
    assert [geo.ids(page=page) for page in (0, 1)] == pages[:2]
    city.quirks(pages=False, cap=2)
    assert [geo.ids(page=page, page_size=1) for page in (1, 2)] == [pages[0], pages[0]]


def test_the_cap_holds_whatever_is_asked_for(city, geo, three):
    city.quirks(cap=2)

    assert geo.ids(page_size=1000) == [three[2], three[1]]
    assert geo.ids(service_request_id=",".join(three)) == three[:2]


def test_without_lists_several_are_one_that_nobody_knows(city, geo, three):
    city.quirks(lists=False)

    assert geo.ids(service_request_id=",".join(three)) == []
    assert geo.ids(status="open,closed") == []
    assert geo.ids(service_request_id=three[0]) == [three[0]]


def test_near_a_place_and_in_a_box(city, geo, three):
    far = city.add_report("Water", lat=27.9, lng=-82.3)

    assert geo.ids(lat=27.9, long=-82.3) == [far]
    assert geo.ids(lat=27.9, long=-82.3, radius=100_000)[0] == far
    assert geo.ids(bbox="-82.4,27.8,-82.2,28") == [far]
    for query in ({"bbox": "1,2"}, {"lat": "x", "long": "1"}, {"updated_after": "soon"}):
        assert geo("GET", "requests.json", params=query).status_code == 400
