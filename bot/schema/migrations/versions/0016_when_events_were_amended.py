"""when an event was redacted once more, because a later message told whose it is

Consumers keep the first version of an event until the amended one reaches them; `bot events republish` must know which
events were amended. For those amended before this revision it is not known.

Revision: 0016, after: 0015
"""

import sqlalchemy as sa
from alembic import op


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('events', sa.Column('amended_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('events', 'amended_at')
