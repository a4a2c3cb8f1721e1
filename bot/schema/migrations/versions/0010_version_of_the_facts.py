"""a version of the facts, so that servers can cache them until somebody changes them

Triggers renew the version at any change, also one by hand.

Revision: 0010, after: 0009
"""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

TABLES = ('fact_sources', 'emergency_events', 'facts')
CHANGES = ('INSERT', 'UPDATE', 'DELETE')
RANDOM = {'sqlite': 'lower(hex(randomblob(16)))', 'postgresql': "replace(CAST(gen_random_uuid() AS text), '-', '')"}


def upgrade() -> None:
    database = op.get_bind().dialect.name
    op.create_table('knowledge_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_knowledge_version'))
    )
    renew = f'UPDATE knowledge_version SET version = {RANDOM[database]}'
    op.execute(f'INSERT INTO knowledge_version (id, version) VALUES (1, {RANDOM[database]})')
    if database == 'postgresql':
        op.execute(f'CREATE FUNCTION renew_knowledge_version() RETURNS trigger LANGUAGE plpgsql AS $$ '
                   f'BEGIN {renew}; RETURN NULL; END $$')
    for table in TABLES:
        if database == 'postgresql':
            op.execute(f'CREATE TRIGGER renew_knowledge_version AFTER {" OR ".join(CHANGES)} OR TRUNCATE ON {table} '
                       f'FOR EACH STATEMENT EXECUTE FUNCTION renew_knowledge_version()')
        else:
            for change in CHANGES:
                op.execute(f'CREATE TRIGGER renew_knowledge_version_{table}_{change.lower()} AFTER {change} ON {table} '
                           f'BEGIN {renew}; END')


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION renew_knowledge_version() CASCADE')
    else:
        for table in TABLES:
            for change in CHANGES:
                op.execute(f'DROP TRIGGER renew_knowledge_version_{table}_{change.lower()}')
    op.drop_table('knowledge_version')
