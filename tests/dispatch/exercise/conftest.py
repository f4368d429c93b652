"""A caller of the API, as simple as can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.city import City


class Caller:
    def __init__(self, city: City) -> None:
        self._city = city
        self.session = requests.Session()
        self.session.trust_env = False

    def __call__(self, method: str, path: str, **more: Any) -> requests.Response:
        return self.session.request(method, self._city.url + path, timeout=30, **more)

    def get(self, path: str, **query: Any) -> Any:
        """The body of a successful GET."""
        response = self("GET", path, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path: str, **form: Any) -> requests.Response:
        """As the city's own account."""
        return self("POST", path, data=form, headers={"Authorization": f"Bearer {self._city.token}"})


@pytest.fixture
def call(city: City) -> Iterator[Caller]:
    caller = Caller(city)
    yield caller
    caller.session.close()


class GeoCaller(Caller):
    """A caller of the other face; JSON unless the path says otherwise."""

    def __call__(self, method: str, path: str, **more: Any) -> requests.Response:
        url = f"{self._city.georeport_url}/{path}"
        return self.session.request(method, url, timeout=30, **more)

    def post(self, path: str, **form: Any) -> requests.Response:
        return self("POST", path, data={"api_key": self._city.token, **form})

    def rows(self, **query: Any) -> Any:
        return self.get("requests.json", **query)

    def ids(self, **query: Any) -> list[str]:
        return [row["service_request_id"] for row in self.rows(**query)]


@pytest.fixture
def geo(city: City) -> Iterator[GeoCaller]:
    caller = GeoCaller(city)
    yield caller
    caller.session.close()
