"""Who is turned away before a call of the GeoReport face is looked at: moved, retired, challenged."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dispatch.exercise.gate import SAFE_METHODS
from dispatch.exercise.georeport_answers import Answers, error_page
from dispatch.exercise.limiter import Limiter
from dispatch.exercise.quirks import Quirks

# Another name of this machine: near enough to another host to be told from it.
NEW_HOST = "localhost"
MISSING = "jurisdiction_id is missing"
_CHALLENGE = (
    b"<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head>"
    b"<body><noscript>Enable JavaScript to go on.</noscript></body></html>\n"
)


class Door:
    def __init__(self, quirks: Quirks, answers: Answers) -> None:
        self._quirks = quirks
        self._answers = answers
        self._limiter = Limiter(quirks.settings.challenge_calls)

    def turned_away(self, http_request: Request) -> Response | None:
        return (
            self._no_longer_here(http_request)
            or self._challenged(http_request)
            or self._without_jurisdiction(http_request)
        )

    def _no_longer_here(self, http_request: Request) -> Response | None:
        endpoint, path = self._quirks.settings.endpoint, http_request.url.path
        if endpoint == "moved" and http_request.url.hostname != NEW_HOST:
            new = http_request.url.replace(hostname=NEW_HOST)
            return RedirectResponse(new, 301 if http_request.method in SAFE_METHODS else 308)
        if endpoint == "retired":
            return self._answers.refuse(path, 410, "This API was switched off.")
        if endpoint == "key" and not http_request.query_params.get("api_key"):
            return self._answers.refuse(path, 403, "An api_key is needed, for reading, too.")
        return None

    def _challenged(self, http_request: Request) -> Response | None:
        """Bot protection: a page for a browser, called too fast or asked for too much."""
        if not self._quirks.has("Q1"):
            return None
        settings = self._quirks.settings
        if self._limiter.most != settings.challenge_calls:
            self._limiter = Limiter(settings.challenge_calls)
        size = http_request.query_params.get("page_size", "")
        is_too_much = size.isascii() and size.isdigit() and int(size) > settings.cap
        if is_too_much or self._limiter.take() is not None:
            return Response(_CHALLENGE, 200, media_type="text/html")
        return None

    def _without_jurisdiction(self, http_request: Request) -> Response | None:
        query, needed = http_request.query_params, self._quirks.settings.jurisdiction
        said = query.get("jurisdiction_id")
        is_confusing = said == "" and self._quirks.has("Q30")
        is_missing = needed != "" and http_request.method in SAFE_METHODS and not said
        is_other = needed not in ("", "any") and said and said != needed
        if not (is_confusing or is_missing or is_other):
            return None
        if self._quirks.has("Q3"):
            return error_page(MISSING)
        return self._answers.refuse(http_request.url.path, 400, f"{MISSING} or not known.")
