"""The replay of a case: every entry of its trace with what moved, the models it ran on, and its values at any moment.

It folds what is recorded and never runs the engine. Who may see what is decided as on the case page (`sight`). The
discipline body sees a case that was reported to it as a whole, with those reports; its look is noted in its own trail,
not in the unit's system stream, which must not tell that somebody was reported.
"""

from collections.abc import Mapping
from typing import Any

from engine.forms.display import displayed
from engine.model.actors import Actor, Client, Permission
from engine.model.discipline import ReportView
from engine.model.errors import NotFound
from engine.model.replay import Moment, Moved, ReplayEntry, ReplayModel, ReplayView, SilentMark
from engine.model.trace_entries import Head
from engine.model.views import CaseRow, FieldChange, TimelineEntry
from engine.service import discipline, looking, lookups, rights, rows, sight, timeline
from engine.service.equipment import Work, required
from engine.service.payloads import same
from engine.service.shown_models import without_silent_checks
from engine.service.sight import Sight
from engine.store import cases, definitions, entries
from engine.store.cases import CaseRecord
from engine.trace import chain
from engine.trace.replay import Film
from engine.trace.values import Erased

VIEW = "replay"


def opened(uow: Work, actor: Actor, client: Client, key: int) -> CaseRow:
    """The case whose replay is opened; looking is traced here, once, and not again by what the page asks for.

    Raises NotFound out of reach, NotAllowed ``case.reason_needed`` as `looking.open_case`.
    """
    reports = _reports(uow, actor, key)
    if reports:
        return rows.case_row(uow, required(cases.case(uow, key), "a reported case"))
    return rows.case_row(uow, looking.open_case(uow, actor, client, key, VIEW)[0])


def view(uow: Work, actor: Actor, client: Client, key: int) -> ReplayView:
    """The whole replay of a case that was opened. Raises as `opened`."""
    case, reports = _seen_before(uow, actor, client, key)
    seen = _sight(uow, actor, case, reports)
    sealed = tuple(entries.stream_entries(uow, case.key))
    report = chain.verify(case.key, sealed, entries.head(uow, case.key) or Head(seq=0, hash=b""))
    found, called = [], dict[tuple[str, str], None]()
    for story, payload in timeline.told(uow, case, seen, sealed):
        called.update(dict.fromkeys(timeline.called_in(payload)))
        moved = tuple(map(_moved, payload.get("transitions", ())))
        process = next((one[4] for one in moved if one[1] == story.element_id), "")
        found.append(ReplayEntry(story=story, moved=moved, process=process))
    return ReplayView(
        case=rows.case_row(uow, case),
        models=_models(uow, case, called, whole=bool(reports)),
        entries=tuple(found),
        broken_at=report.first_bad_seq,
        fault=report.fault or "",
        silent=tuple(_mark(found, one) for one in reports),
    )


def entry(uow: Work, actor: Actor, client: Client, key: int, seq: int) -> TimelineEntry:
    """One entry in full. The look at the case was traced when the replay was opened. Raises NotFound."""
    case, reports = _seen_before(uow, actor, client, key)
    seen = _sight(uow, actor, case, reports)
    one = entries.numbered(uow, case.key, seq)
    if one is None:
        raise NotFound("trace.entry_not_found", "the trace of this case has no such entry")
    return next(story for story, _ in timeline.told(uow, case, seen, [one]))


def moment(uow: Work, actor: Actor, client: Client, key: int, seq: int, against: int | None) -> Moment:
    """All values of a case after entry `seq`, and how they differ from those after entry `against`.

    Who does not see everything sees the fields of their own forms, and no inner scopes.
    """
    case, reports = _seen_before(uow, actor, client, key)
    seen = _sight(uow, actor, case, reports)
    cipher = uow.cipher(case.wrapped_key)
    sealed = entries.stream_entries(uow, case.key)
    opened = [(one.seq, chain.open_payload(one, cipher)) for one in sealed if one.seq <= max(seq, against or 0)]
    film, labels = Film(opened), _Labels(uow, opened)
    now = film.at(seq).scopes
    then = film.at(against).scopes if against is not None else now
    shown = dict.fromkeys((*then, *now)) if seen.everything else {"": None}
    scopes = []
    for scope in shown:
        old, new = then.get(scope, {}), now.get(scope, {})
        names = [name for name in dict.fromkeys((*old, *new)) if seen.everything or seen.reads(name)]
        changes = tuple(labels.change(name, old.get(name), new.get(name)) for name in names)
        if against is not None:
            different = {name for name in names if not same(old.get(name), new.get(name))}
            changes = tuple(one for one in changes if one.path in different)
        scopes.append((scope, changes))
    return Moment(seq=seq, against=against, scopes=tuple(one for one in scopes if one[1]), withheld=not seen.everything)


