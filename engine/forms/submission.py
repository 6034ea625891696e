"""Judges submitted data against a form: what may be written, whether it is right, what of it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.feel import Expression, FeelError
from engine.forms.components import Component, ComponentType, FormSchema, Setting
from engine.forms.incoming import invalid, plain
from engine.forms.masking import mask
from engine.forms.office_rules import Formats, broken_rows, broken_text
from engine.forms.rights import effective, rows_free
from engine.forms.rules import broken_rules, choices_of, detail
from engine.forms.values import WrongTypeError, blank, equal, initial_value, tolerated, typed
from engine.forms.working import MISSING, Entry, Scope, Working, get, put, remove, walk
from engine.model.definitions import FieldAccess
from engine.model.errors import Detail, Refused

_MAX_DETAILS = 200
_REFUSALS = {
    "undeclared": "The form has no such field.",
    "read_only": "This field may not be written here.",
    "hidden": "This field may not be seen or written here.",
    "rows_fixed": "Rows may not be added or removed here.",
}


def validate(
    form: FormSchema,
    data: Mapping[str, object],
    *,
    existing: Mapping[str, object],
    access: Mapping[str, FieldAccess],
    now: datetime,
    formats: Formats | None = None,
    outcome: str = "",
) -> dict[str, object]:
    """The clean values to store, by root variable; numbers are int or Decimal, moments stay ISO text.

    data: what the browser or an API client sent. A field that is not in it keeps its stored value, and is judged with
    it; so a client may send only what changes. A dynamic list is always sent whole.
    now: aware; its zone says which day ``today()`` is.
    formats: whether a text has a format that the form asks for; needed when it asks for one.
    outcome: the code of the outcome that was chosen, for rules that depend on it.
    existing: the case's variables. Names in groups and rows that this form does not know are carried over; rows keep
    their place, so a row can only be removed while none holds a value that this form may not write.

    Dropped without a word: values of fields that a condition hides; expression fields (they are computed here);
    read-only values equal to what the browser shows, because form-js submits those as well.
    Raises Refused ``form.field_not_writable`` with one detail per undeclared, hidden or changed read-only field, before
    anything else is judged; Invalid ``form.invalid`` with one detail per wrong place.
    """
    judge = _Judge(access=access, formats=formats or {}, outcome=outcome)
    sent = plain(data)
    root = judge.lay(form.components, sent, existing, "")
    judge.raise_refusals()
    start = Scope(base=existing, entries=_starting(root)).snapshot()
    working = Working(root=root, initial=start, now=now)
    return judge.judge(working)


def _starting(root: Scope) -> list[Entry]:
    """The root's entries with the values that the browser starts from."""
    return [
        Entry(
            component=entry.component,
            place=entry.place,
            access=entry.access,
            sent=MISSING,
            stored=entry.stored,
            value=initial_value(entry.component, entry.stored, present=entry.stored is not MISSING),
            rows=[Scope(base=row) for row in _stored_rows(entry)],
        )
        for entry in root.entries
    ]


