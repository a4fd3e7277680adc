"""The numbered buttons that a conversation saw last, which a bare number picks from."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conversations") as batch:
        batch.add_column(sa.Column("choices", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("conversations") as batch:
        batch.alter_column("choices", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