def _seen_before(uow: Work, actor: Actor, client: Client, key: int) -> tuple[CaseRecord, tuple[ReportView, ...]]:
    """A case whose replay was opened and traced: rights and reason are asked again, the look is not traced again."""
    reports = _reports(uow, actor, key)
    if reports:
        return required(cases.case(uow, key), "a reported case"), reports
    case, _ = rights.readable_case(uow, actor, key)
    if rights.inspects(actor):
        looking.reason_for(uow, actor, client, case)
    return case, ()


def _reports(uow: Work, actor: Actor, key: int) -> tuple[ReportView, ...]:
    """What was reported to the actor's body about a case. For who is of such a body only, a case without is not there,

    and that leaves no trace with the unit: else what is missing there would tell of which cases there are reports.
    """
    found = discipline.of_case(uow, actor, key)
    if not found and rights.has(actor, Permission.DISCIPLINE_READ) and not rights.has(actor, Permission.CASE_READ):
        raise rights.case_not_found()
    return found


def _sight(uow: Work, actor: Actor, case: CaseRecord, reports: tuple[ReportView, ...]) -> Sight:
    if reports:
        return Sight(everything=True, person=str(actor.person_key))
    return sight.of_reader(uow, actor, case, cases.user_tasks(uow, case.key))


def _moved(transition: Mapping[str, Any]) -> Moved:
    return (
        transition["kind"],
        transition["element"],
        transition["instance"],
        transition["type"],
        transition.get("process", ""),
    )


def _models(
    uow: Work, case: CaseRecord, called: Mapping[tuple[str, str], None], *, whole: bool
) -> tuple[ReplayModel, ...]:
    def xml(digest: str) -> str:
        found = required(definitions.resource(uow, digest), f"resource {digest}")
        return (found if whole else without_silent_checks(found)).decode()

    own = ReplayModel(
        id="",
        name=case.process_name,
        version=case.definition_version,
        definition_key=case.definition_key,
        xml=xml(case.digest),
    )
    others = []
    for process_id, digest in called:
        found = lookups.reference(uow, process_id, digest)
        others.append(
            ReplayModel(
                id=process_id, name=found.name, version=found.version, definition_key=found.key, xml=xml(digest)
            )
        )
    return (own, *others)


def _mark(found: list[ReplayEntry], report: ReportView) -> SilentMark:
    """A report at the entry that was sealed nearest to it: both were made in one step, most often at one element."""

    def distance(one: ReplayEntry) -> tuple[object, ...]:
        return abs(one.story.at - report.at), one.story.element_name != report.element_name, -one.story.seq

    nearest = min(found, key=distance)
    return SilentMark(
        seq=nearest.story.seq,
        key=report.key,
        name=report.name,
        element_name=report.element_name,
        level=report.level,
    )


class _Labels:
    """Values in the words of the newest form that had them."""

    def __init__(self, uow: Work, opened: list[tuple[int, dict[str, Any]]]) -> None:
        self._forms = {}
        for _, payload in opened:
            for field in payload.get("fields", ()):
                self._forms[field["path"]] = payload.get("form")
        self._found = {
            path: lookups.form(uow, form["digest"]) for path, form in self._forms.items() if form is not None
        }

    def change(self, name: str, old: object, new: object) -> FieldChange:
        if isinstance(old, Erased) or isinstance(new, Erased):
            return FieldChange(path=name, label=self._label(name), old=None, new=None, readable=False)
        form = self._found.get(name)
        if form is not None:
            old, new = displayed(form, name, old), displayed(form, name, new)
        return FieldChange(path=name, label=self._label(name), old=old, new=new)

    def _label(self, name: str) -> str:
        form = self._found.get(name)
        return form.fields[name].label if form is not None and name in form.fields else name
