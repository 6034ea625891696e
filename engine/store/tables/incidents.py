"""Tables of incidents."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Key, reference


class Incident(Base):
    """A case cannot go on at an element. At most one is active at an element instance.

    called_key: the called process that the element belongs to; null in the case's own. content: why, and what came and
    could not be carried out; encrypted, null for incidents of before the table was.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index(
            "incident_active_idx",
            "instance_key",
            "element_instance",
            unique=True,
            postgresql_where=text("state = 'ACTIVE'"),
        ),
        Index("incident_instance_idx", "instance_key", "key"),
    )
    key: Mapped[Key]
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"))
    called_key: Mapped[int | None] = mapped_column(reference("process_definition.key"))
    job_key: Mapped[int | None] = mapped_column(reference("job.key"))
    element_id: Mapped[str]
    element_instance: Mapped[str]
    element_name: Mapped[str]
    kind: Mapped[str]
    cause: Mapped[str]
    code: Mapped[str]
    content: Mapped[bytes | None]
    state: Mapped[str] = mapped_column(server_default="ACTIVE")
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(reference("person.key"))
