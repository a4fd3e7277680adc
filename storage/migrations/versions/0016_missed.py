"""Reminders that came too late are told of by one message, which they name."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("told_by", sa.Text(), nullable=True))
    op.create_index(op.f("ix_outbox_told_by"), "outbox", ["told_by"], unique=False)
    op.create_index(
        "ix_outbox_missed",
        "outbox",
        ["kind"],
        unique=False,
        sqlite_where=sa.text("state = 'missed' AND told_by IS NULL"),
        postgresql_where=sa.text("state = 'missed' AND told_by IS NULL"),
    )
