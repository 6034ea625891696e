"""A person's own settings: language, how they are told, phrases for opinions, saved filters. Nobody else's."""

import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from engine.model.actors import Actor
from engine.model.errors import Detail, Invalid, NotFound, Refused
from engine.model.personal import (
    MAX_FILTER_NAME,
    MAX_FILTERS,
    MAX_PHRASE,
    MAX_PHRASES,
    NoticeRule,
    Phrase,
    Preferences,
    SavedFilter,
)
from engine.service.equipment import Work, required
from engine.store import people, personal

_ADDRESS = re.compile(r"[^@\s<>,;\"']{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,}")
_INTERFACE = re.compile(r"https?://[^\s]+|(?!https?:)[a-z][a-z0-9_-]{0,39}:[^\s]*")
_FILTERABLE = ("tab", "text", "process", "only")
"""What of an address of the task centre makes a filter; a place in a list does not."""


def preferences(uow: Work, actor: Actor) -> Preferences:
    """The actor's choices."""
    return required(personal.preferences(uow, actor.person_key), f"person {actor.person_key}")


def rule(uow: Work, actor: Actor) -> NoticeRule:
    """What the actor's unit lets out of the house."""
    return personal.rule(uow, actor.unit.path)


def set_rule(uow: Work, unit_code: str, wanted: NoticeRule) -> None:
    """Set what a unit and those below it let out of the house. Raises NotFound; Invalid for an odd interface."""
    unit = next((one for one in people.list_units(uow) if one.code == unit_code), None)
    if unit is None:
        raise NotFound("unit.not_found", f"there is no unit {unit_code}")
    if wanted.webhook and not _INTERFACE.fullmatch(wanted.webhook):
        detail = Detail(place="interface", code="interface", message="https://… or ADAPTER:DETAIL")
        raise Invalid("personal.invalid", "the interface is neither an address nor an adapter", details=[detail])
    personal.save_rule(uow, unit.key, wanted)


def choose(uow: Work, actor: Actor, wanted: Preferences) -> None:
    """Keep the choices. Raises Invalid for an address that is none, Refused for what the unit does not allow."""
    email = wanted.email.strip()
    if (email or wanted.by_email) and not _ADDRESS.fullmatch(email):
        detail = Detail(place="email", code="email", message="a mail address, such as name@example.gov.cn")
        raise Invalid("personal.invalid", "the mail address is none", details=[detail])
    allowed = rule(uow, actor)
    if (wanted.by_email and not allowed.email) or (wanted.by_webhook and not allowed.webhook):
        raise Refused("personal.not_allowed", "your unit does not send notices that way")
    personal.save_preferences(uow, actor.person_key, replace(wanted, email=email))


def phrases(uow: Work, actor: Actor) -> tuple[Phrase, ...]:
    """The actor's phrases for opinions, oldest first."""
    return personal.phrases(uow, actor.person_key)


def add_phrase(uow: Work, actor: Actor, text: str) -> None:
    """Keep a phrase. Raises Invalid when it is empty or too long, or there are too many."""
    if len(personal.phrases(uow, actor.person_key)) >= MAX_PHRASES:
        detail = Detail(place="text", code="max_count", message=f"at most {MAX_PHRASES} phrases")
        raise Invalid("personal.invalid", f"at most {MAX_PHRASES} phrases", details=[detail])
    personal.add_phrase(uow, actor.person_key, _short(text, "text", MAX_PHRASE))


def change_phrase(uow: Work, actor: Actor, key: int, text: str) -> None:
    """Write one of the actor's phrases anew; nothing happens to another's, or when another one says the same."""
    personal.change_phrase(uow, actor.person_key, key, _short(text, "text", MAX_PHRASE))


def remove_phrase(uow: Work, actor: Actor, key: int) -> None:
    """Forget one of the actor's phrases."""
    personal.remove_phrase(uow, actor.person_key, key)


def filters(uow: Work, actor: Actor) -> tuple[SavedFilter, ...]:
    """The actor's saved filters, by name."""
    return personal.filters(uow, actor.person_key)


def save_filter(uow: Work, actor: Actor, name: str, query: str) -> None:
    """Keep a filter of the task centre under a name. Raises Invalid."""
    name = _short(name, "name", MAX_FILTER_NAME)
    known = personal.filters(uow, actor.person_key)
    if len(known) >= MAX_FILTERS and name not in {found.name for found in known}:
        detail = Detail(place="name", code="max_count", message=f"at most {MAX_FILTERS} filters")
        raise Invalid("personal.invalid", f"at most {MAX_FILTERS} filters", details=[detail])
    given = [(key, value[:100]) for key, value in parse_qsl(query[:2000]) if key in _FILTERABLE]
    personal.save_filter(uow, actor.person_key, name, urlencode(given))


def remove_filter(uow: Work, actor: Actor, key: int) -> None:
    """Forget one of the actor's filters."""
    personal.remove_filter(uow, actor.person_key, key)


def _short(text: str, place: str, limit: int) -> str:
    text = " ".join(text.split())
    if not 0 < len(text) <= limit:
        detail = Detail(place=place, code="length", message=f"1 to {limit} characters", params={"max": str(limit)})
        raise Invalid("personal.invalid", f"1 to {limit} characters", details=[detail])
    return text
