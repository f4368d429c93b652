"""What a caller says on the phone: on the board and triaged at once, and on its way to the 311 server."""

from __future__ import annotations

from dispatch.errors import ActRefused
from dispatch.records import Call, CrmStatus, Millis, OutboxKind, Reporter, ServiceRequest
from dispatch.store import mirror, outbox, sites
from dispatch.store.transaction import Transaction
from dispatch.triage.judge import Judge

NO_SERVER = "No 311 server has been met yet: write the call down, and enter it when the status line has one."
# By this role triage knows that another person may stand behind each report of the account.
STAFF_ROLE = "Verified Official"


def enter(tx: Transaction, judge: Judge, call: Call, *, due_at: Millis) -> int:
    """The call as a request of the server we are in step with, without an id until it gives one, in a site
    of its own. Returns the site. Raises ActRefused where there is no words or no server."""
    text = call.text.strip()
    if not text:
        raise ActRefused("Write what the caller says first.")
    server = mirror.current_server(tx.connection)
    if server is None:
        raise ActRefused(NO_SERVER)
    [key] = tx.next_request_keys(1)
    request = ServiceRequest(
        request_id="",
        status=CrmStatus.OPEN,
        raw_status="",
        summary=call.service_name,
        description=text,
        service_code=call.service_code,
        service_name=call.service_name,
        address=call.address.strip(),
        place=call.place,
        created_at=tx.now,
        # Whatever the server says of it first is newer than what we know.
        updated_at=0,
        reporter=Reporter(server.account_id or "0", tx.actor.person, STAFF_ROLE),
    )
    member = (key, request, judge.assess(request))
    mirror.enter(tx, server.server_id, key, request)
    sites.open_new(tx, [(key, judge.summarize([member]), False)])
    sites.save_assessments(tx, [(key, member[2])])
    outbox.put(tx, OutboxKind.NEW_REQUEST, [key], text, due_at=due_at, detail=_detail(call))
    for name, value in (("caller", call.caller), ("call_back", call.call_back)):
        if value.strip():
            sites.add_fact(tx, key, name, value.strip())
    return key


def _detail(call: Call) -> dict[str, str]:
    """Place and category by GeoReport's names. Who called is nobody's business but ours."""
    known = {
        "service_code": call.service_code,
        "summary": call.service_name,
        "address_string": call.address.strip(),
        "lat": repr(call.place.lat) if call.place else "",
        "long": repr(call.place.lng) if call.place else "",
    }
    return {name: value for name, value in known.items() if value}
