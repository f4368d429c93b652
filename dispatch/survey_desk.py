"""Bringing in surveys of others, a county's or our crews', and taking them back: each import is one act."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from dispatch.errors import ActRefused
from dispatch.geo.imports.tables import Table
from dispatch.records import Actor, Changes, Survey, SurveyKind, SurveyRow
from dispatch.store import surveys
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.survey.columns import SurveyWords, load_once
from dispatch.survey.joining import Joiner, is_of_homes
from dispatch.survey.rows import rows_of

MOST_NAME = 200


class SurveyDesk:
    """`home_categories` are those that are about homes: a survey of homes means them where several sites are
    at one place."""

    def __init__(
        self,
        *,
        store: Store,
        actor: Callable[[], Actor],
        home_categories: Collection[str],
        words: Callable[[], SurveyWords] = load_once,
    ) -> None:
        self._store, self._actor = store, actor
        self._home_categories = frozenset(home_categories)
        self._words = words

    def import_survey(
        self, table: Table, kind: SurveyKind, beside: Path | None = None
    ) -> tuple[Survey, Changes]:
        """The table was read apart before. Bad rows are kept with their sentence and stop no other. `beside`
        is the folder whose photos are proven. Raises TableRefused; ActRefused for a file that is there."""
        rows = rows_of(table, self._words(), beside)
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("survey_imported")
            self._must_be_new(tx, table)
            joiner = Joiner(surveys.sites(tx.connection, tx.actor.activation_id, self._home_categories))
            joined = [self._joined(joiner, row, kind) for row in rows]
            made = surveys.add(tx, kind, table.name[:MOST_NAME], table.sha256, joined)
            words = f"survey imported: {made.file_name} ({kind.value}, {made.taken} of {made.read} rows)"
            detail = {
                "before": None,
                "after": {"survey": made.survey_id, "sha256": made.sha256, "joined": made.joined},
                "undo": {"survey": made.survey_id},
            }
            tx.log("survey_imported", words, subject=made.survey_id, detail=detail)
        return made, tx.changes

    def take_back(self, survey_id: str) -> Changes:
        """It counts nowhere, and the same file may come again; its rows stay as they came."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("survey_taken_back")
            there = surveys.surveys(tx.connection, tx.actor.activation_id)
            found = next((each for each in there if each.survey_id == survey_id), None)
            if found is None:
                raise ActRefused("This storm has no such survey: choose one of the list.")
            surveys.take_back(tx, survey_id)
            detail = {"before": {"survey": survey_id}, "after": None}
            words = f"survey taken back: {found.file_name}"
            tx.log("survey_taken_back", words, subject=survey_id, detail=detail)
        return tx.changes

    def surveys(self) -> tuple[Survey, ...]:
        """Of this storm, the newest first. Reads the store: on its lane."""
        with self._store.reading() as connection:
            return surveys.surveys(connection, self._actor().activation_id)

    def rows(self, survey_id: str) -> tuple[SurveyRow, ...]:
        """In the order of the file, the refused ones with their sentence."""
        with self._store.reading() as connection:
            return surveys.rows(connection, survey_id)

    def _joined(self, joiner: Joiner, row: SurveyRow, kind: SurveyKind) -> SurveyRow:
        if not row.is_taken:
            return row
        return joiner.join(row, is_of_homes=is_of_homes(kind, row.level))

    def _must_be_new(self, tx: Transaction, table: Table) -> None:
        for each in surveys.surveys(tx.connection, tx.actor.activation_id):
            if each.sha256 == table.sha256 and not each.is_taken_back:
                raise ActRefused(
                    f"{table.name} was imported already, by {each.person or 'somebody'} as {each.file_name}:"
                    " take that import back first, or choose another file."
                )
