"""numbers that customers give are sealed

What somebody gives as a contract number may be a phone number or a personal code. It was stored in clear text, also in
backups. The existing values are encrypted with the server's key.

Revision: 0015, after: 0014
"""

import sqlalchemy as sa
from alembic import op

from bot.keys.keyed_hashes import contract_hash
from bot.keys.sealing import Seal

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

# By table: its key, whether the number is always there, what it is sealed for (as bot.accounts.verification_models).
TABLES = {
    'account_dialogues': ('conversation_id', False, 'number given in a dialogue'),
    'opened_accounts': ('id', True, 'contract opened'),
}


def upgrade() -> None:
    op.add_column('account_dialogues', sa.Column('contract', sa.String(length=64), nullable=True))
    op.create_index(op.f('ix_account_dialogues_contract'), 'account_dialogues', ['contract'], unique=False)
    for name, (key, always, purpose) in TABLES.items():
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.alter_column(
                'contract_number', existing_type=sa.String(length=12), type_=sa.Text(), existing_nullable=not always
            )
        seal = Seal(purpose)
        for row in _rows(name, key):
            values = {'contract_number': seal.close(row.contract_number)}
            if name == 'account_dialogues':
                values['contract'] = contract_hash(row.contract_number)
            _write(name, key, row, values)


def downgrade() -> None:
    for name, (key, always, purpose) in TABLES.items():
        seal = Seal(purpose)
        for row in _rows(name, key):
            number = seal.open(row.contract_number)
            if number is None and always:
                op.get_bind().execute(sa.text(f'DELETE FROM {name} WHERE {key} = :key'), {'key': row.key})  # noqa: S608
            else:
                _write(name, key, row, {'contract_number': number})
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.alter_column(
                'contract_number', existing_type=sa.Text(), type_=sa.String(length=12), existing_nullable=not always
            )
    op.drop_index(op.f('ix_account_dialogues_contract'), table_name='account_dialogues')
    op.drop_column('account_dialogues', 'contract')


def _rows(name: str, key: str) -> list[sa.engine.Row]:
    table = sa.table(name, sa.column(key), sa.column('contract_number'))
    given = sa.select(table.c[key].label('key'), table.c.contract_number).where(table.c.contract_number.is_not(None))
    return op.get_bind().execute(given).all()


def _write(name: str, key: str, row: sa.engine.Row, values: dict[str, str | None]) -> None:
    table = sa.table(name, sa.column(key), *map(sa.column, values))
    op.get_bind().execute(sa.update(table).where(table.c[key] == row.key).values(**values))
