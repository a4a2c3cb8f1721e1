"""how far the desk's events have been told in Messenger

Revision: 0024, after: 0023
"""

import sqlalchemy as sa
from alembic import op


revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('messenger_desk',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messenger_desk'))
    )


def downgrade() -> None:
    # What an older version cannot tell is not told.
    desk = "kind = 'desk'"
    op.execute(f'DELETE FROM messenger_replies WHERE event_id IN (SELECT id FROM messenger_events WHERE {desk})')
    op.execute(f'DELETE FROM messenger_events WHERE {desk}')
    op.drop_table('messenger_desk')
