"""counts of what happens, facts of conversations, and views of both for tools that make reports

Revision: 0028, after: 0027
"""

import sqlalchemy as sa
from alembic import op


revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

# Read-only and without the ids of conversations (docs/figures.md); columns are only ever added.
VIEWS = {
    'figures_quarters': 'SELECT at, what AS figure, name, channel, language, count FROM figure_counts',
    'figures_days': 'SELECT day, what AS figure, name, channel, language, count FROM figure_days',
    'figures_conversations': (
        'SELECT begun_at, last_at, channel, language, first_topic, turns, answered, asked_back, not_understood, '
        'out_of_scope, failed, handed_over FROM conversation_facts'
    ),
}


def upgrade() -> None:
    _counts('figure_counts', sa.Column('at', sa.DateTime(timezone=True), nullable=False))
    _counts('figure_days', sa.Column('day', sa.Date(), nullable=False))
    op.create_table('figure_folded_days',
    sa.Column('day', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_figure_folded_days'))
    )
    op.create_table('figure_cursor',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_cursor'))
    )
    op.create_table('conversation_facts',
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('channel', sa.String(length=40), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('first_topic', sa.String(length=80), nullable=False),
    *[
        sa.Column(name, sa.Integer(), nullable=False)
        for name in ('turns', 'answered', 'asked_back', 'not_understood', 'out_of_scope', 'failed')
    ],
    sa.Column('handed_over', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.PrimaryKeyConstraint('conversation_id', 'begun_at', name=op.f('pk_conversation_facts'))
    )
    op.create_index(op.f('ix_conversation_facts_begun_at'), 'conversation_facts', ['begun_at'])
    op.create_table('surge_notices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True)),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('usual', sa.Float(), nullable=False),
    sa.Column('examples', sa.Text(), nullable=False),
    sa.Column('dismissed_at', sa.DateTime(timezone=True)),
    sa.Column('dismissed_by', sa.String(length=80)),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_surge_notices'))
    )
    op.create_index(op.f('ix_surge_notices_began_at'), 'surge_notices', ['began_at'])
    for name, what in VIEWS.items():
        op.execute(f'CREATE VIEW {name} AS {what}')


def downgrade() -> None:
    for name in VIEWS:
        op.execute(f'DROP VIEW {name}')
    for name in ('surge_notices', 'conversation_facts', 'figure_cursor', 'figure_folded_days', 'figure_days', 'figure_counts'):
        op.drop_table(name)


def _counts(name: str, when: sa.Column) -> None:
    op.create_table(name,
    when,
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('channel', sa.String(length=40), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('count', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint(when.name, 'what', 'name', 'channel', 'language', name=op.f(f'pk_{name}')),
    sqlite_with_rowid=False,  # in the order of the key: a year is read in one go
    )
