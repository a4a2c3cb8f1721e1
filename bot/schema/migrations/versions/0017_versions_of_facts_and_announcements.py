"""every version of a fact, and the steps of announcements

What an announcement changes is known from the day on which it was made public, and a record keeps all its versions.
Facts that are there already get their present state as version 1. A trigger refuses to change or delete a version.

Revision: 0017, after: 0016
"""

import sqlalchemy as sa
from alembic import op


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

APPEND_ONLY = ('fact_versions', 'announcement_steps')
COPIED = ('key, kind, source_id, rows, quote, texts, shorts, ended_texts, valid_from, valid_until, until_event_id, '
          'withdrawn_from, replaced_by, approved_by, from_files, left_files, changed_at, retracted')


def upgrade() -> None:
    op.add_column('facts', sa.Column('coming_texts', sa.JSON(), nullable=True))
    op.add_column('facts', sa.Column('coming_shorts', sa.JSON(), nullable=True))
    op.add_column('facts', sa.Column('covers', sa.JSON(), nullable=True))
    op.add_column('facts', sa.Column('known_from', sa.Date(), nullable=True))
    op.add_column('facts', sa.Column('retracted', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('facts', sa.Column('announcement_id', sa.String(length=80), nullable=True))
    op.add_column('facts', sa.Column('number', sa.Integer(), nullable=False, server_default='1'))
    op.create_table('fact_versions',
    sa.Column('fact_id', sa.String(length=80), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('act', sa.String(length=20), nullable=False),
    sa.Column('who', sa.String(length=120), nullable=False),
    sa.Column('why', sa.Text(), nullable=True),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('source_id', sa.String(length=80), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('quote', sa.Text(), nullable=True),
    sa.Column('texts', sa.JSON(), nullable=False),
    sa.Column('shorts', sa.JSON(), nullable=True),
    sa.Column('ended_texts', sa.JSON(), nullable=True),
    sa.Column('coming_texts', sa.JSON(), nullable=True),
    sa.Column('coming_shorts', sa.JSON(), nullable=True),
    sa.Column('covers', sa.JSON(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('until_event_id', sa.String(length=80), nullable=True),
    sa.Column('withdrawn_from', sa.Date(), nullable=True),
    sa.Column('replaced_by', sa.String(length=80), nullable=True),
    sa.Column('approved_by', sa.String(length=120), nullable=False),
    sa.Column('from_files', sa.Boolean(), nullable=False),
    sa.Column('left_files', sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column('known_from', sa.Date(), nullable=True),
    sa.Column('retracted', sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column('announcement_id', sa.String(length=80), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['fact_sources.id'], name=op.f('fk_fact_versions_source_id_fact_sources')),
    sa.ForeignKeyConstraint(['until_event_id'], ['emergency_events.id'],
                            name=op.f('fk_fact_versions_until_event_id_emergency_events')),
    sa.PrimaryKeyConstraint('fact_id', 'number', name=op.f('pk_fact_versions'))
    )
    op.create_index(op.f('ix_fact_versions_key'), 'fact_versions', ['key'])
    op.execute(f"INSERT INTO fact_versions (fact_id, number, act, who, {COPIED}) "
               f"SELECT id, 1, CASE WHEN from_files THEN 'files' ELSE 'published' END, approved_by, {COPIED} FROM facts")
    op.create_table('announcement_steps',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('announcement_id', sa.String(length=80), nullable=False),
    sa.Column('act', sa.String(length=20), nullable=False),
    sa.Column('who', sa.String(length=120), nullable=False),
    sa.Column('why', sa.Text(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content', sa.JSON(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_announcement_steps'))
    )
    op.create_index(op.f('ix_announcement_steps_announcement_id'), 'announcement_steps', ['announcement_id'])
    _append_only()


def _append_only() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("CREATE FUNCTION refuse_changes_of_history() RETURNS trigger LANGUAGE plpgsql AS $$ "
                   "BEGIN RAISE EXCEPTION 'history is only appended to'; END $$")
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == 'postgresql':
            op.execute(f'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} '
                       f'FOR EACH ROW EXECUTE FUNCTION refuse_changes_of_history()')
        else:
            for change in ('UPDATE', 'DELETE'):
                op.execute(f"CREATE TRIGGER append_only_{table}_{change.lower()} BEFORE {change} ON {table} "
                           f"BEGIN SELECT RAISE(ABORT, 'history is only appended to'); END")


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION refuse_changes_of_history() CASCADE')
    op.drop_table('announcement_steps')
    op.drop_table('fact_versions')
    for column in ('number', 'announcement_id', 'retracted', 'known_from', 'covers', 'coming_shorts', 'coming_texts'):
        op.drop_column('facts', column)
