"""facts that left the files

A record that was removed from the files and comes back is valid again; until now it looked like a withdrawn one.

Revision: 0002, after: 0001
"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('facts', sa.Column('left_files', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column('facts', 'left_files')
