"""one recorded call in several files, and several calls with the same words

Calls that were imported before keep their ids, and are known by them.

Revision: 0012, after: 0011
"""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column('name', sa.String(length=32), nullable=True),
        sa.Column('words', sa.String(length=32), nullable=True),
        sa.Column('begins', sa.Float(), nullable=True),
        sa.Column('ends', sa.Float(), nullable=True),
    ):
        op.add_column('recorded_calls', column)
    op.create_index(op.f('ix_recorded_calls_words'), 'recorded_calls', ['words'], unique=False)

    op.create_table('recorded_files',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('call_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['recorded_calls.id'],
                            name=op.f('fk_recorded_files_call_id_recorded_calls'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recorded_files'))
    )
    op.create_index(op.f('ix_recorded_files_call_id'), 'recorded_files', ['call_id'], unique=False)


def downgrade() -> None:
    op.drop_table('recorded_files')
    op.drop_index(op.f('ix_recorded_calls_words'), table_name='recorded_calls')
    for column in ('ends', 'begins', 'words', 'name'):
        op.drop_column('recorded_calls', column)
