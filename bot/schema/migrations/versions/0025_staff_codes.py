"""one-time codes of the company's people: the sealed secret, the step used last, and recovery codes

Revision: 0025, after: 0024
"""

import sqlalchemy as sa
from alembic import op


revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('staff_accounts', sa.Column('code_secret', sa.Text(), nullable=True))
    op.add_column('staff_accounts', sa.Column('codes_since', sa.DateTime(timezone=True), nullable=True))
    op.add_column('staff_accounts', sa.Column('code_step', sa.BigInteger(), nullable=True))
    op.create_table('staff_recovery_codes',
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['staff_accounts.id'],
                            name=op.f('fk_staff_recovery_codes_account_id_staff_accounts')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_staff_recovery_codes'))
    )
    op.create_index(op.f('ix_staff_recovery_codes_account_id'), 'staff_recovery_codes', ['account_id'])


def downgrade() -> None:
    op.drop_table('staff_recovery_codes')
    for column in ('code_step', 'codes_since', 'code_secret'):
        op.drop_column('staff_accounts', column)
