"""Standings: how far units are with what the plans ask of them, its history and evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "standings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan"], ["plans.id"], name=op.f("fk_standings_plan"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_standings_unit"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_standings_person"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standings")),
        sa.UniqueConstraint("measure", "unit", "occasion", name=op.f("uq_standings_measure_unit_occasion")),
        sqlite_autoincrement=True,
    )
    for column in ("plan", "unit", "person"):
        op.create_index(op.f(f"ix_standings_{column}"), "standings", [column], unique=False)
    op.create_table(
        "standing_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("former", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["standing"], ["standings.id"], name=op.f("fk_standing_changes_standing"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_standing_changes_person"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_changes")),
        sqlite_autoincrement=True,
    )
    for column in ("standing", "person"):
        op.create_index(op.f(f"ix_standing_changes_{column}"), "standing_changes", [column], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["standing"], ["standings.id"], name=op.f("fk_evidence_standing"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["digest"], ["contents.digest"], name=op.f("fk_evidence_digest")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_evidence_person"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("standing", "name", name=op.f("uq_evidence_standing_name")),
        sqlite_autoincrement=True,
    )
    for column in ("standing", "digest", "person"):
        op.create_index(op.f(f"ix_evidence_{column}"), "evidence", [column], unique=False)
