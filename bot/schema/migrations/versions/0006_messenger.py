"""Messenger: threads, events, replies; answers that could not be sent

Revision: 0006, after: 0005
"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text('done_at IS NULL AND set_aside_at IS NULL')


def upgrade() -> None:
    op.add_column('handoffs', sa.Column('unsent_at', MOMENT, nullable=True))

    op.create_table('messenger_threads',
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=True),
    sa.Column('heard_at', MOMENT, nullable=False),
    sa.Column('held_until', MOMENT, nullable=True),
    sa.Column('claimed_by', sa.String(length=64), nullable=True),
    sa.Column('claimed_until', MOMENT, nullable=True),
    sa.Column('rests_until', MOMENT, nullable=True),
    sa.PrimaryKeyConstraint('person', name=op.f('pk_messenger_threads'))
    )
    op.create_index(op.f('ix_messenger_threads_conversation_id'), 'messenger_threads', ['conversation_id'], unique=False)

    op.create_table('messenger_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('received_at', MOMENT, nullable=False),
    sa.Column('sealed', sa.Text(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('replied_at', MOMENT, nullable=True),
    sa.Column('done_at', MOMENT, nullable=True),
    sa.Column('set_aside_at', MOMENT, nullable=True),
    sa.Column('problem', sa.String(length=200), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messenger_events')),
    sa.UniqueConstraint('key', name=op.f('uq_messenger_events_key'))
    )
    op.create_index(op.f('ix_messenger_events_received_at'), 'messenger_events', ['received_at'], unique=False)
    op.create_index('ix_messenger_events_open', 'messenger_events', ['person', 'at'], unique=False,
                    sqlite_where=OPEN, postgresql_where=OPEN)

    op.create_table('messenger_replies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('sent_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['messenger_events.id'],
                            name=op.f('fk_messenger_replies_event_id_messenger_events'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messenger_replies')),
    sa.UniqueConstraint('event_id', 'position', name=op.f('uq_messenger_replies_event_id'))
    )


def downgrade() -> None:
    for table in ('messenger_replies', 'messenger_events', 'messenger_threads'):
        op.drop_table(table)
    op.drop_column('handoffs', 'unsent_at')
