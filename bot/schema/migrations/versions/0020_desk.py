"""the desk: states of requests, events with numbers, calls back, ratings, who is there, hours, alerts

Requests of before wait. Numbers to call back, which stood in clear, move into a table of their own, sealed.

Revision: 0020, after: 0019
"""

import sqlalchemy as sa
from alembic import op

from bot.keys.sealing import Seal

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NUMBER_TO_CALL = 'desk: number to call'  # as bot.desk.models
KINDS = "kind IN ('person', 'complaint', 'extension', 'unsent', 'transfer', 'call_back')"
OLD_KINDS = "kind IN ('person', 'complaint')"
STATES = "state IN ('waiting', 'held', 'closed')"
ADDED = ('outcome', 'is_live', 'agent_id', 'agent_name', 'taken_at', 'held_since', 'first_answer_at', 'lost_at',
         'lease_until', 'closed_at')
TABLES = ('desk_counter', 'desk_events', 'call_backs', 'desk_ratings', 'desk_presence', 'desk_typing', 'desk_shared',
          'desk_outbox', 'desk_hours_exceptions', 'desk_alerts')


def upgrade() -> None:
    _create_tables()
    _move_numbers()
    with op.batch_alter_table('handoffs', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_handoffs_kind'), type_='check')
        batch_op.drop_column('call_back_to')
        batch_op.alter_column('reference', existing_type=sa.String(length=20), type_=sa.String(length=80),
                              existing_nullable=False)
        batch_op.add_column(sa.Column('state', sa.String(length=10), nullable=False, server_default='waiting'))
        batch_op.add_column(sa.Column('outcome', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('is_live', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('agent_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('agent_name', sa.String(length=80), nullable=True))
        for moment in ('taken_at', 'held_since', 'first_answer_at', 'lost_at', 'lease_until', 'closed_at'):
            batch_op.add_column(sa.Column(moment, MOMENT, nullable=True))
        batch_op.create_check_constraint(op.f('ck_handoffs_kind'), KINDS)
        batch_op.create_check_constraint(op.f('ck_handoffs_state'), STATES)
    op.create_index(op.f('ix_handoffs_state'), 'handoffs', ['state'], unique=False)


def _create_tables() -> None:
    counter = op.create_table('desk_counter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_counter'))
    )
    op.bulk_insert(counter, [{'id': 1, 'number': 0}])
    op.create_table('desk_events',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('reference', sa.String(length=80), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('agent_id', sa.Integer(), nullable=True),
    sa.Column('agent_name', sa.String(length=80), nullable=True),
    sa.Column('client_id', sa.String(length=64), nullable=True),
    sa.Column('is_urgent', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_desk_events')),
    sa.UniqueConstraint('conversation_id', 'kind', 'client_id', name=op.f('uq_desk_events_conversation_id'))
    )
    op.create_table('call_backs',
    sa.Column('reference', sa.String(length=80), nullable=False),
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('number', sa.Text(), nullable=True),
    sa.Column('wished_from', MOMENT, nullable=True),
    sa.Column('wished_until', MOMENT, nullable=True),
    sa.Column('consent_at', MOMENT, nullable=True),
    sa.Column('asked_at', MOMENT, nullable=False),
    sa.Column('done_at', MOMENT, nullable=True),
    sa.PrimaryKeyConstraint('reference', name=op.f('pk_call_backs'))
    )
    op.create_table('desk_ratings',
    sa.Column('reference', sa.String(length=80), nullable=False),
    sa.Column('about', sa.String(length=20), nullable=False),
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('value', sa.Integer(), nullable=True),
    sa.Column('at', MOMENT, nullable=False),
    sa.CheckConstraint("about IN ('assistant', 'person')", name=op.f('ck_desk_ratings_about')),
    sa.CheckConstraint('value BETWEEN 1 AND 5', name=op.f('ck_desk_ratings_value')),
    sa.PrimaryKeyConstraint('reference', 'about', name=op.f('pk_desk_ratings'))
    )
    op.create_table('desk_presence',
    sa.Column('agent_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('languages', sa.String(length=40), nullable=False),
    sa.Column('is_available', sa.Boolean(), nullable=False),
    sa.Column('seen_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('agent_id', name=op.f('pk_desk_presence'))
    )
    op.create_table('desk_typing',
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('who', sa.String(length=20), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('conversation_id', 'who', name=op.f('pk_desk_typing'))
    )
    op.create_table('desk_shared',
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('turns', sa.Text(), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('conversation_id', name=op.f('pk_desk_shared'))
    )
    op.create_table('desk_outbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('payload', sa.Text(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_at', MOMENT, nullable=False),
    sa.Column('done_at', MOMENT, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_outbox'))
    )
    op.create_table('desk_hours_exceptions',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('intervals', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=True),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_desk_hours_exceptions'))
    )
    op.create_table('desk_alerts',
    sa.Column('reference', sa.String(length=80), nullable=False),
    sa.Column('conversation_id', sa.String(length=255), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('alerted_at', MOMENT, nullable=False),
    sa.Column('next_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('reference', name=op.f('pk_desk_alerts'))
    )
    for table in ('desk_events', 'call_backs', 'desk_ratings', 'desk_outbox', 'desk_alerts'):
        op.create_index(op.f(f'ix_{table}_conversation_id'), table, ['conversation_id'], unique=False)
    op.create_index(op.f('ix_desk_outbox_done_at'), 'desk_outbox', ['done_at'], unique=False)


def _move_numbers() -> None:
    seal = Seal(NUMBER_TO_CALL)
    old = sa.table('handoffs', sa.column('reference'), sa.column('conversation_id'), sa.column('call_back_to'),
                   sa.column('created_at', MOMENT))
    new = sa.table('call_backs', sa.column('reference'), sa.column('conversation_id'), sa.column('number'),
                   sa.column('asked_at', MOMENT))
    for row in op.get_bind().execute(sa.select(old).where(old.c.call_back_to.is_not(None))).all():
        op.get_bind().execute(sa.insert(new).values(
            reference=row.reference, conversation_id=row.conversation_id, number=seal.close(row.call_back_to),
            asked_at=row.created_at,
        ))


def downgrade() -> None:
    op.drop_index(op.f('ix_handoffs_state'), table_name='handoffs')
    # What an older version does not know stays as a request for a person.
    op.execute('DELETE FROM handoffs WHERE length(reference) > 20')
    op.execute('UPDATE handoffs SET kind = \'person\' WHERE NOT (' + OLD_KINDS + ')')
    with op.batch_alter_table('handoffs', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_handoffs_state'), type_='check')
        batch_op.drop_constraint(op.f('ck_handoffs_kind'), type_='check')
        for column in ('state', *ADDED):
            batch_op.drop_column(column)
        batch_op.add_column(sa.Column('call_back_to', sa.String(length=20), nullable=True))
        batch_op.alter_column('reference', existing_type=sa.String(length=80), type_=sa.String(length=20),
                              existing_nullable=False)
        batch_op.create_check_constraint(op.f('ck_handoffs_kind'), OLD_KINDS)
    seal = Seal(NUMBER_TO_CALL)
    kept = sa.table('call_backs', sa.column('reference'), sa.column('number'))
    requests = sa.table('handoffs', sa.column('reference'), sa.column('call_back_to'))
    for row in op.get_bind().execute(sa.select(kept)).all():
        op.get_bind().execute(sa.update(requests).where(requests.c.reference == row.reference).values(
            call_back_to=seal.open(row.number)))
    for table in TABLES:
        op.drop_table(table)
