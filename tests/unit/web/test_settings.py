"""Settings from the environment, and the session key."""

from pathlib import Path

from web.settings import Settings, session_key


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    """Flags are off unless they say yes; the folder is absolute."""
    env = {"MINGJING_VAR": str(tmp_path), "DATABASE_URL": "postgresql://x", "MINGJING_HTTPS": "1", "MINGJING_DEMO": "0"}
    settings = Settings.from_environment(env)
    assert settings.https
    assert not settings.demo
    assert settings.var.is_absolute()


def test_the_session_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    """The second process reads the key of the first; nobody else can."""
    first = session_key(tmp_path / "keys")
    assert session_key(tmp_path / "keys") == first
    assert len(first) == 64
    path = tmp_path / "keys" / "session.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["session.key"]
