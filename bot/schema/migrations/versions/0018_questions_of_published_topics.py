"""how customers ask about facts that are published: topics that are answered without training

Revision: 0018, after: 0016
"""

import sqlalchemy as sa
from alembic import op


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

TABLE = 'topic_questions'
CHANGES = ('INSERT', 'UPDATE', 'DELETE')
RENEW = 'UPDATE knowledge_version SET version = lower(hex(randomblob(16)))'


def upgrade() -> None:
    op.create_table(TABLE,
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.Column('questions', sa.JSON(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_topic_questions'))
    )
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f'CREATE TRIGGER renew_knowledge_version AFTER {" OR ".join(CHANGES)} OR TRUNCATE ON {TABLE} '
                   f'FOR EACH STATEMENT EXECUTE FUNCTION renew_knowledge_version()')
    else:
        for change in CHANGES:
            op.execute(f'CREATE TRIGGER renew_knowledge_version_{TABLE}_{change.lower()} AFTER {change} ON {TABLE} '
                       f'BEGIN {RENEW}; END')


def downgrade() -> None:
    op.drop_table(TABLE)
