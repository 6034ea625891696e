"""What a reader sees of the content of a case: values, opinions, files, warnings.

Whoever reads a case sees that each step was taken, when, by whom and with which result. What stands in it depends:

========================  =============================================================================================
inspectors                everything
form values               what the forms of the reader's own user tasks show there (field rights included: what these
                          only mask is masked here, too)
opinions, files, warnings those of the reader's own entries, and those made before the last of the reader's own user
                          tasks began; so two who work side by side form their judgements alone
client of an entry        inspectors only
========================  =============================================================================================

Own user tasks are those that wait for the reader, and those that they completed. Standard 5.3: rights follow the post.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.forms import rights as form_rights
from engine.forms.masking import mask
from engine.forms.schema import FormSchema
from engine.model.actors import Actor
from engine.model.definitions import FieldAccess
from engine.model.views import FieldChange, TimelineEntry, UserTaskState
from engine.service import lookups, rights
from engine.service.equipment import Work
from engine.store.cases import CaseRecord, UserTaskRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Of one reader, for one case. began_at: when the last of their own user tasks began; None when they have none."""

    everything: bool
    person: str
    began_at: datetime | None = None
    forms: tuple[tuple[FormSchema, Mapping[str, FieldAccess]], ...] = ()

    def reads(self, path: str) -> bool:
        """Whether one of the reader's forms shows the whole of this field."""
        return self.everything or any(_shows(form, access, path) for form, access in self.forms)

    def masks(self, path: str) -> bool:
        """Whether the reader's forms show no more of this field than a mask."""
        return not self.reads(path) and any(
            path in form.fields and form_rights.effective(access, path) is FieldAccess.MASKED
            for form, access in self.forms
        )

    def content(self, at: datetime, person: str) -> bool:
        """Whether opinion, files and warnings of what `person` did at that moment are for the reader."""
        return self.everything or person == self.person or (self.began_at is not None and at <= self.began_at)

    def of(self, entry: TimelineEntry, person: str) -> TimelineEntry:
        """A trace entry of `person` as the reader may see it."""
        if self.everything:
            return entry
        own = person == self.person
        changes = tuple(
            change if own or self.reads(change.path) else _masked(change)
            for change in entry.changes
            if own or self.reads(change.path) or self.masks(change.path)
        )
        withheld = len(changes) < len(entry.changes)
        if self.content(entry.at, person):
            return replace(entry, changes=changes, withheld=withheld, client="")
        content = (entry.opinion, entry.attachments, entry.photos, entry.warnings, entry.passed, entry.message)
        return replace(
            entry,
            changes=changes,
            withheld=withheld or any(content),
            opinion="",
            attachments=(),
            photos=(),
            warnings=(),
            passed=(),
            message="",
            client="",
        )


def of_reader(uow: Work, actor: Actor, case: CaseRecord, tasks: Sequence[UserTaskRecord]) -> Sight:
    """What the actor sees of a case. tasks: all user tasks of it, closed ones too."""
    person = str(actor.person_key)
    if actor.is_system or rights.inspects(actor):
        return Sight(everything=True, person=person)
    own = [task for task in tasks if mine(actor, task)]
    forms = tuple(
        (lookups.form(uow, task.form.digest), lookups.element(uow, case, task).field_access)
        for task in own
        if task.form is not None
    )
    began_at = max((task.created_at for task in own), default=None)
    return Sight(everything=False, person=person, began_at=began_at, forms=forms)


def mine(actor: Actor, task: UserTaskRecord) -> bool:
    """Whether a user task waits for the actor, or was completed by them."""
    if task.state is UserTaskState.CREATED:
        return rights.offered(actor, task)
    return task.completed_by == actor.person_key


def _shows(form: FormSchema, access: Mapping[str, FieldAccess], path: str) -> bool:
    closed_inside = any(
        right in _CLOSED and inner.startswith((f"{path}.", f"{path}[")) for inner, right in access.items()
    )
    visible = form_rights.effective(access, path) not in _CLOSED
    return path in form.fields and visible and not closed_inside


_CLOSED = (FieldAccess.HIDDEN, FieldAccess.MASKED)


def _masked(change: FieldChange) -> FieldChange:
    return replace(change, old=mask(change.old), new=mask(change.new))
