"""one-time codes by address, and addresses at which a contract was opened before

Codes that were sent before this revision have the empty address.

Revision: 0013, after: 0012
"""

import sqlalchemy as sa
from alembic import op


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

NOBODYS = ''


def upgrade() -> None:
    for column in (
        sa.Column('address', sa.String(length=64), nullable=False, server_default=NOBODYS),
        sa.Column('is_proven', sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column('tries', sa.Integer(), nullable=False, server_default='3'),
    ):
        op.add_column('verification_codes', column)
    op.create_index(op.f('ix_verification_codes_address'), 'verification_codes', ['address'], unique=False)

    op.create_table('proven_addresses',
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('contract', sa.String(length=64), nullable=False),
    sa.Column('proven_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('subject', name=op.f('pk_proven_addresses'))
    )
    for column in ('contract', 'proven_at'):
        op.create_index(op.f(f'ix_proven_addresses_{column}'), 'proven_addresses', [column], unique=False)


def downgrade() -> None:
    op.drop_table('proven_addresses')
    op.drop_index(op.f('ix_verification_codes_address'), table_name='verification_codes')
    with op.batch_alter_table('verification_codes', schema=None) as batch_op:
        for column in ('tries', 'is_proven', 'address'):
            batch_op.drop_column(column)
