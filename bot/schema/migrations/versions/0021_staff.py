"""the company's people: accounts, one-time links, sessions, attempts to sign in, and the audit of what they do

A trigger refuses to change or delete a row of the audit.

Revision: 0021, after: 0020
"""

import sqlalchemy as sa
from alembic import op


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('staff_accounts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('login', sa.String(length=120), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('passphrase', sa.Text(), nullable=True),
    sa.Column('subject', sa.String(length=64), nullable=True),
    sa.Column('is_disabled', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_accounts')),
    sa.UniqueConstraint('login', name=op.f('uq_staff_accounts_login')),
    sa.UniqueConstraint('subject', name=op.f('uq_staff_accounts_subject'))
    )
    op.create_table('staff_links',
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['staff_accounts.id'], name=op.f('fk_staff_links_account_id_staff_accounts')),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_staff_links'))
    )
    op.create_index(op.f('ix_staff_links_account_id'), 'staff_links', ['account_id'])
    op.create_index(op.f('ix_staff_links_until'), 'staff_links', ['until'])
    op.create_table('staff_sessions',
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['staff_accounts.id'],
                            name=op.f('fk_staff_sessions_account_id_staff_accounts')),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_staff_sessions'))
    )
    op.create_index(op.f('ix_staff_sessions_account_id'), 'staff_sessions', ['account_id'])
    op.create_index(op.f('ix_staff_sessions_used_at'), 'staff_sessions', ['used_at'])
    op.create_table('staff_attempts',
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('wrong', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('subject', name=op.f('pk_staff_attempts'))
    )
    op.create_index(op.f('ix_staff_attempts_since'), 'staff_attempts', ['since'])
    op.create_table('staff_audit',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('act', sa.String(length=40), nullable=False),
    sa.Column('about', sa.String(length=40), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_staff_audit'))
    )
    op.create_index(op.f('ix_staff_audit_at'), 'staff_audit', ['at'])
    op.create_index(op.f('ix_staff_audit_account_id'), 'staff_audit', ['account_id'])
    _append_only()


def _append_only() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON staff_audit '
                   'FOR EACH ROW EXECUTE FUNCTION refuse_changes_of_history()')
        op.execute('CREATE TRIGGER not_emptied BEFORE TRUNCATE ON staff_audit '
                   'FOR EACH STATEMENT EXECUTE FUNCTION refuse_changes_of_history()')
    else:
        for change in ('UPDATE', 'DELETE'):
            op.execute(f"CREATE TRIGGER append_only_staff_audit_{change.lower()} BEFORE {change} ON staff_audit "
                       f"BEGIN SELECT RAISE(ABORT, 'history is only appended to'); END")


def downgrade() -> None:
    for table in ('staff_audit', 'staff_attempts', 'staff_sessions', 'staff_links', 'staff_accounts'):
        op.drop_table(table)
