"""Statements about what belongs to one person: choices, phrases, saved filters."""

from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model.personal import NoticeRule, Phrase, Preferences, SavedFilter
from engine.store import tables as t
from engine.store.work import UnitOfWork


def preferences(uow: UnitOfWork, person_key: int) -> Preferences | None:
    """A person's choices; None when there is no such person."""
    chosen = t.PersonPreference
    row = uow.row(
        select(t.Person.locale, chosen.email, chosen.by_email, chosen.by_webhook)
        .outerjoin(chosen, chosen.person_key == t.Person.key)
        .where(t.Person.key == person_key)
    )
    if row is None:
        return None
    return Preferences(
        locale=row.locale, email=row.email or "", by_email=bool(row.by_email), by_webhook=bool(row.by_webhook)
    )


def save_preferences(uow: UnitOfWork, person_key: int, wanted: Preferences) -> None:
    """Keep a person's choices, their language in their account."""
    values = {"email": wanted.email, "by_email": wanted.by_email, "by_webhook": wanted.by_webhook}
    statement = upsert(t.PersonPreference).values(person_key=person_key, **values)
    uow.write(statement.on_conflict_do_update(index_elements=["person_key"], set_=values))
    uow.write(update(t.Person).where(t.Person.key == person_key).values(locale=wanted.locale))


def rule(uow: UnitOfWork, unit_path: str) -> NoticeRule:
    """The rule of the unit at a path, or of the nearest one above it; mail and no webhook when none says anything."""
    keys = [int(part) for part in unit_path.strip("/").split("/") if part]
    found = uow.rows(
        select(t.NoticeRule.email, t.NoticeRule.webhook)
        .join(t.OrgUnit, t.OrgUnit.key == t.NoticeRule.unit_key)
        .where(t.NoticeRule.unit_key.in_(keys))
        .order_by(func.length(t.OrgUnit.path).desc())
        .limit(1)
    )
    return NoticeRule(email=found[0].email, webhook=found[0].webhook) if found else NoticeRule()


def save_rule(uow: UnitOfWork, unit_key: int, wanted: NoticeRule) -> None:
    """Keep what a unit lets out of the house."""
    values = {"email": wanted.email, "webhook": wanted.webhook}
    statement = upsert(t.NoticeRule).values(unit_key=unit_key, **values)
    uow.write(statement.on_conflict_do_update(index_elements=["unit_key"], set_=values))


def phrases(uow: UnitOfWork, person_key: int) -> tuple[Phrase, ...]:
    """A person's phrases, oldest first."""
    found = select(t.Phrase.key, t.Phrase.text).where(t.Phrase.person_key == person_key).order_by(t.Phrase.key)
    return tuple(Phrase(key=row.key, text=row.text) for row in uow.rows(found))


def add_phrase(uow: UnitOfWork, person_key: int, text: str) -> None:
    """Keep a phrase; the same text is kept once."""
    uow.write(upsert(t.Phrase).values(person_key=person_key, text=text).on_conflict_do_nothing())


def change_phrase(uow: UnitOfWork, person_key: int, key: int, text: str) -> bool:
    """Write a phrase of one's own anew; whether there was one and no other says the same."""
    twin = select(t.Phrase.key).where(t.Phrase.person_key == person_key, t.Phrase.text == text, t.Phrase.key != key)
    own = t.Phrase.key == key, t.Phrase.person_key == person_key
    return uow.write(update(t.Phrase).where(*own, ~twin.exists()).values(text=text)) == 1


def remove_phrase(uow: UnitOfWork, person_key: int, key: int) -> None:
    """Forget a phrase of one's own."""
    uow.write(delete(t.Phrase).where(t.Phrase.key == key, t.Phrase.person_key == person_key))


def filters(uow: UnitOfWork, person_key: int) -> tuple[SavedFilter, ...]:
    """A person's saved filters, by name."""
    found = select(t.SavedFilter.key, t.SavedFilter.name, t.SavedFilter.query)
    rows = uow.rows(found.where(t.SavedFilter.person_key == person_key).order_by(t.SavedFilter.name))
    return tuple(SavedFilter(key=row.key, name=row.name, query=row.query) for row in rows)


def save_filter(uow: UnitOfWork, person_key: int, name: str, query: str) -> None:
    """Keep a filter under a name; the newest of a name wins."""
    statement = upsert(t.SavedFilter).values(person_key=person_key, name=name, query=query)
    uow.write(statement.on_conflict_do_update(index_elements=["person_key", "name"], set_={"query": query}))


def remove_filter(uow: UnitOfWork, person_key: int, key: int) -> None:
    """Forget a filter of one's own."""
    uow.write(delete(t.SavedFilter).where(t.SavedFilter.key == key, t.SavedFilter.person_key == person_key))


def add_printout(uow: UnitOfWork, **values: object) -> None:
    """Note that a case was printed; `values` are the columns of `printout`."""
    uow.write(insert(t.Printout), values)


def printout(uow: UnitOfWork, code: str) -> Any | None:
    """A print-out by its code, with the case's number and the name of its process."""
    return uow.row(
        select(t.Printout.__table__, t.ProcessInstance.number, t.ProcessDefinition.name.label("process_name"))
        .join(t.ProcessInstance, t.ProcessInstance.key == t.Printout.instance_key)
        .join(t.ProcessDefinition, t.ProcessDefinition.key == t.ProcessInstance.definition_key)
        .where(t.Printout.code == code)
    )
