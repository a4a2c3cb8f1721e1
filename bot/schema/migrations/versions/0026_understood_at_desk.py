"""what the assistant understands of a message that a person gets, for drafts

Revision: 0026, after: 0025
"""

import sqlalchemy as sa
from alembic import op


revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('desk_events', sa.Column('understood', sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column('desk_events', 'understood')
