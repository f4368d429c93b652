"""The table of quirks as data: what each row makes the server do, which settings it implies, the profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dispatch.exercise.quirk_settings import Order

# "Some rows" are a third of them, by their number: a list holds bent and straight ones. SeeClickFix is said
# where a row changes the vendor's own face; all others change GeoReport's.
ROWS: dict[str, str] = {
    # Envelope and transport
    "Q1": "Called too fast, or asked for more rows than the cap, it answers 200 with a challenge page.",
    "Q2": "Past the last page the body is empty, with 200.",
    "Q3": "A parameter that is missing or wrong is answered 200 with an HTML page that begins with ERROR.",
    "Q4": 'Lists come in an object: {"service_requests": [...]}; the setting envelope knows an older one.',
    "Q5": "A list of one row comes as that row, without the list.",
    "Q6": "A request nobody knows is answered 200 with an empty list instead of 404.",
    "Q7": "The list of services is empty; empty XML lists are a pair of tags with a line break between them.",
    "Q8": "XML roots carry foreign namespaces and attributes, and xsi:nil marks what has no value.",
    "Q9": "With callback=NAME the JSON comes wrapped in a call of NAME.",
    "Q10": "XML comes where JSON was asked for, and JSON where XML was.",
    "Q11": "Callers who accept deflate get a stream that is none.",
    "Q12": "The API has moved to another host; the setting endpoint also knows retired and key.",
    "Q13": "Errors come in all the forms in use, one after the other.",
    "Q14": "A list that holds rows of one particular minute fails with 500.",
    "Q15": "429 comes without Retry-After, on both faces.",
    "Q16": "The caller is on a blacklist: 403 for every call, on both faces.",
    "Q18": "SeeClickFix: the token is dead: /profile answers 200 with a null id, and writing is 401.",
    # Identity
    "Q20": "Ids are numbers; the setting ids knows more forms.",
    "Q21": "Some rows carry a token beside the id, reports in process a token alone, and one row neither.",
    "Q22": "Service codes have leading zeros, dots, colons and blanks; some rows have none.",
    "Q23": "Service codes are printed as bare numbers with leading zeros, which is no JSON.",
    "Q24": "SeeClickFix: some issues have {} for a request type, or one without an organization.",
    "Q25": "SeeClickFix: some issues name a department or another spelling of the city as organization.",
    "Q26": "SeeClickFix: some reporters have null for an id, and no page.",
    "Q27": "SeeClickFix: some comments have no flag_url, and so no id at all.",
    "Q28": "A report sent twice with the same words, place and service is refused with 400.",
    "Q29": "Some closed rows are duplicates and name the request they are filed under.",
    "Q30": "An empty jurisdiction_id is refused.",
    # Time
    "Q31": "Times have no zone, a blank for the T, and fractions of a second.",
    "Q32": "Some rows have no time of change: null, empty or no key.",
    "Q33": "Some rows have no time of entry: null, empty or no key.",
    "Q34": "Some rows say 1970 where a time is not known.",
    "Q35": "Some rows were changed before they were entered.",
    "Q36": "Times are written in the vendor's zone, not in the city's.",
    "Q37": "Filters take no times with a fraction or a zone; the setting filter_times knows days, too.",
    "Q38": "SeeClickFix: some times that mean the same moment differ by seconds.",
    "Q39": "The time of change of some rows stands still, whatever happens to them.",
    "Q40": "Some rows write the same instants with another offset.",
    # Place
    "Q41": "Some rows lie at 0,0.",
    "Q42": "Some rows have no coordinates: null, empty or no key.",
    "Q43": "Some rows have coordinates as text, some of them with two decimals.",
    "Q44": "Some rows have latitude and longitude swapped.",
    "Q45": "Some rows have easting and northing in metres for coordinates.",
    "Q46": "SeeClickFix: the coordinates of the point have fewer digits than lat and lng.",
    "Q47": "Requests of the city next door come along.",
    "Q48": "Some addresses are padded, foreign, misspelt as a key, or only the name of a place; zip is 0.",
    "Q49": "Some addresses are crossings in capitals with double blanks.",
    # Text and media
    "Q51": "Some descriptions are blank, null, absent, or full of blanks and line ends.",
    "Q52": "Some descriptions hold HTML and script, and the media_url with them is a javascript: link.",
    "Q53": "Some descriptions name people, phone numbers and e-mail addresses.",
    "Q54": "Some rows have lists, objects, data: addresses, fragments or blanks for a media_url.",
    "Q55": "Some pictures were moved, have expired, or show only the category.",
    "Q56": "Some rows have an object, a number or nothing for an agency.",
    "Q57": "Some rows say null, None or N/A in letters where a value is not known.",
    "Q58": "Descriptions repeat the title; detail holds the resident's words.",
    "Q59": "Some status notes are a bare number or the word of a status.",
    # Status
    "Q61": "Some statuses are spelled otherwise, or are words nobody has heard of.",
    "Q63": "Archived requests leave the list unless a status is asked for.",
    "Q64": "Residents reopen some closed reports when this is switched on, and the city closes them again.",
    "Q65": "SeeClickFix: some closed issues were never acknowledged.",
    "Q66": "Some rows come once more at the end of their page, as they were when they were entered.",
    "Q67": "SeeClickFix: no issue offers a transition to anybody.",
    "Q68": "SeeClickFix holds all that is written for a moderator: 202; a report by GeoReport gets a token.",
    "Q69": "The answer to every second write is lost, on both faces, though the work is done.",
    # Lists that move
    "Q71": "Each page begins with the last row of the page before.",
    "Q72": "Later pages leave out their first row about every second time.",
    "Q73": "page is ignored: every page is the first.",
    "Q74": "Pages count from 0.",
    "Q75": "No answer holds more than 50 rows, whatever is asked for, and nothing says so.",
    "Q76": "Lists come by their last change, though they are filtered by their entry.",
    "Q77": "Some rows are missing from about every second list.",
    "Q78": "A search near a place finds rows of any age.",
    "Q79": "status and service_code are ignored without a word.",
    "Q80": "More than 20 ids in one call are refused with 414.",
    "Q81": "Without a status asked for, a list holds open requests alone.",
    "Q82": "A span of more than 90 days is refused.",
    "Q83": "Discovery calls this server a test server, though its data are the city's.",
    "Q84": "All services are gone, and a few made-up ones shout a message.",
    # Drift
    "Q91": "A key has another name, a new one came and one is gone; on SeeClickFix, too.",
    "Q92": "A value changed its type: rating (SeeClickFix) is text, integrations an object, values a number.",
    "Q93": "Coordinates are numbers and texts within one list, and 0 where the place is not known.",
}

# Rows there is no switch for: this server is like that, at all times and on purpose.
STANDING: dict[str, str] = {
    "Q17": "Callers without a User-Agent are refused by the gate, always: there is no reason to let one in.",
    "Q60": "Every report made in an exercise is acknowledged by rule within its first minute (first_minute).",
    "Q62": "GeoReport has two statuses; what is finer stays behind them, whatever is switched.",
}

# Rows that are a matter of settings: switched on they set these, switched off they take them back.
IMPLIED: dict[str, Mapping[str, Any]] = {
    "Q3": {"jurisdiction": "any"},
    "Q4": {"envelope": "service_requests"},
    "Q12": {"endpoint": "moved"},
    "Q13": {"errors": "turning"},
    "Q20": {"ids": "number"},
    "Q22": {"codes": "odd"},
    "Q36": {"zone": "America/Los_Angeles"},
    "Q37": {"filter_times": "plain"},
    "Q73": {"pages": False},
    "Q74": {"first_page": 0},
    "Q75": {"cap": 50},
    "Q76": {"order": Order.UPDATED_DOWN},
    "Q79": {"ignored": "status,service_code"},
    "Q80": {"most_ids": 20},
    "Q81": {"default_status": "open"},
    "Q82": {"long_spans": "refused"},
}

# The families of servers. Where a row would harm rather than bend (Q1 counts calls of a minute) it is left to
# whoever wants to see it.
PROFILES: dict[str, tuple[tuple[str, ...], Mapping[str, Any]]] = {
    "spec": ((), {}),
    "seeclickfix": (
        ("Q20", "Q78"),
        {"cap": 20, "page_size": 20, "zone": "America/New_York", "updated_after": False, "updates": "none"},
    ),
    "spot": (
        ("Q2", "Q21", "Q37", "Q76"),
        {
            "cap": 50,
            "page_size": 50,
            "codes": "hex",
            "ids": "padded",
            "unknown": "absent",
            "updated_after": False,
            "updates": "none",
        },
    ),
    "ureport": (
        ("Q9", "Q93"),
        {"order": Order.ENTERED_UP, "codes": "hex", "ids": "hex", "updates": "none"},
    ),
    "fixmystreet": (
        ("Q3", "Q4", "Q6", "Q20", "Q43", "Q56", "Q58"),
        {"codes": "title", "pages": False, "open_end": True, "unknown": "absent", "updated_after": False},
    ),
    "old-sf": (
        ("Q8", "Q31", "Q32", "Q41", "Q49"),
        {
            "formats": "xml",
            "pages": False,
            "order": Order.UPDATED_DOWN,
            "updated_after": False,
            "lists": False,
            "updates": "none",
        },
    ),
}
