"""the phone line: calls and turns

Revision: 0007, after: 0006
"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('phone_calls',
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('unclear', sa.Integer(), nullable=False),
    sa.Column('silent', sa.Integer(), nullable=False),
    sa.Column('began_at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.PrimaryKeyConstraint('conversation_id', name=op.f('pk_phone_calls'))
    )

    op.create_table('phone_turns',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('message_id', sa.String(length=64), nullable=False),
    sa.Column('began_at', MOMENT, nullable=False),
    sa.Column('sealed', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phone_turns')),
    sa.UniqueConstraint('conversation_id', 'message_id', name=op.f('uq_phone_turns_conversation_id'))
    )
    for table in ('phone_calls', 'phone_turns'):
        op.create_index(op.f(f'ix_{table}_began_at'), table, ['began_at'], unique=False)


def downgrade() -> None:
    for table in ('phone_turns', 'phone_calls'):
        op.drop_table(table)
