"""recorded calls and what was decided of their turns

Revision: 0008, after: 0007
"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('recorded_calls',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('held_at', MOMENT, nullable=False),
    sa.Column('imported_at', MOMENT, nullable=False),
    sa.Column('model', sa.String(length=80), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=True),
    sa.Column('topics', sa.JSON(), nullable=False),
    sa.Column('requests', sa.JSON(), nullable=False),
    sa.Column('answered', sa.Boolean(), nullable=True),
    sa.Column('mood', sa.String(length=20), nullable=True),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recorded_calls'))
    )
    op.create_index(op.f('ix_recorded_calls_held_at'), 'recorded_calls', ['held_at'], unique=False)

    op.create_table('recorded_turns',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=True),
    sa.Column('started', sa.Float(), nullable=True),
    sa.Column('ended', sa.Float(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('confidence', sa.Float(), nullable=True),
    sa.Column('alternatives', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=True),
    sa.Column('intent', sa.String(length=60), nullable=True),
    sa.Column('intent_confidence', sa.Float(), nullable=True),
    sa.Column('entities', sa.JSON(), nullable=False),
    sa.Column('problem', sa.String(length=20), nullable=True),
    sa.Column('answered', sa.Boolean(), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['recorded_calls.id'],
                            name=op.f('fk_recorded_turns_call_id_recorded_calls'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recorded_turns')),
    sa.UniqueConstraint('call_id', 'position', name=op.f('uq_recorded_turns_call_id'))
    )
    op.create_index('ix_recorded_turns_problem', 'recorded_turns', ['problem'], unique=False)

    op.create_table('review_decisions',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('intent', sa.String(length=60), nullable=True),
    sa.Column('decided_at', MOMENT, nullable=False),
    sa.Column('decided_by', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_review_decisions'))
    )


def downgrade() -> None:
    for table in ('review_decisions', 'recorded_turns', 'recorded_calls'):
        op.drop_table(table)
