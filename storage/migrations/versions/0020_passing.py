"""Notices that a unit's administrator passed on to their own people."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notices", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("parent", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_notices_parent"), "notices", ["parent"], ["id"], ondelete="SET NULL")
        batch.create_index(op.f("ix_notices_parent"), ["parent"], unique=False)
