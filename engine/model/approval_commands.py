"""Commands of the verbs of approval. `key` is the user task's; `opinion` is kept in the trace, personal."""

from dataclasses import dataclass

from engine.model.ids import CommandId, UserTaskKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBack:
    """退回: to an earlier user task, or ``initiator``. direct: straight back here afterwards. version: as seen."""

    command_id: CommandId
    key: UserTaskKey
    target: str
    opinion: str
    direct: bool = False
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """撤回: take one's own finished user task back, as long as nothing was done after it."""

    command_id: CommandId
    key: UserTaskKey
    opinion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """转办 (for good) or 委派 (it comes back): to a person by sign-in name."""

    command_id: CommandId
    key: UserTaskKey
    person: str
    opinion: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSign:
    """加签: these people give their opinions before the task goes on; at once, in no order."""

    command_id: CommandId
    key: UserTaskKey
    people: tuple[str, ...]
    opinion: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSign:
    """减签: take back a signer whom one has added; `key` is the signer's user task."""

    command_id: CommandId
    key: UserTaskKey
    opinion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """The opinion of an added signer or delegate; it decides nothing, who asked sees it."""

    command_id: CommandId
    key: UserTaskKey
    agree: bool
    opinion: str
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Urge:
    """催办: ask those who hold the open user tasks of the case to go on."""

    command_id: CommandId
    key: UserTaskKey
    opinion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCopy:
    """抄送: let people follow the case."""

    command_id: CommandId
    key: UserTaskKey
    people: tuple[str, ...]
    opinion: str = ""
