"""Supervision: applications for a later day, rectifications, and deputies of units."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judge", sa.Integer(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["standing"], ["standings.id"], name=op.f("fk_extensions_standing"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_extensions_person"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["judge"], ["people.id"], name=op.f("fk_extensions_judge"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
        sqlite_autoincrement=True,
    )
    for column in ("standing", "state", "person", "judge"):
        op.create_index(op.f(f"ix_extensions_{column}"), "extensions", [column], unique=False)
    op.create_table(
        "rectifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_by", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["standing"], ["standings.id"], name=op.f("fk_rectifications_standing"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_rectifications_person"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["seen_by"], ["people.id"], name=op.f("fk_rectifications_seen_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectifications")),
        sqlite_autoincrement=True,
    )
    for column in ("standing", "state", "person", "seen_by"):
        op.create_index(op.f(f"ix_rectifications_{column}"), "rectifications", [column], unique=False)
    op.create_table(
        "deputies",
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_deputies_unit"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_deputies_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_deputies")),
    )
    op.create_index(op.f("ix_deputies_person"), "deputies", ["person"], unique=False)
