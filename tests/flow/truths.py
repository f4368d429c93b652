"""What must hold when a storm has come to rest, whatever happened in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.city import City

Ask = Callable[..., Any]


# GeoReport knows two statuses and its times of change may be missing or bent.
COARSE = {"acknowledged": "open", "archived": "closed"}


def store_is_the_truth(ask: Ask, city: City, kind: str = "seeclickfix") -> None:
    """Every request with its status and time, none twice; no line of a thread that is not there."""
    truth, stored = city.truth()["requests"], ask("stored")
    assert {request_id: status for request_id, (status, _) in stored.items()} == statuses(truth, kind)
    if kind == "seeclickfix":
        times = {str(each["id"]): _millis(each["updated_at"]) for each in truth}
        assert {request_id: at for request_id, (_, at) in stored.items()} == times
    lines = {
        str(each["id"]): Counter(line["text"] for line in (*each["messages"], *each.get("internal", ())))
        for each in truth
    }
    for request_id, texts in ask("threads").items():
        assert Counter(texts) <= lines[request_id], request_id


def statuses(truth: list[dict[str, Any]], kind: str) -> dict[str, str]:
    """As the face shows them."""
    fine = {str(each["id"]): str(each["status"]).lower() for each in truth}
    return fine if kind == "seeclickfix" else {key: COARSE.get(word, word) for key, word in fine.items()}


def board_is_the_store(ask: Ask, city: City) -> None:
    """The board in memory, which has followed every change since it was last started, misses none."""
    ids = [str(each["id"]) for each in city.truth()["requests"]]
    assert set(ask("on_the_board", ids)) == set(ids)
    # Calls that the server has refused stand there as well.
    assert ask("reports_on_the_board") == ask("requests") >= len(ids)
    assert ask("stale_on_the_board") == []


def hand_overs_are_pairs(ask: Ask) -> list[str]:
    """Each escalation has its two files and no third; their ids. Those that were answered before they had
    left need none."""
    ids, files, needless = ask("escalations"), ask("files"), ask("answered_elsewhere")
    for escalation_id in ids:
        kinds = sorted(name.rpartition(".")[2] for name in files if escalation_id in name)
        assert kinds == ["json", "pdf"] or (escalation_id in needless and kinds in ([], ["pdf"])), kinds
    assert all(any(escalation_id in name for escalation_id in ids) for name in files)
    return list(ids)


def _millis(said: str) -> int:
    return int(datetime.fromisoformat(said).timestamp() * 1000)
