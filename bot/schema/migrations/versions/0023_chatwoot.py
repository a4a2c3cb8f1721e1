"""requests of ours and their conversations in Chatwoot

Revision: 0023, after: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('chatwoot_conversations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=80), nullable=False),
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('source_id', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('opened_with', sa.BigInteger(), nullable=True),
    sa.Column('seen', sa.BigInteger(), nullable=False),
    sa.Column('told', sa.Integer(), nullable=False),
    sa.Column('look_at', MOMENT, nullable=True),
    sa.Column('is_resolved_there', sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chatwoot_conversations')),
    sa.UniqueConstraint('reference', name=op.f('uq_chatwoot_conversations_reference'))
    )
    for column in ('conversation_id', 'number', 'look_at'):
        op.create_index(op.f(f'ix_chatwoot_conversations_{column}'), 'chatwoot_conversations', [column], unique=False)


def downgrade() -> None:
    op.drop_table('chatwoot_conversations')
