"""tokens of the website's sign-in, each with the one conversation that it is good for

Revision: 0014, after: 0013
"""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('signed_in_tokens',
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_signed_in_tokens'))
    )
    for column in ('conversation_id', 'until'):
        op.create_index(op.f(f'ix_signed_in_tokens_{column}'), 'signed_in_tokens', [column], unique=False)


def downgrade() -> None:
    op.drop_table('signed_in_tokens')
