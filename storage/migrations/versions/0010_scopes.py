"""Ranks with a scope: a rank for administrators of units below those of the district, and what each rank is for."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, names in (("people", ("scope", "group")), ("invitations", ("group",))):
        with op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": True}) as batch:
            for name in names:
                batch.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        with op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": True}) as batch:
            for name in names:
                batch.alter_column(name, existing_type=sa.Text(), existing_nullable=False, server_default=None)
        # 3 was an administrator and 4 the owner; from now on 3 is the administrator of a unit.
        op.execute(f"UPDATE {table} SET rank = rank + 1 WHERE rank >= 3")
    op.execute("UPDATE people SET scope = 'district' WHERE rank >= 4")
    # The unit of an invitation was given; any other is what people said themselves.
    op.execute(
        "UPDATE people SET scope = 'unit' WHERE rank BETWEEN 1 AND 3 AND EXISTS (SELECT 1 FROM redemptions "
        "JOIN invitations ON invitations.id = redemptions.invitation "
        "WHERE redemptions.person = people.id AND invitations.unit = people.unit)"
    )
