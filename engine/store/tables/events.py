"""What cases wait for, and what was published. Rows of a case are only written under the lock of the case's row."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from engine.store.tables.base import Base, Key, reference


class Due(Base):
    """Something that the clock has to do at `try_at`: the due time, or later once it was tried or claimed.

    ==========  ===========================================================================================
    kind        what the clock does
    ==========  ===========================================================================================
    timer       fires `element_instance` of a case
    start       begins a case at a timer start event; `fired`: how often it has
    message     looks for somebody who waits for a publication
    look        looks for a buffered message for the subscription `element_instance`, or of a start event
    broadcast   finds everybody who waits for a signal
    signal      lets a signal reach one case, or begins one at a start event
    deadline    turns the light of the time limit of `element_instance` (empty: of the whole case)
    alert       lets an alert climb (`element_instance` is its key) that nobody took on in time
    after       judges the checks of an element that was completed
    watch       judges the checks of an element that waits, again and again
    ==========  ===========================================================================================

    remaining: how often a timer still fires; null: without end. problem: code of why the last attempt failed;
    problem_params: of its text.
    There is no foreign key to the case: checking it would wait for its lock.
    """

    __tablename__ = "due"
    __table_args__ = (
        Index("due_try_idx", "try_at", "key"),
        Index(
            "due_timer_idx", "instance_key", "element_instance", unique=True, postgresql_where=text("kind = 'timer'")
        ),
        Index(
            "due_deadline_idx",
            "instance_key",
            "element_instance",
            unique=True,
            postgresql_where=text("kind = 'deadline'"),
        ),
        Index("due_alert_idx", "element_instance", unique=True, postgresql_where=text("kind = 'alert'")),
        Index("due_definition_idx", "definition_key", postgresql_where=text("definition_key is not null")),
        Index("due_publication_idx", "publication_key", postgresql_where=text("publication_key is not null")),
    )
    key: Mapped[Key]
    kind: Mapped[str]
    instance_key: Mapped[int | None]
    definition_key: Mapped[int | None] = mapped_column(reference("process_definition.key"))
    called_key: Mapped[int | None] = mapped_column(reference("process_definition.key"))
    publication_key: Mapped[int | None]
    element_id: Mapped[str] = mapped_column(server_default="")
    element_instance: Mapped[str] = mapped_column(server_default="")
    due_at: Mapped[datetime]
    remaining: Mapped[int | None]
    fired: Mapped[int] = mapped_column(server_default="0")
    try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(server_default="0")
    problem: Mapped[str] = mapped_column(server_default="")
    problem_params: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")


class Subscription(Base):
    """A wait for a message or signal: of a case (`instance_key`), or of a start event of the newest version.

    key_hash: keyed hash of the correlation key; empty for signals and start events.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("instance_key", "element_instance"),
        Index("subscription_name_idx", "kind", "name", "key_hash", "key"),
        Index("subscription_definition_idx", "definition_key", postgresql_where=text("definition_key is not null")),
    )
    key: Mapped[Key]
    kind: Mapped[str]
    name: Mapped[str]
    key_hash: Mapped[bytes]
    instance_key: Mapped[int | None] = mapped_column(reference("process_instance.key"))
    definition_key: Mapped[int | None] = mapped_column(reference("process_definition.key"))
    called_key: Mapped[int | None] = mapped_column(reference("process_definition.key"))
    element_id: Mapped[str]
    element_instance: Mapped[str]
    created_at: Mapped[datetime]


class Publication(Base):
    """A message or signal that was published. Its variables are encrypted under a key of its own, and then forgotten.

    state: BUFFERED, CORRELATED or EXPIRED. key_hash: as of a subscription. reach: patterns of the paths of units whose
    cases it may reach. unit_key: where a case that it begins belongs. person_key: who published it; null when a case
    did, which `source_key` names.
    """

    __tablename__ = "publication"
    __table_args__ = (
        Index("publication_id_idx", "name", "message_id", unique=True, postgresql_where=text("message_id <> ''")),
        Index("publication_buffered_idx", "name", "key_hash", "key", postgresql_where=text("state = 'BUFFERED'")),
        Index("publication_expiry_idx", "expires_at"),
    )
    key: Mapped[Key]
    kind: Mapped[str]
    name: Mapped[str]
    key_hash: Mapped[bytes]
    message_id: Mapped[str] = mapped_column(server_default="")
    wrapped: Mapped[bytes | None]
    body: Mapped[bytes | None]
    state: Mapped[str]
    published_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    person_key: Mapped[int | None] = mapped_column(reference("person.key"))
    unit_key: Mapped[int] = mapped_column(reference("org_unit.key"))
    reach: Mapped[list[str]] = mapped_column(ARRAY(Text))
    source_key: Mapped[int | None]
