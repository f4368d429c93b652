"""The city's texts to residents: changed, approved and put back, each a version of its own that stays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from dispatch.errors import ActRefused
from dispatch.in_force import InForce
from dispatch.records import (
    Actor,
    Changes,
    Intent,
    Template,
)
from dispatch.residents.slots import Known
from dispatch.residents.templates import Templates, template_id, why_not_text
from dispatch.site_texts import SiteTexts
from dispatch.store import sites, templates
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction

CHANGED_SINCE = "Somebody has changed this text since you opened it: look at it again."
MOST_NAME_SIGNS = 24


@dataclass(frozen=True, slots=True)
class TextsHere:
    """What may be said at a site: the texts as they stand, and what is known of each report, by its key."""

    templates: Templates
    known: Mapping[int, Known]
    is_exercise: bool = False


class TemplateDesk:
    """`version` is the one that whoever acts has read: what was changed since is never written over."""

    def __init__(
        self,
        *,
        store: Store,
        in_force: InForce,
        actor: Callable[[], Actor],
        texts: SiteTexts,
    ) -> None:
        self._store = store
        self._in_force = in_force
        self._actor = actor
        self._texts = texts

    def templates(self) -> Templates:
        """As they stand now."""
        with self._store.reading() as connection:
            return self._in_force.templates(connection)

    def at_site(self, site_id: int) -> TextsHere:
        """ActRefused where the site stands in another one by now."""
        with self._store.reading() as connection:
            row = sites.row(connection, site_id)
            members = sites.members(connection, [site_id]).get(site_id, [])
            if row is None or not members:
                raise ActRefused("This site stands in another one now.")
            ground = self._texts.ground(connection, row.activation_id, [site_id])
            known = {member[0]: ground.known(row, member, reports=len(members)) for member in members}
            return TextsHere(ground.templates, known, ground.is_exercise)

    def versions(self, template_id: str) -> tuple[Template, ...]:
        """The city's own, the newest first."""
        with self._store.reading() as connection:
            return templates.versions(connection, template_id)

    def edit(self, template_id: str, version: int, text: str) -> Changes:
        """A new text, approved by nobody yet."""
        with self._store.transaction(self._actor()) as tx:
            before = self._standing(tx, template_id, version)
            self._keep(tx, before, replace(before, text=text.strip()))
        return tx.changes

    def translate(self, template_id: str, language: str, text: str) -> Changes:
        """The same text in a language that has none of it yet."""
        with self._store.transaction(self._actor()) as tx:
            known = self._in_force.templates(tx.connection)
            model = known.get(template_id)
            if model is None:
                raise ActRefused("There is no text to translate here any more.")
            self._make(tx, replace(model, language=language, text=text.strip()))
        return tx.changes

    def add_variant(
        self,
        intent: Intent,
        language: str,
        name: str,
        text: str,
        *,
        categories: Collection[str] = (),
        bands: Collection[int] = (),
    ) -> Changes:
        """A text of its own for some categories or bands."""
        variant = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
        if not variant or len(variant) > MOST_NAME_SIGNS:
            raise ActRefused(f"Give the text a short name, up to {MOST_NAME_SIGNS} letters.")
        if not categories and not bands:
            raise ActRefused("Say for which categories or bands this text is.")
        if unknown := sorted(set(categories) - set(self._in_force.judge.rules.table.keys)):
            raise ActRefused(f"There is no category “{unknown[0]}”.")
        if any(not 1 <= band <= 5 for band in bands):
            raise ActRefused("Bands are 1 to 4, and 5 for INFO.")
        said = Template(
            template_id="",
            intent=intent,
            language=language,
            text=text.strip(),
            categories=frozenset(categories),
            bands=frozenset(bands),
            variant=variant,
        )
        with self._store.transaction(self._actor()) as tx:
            self._make(tx, said)
        return tx.changes

    def approve(self, template_id: str, version: int) -> Changes:
        """The city stands by these words in this language: from now on a rule may send them."""
        with self._store.transaction(self._actor()) as tx:
            before = self._standing(tx, template_id, version)
            if before.is_approved:
                raise ActRefused(f"{before.approved_by} has approved this text already.")
            self._must_be_sayable(tx, before)
            after = templates.add(tx, before, is_approved=True)
            self._log(tx, "template_approved", f"text approved: {template_id}", before, after)
        return tx.changes

    def put_back(self, template_id: str, version: int) -> Changes:
        """What came with the program stands again; one that the city made is gone from the list."""
        with self._store.transaction(self._actor()) as tx:
            before = self._standing(tx, template_id, version)
            if before.version == 0:
                raise ActRefused("It stands as it came with the program.")
            after = templates.add(tx, replace(before, text=""))
            self._log(tx, "template_edited", f"text put back: {template_id}", before, after)
        return tx.changes

    # -- inside -----------------------------------------------------------------------------------------

    def _standing(self, tx: Transaction, template_id: str, version: int) -> Template:
        last = {each.template_id: each for each in templates.newest(tx.connection)}
        known = self._in_force.templates(tx.connection)
        found = known.get(template_id)
        if found is None:
            raise ActRefused("This text is not there any more.")
        # A text that was put back has a number in the store and none in the list.
        number = last[template_id].version if template_id in last else 0
        if version != found.version:
            raise ActRefused(CHANGED_SINCE)
        return replace(found, version=number)

    def _make(self, tx: Transaction, said: Template) -> None:
        new_id = template_id(said.intent, said.language, said.variant)
        if self._in_force.templates(tx.connection).get(new_id) is not None:
            raise ActRefused("There is a text of this name in this language: change that one.")
        last = {each.template_id: each for each in templates.newest(tx.connection)}
        number = last[new_id].version if new_id in last else 0
        self._keep(tx, None, replace(said, template_id=new_id, version=number))

    def _keep(self, tx: Transaction, before: Template | None, said: Template) -> None:
        if before is not None and before.text == said.text:
            raise ActRefused("Nothing in it was changed.")
        self._must_be_sayable(tx, said)
        after = templates.add(tx, said)
        self._log(tx, "template_edited", f"text changed: {said.template_id}", before, after)

    def _must_be_sayable(self, tx: Transaction, said: Template) -> None:
        known = self._in_force.templates(tx.connection)
        if said.language not in known.languages:
            raise ActRefused(
                "There are no words for the slots in this language: the city adds a file of them."
            )
        if no := why_not_text(said.text, said.intent, known.language(said.language)):
            raise ActRefused(no)

    def _log(self, tx: Transaction, act: str, words: str, before: Template | None, after: Template) -> None:
        was = before and {"template": before.template_id, "version": before.version}
        now = {"template": after.template_id, "version": after.version}
        tx.log(act, words, detail={"before": was, "after": now})
