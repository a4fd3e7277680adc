"""Templates of notices, notices of every term, and lists of people and units that they are for."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notices", table_kwargs={"sqlite_autoincrement": True}) as batch:
        for name in ("written", "every"):
            batch.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("notices", table_kwargs={"sqlite_autoincrement": True}) as batch:
        for name in ("written", "every"):
            batch.alter_column(name, existing_type=sa.Text(), existing_nullable=False, server_default=None)
    op.create_table(
        "templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("ask", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_templates_person"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint("name", name=op.f("uq_templates_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_templates_person"), "templates", ["person"], unique=False)
    op.create_table(
        "notice_terms",
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["notice"], ["notices.id"], name=op.f("fk_notice_terms_notice"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made"], ["notices.id"], name=op.f("fk_notice_terms_made"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("notice", "term", name=op.f("pk_notice_terms")),
    )
    op.create_index(op.f("ix_notice_terms_made"), "notice_terms", ["made"], unique=False)
    op.create_index(op.f("ix_notice_terms_state"), "notice_terms", ["state", "at"], unique=False)
    op.create_table(
        "lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_lists_person"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
        sa.UniqueConstraint("name", name=op.f("uq_lists_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_lists_person"), "lists", ["person"], unique=False)
    op.create_table(
        "list_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("unit", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["list"], ["lists.id"], name=op.f("fk_list_members_list"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_list_members_person"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_list_members_unit"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_members")),
    )
    for name in ("list", "person", "unit"):
        op.create_index(op.f(f"ix_list_members_{name}"), "list_members", [name], unique=False)
