"""The audit as a chain of hashes; addresses people prefer, codes that join them, who invited whom, and wrong codes."""

import hashlib
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

REFUSAL = "the audit is only ever added to"


def upgrade() -> None:
    chain_audit()
    with op.batch_alter_table("addresses") as batch:
        batch.add_column(sa.Column("preferred", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("addresses") as batch:
        batch.alter_column("preferred", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    with op.batch_alter_table("invitations", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("author", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f("fk_invitations_author"), "people", ["author"], ["id"], ondelete="SET NULL")
        batch.create_index(op.f("ix_invitations_author"), ["author"], unique=False)
    op.create_table(
        "joins",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_joins_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_joins")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_joins_code_hash")),
    )
    op.create_table(
        "guesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_guesses_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guesses")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_guesses_at"), "guesses", ["at"], unique=False)
    op.create_index(op.f("ix_guesses_person"), "guesses", ["person"], unique=False)


def chain_audit() -> None:
    """Chain the rows that are there, with the formula of storage/audit.py at the time of this step."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        for deed in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_no_{deed}")
    else:
        op.execute("DROP TRIGGER audit_no_change ON audit")
    with op.batch_alter_table("audit", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("chain", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("audit", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("chain", existing_type=sa.Text(), existing_nullable=False, server_default=None)
    audit = sa.table(
        "audit",
        sa.column("id", sa.Integer()),
        sa.column("who", sa.Integer()),
        sa.column("action", sa.Text()),
        sa.column("subject", sa.Text()),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("chain", sa.Text()),
    )
    connection, chain = op.get_bind(), ""
    for row in connection.execute(sa.select(audit).order_by(audit.c.id)).all():
        chain = link(chain, row.who, row.action, row.subject, row.at)
        connection.execute(sa.update(audit).where(audit.c.id == row.id).values(chain=chain))
    if chain:
        marks = sa.table("marks", sa.column("name", sa.Text()), sa.column("value", sa.Text()))
        connection.execute(sa.insert(marks).values(name="audit", value=chain))
    if sqlite:
        for deed in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER audit_no_{deed.lower()} BEFORE {deed} ON audit BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")
    else:
        op.execute(
            "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )


def link(previous: str, who: int | None, action: str, subject: str, at: datetime) -> str:
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    fields = (previous, "" if who is None else str(who), action, subject, at.isoformat(timespec="microseconds"))
    return hashlib.sha256("\x1f".join(fields).encode("utf-8", "replace")).hexdigest()
