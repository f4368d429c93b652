"""Each oddity of the exercise's GeoReport server that concerns reading, switched on: nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from dispatch.errors import ServerFailed, ServerForbids, ServerRefused
from dispatch.exercise.quirk_table import ROWS
from dispatch.http import HttpDoor
from dispatch.servers import Newest
from dispatch.servers.capabilities import Capabilities
from dispatch.servers.georeport import GeoReport
from tests.city import TOKEN, City
from tests.dispatch.servers.conftest import WHERE

# Not about reading one page: how lists move and are cut, what cannot be read at all, the vendor's face.
NOT_HERE = {
    *("Q3", "Q12", "Q14", "Q16", "Q74", "Q77"),
    *(quirk for quirk, says in ROWS.items() if says.startswith("SeeClickFix:")),
}
REPORTS = 9


@pytest.fixture(scope="module")
def odd_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with City(tmp_path_factory.mktemp("odd")) as city:
        for number in range(REPORTS):
            request_id = city.add_report(f"Oak no. {number}", address="5th Ave N")
            if number % 4 == 1:
                city.elsewhere(request_id, "close", "Removed.")
        yield city


@pytest.fixture
def switched(odd_city: City) -> Iterator[Callable[[str], None]]:
    on: list[str] = []

    def switch(quirk: str) -> None:
        odd_city.quirks(quirk)
        on.append(quirk)

    yield switch
    odd_city.quirks(off=on)


def adapter(city: City, door: HttpDoor, form: str = "json") -> GeoReport:
    server = GeoReport(door, f"{city.georeport_url}/requests.{form}", "", TOKEN, WHERE)
    server.capabilities = Capabilities(has_pages=True, page_size=20, has_lists=True)
    return server


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("quirk", [quirk for quirk in ROWS if quirk not in NOT_HERE])
def test_no_report_is_lost_by(
    quirk: str,
    form: str,
    odd_city: City,
    door: HttpDoor,
    switched: Callable[[str], None],
    allow_warning: Callable[[str], None],
) -> None:
    allow_warning("sends keys nobody knows here")
    switched(quirk)
    server = adapter(odd_city, door, form)

    page = server.page(Newest(), 1)

    met = {request.request_id: request for request in page.requests}
    assert len(met) >= REPORTS, page.bad
    assert len(page.requests) + len(page.bad) + page.pending == page.received
    assert len(page.bad) == (quirk == "Q21")
    for request_id in sorted(met)[:REPORTS]:
        again = server.request(request_id)
        assert again is not None and again.request_id == request_id
    server.services()


@pytest.mark.skipif("Q16" not in ROWS, reason="the exercise's server does not know it yet")
def test_what_cannot_be_read_is_told_as_what_it_is(
    odd_city: City, door: HttpDoor, switched: Callable[[str], None], expect_warning: Callable[[str], None]
) -> None:
    for quirk, error, says in (
        ("Q3", ServerRefused, "error page: ERROR"),
        ("Q14", ServerFailed, "failed"),
        ("Q16", ServerForbids, "15 minutes"),
    ):
        odd_city.quirks(quirk)
        with pytest.raises(error, match=says):
            adapter(odd_city, door).page(Newest(), 1)
        odd_city.quirks(off=[quirk])
    expect_warning("has moved to localhost")
    switched("Q12")
    assert len(adapter(odd_city, door).page(Newest(), 1).requests) == REPORTS
