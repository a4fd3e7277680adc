"""Digests: who wants one message a day or a week, and which reminders each contained."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_digests_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_digests")),
    )
    op.create_table(
        "digest_items",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["row"], ["outbox.id"], name=op.f("fk_digest_items_row"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", "row", name=op.f("pk_digest_items")),
    )
    op.create_index(op.f("ix_digest_items_row"), "digest_items", ["row"], unique=False)
