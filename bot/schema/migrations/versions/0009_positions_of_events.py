"""positions of events in their conversation

Two servers that wrote one conversation concurrently could both append; now the second one gets an error.

Revision: 0009, after: 0008
"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

# One pass over the table, on SQLite (from 3.33) and PostgreSQL.
NUMBERED = """
UPDATE events SET position = numbered.position
FROM (SELECT id, row_number() OVER (PARTITION BY sender_id ORDER BY id) - 1 AS position FROM events) AS numbered
WHERE numbered.id = events.id
"""


def upgrade() -> None:
    op.add_column('events', sa.Column('position', sa.Integer(), nullable=True))
    op.execute(NUMBERED)
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.alter_column('position', existing_type=sa.Integer(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_events_sender_id'), ['sender_id', 'position'])
        # The constraint's own index finds a conversation as well.
        batch_op.drop_index(batch_op.f('ix_events_sender_id'))


def downgrade() -> None:
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_events_sender_id'), ['sender_id'], unique=False)
        batch_op.drop_constraint(batch_op.f('uq_events_sender_id'), type_='unique')
        batch_op.drop_column('position')
