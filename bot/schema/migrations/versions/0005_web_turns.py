"""the website's turns

Revision: 0005, after: 0004
"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('web_turns',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('message_id', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('began_at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('sealed', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_web_turns')),
    sa.UniqueConstraint('conversation_id', 'message_id', name=op.f('uq_web_turns_conversation_id'))
    )
    for column in ('address', 'began_at'):
        op.create_index(op.f(f'ix_web_turns_{column}'), 'web_turns', [column], unique=False)


def downgrade() -> None:
    op.drop_table('web_turns')
