"""The organization's own actions on an issue: documented nowhere, so their bodies are our definition."""

from __future__ import annotations

from typing import Any

from dispatch.exercise.bodies import invalid, text
from dispatch.exercise.issue import Issue, Line
from dispatch.exercise.office import Office
from dispatch.exercise.script import STAFF, Person, RequestType


class Inside:
    def __init__(self, office: Office) -> None:
        self._office = office
        self._ledger = office.ledger

    def comment(self, issue: Issue, words: str, author: Person) -> bytes:
        """For members alone; gives the comment's body. The time of the last change moves with it."""
        issue.updated_at = max(issue.updated_at, self._office.stamp)
        return self._ledger.say_inside(issue, Line(self._office.stamp, author, words, issue.status))

    def take(self, name: str, issue: Issue, sent: dict[str, Any], author: Person) -> None:
        """Assign it, file it elsewhere or mark it as a duplicate. What is said along stays inside."""
        if name == "assignment":
            self._office.assign(issue, self._assignee(sent))
        elif name == "recategorize":
            self._office.recategorize(issue, self._request_type(sent))
        else:
            self._office.mark_as_duplicate(issue, self._canonical_id(issue, sent))
        if words := text(sent, "comment"):
            self.comment(issue, words, author)

    def _assignee(self, sent: dict[str, Any]) -> Person:
        storm = self._ledger.storm
        asked = text(sent, "assignee_id", is_needed=True)
        for each in (*STAFF, storm.member, storm.office):
            if str(each.person_id) == asked:
                return each
        raise invalid("assignee_id", "is not a member of this organization")

    def _request_type(self, sent: dict[str, Any]) -> RequestType:
        asked = text(sent, "request_type_id", is_needed=True)
        found = self._ledger.request_type(int(asked)) if asked.isdigit() else None
        if found is None:
            raise invalid("request_type_id", "is not known here")
        return found

    def _canonical_id(self, issue: Issue, sent: dict[str, Any]) -> int:
        asked = text(sent, "canonical_issue_id", is_needed=True)
        found = self._ledger.issue(int(asked)) if asked.isdigit() else None
        if found is None or found.issue_id == issue.issue_id:
            raise invalid("canonical_issue_id", "is not another issue of this organization")
        return found.issue_id
