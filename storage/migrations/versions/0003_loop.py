"""What people think of answers, and what administrators add to the plans."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "curated",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_curated_person"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curated")),
        sa.UniqueConstraint("key", name=op.f("uq_curated_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_curated_person"), "curated", ["person"], unique=False)
    op.create_table(
        "synonyms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_synonyms_person"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonyms")),
        sa.UniqueConstraint("key", name=op.f("uq_synonyms_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_synonyms_person"), "synonyms", ["person"], unique=False)
    with op.batch_alter_table("conversations") as batch:
        batch.add_column(sa.Column("asked", sa.Integer(), nullable=True))
    with op.batch_alter_table("questions", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("chat", sa.Text(), nullable=True))
        batch.add_column(sa.Column("curated", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f("fk_questions_curated"), "curated", ["curated"], ["id"], ondelete="SET NULL")
        batch.create_index(op.f("ix_questions_curated"), ["curated"], unique=False)
        batch.create_index(op.f("ix_questions_asked_at"), ["asked_at"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_feedback_person"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name=op.f("fk_feedback_question"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("question", "person", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_person"), "feedback", ["person"], unique=False)
