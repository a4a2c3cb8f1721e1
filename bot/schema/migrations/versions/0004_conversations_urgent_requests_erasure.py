"""conversations' events and contracts, urgent requests for a person, what was erased

Revision: 0004, after: 0003
"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
INDEXES = {
    'events': ['sender_id', 'timestamp'],
    'conversation_contracts': ['conversation_id', 'contract'],
}


def upgrade() -> None:
    op.add_column('handoffs', sa.Column('priority', sa.Boolean(), nullable=False, server_default=sa.false()))

    op.create_table('events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sender_id', sa.String(length=255), nullable=False),
    sa.Column('type_name', sa.String(length=255), nullable=False),
    sa.Column('timestamp', sa.Float(), nullable=True),
    sa.Column('intent_name', sa.String(length=255), nullable=True),
    sa.Column('action_name', sa.String(length=255), nullable=True),
    sa.Column('data', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events'))
    )

    op.create_table('conversation_contracts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('contract', sa.String(length=64), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation_contracts')),
    sa.UniqueConstraint('conversation_id', 'contract', name=op.f('uq_conversation_contracts_conversation_id'))
    )

    op.create_table('privacy_audit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('erased', sa.JSON(), nullable=False),
    sa.Column('operator', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_privacy_audit'))
    )

    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(op.f(f'ix_{table}_{column}'), table, [column], unique=False)


def downgrade() -> None:
    for table in ('privacy_audit', 'conversation_contracts', 'events'):
        op.drop_table(table)
    op.drop_column('handoffs', 'priority')
