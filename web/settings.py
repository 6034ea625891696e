"""Settings of the web server, read from the environment once.

| variable | meaning | default |
|---|---|---|
| ``MINGJING_VAR`` | folder of the database, files and keys | ``var`` |
| ``DATABASE_URL`` | DSN of the `app` role | none: the launcher sets it from the embedded database |
| ``MINGJING_DEMO`` | ``1`` shows demonstration names and passwords | off |
| ``MINGJING_HTTPS`` | ``1`` when browsers reach us over https: secure cookies, HSTS | off |
| ``MINGJING_PROXIES`` | how many trusted reverse proxies set ``X-Forwarded-*`` | 0 |
| ``MINGJING_LOG`` | file for request lines; `mingjing serve` in a terminal sets it | standard output |
| ``MINGJING_POOL`` | database connections of one web process | 8 |
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

SESSION_IDLE = timedelta(hours=8)
MAX_BODY_BYTES = 64 * 1024 * 1024
MAX_JSON_BYTES = 2 * 1024 * 1024

_TRUE = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the web server needs to know before it can start. `secret_key` signs session cookies."""

    var: Path
    database_url: str
    secret_key: str
    demo: bool = False
    https: bool = False
    proxies: int = 0
    pool_size: int = 8
    log_file: Path | None = None
    testing: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """The settings of this process. Makes the session key on first use (VAR/keys/session.key, 0600)."""
        env = os.environ if environment is None else environment
        var = Path(env.get("MINGJING_VAR", "var")).resolve()
        return cls(
            var=var,
            database_url=env.get("DATABASE_URL", ""),
            secret_key=session_key(var / "keys"),
            demo=_flag(env, "MINGJING_DEMO"),
            https=_flag(env, "MINGJING_HTTPS"),
            proxies=int(env.get("MINGJING_PROXIES", "0")),
            pool_size=int(env.get("MINGJING_POOL", "8")),
            log_file=Path(env["MINGJING_LOG"]) if env.get("MINGJING_LOG") else None,
        )


def _flag(env: Mapping[str, str], name: str) -> bool:
    return env.get(name, "").strip().lower() in _TRUE


def session_key(folder: Path) -> str:
    """The key that signs session cookies, made once for all processes.

    Two processes may start at the same moment: each writes a file of its own and links it into place, so that one
    wins and both read the whole winner's key.
    """
    path = folder / "session.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = folder / f".session.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_hex(32))
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text().strip()
