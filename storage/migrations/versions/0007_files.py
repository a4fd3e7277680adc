"""Files: what goes with a notice, what people hand in, and the ids under which channels hold them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contents",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_contents")),
    )
    op.create_table(
        "uploads",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("remote", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["contents.digest"], name=op.f("fk_uploads_digest"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("channel", "digest", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_digest"), "uploads", ["digest"], unique=False)
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["contents.digest"], name=op.f("fk_attachments_digest")),
        sa.ForeignKeyConstraint(["notice"], ["notices.id"], name=op.f("fk_attachments_notice"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attachments_notice"), "attachments", ["notice"], unique=False)
    op.create_index(op.f("ix_attachments_digest"), "attachments", ["digest"], unique=False)
    op.create_table(
        "handed_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["contents.digest"], name=op.f("fk_handed_in_digest")),
        sa.ForeignKeyConstraint(["notice"], ["notices.id"], name=op.f("fk_handed_in_notice"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_handed_in_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handed_in")),
        sa.UniqueConstraint("notice", "person", "name", name=op.f("uq_handed_in_notice_person_name")),
        sqlite_autoincrement=True,
    )
    for column in ("notice", "person", "digest"):
        op.create_index(op.f(f"ix_handed_in_{column}"), "handed_in", [column], unique=False)
