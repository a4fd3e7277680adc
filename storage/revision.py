"""Whether a database has the schema this program works with, found out without loading the migrations."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.errors import BadStore

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADE = "planbot db upgrade"


def revisions() -> list[str]:
    """All revisions in order; a migration's file begins with its revision, `0001_first.py`."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def found_revision(connection: Connection) -> str | None:
    """The revision a database is at; None for one without a schema."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def is_current(revision: str | None) -> bool:
    """True at the newest revision, False at an older one or none; BadStore at one this program does not know."""
    known = revisions()
    if revision is not None and revision not in known:
        raise BadStore("store.newer", revision=revision)
    return revision == known[-1]
