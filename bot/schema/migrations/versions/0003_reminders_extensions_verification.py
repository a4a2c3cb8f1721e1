"""reminders, requests for a later date, verification; payments that are not booked yet

Revision: 0003, after: 0002
"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

# Whole cents on SQLite, which has no exact decimals (bot.storage.engine.Money).
MONEY = sa.Numeric(10, 2).with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
INDEXES = {
    'reminders': ['contract_number'],
    'extension_requests': ['contract_number'],
    'verification_codes': ['contract', 'conversation_id', 'sent_at'],
    'opened_accounts': ['conversation_id', 'used_at'],
    'account_dialogues': ['updated_at'],
}


def upgrade() -> None:
    op.add_column('payments', sa.Column('booked', sa.Boolean(), nullable=False, server_default=sa.true()))

    op.create_table('reminders',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_number', sa.String(length=12), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['contract_number'], ['contracts.number'], name=op.f('fk_reminders_contract_number_contracts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminders'))
    )

    op.create_table('extension_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('contract_number', sa.String(length=12), nullable=False),
    sa.Column('amount', MONEY, nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('instalments', sa.Integer(), nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.CheckConstraint('(until IS NULL) <> (instalments IS NULL)', name=op.f('ck_extension_requests_one_wish')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_extension_requests_amount')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extension_requests')),
    sa.UniqueConstraint('reference', name=op.f('uq_extension_requests_reference'))
    )

    op.create_table('verification_codes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract', sa.String(length=64), nullable=False),
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('sent_at', MOMENT, nullable=False),
    sa.Column('wrong', sa.Integer(), nullable=False),
    sa.Column('spent', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_verification_codes'))
    )

    op.create_table('verification_locks',
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('until', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('subject', name=op.f('pk_verification_locks'))
    )

    op.create_table('opened_accounts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('contract_number', sa.String(length=12), nullable=False),
    sa.Column('used_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opened_accounts'))
    )

    op.create_table('account_dialogues',
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('question', sa.String(length=40), nullable=False),
    sa.Column('waiting_for', sa.String(length=20), nullable=False),
    sa.Column('contract_number', sa.String(length=12), nullable=True),
    sa.Column('asked_again', sa.Integer(), nullable=False),
    sa.Column('updated_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('conversation_id', name=op.f('pk_account_dialogues'))
    )

    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(op.f(f'ix_{table}_{column}'), table, [column], unique=False)


def downgrade() -> None:
    for table in ('account_dialogues', 'opened_accounts', 'verification_locks', 'verification_codes', 'extension_requests', 'reminders'):
        op.drop_table(table)
    with op.batch_alter_table('payments', schema=None) as batch_op:
        batch_op.drop_column('booked')
