"""Looking at cases: reasons that were stated, and what search goes by."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import BigInteger

from engine.store.tables.base import Base, reference


class StatedReason(Base):
    """Why somebody looks at a case that is not their own work; the trace of each look repeats it."""

    __tablename__ = "stated_reason"
    person_key: Mapped[int] = mapped_column(reference("person.key"), primary_key=True)
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"), primary_key=True)
    reason: Mapped[str]
    stated_at: Mapped[datetime]


class CaseTerms(Base):
    """Keyed hashes of the pairs of characters in what is encrypted of a case: subject, opinions, file names.

    indexed_seq: the entry of its trace up to which it is indexed.
    """

    __tablename__ = "case_terms"
    __table_args__ = (Index("case_terms_terms_idx", "terms", postgresql_using="gin"),)
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"), primary_key=True)
    indexed_seq: Mapped[int]
    terms: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
