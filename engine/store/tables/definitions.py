"""What was deployed: content-addressed resources and the versions made from them. Append-only."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Key, reference


class Resource(Base):
    """The bytes of a BPMN, DMN or form file, by their SHA-256."""

    __tablename__ = "resource"
    digest: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[bytes]


class Deployment(Base):
    """One atomic deployment."""

    __tablename__ = "deployment"
    key: Mapped[Key]
    person_key: Mapped[int] = mapped_column(reference("person.key"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DeploymentResource(Base):
    """A file of a deployment under its name."""

    __tablename__ = "deployment_resource"
    deployment_key: Mapped[int] = mapped_column(reference("deployment.key"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(reference("resource.digest"))


class ProcessDefinition(Base):
    """A version of a process."""

    __tablename__ = "process_definition"
    __table_args__ = (
        UniqueConstraint("process_id", "version"),
        Index("process_definition_digest_idx", "digest", "process_id"),
    )
    key: Mapped[Key]
    process_id: Mapped[str]
    version: Mapped[int]
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(reference("resource.digest"))
    resource_name: Mapped[str]
    deployment_key: Mapped[int] = mapped_column(reference("deployment.key"))
    version_tag: Mapped[str] = mapped_column(server_default="")


class DecisionDefinition(Base):
    """A version of a decision of a DMN file."""

    __tablename__ = "decision_definition"
    __table_args__ = (UniqueConstraint("decision_id", "version"),)
    key: Mapped[Key]
    decision_id: Mapped[str]
    version: Mapped[int]
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(reference("resource.digest"))
    resource_name: Mapped[str]
    deployment_key: Mapped[int] = mapped_column(reference("deployment.key"))


class FormDefinition(Base):
    """A version of a form."""

    __tablename__ = "form_definition"
    __table_args__ = (UniqueConstraint("form_id", "version"),)
    key: Mapped[Key]
    form_id: Mapped[str]
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(reference("resource.digest"))
    resource_name: Mapped[str]
    deployment_key: Mapped[int] = mapped_column(reference("deployment.key"))
