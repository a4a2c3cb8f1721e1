"""every version of a place that an announcement brought

Places that are there already get their present state as version 1. A trigger refuses to change or delete a version.

Revision: 0022, after: 0021
"""

import sqlalchemy as sa
from alembic import op


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

COPIED = 'names, cases, called, known_from, retracted, announcement_id, number, changed_at'
# Whoever published the announcement that brought a place.
PUBLISHER = ("coalesce((SELECT max(who) FROM announcement_steps WHERE act LIKE 'published%' "
             "AND announcement_steps.announcement_id = published_places.announcement_id), 'unknown')")


def upgrade() -> None:
    op.add_column('published_places', sa.Column('number', sa.Integer(), nullable=False, server_default='1'))
    op.create_table('place_versions',
    sa.Column('place_id', sa.String(length=80), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('act', sa.String(length=20), nullable=False),
    sa.Column('who', sa.String(length=120), nullable=False),
    sa.Column('why', sa.Text(), nullable=True),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.Column('cases', sa.JSON(), nullable=True),
    sa.Column('called', sa.JSON(), nullable=False),
    sa.Column('known_from', sa.Date(), nullable=False),
    sa.Column('retracted', sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column('announcement_id', sa.String(length=80), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('place_id', 'number', name=op.f('pk_place_versions'))
    )
    op.execute(f"INSERT INTO place_versions (place_id, act, who, {COPIED}) "
               f"SELECT id, 'brought', {PUBLISHER}, {COPIED} FROM published_places")
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON place_versions '
                   'FOR EACH ROW EXECUTE FUNCTION refuse_changes_of_history()')
    else:
        for change in ('UPDATE', 'DELETE'):
            op.execute(f"CREATE TRIGGER append_only_place_versions_{change.lower()} BEFORE {change} ON place_versions "
                       f"BEGIN SELECT RAISE(ABORT, 'history is only appended to'); END")


def downgrade() -> None:
    op.drop_table('place_versions')
    op.drop_column('published_places', 'number')
