"""every version of an event, with the cases of its name and its official end, and places that announcements bring

Events that are there already get their present state as version 1. A trigger refuses to change or delete a version.

Revision: 0019, after: 0018
"""

import sqlalchemy as sa
from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

COPIED = 'names, began_on, ended_on, retracted, number'


def upgrade() -> None:
    op.add_column('emergency_events', sa.Column('cases', sa.JSON(), nullable=True))
    op.add_column('emergency_events', sa.Column('official_end', sa.Date(), nullable=True))
    op.add_column('emergency_events', sa.Column('known_from', sa.Date(), nullable=True))
    op.add_column('emergency_events', sa.Column('retracted', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('emergency_events', sa.Column('announcement_id', sa.String(length=80), nullable=True))
    op.add_column('emergency_events', sa.Column('number', sa.Integer(), nullable=False, server_default='1'))
    op.create_table('event_versions',
    sa.Column('event_id', sa.String(length=80), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('act', sa.String(length=20), nullable=False),
    sa.Column('who', sa.String(length=120), nullable=False),
    sa.Column('why', sa.Text(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.Column('cases', sa.JSON(), nullable=True),
    sa.Column('began_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('official_end', sa.Date(), nullable=True),
    sa.Column('known_from', sa.Date(), nullable=True),
    sa.Column('retracted', sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column('announcement_id', sa.String(length=80), nullable=True),
    sa.PrimaryKeyConstraint('event_id', 'number', name=op.f('pk_event_versions'))
    )
    op.execute(f"INSERT INTO event_versions (event_id, act, who, changed_at, {COPIED}) SELECT id, 'files', "
               f"coalesce(changed_by, 'data/knowledge'), coalesce(changed_at, CURRENT_TIMESTAMP), {COPIED} "
               f"FROM emergency_events")
    op.create_table('published_places',
    sa.Column('id', sa.String(length=80), nullable=False),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.Column('cases', sa.JSON(), nullable=True),
    sa.Column('called', sa.JSON(), nullable=False),
    sa.Column('known_from', sa.Date(), nullable=False),
    sa.Column('retracted', sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column('announcement_id', sa.String(length=80), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_places'))
    )
    _append_only()
    _renew_version()


def _append_only() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON event_versions '
                   'FOR EACH ROW EXECUTE FUNCTION refuse_changes_of_history()')
    else:
        for change in ('UPDATE', 'DELETE'):
            op.execute(f"CREATE TRIGGER append_only_event_versions_{change.lower()} BEFORE {change} ON event_versions "
                       f"BEGIN SELECT RAISE(ABORT, 'history is only appended to'); END")


def _renew_version() -> None:
    """A change of the places renews the version of the facts, which processes cache together with them."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('CREATE TRIGGER renew_knowledge_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE '
                   'ON published_places FOR EACH STATEMENT EXECUTE FUNCTION renew_knowledge_version()')
    else:
        for change in ('INSERT', 'UPDATE', 'DELETE'):
            op.execute(f'CREATE TRIGGER renew_knowledge_version_published_places_{change.lower()} AFTER {change} '
                       f'ON published_places BEGIN UPDATE knowledge_version SET version = lower(hex(randomblob(16))); '
                       f'END')


def downgrade() -> None:
    op.drop_table('published_places')
    op.drop_table('event_versions')
    for column in ('number', 'announcement_id', 'retracted', 'known_from', 'official_end', 'cases'):
        op.drop_column('emergency_events', column)
