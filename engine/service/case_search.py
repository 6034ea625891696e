"""Search for cases in reach, and the export of what was found. Both are traced; a text that may name somebody stands in
the trace as a keyed hash, so that "did anybody look for this name?" can be answered and the name is not kept.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from datetime import datetime

import xlsxwriter  # type: ignore[import-untyped]  # the library carries no type hints

from engine.model.actors import Actor, Client, Permission
from engine.model.case_queries import ENCRYPTED, NAMES_PEOPLE, CaseQuery
from engine.model.errors import Detail, Invalid
from engine.model.trace_entries import EntryKind
from engine.model.views import CaseRow, Page
from engine.service import case_index, paging, recording, rights, rows
from engine.service.equipment import Work, required
from engine.service.handling import new_command_id
from engine.store import case_terms, cases, worklists
from engine.store.case_terms import Midnight

MOST_EXPORTED = 5000
SHORTEST_TEXT = 2
_LOOK_AHEAD = 100
"""Candidates that are opened at once when a text rests encrypted."""
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def search(
    uow: Work, actor: Actor, client: Client, query: CaseQuery, cursor: str | None = None, limit: int = 20
) -> Page[CaseRow]:
    """Cases in the actor's reach that meet the query, newest first. An inspector's search is traced.

    Raises Invalid ``cases.reason_needed`` when an inspector looks for a name or a text and has not said why
    (`Client.reason`), and ``cases.text_too_short``.
    """
    limit = min(limit, paging.MAX_LIMIT)
    _check(actor, client, query)
    found = list(_first(_found(uow, actor, query, paging.after(cursor)), limit + 1))
    page = paging.page(found, limit, lambda row: row)
    if rights.inspects(actor):
        more = page.next_cursor is not None
        payload = {"criteria": _criteria(uow, query), "count": len(page.rows), "more": more, "reason": _reason(client)}
        entry = recording.draft(uow, EntryKind.CASES_SEARCHED, actor, client, new_command_id(), payload)
        recording.to_system(uow, entry)
    return page


def export(uow: Work, actor: Actor, client: Client, query: CaseQuery, form: str, titles: tuple[str, ...]) -> bytes:
    """The found cases as a file, `MOST_EXPORTED` at most: CSV (UTF-8 with a mark, for Excel) or XLSX. Always traced.

    titles: the heads of the columns of `_cells`. No cell can become a formula. Raises as `search`; a reason is always
    needed.
    """
    if not client.reason:
        raise _reason_needed()
    _check(actor, client, query)
    found = list(_first(_found(uow, actor, query, None), MOST_EXPORTED))
    table = [titles, *(_cells(uow, row) for row in found)]
    data = _xlsx(table) if form == "xlsx" else _csv(table)
    payload = {
        "criteria": _criteria(uow, query),
        "format": "xlsx" if form == "xlsx" else "csv",
        "count": len(found),
        "sha256": hashlib.sha256(data).hexdigest(),
        "reason": client.reason,
    }
    entry = recording.draft(uow, EntryKind.CASES_EXPORTED, actor, client, new_command_id(), payload)
    recording.to_system(uow, entry)
    return data


def _check(actor: Actor, client: Client, query: CaseQuery) -> None:
    rights.require(actor, Permission.CASE_READ)
    for field in ENCRYPTED:
        if 0 < len(case_index.normal(getattr(query, field))) < SHORTEST_TEXT:
            detail = Detail(place=field, code="text_too_short", message="two characters are needed at least")
            raise Invalid("cases.text_too_short", "what is looked for is too short", details=[detail])
    if rights.inspects(actor) and not client.reason and NAMES_PEOPLE & query.given().keys():
        raise _reason_needed()


def _reason_needed() -> Invalid:
    detail = Detail(place="reason", code="required", message="say why")
    return Invalid(
        "cases.reason_needed", "say why you look for this; the reason is written to the trace", details=[detail]
    )


def _reason(client: Client) -> str | None:
    return client.reason or None


def _found(uow: Work, actor: Actor, query: CaseQuery, before_key: int | None) -> Iterator[CaseRow]:
    """All cases that meet the query, newest first, read as far as they are asked for."""
    reach = rights.reach(actor)
    wanted = {field: text for field in ENCRYPTED if (text := case_index.normal(getattr(query, field)))}
    if wanted:
        case_index.catch_up(uow, reach)
    terms = case_index.all_terms(uow, wanted)
    filters = case_terms.conditions(query, terms, uow.now(), Midnight(uow.equipment.zone))
    while True:
        batch = worklists.cases(uow, reach, before_key=before_key, limit=_LOOK_AHEAD, filters=filters)
        for row in batch:
            if not wanted or case_index.holds(uow, required(cases.case(uow, row.key), "a case of a list"), wanted):
                yield rows.listed_case(uow, row)
        if len(batch) < _LOOK_AHEAD:
            return
        before_key = batch[-1].key


def _first(found: Iterator[CaseRow], count: int) -> Iterator[CaseRow]:
    for _, row in zip(range(count), found, strict=False):
        yield row


def _criteria(uow: Work, query: CaseQuery) -> list[dict[str, str]]:
    hashed = uow.equipment.provider.blind_index
    return [
        {"field": name, "digest": hashed(case_index.normal(value), domain="case.search").hex()}
        if name in NAMES_PEOPLE
        else {"field": name, "value": value}
        for name, value in query.given().items()
    ]


def _cells(uow: Work, row: CaseRow) -> tuple[str, ...]:
    """Number, subject, process, version, unit, state, nodes where it stands, level, starter, started, ended."""

    def local(at: datetime | None) -> str:
        return at.astimezone(uow.equipment.zone).strftime("%Y-%m-%d %H:%M") if at else ""

    return (
        row.number, row.subject, row.process_name, str(row.definition_version), row.unit_name, row.state.value,
        "、".join(row.current), row.level.value, row.starter_name, local(row.started_at), local(row.ended_at),
    )  # fmt: skip


def safe_cell(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula (CWE-1236): an apostrophe before what could begin one."""
    return (
        f"'{text}"
        if text.lstrip(" \u3000").startswith(_STARTS_A_FORMULA) or text.startswith(_STARTS_A_FORMULA)
        else text
    )


def _csv(table: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([[safe_cell(cell) for cell in line] for line in table])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _xlsx(table: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(table[0]) - 1, 18)
        for number, line in enumerate(table):
            for column, cell in enumerate(line):
                sheet.write_string(number, column, safe_cell(cell))
    return out.getvalue()
