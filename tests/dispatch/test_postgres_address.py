"""A shared database is reached over a verified line, by every host that its address names."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import make_url

from dispatch.errors import StoreUnusable
from dispatch.store.postgres import engine_of, hosts_of

URL = "postgresql+psycopg://ana@"


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require"])
def test_a_line_across_the_network_on_which_anybody_could_answer_is_refused(mode: str) -> None:
    with pytest.raises(StoreUnusable, match="sslmode=verify-full"):
        engine_of(make_url(f"{URL}db.city.example/landfall?sslmode={mode}"))
    with pytest.raises(StoreUnusable, match="sslmode=verify-full"):
        engine_of(make_url(f"{URL}/landfall?host=127.0.0.1:5432&host=10.0.0.7:5432&sslmode={mode}"))


def test_where_nothing_is_said_the_name_and_the_certificate_are_checked() -> None:
    engine = engine_of(make_url(f"{URL}db.city.example:5432/landfall"))
    assert engine.url.query["sslmode"] == "verify-full"
    own = engine_of(make_url(f"{URL}db.city.example/landfall?sslmode=verify-ca&sslrootcert=/etc/city.pem"))
    assert own.url.query["sslmode"] == "verify-ca" and own.url.query["sslrootcert"] == "/etc/city.pem"


@pytest.mark.parametrize("where", ["localhost/x", "/x?host=/run/postgresql", "127.0.0.1:5433/x", "[::1]/x"])
def test_on_this_machine_no_certificate_is_needed(where: str) -> None:
    assert "sslmode" not in engine_of(make_url(f"{URL}{where}")).url.query


def test_of_several_hosts_the_one_that_writes_is_taken() -> None:
    url = make_url(f"{URL}/x?host=127.0.0.1:5001&host=127.0.0.1:5002")
    assert hosts_of(url) == ("127.0.0.1:5001", "127.0.0.1:5002")
    assert engine_of(url).url.query["target_session_attrs"] == "read-write"
    said = make_url(f"{URL}/x?host=127.0.0.1:5001&host=127.0.0.1:5002&target_session_attrs=any")
    assert engine_of(said).url.query["target_session_attrs"] == "any"