@dataclass(slots=True)
class _Judge:
    access: Mapping[str, FieldAccess]
    formats: Formats
    outcome: str
    refused: list[Detail] = field(default_factory=list)
    details: list[Detail] = field(default_factory=list)

    # first pass: rights and structure

    def lay(
        self, components: tuple[Component, ...], sent: Mapping[str, object], base: Mapping[str, object], place: str
    ) -> Scope:
        """Lay what was sent beside what is stored, field by field; refuse what may not be written."""
        self._refuse_undeclared(components, sent, (), place)
        return Scope(base=base, entries=[self._entry(component, sent, base, place) for component in components])

    def _entry(self, component: Component, sent: Mapping[str, object], base: Mapping[str, object], place: str) -> Entry:
        stored = get(base, component.segments)
        entry = Entry(
            component=component,
            place=".".join((*([place] if place else []), *component.segments)),
            access=effective(self.access, component.path),
            sent=get(sent, component.segments),
            stored=stored,
            value=initial_value(component, stored, present=stored is not MISSING),
        )
        if entry.is_list:
            self._rows(entry)
        elif entry.sent is not MISSING:
            self._value(entry)
        return entry

    def _value(self, entry: Entry) -> None:
        if entry.access is FieldAccess.HIDDEN:
            self._refuse(entry.place, "hidden")
        elif entry.component.type is ComponentType.EXPRESSION:
            pass  # computed here or kept; what was sent never counts
        elif _fixed(entry.component, entry.access):
            self._tolerate(entry)
        else:
            try:
                entry.value = typed(entry.component, entry.sent)
            except WrongTypeError:
                entry.value = None
                entry.faults.append(detail(entry.component, entry.place, "type"))

    def _tolerate(self, entry: Entry) -> None:
        present = entry.stored is not MISSING
        if entry.access is FieldAccess.MASKED:
            # Only the mask comes back; letting the value itself through would tell whoever guesses that they are right.
            shown = mask(entry.stored) if present else None
            if not equal(entry.sent, shown) and not (blank(entry.sent) and blank(shown)):
                self._refuse(entry.place, "read_only")
        elif not tolerated(entry.component, entry.sent, entry.stored, present=present):
            self._refuse(entry.place, "read_only")

    def _rows(self, entry: Entry) -> None:
        stored, sent = _stored_rows(entry), entry.sent
        if sent is not MISSING and entry.access is FieldAccess.HIDDEN:
            self._refuse(entry.place, "hidden")
            return
        if sent is None:
            sent = []
        if sent is not MISSING and not isinstance(sent, list):
            entry.faults.append(detail(entry.component, entry.place, "type"))
            return
        if not isinstance(sent, list):
            sent = [{} for _ in stored]
        free = rows_free(entry.component, self.access) and not _fixed(entry.component, entry.access)
        if not free and not stored and blank(sent):
            sent = []
        if (not free and len(sent) != len(stored)) or (
            len(sent) < len(stored) and any(_protected(entry.component.children, row, self.access) for row in stored)
        ):
            self._refuse(entry.place, "rows_fixed")
            return
        kept = stored if len(sent) >= len(stored) else []
        for index, row in enumerate(sent):
            place = f"{entry.place}[{index}]"
            if not isinstance(row, dict):
                entry.faults.append(detail(entry.component, place, "type"))
                continue
            base = kept[index] if index < len(kept) else {}
            entry.rows.append(self.lay(entry.component.children, row, base, place))

    def _refuse_undeclared(
        self, components: tuple[Component, ...], sent: Mapping[str, object], way: tuple[str, ...], place: str
    ) -> None:
        declared = [c.segments for c in components if c.segments[: len(way)] == way]
        for name, value in sent.items():
            here = (*way, name)
            inside = [segments for segments in declared if segments[: len(here)] == here]
            spot = f"{place}.{name}" if place else name
            if not inside:
                self._refuse(spot, "undeclared")
            elif here in inside:
                continue
            elif isinstance(value, Mapping):
                self._refuse_undeclared(components, value, here, spot)
            elif value is not None:
                self.details.append(Detail(place=spot, code="type", message="The value has not the type of the field."))

    def _refuse(self, place: str, code: str) -> None:
        self.refused.append(Detail(place=place, code=code, message=_REFUSALS[code]))

    def raise_refusals(self) -> None:
        if self.refused:
            raise Refused(
                "form.field_not_writable",
                f"These fields may not be written: {', '.join(d.place for d in self.refused)}.",
                params={"fields": ", ".join(d.place for d in self.refused)},
                details=self.refused,
            )

    # last pass: conditions are settled; rules, and what is kept

    def judge(self, working: Working) -> dict[str, object]:
        """Check what is visible and writable, and give what is kept of it."""
        hidden, around = working.settle()
        locked: set[Entry] = set()
        for scope, here in walk(working.root, around):
            context = here.context() if scope.entries else {}
            for entry in scope.entries:
                if entry in hidden or entry.access is FieldAccess.HIDDEN:
                    continue
                self.details.extend(entry.faults)
                if entry.faults or _fixed(entry.component, entry.access):
                    continue
                if entry.is_list:
                    self._check_rows(entry, hidden)
                    continue
                if self._locked(working, entry, context):
                    locked.add(entry)
                else:
                    self._check(working, entry, context)
        self.raise_refusals()
        if self.details:
            raise invalid(self.details[:_MAX_DETAILS])
        return _written(working.root, hidden, frozenset(locked))

    def _locked(self, working: Working, entry: Entry, context: Mapping[str, object]) -> bool:
        """Whether a ``readonly`` written in FEEL holds; one that cannot be evaluated does."""
        readonly = entry.component.readonly
        try:
            locked = working.holds(readonly, context) if isinstance(readonly, Expression) else readonly is True
        except FeelError:
            locked = True
        if locked and entry.sent is not MISSING and entry.component.type is not ComponentType.EXPRESSION:
            self._tolerate(entry)
        return locked

    def _check(self, working: Working, entry: Entry, context: Mapping[str, object]) -> None:
        def evaluate(setting: Setting) -> object:
            return working.evaluate(setting, context)

        choices = choices_of(entry.component, evaluate, working.initial)
        self.details.extend(broken_rules(entry.component, entry.place, entry.value, evaluate, choices))
        office, label = entry.component.office, entry.component.label
        self.details.extend(broken_text(office, label, entry.place, entry.value, self.formats))
        if office.valid_if is not None and not self._holds(working, entry, context):
            self.details.append(detail(entry.component, entry.place, "rule", message=office.valid_message))

    def _holds(self, working: Working, entry: Entry, context: Mapping[str, object]) -> bool:
        try:
            found = working.evaluate(entry.component.office.valid_if, {**context, "outcome": self.outcome})
        except FeelError:
            return False
        return found is True

    def _check_rows(self, entry: Entry, hidden: frozenset[Entry]) -> None:
        rows = [row.snapshot(hidden) for row in entry.rows]
        self.details.extend(broken_rows(entry.component.office, entry.component.label, entry.place, rows))


