"""Supervision: datasets that checks look things up in, indicators, alerts."""

from datetime import datetime

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

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
