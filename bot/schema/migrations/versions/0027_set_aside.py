"""what another desk has refused for good

Revision: 0027, after: 0026
"""

import sqlalchemy as sa
from alembic import op


revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('desk_outbox', sa.Column('set_aside_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    # What an older version would send for ever, and nothing behind it.
    op.execute('DELETE FROM desk_outbox WHERE set_aside_at IS NOT NULL')
    op.drop_column('desk_outbox', 'set_aside_at')
