"""Drawing models: drafts that nobody overwrites, versions with a reason, and putting one into force."""

import pytest

from engine.model.commands import Deployed
from engine.model.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from engine.model.ids import CommandId, DefinitionKey, DraftKey
from engine.model.modelling import ModelKind, NewDraft, OpenDraft, SaveDraft
from engine.service import deployment, model_drafts
from engine.service.handling import new_command_id
from engine.store import definitions
from tests.integration.office import TESTER, Office
from tests.unit.runtime.builder import bpmn, chain, end, node, start, xor

SILENT = (
    '<supervision:checks><supervision:check id="i" code="THR-01" name="n" level="high" actions="report_discipline" '
    'value="=1" operator="&lt;=" limit="=2"/></supervision:checks>'
)


def begin(office: Office, wanted: NewDraft, username: str = "du") -> DraftKey:
    actor = office.actor(username)
    with office.work() as uow:
        return model_drafts.begin(uow, wanted, actor)


def opened(office: Office, key: int) -> OpenDraft:
    actor = office.actor("du")
    with office.work() as uow:
        return model_drafts.opened(uow, actor, key)


def save(office: Office, key: DraftKey, revision: int, body: bytes) -> int:
    actor = office.actor("du")
    with office.work() as uow:
        return model_drafts.save(uow, SaveDraft(key=key, revision=revision, body=body), actor)


def number(
    office: Office, key: int, revision: int, *, reason: str = "收紧时限", deploying: CommandId | None = None
) -> tuple[int, Deployed | None]:
    actor = office.actor("du")
    with office.work() as uow:
        return model_drafts.number(
            uow, actor, TESTER, key=key, revision=revision, reason=reason, loophole="超期", deploying=deploying
        )


@pytest.mark.parametrize("kind", list(ModelKind))
def test_a_new_draft_can_be_read_by_the_gate(office: Office, kind: ModelKind) -> None:
    """The smallest file of each kind is one that the gate reads: nothing is malformed, names are escaped."""
    found = opened(office, begin(office, NewDraft(kind=kind, name='新的 "模型" <1>')))
    assert found.draft.resource_name.endswith(kind.suffix)
    assert {finding.rule for finding in found.findings} <= {"dead-end"}
    assert found.draft.revision == 1


def test_two_people_never_write_over_one_another(office: Office) -> None:
    """The second to save over the same revision is told who was first, and the first one's bytes stay."""
    key = begin(office, NewDraft(kind=ModelKind.FORM, name="f"))
    assert save(office, key, 1, b'{"id": "one"}') == 2
    with pytest.raises(Conflict) as told:
        save(office, key, 1, b'{"id": "two"}')
    assert (told.value.code, told.value.params["name"]) == ("model_draft.changed", "杜文")
    assert opened(office, key).body == b'{"id": "one"}'


def test_what_is_wrong_is_found_but_kept(office: Office) -> None:
    """A draft may be unfinished; only deploying it is refused, and then no version is made."""
    key = begin(office, NewDraft(kind=ModelKind.PROCESS, name="p"))
    revision = save(office, key, 1, bpmn(start(), xor("x"), chain("s", "x")))
    assert ("dead-end", "x") in {(one.rule, one.element_id) for one in opened(office, key).findings}
    with pytest.raises(Refused):
        number(office, key, revision, deploying=new_command_id())
    assert opened(office, key).versions == ()


def test_a_version_has_a_reason_and_can_be_put_into_force(office: Office) -> None:
    """Versions count from 1, keep their bytes, and the deployed one names its deployment."""
    key = begin(office, NewDraft(kind=ModelKind.PROCESS, name="p"))
    first = bpmn(start(), end(), chain("s", "e"), process_id="drawn")
    revision = save(office, key, 1, first)
    assert number(office, key, revision)[0] == 1
    revision = save(office, key, revision, first.replace(b'name="P"', b'name="Q"'))
    made, deployed = number(office, key, revision, deploying=new_command_id())
    assert deployed is not None
    assert (made, deployed.definitions[0].id, deployed.definitions[0].version) == (2, "drawn", 1)
    newest, oldest = opened(office, key).versions
    assert (newest.deployment_key, oldest.deployment_key) == (deployed.key, None)
    assert (newest.author, newest.reason, newest.loophole) == ("杜文", "收紧时限", "超期")
    actor = office.actor("du")
    with office.work() as uow:
        assert model_drafts.version_body(uow, actor, key, 1) == first


def test_a_version_needs_a_reason_and_the_newest_revision(office: Office) -> None:
    """Without a reason it is refused beside the field; over an older revision it is a conflict."""
    key = begin(office, NewDraft(kind=ModelKind.FORM, name="f"))
    with pytest.raises(Invalid) as told:
        number(office, key, 1, reason="  ")
    assert told.value.details[0].place == "reason"
    with pytest.raises(Conflict):
        number(office, key, 7)


def test_a_draft_of_what_is_deployed_keeps_its_silent_checks(office: Office) -> None:
    """What the page of the process hides must not be lost by editing it, so the draft has the deployed bytes."""
    office.deploy(watched_bpmn=bpmn(start(), node("task", "t", extension=SILENT), end(), chain("s", "t", "e")))
    clerk = office.actor("lin")
    with office.work() as uow:
        found = definitions.latest(uow, "process")["p"]
        shown = deployment.definition_xml(uow, clerk, found.key)
    wanted = NewDraft(kind=ModelKind.PROCESS, name="", definition_key=DefinitionKey(found.key))
    draft = opened(office, begin(office, wanted))
    assert (draft.draft.name, draft.draft.resource_name) == (found.name, found.resource_name)
    assert b"report_discipline" in draft.body
    assert b"report_discipline" not in shown


def test_who_does_not_deploy_sees_no_draft(office: Office) -> None:
    """Drafts hold silent checks: a clerk may neither begin nor open one; a discarded draft is gone for everybody."""
    key = begin(office, NewDraft(kind=ModelKind.FORM, name="f"))
    clerk, designer = office.actor("lin"), office.actor("du")
    with office.work() as uow, pytest.raises(NotAllowed):
        model_drafts.opened(uow, clerk, key)
    with office.work() as uow:
        model_drafts.discard(uow, designer, key)
    with office.work() as uow:
        assert model_drafts.listed(uow, designer) == ()
        with pytest.raises(NotFound):
            model_drafts.opened(uow, designer, key)