def _written(root: Scope, hidden: frozenset[Entry], locked: frozenset[Entry]) -> dict[str, object]:
    """What this submission writes: by root variable, groups completed from what is stored."""
    target: dict[str, object] = {}
    for entry in root.entries:
        if entry in hidden or entry in locked or not _writes(entry):
            continue
        head = entry.component.segments[0]
        if len(entry.component.segments) > 1 and head not in target and head in root.base:
            target[head] = root.base[head]
        value = [_row(row, hidden, locked) for row in entry.rows] if entry.is_list else entry.value
        put(target, entry.component.segments, value)
    return target


def _writes(entry: Entry) -> bool:
    """Whether a visible field of the root gets a value: it was sent, is computed here, or begins with its default."""
    if entry.is_list:
        return entry.sent is not MISSING and _any_writable(entry)
    if _fixed(entry.component, entry.access):
        return False
    by_default = entry.stored is MISSING and entry.component.default is not None
    return entry.computed or entry.sent is not MISSING or by_default


def _any_writable(entry: Entry) -> bool:
    if entry.access is FieldAccess.WRITE:
        return True
    return any(
        _any_writable(child) if child.is_list else not _fixed(child.component, child.access)
        for row in entry.rows
        for child in row.entries
    )


def _row(row: Scope, hidden: frozenset[Entry], locked: frozenset[Entry]) -> dict[str, object]:
    """A whole row: what is stored there, with what was written over it and without what a condition hides."""
    target = dict(row.base)
    for entry in row.entries:
        if entry.access is FieldAccess.HIDDEN or entry in locked:
            continue
        if entry in hidden:
            remove(target, entry.component.segments)
        elif entry.is_list:
            put(target, entry.component.segments, [_row(inner, hidden, locked) for inner in entry.rows])
        elif not _fixed(entry.component, entry.access):
            put(target, entry.component.segments, entry.value)
    return target


def _fixed(component: Component, access: FieldAccess) -> bool:
    """Never writable here, whatever the data say."""
    return access is not FieldAccess.WRITE or component.disabled or component.readonly is True


def _stored_rows(entry: Entry) -> list[Mapping[str, object]]:
    if not entry.is_list or not isinstance(entry.stored, list | tuple):
        return []
    return [row if isinstance(row, Mapping) else {} for row in entry.stored]


def _protected(components: tuple[Component, ...], row: Mapping[str, object], access: Mapping[str, FieldAccess]) -> bool:
    """Whether a stored row holds a value that this form may not write: removing the row would destroy it."""
    rest = dict(row)
    for component in components:
        inner = get(row, component.segments)
        if component.type is ComponentType.DYNAMICLIST and isinstance(inner, list | tuple):
            if any(_protected(component.children, one, access) for one in inner if isinstance(one, Mapping)):
                return True
            remove(rest, component.segments)
        elif component.type is ComponentType.EXPRESSION or not _fixed(component, effective(access, component.path)):
            remove(rest, component.segments)
    return not blank(rest)
