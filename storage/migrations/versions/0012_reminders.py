"""Reminders: whole subjects followed, by groups too, with lead times of one's own; what was planned on; own words."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite cannot make a column nullable, so the table is made anew.
    op.execute("CREATE TABLE subscriptions_before AS SELECT * FROM subscriptions")
    op.drop_table("subscriptions")
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=True),
        sa.Column("working", sa.Boolean(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("by_rank", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_subscriptions_person"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_subscriptions_unit"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("person", "kind", "reference", name=op.f("uq_subscriptions_person_kind_reference")),
        sqlite_autoincrement=True,
    )
    op.execute(
        "INSERT INTO subscriptions (id, person, kind, reference, channel, chat, at, refused, by_rank, unit, rank, created_at) "
        "SELECT b.id, b.person, b.kind, b.reference, b.channel, b.chat, '', FALSE, FALSE, p.unit, p.rank, b.created_at "
        "FROM subscriptions_before AS b JOIN people AS p ON p.id = b.person"
    )
    op.drop_table("subscriptions_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('subscriptions', 'id'), coalesce(max(id), 1)) FROM subscriptions")
    op.create_index(op.f("ix_subscriptions_kind_reference"), "subscriptions", ["kind", "reference"], unique=False)
    op.create_index(op.f("ix_subscriptions_unit"), "subscriptions", ["unit"], unique=False)
    op.create_index(
        "uq_subscriptions_group",
        "subscriptions",
        ["channel", "chat", "kind", "reference"],
        unique=True,
        sqlite_where=sa.text("person IS NULL"),
        postgresql_where=sa.text("person IS NULL"),
    )
    op.create_table(
        "rank_defaults",
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("rank", "kind", name=op.f("pk_rank_defaults")),
    )
    op.create_table(
        "habits",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("quiet_from", sa.Text(), nullable=False),
        sa.Column("quiet_until", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=True),
        sa.Column("working", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_habits_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_habits")),
    )
    op.create_table(
        "plannings",
        sa.Column("plan", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["plan"], ["plans.id"], name=op.f("fk_plannings_plan"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan", name=op.f("pk_plannings")),
    )
    op.create_table(
        "threads",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
    )
    op.create_index(op.f("ix_threads_root"), "threads", ["root"], unique=False)
    op.create_table(
        "shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["plan"], ["plans.id"], name=op.f("fk_shifts_plan"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_shifts_plan"), "shifts", ["plan"], unique=False)
    op.create_table(
        "own_reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_own_reminders_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_reminders")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_own_reminders_person"), "own_reminders", ["person"], unique=False)
