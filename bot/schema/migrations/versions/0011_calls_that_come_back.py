"""calls that come back because nobody answered where they were transferred, and messages that come with a new id

Revision: 0011, after: 0010
"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column('phone_calls', sa.Column('unreached', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('phone_calls', sa.Column('sealed', sa.Text(), nullable=True))
    op.add_column('phone_turns', sa.Column('content', sa.String(length=64), nullable=True))
    op.add_column('phone_turns', sa.Column('answered_at', MOMENT, nullable=True))
    op.add_column('handoffs', sa.Column('call_back_to', sa.String(length=20), nullable=True))


def downgrade() -> None:
    for table, column in (
        ('handoffs', 'call_back_to'),
        ('phone_turns', 'answered_at'),
        ('phone_turns', 'content'),
        ('phone_calls', 'sealed'),
        ('phone_calls', 'unreached'),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
