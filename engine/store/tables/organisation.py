"""Units, people, what they may do, and the residents of the demonstration city."""

from datetime import datetime

from sqlalchemy import Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Key, reference


class OrgUnit(Base):
    """An organisation unit; `path` is ``/<key>/…/`` from the root, so that a subtree is a prefix."""

    __tablename__ = "org_unit"
    __table_args__ = (Index("org_unit_path_idx", "path", unique=True, postgresql_ops={"path": "text_pattern_ops"}),)
    key: Mapped[Key]
    parent_key: Mapped[int | None] = mapped_column(reference("org_unit.key"))
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    level: Mapped[str]
    path: Mapped[str]


class Person(Base):
    """A person (or service account) that signs in. `password_hash` is argon2; NULL when only tokens are used."""

    __tablename__ = "person"
    key: Mapped[Key]
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    unit_key: Mapped[int] = mapped_column(reference("org_unit.key"))
    password_hash: Mapped[str | None]
    locale: Mapped[str] = mapped_column(server_default="zh_Hans_CN")
    disabled: Mapped[bool] = mapped_column(server_default=text("false"))
    demonstration: Mapped[bool] = mapped_column(server_default=text("false"))
    session_epoch: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class PositionHolding(Base):
    """A position held in a unit."""

    __tablename__ = "position_holding"
    __table_args__ = (Index("position_holding_position_idx", "position", "unit_key"),)
    person_key: Mapped[int] = mapped_column(reference("person.key"), primary_key=True)
    position: Mapped[str] = mapped_column(primary_key=True)
    unit_key: Mapped[int] = mapped_column(reference("org_unit.key"), primary_key=True)
    position_name: Mapped[str]


class RoleGrant(Base):
    """A role with its data scope, granted in a unit."""

    __tablename__ = "role_grant"
    person_key: Mapped[int] = mapped_column(reference("person.key"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str]
    unit_key: Mapped[int] = mapped_column(reference("org_unit.key"), primary_key=True)


class ApiToken(Base):
    """A bearer token, by the SHA-256 of its text."""

    __tablename__ = "api_token"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    person_key: Mapped[int] = mapped_column(reference("person.key"), index=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SignInFailure(Base):
    """A failed sign-in, kept for rate limiting only; the trace has its own entry."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("sign_in_failure_username_idx", "username", "at"),
        Index("sign_in_failure_address_idx", "address", "at"),
    )
    key: Mapped[Key]
    username: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Resident(Base):
    """A resident of the demonstration city: `body` is encrypted under the household's key, `id_index` a keyed hash."""

    __tablename__ = "resident"
    key: Mapped[Key]
    household: Mapped[int] = mapped_column(index=True)
    unit_key: Mapped[int] = mapped_column(reference("org_unit.key"))
    wrapped_key: Mapped[bytes]
    id_index: Mapped[bytes] = mapped_column(unique=True)
    body: Mapped[bytes]
