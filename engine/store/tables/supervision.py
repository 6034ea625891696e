"""Supervision: datasets that checks look things up in, indicators, alerts."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import BigInteger, Date, Text

from engine.store.tables.base import Base, Key, reference


class Dataset(Base):
    """A declared dataset as it was taken last. Its rows are encrypted under its own data key, wrapped here."""

    __tablename__ = "dataset"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    owner: Mapped[str]
    version: Mapped[str]
    as_of: Mapped[datetime]
    wrapped_key: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DatasetRow(Base):
    """A row of a dataset, encrypted."""

    __tablename__ = "dataset_row"
    key: Mapped[Key]
    dataset: Mapped[str] = mapped_column(reference("dataset.code"), index=True)
    body: Mapped[bytes]


class DatasetIndex(Base):
    """Keyed hash of one searchable field of a row: equality search over what is encrypted."""

    __tablename__ = "dataset_index"
    __table_args__ = (Index("dataset_index_value_idx", "value_index", "dataset", "field", "row_key"),)
    row_key: Mapped[int] = mapped_column(reference("dataset_row.key"), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    dataset: Mapped[str]
    value_index: Mapped[bytes]


class Alert(Base):
    """A doubtful point of a case that the unit has to look into. `body` is encrypted under the case's key.

    handlers: who verified, rectified or fed back since it was last returned. climbed: how often it went up unhandled;
    unit_path: of the unit that has to act on it now.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index(
            "alert_open_idx",
            "instance_key",
            "element_id",
            "check_id",
            unique=True,
            postgresql_where=text("state <> 'cleared'"),
        ),
        Index("alert_unit_idx", "unit_path", "key", postgresql_ops={"unit_path": "text_pattern_ops"}),
        Index("alert_due_idx", "due_at", postgresql_where=text("state <> 'cleared'")),
    )
    key: Mapped[Key]
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"))
    entry_seq: Mapped[int]
    unit_path: Mapped[str]
    element_id: Mapped[str]
    element_name: Mapped[str]
    check_id: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    level: Mapped[str]
    outcome: Mapped[str]
    state: Mapped[str]
    verdict: Mapped[str | None]
    version: Mapped[int]
    repeats: Mapped[int]
    climbed: Mapped[int]
    handlers: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    raised_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]
    body: Mapped[bytes]


class AlertHandling(Base):
    """One step of an alert's life; the opinion is encrypted under the case's key."""

    __tablename__ = "alert_handling"
    alert_key: Mapped[int] = mapped_column(reference("alert.key"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    step: Mapped[str]
    verdict: Mapped[str | None]
    person_key: Mapped[int] = mapped_column(reference("person.key"))
    person_name: Mapped[str]
    unit_name: Mapped[str]
    at: Mapped[datetime]
    body: Mapped[bytes]


class DisciplineBody(Base):
    """A discipline body that reports are sealed for.

    manages: codes of the units whose cadres it answers for (干部管理权限). parent: who takes its place on recusal.
    """

    __tablename__ = "discipline_body"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    unit_code: Mapped[str]
    parent: Mapped[str]
    manages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    public_key: Mapped[bytes]


class WatchedPlace(Base):
    """A report-only check at a node, kept away from models, pages and keys of the unit. All of it is ciphertext."""

    __tablename__ = "watched_place"
    key: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    place: Mapped[bytes] = mapped_column(index=True)
    wrapped_key: Mapped[bytes]
    body: Mapped[bytes]


class SealedReport(Base):
    """One answer of a check that reports to the discipline body, whatever it was, sealed for that body alone.

    Every answer leaves a row of one size, so neither their number nor their length tells whether anything was found;
    and neither sequence nor recipient stands beside it.
    """

    __tablename__ = "sealed_report"
    key: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    box: Mapped[bytes]


class DisciplineLog(Base):
    """Who of the discipline side opened which report; their own audit trail, append-only."""

    __tablename__ = "discipline_log"
    key: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    at: Mapped[datetime]
    person_key: Mapped[int] = mapped_column(reference("person.key"))
    box: Mapped[bytes]


class IndicatorVersion(Base):
    """A version of an indicator as it was proposed; append-only. Numbers in `value` are text.

    district: code of the unit, empty for the whole city; business_type: id of the process, empty for all.
    """

    __tablename__ = "indicator_version"
    __table_args__ = (Index("indicator_version_code_idx", "code", "key"),)
    key: Mapped[Key]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    value_type: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB)
    unit: Mapped[str]
    law: Mapped[str]
    business_type: Mapped[str]
    district: Mapped[str]
    district_limits: Mapped[Any] = mapped_column(JSONB, nullable=True)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(reference("person.key"))
    proposer_name: Mapped[str]
    proposed_at: Mapped[datetime]


class IndicatorDecision(Base):
    """What became of a proposed version; append-only. version: its number in its scope once published, else None.

    `key` rises with every decision, so the greatest one names the state of the library.
    """

    __tablename__ = "indicator_decision"
    key: Mapped[Key]
    version_key: Mapped[int] = mapped_column(reference("indicator_version.key"), unique=True)
    state: Mapped[str]
    version: Mapped[int | None]
    reason: Mapped[str]
    decided_by: Mapped[int] = mapped_column(reference("person.key"))
    decider_name: Mapped[str]
    decided_at: Mapped[datetime]
