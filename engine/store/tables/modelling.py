"""Tables of models that are being drawn."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Key, reference


class ModelDraft(Base):
    """A file that somebody is drawing. revision: grows with every save; a save names the one that it saw."""

    __tablename__ = "model_draft"
    __table_args__ = (
        Index(
            "model_draft_open_idx",
            text("changed_at desc"),
            text("key desc"),
            postgresql_where=text("discarded_at is null"),
        ),
    )
    key: Mapped[Key]
    kind: Mapped[str]
    name: Mapped[str]
    resource_name: Mapped[str]
    body: Mapped[bytes]
    revision: Mapped[int] = mapped_column(server_default="1")
    created_by: Mapped[int] = mapped_column(reference("person.key"))
    created_at: Mapped[datetime]
    changed_by: Mapped[int] = mapped_column(reference("person.key"))
    changed_at: Mapped[datetime]
    discarded_at: Mapped[datetime | None]


class ModelVersion(Base):
    """A draft as it stood when its author gave it a number, a reason, and the loophole that it closes."""

    __tablename__ = "model_version"
    draft_key: Mapped[int] = mapped_column(reference("model_draft.key"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(reference("resource.digest"))
    reason: Mapped[str]
    loophole: Mapped[str]
    author_key: Mapped[int] = mapped_column(reference("person.key"))
    created_at: Mapped[datetime]
    deployment_key: Mapped[int | None] = mapped_column(reference("deployment.key"))
