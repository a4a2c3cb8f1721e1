"""The database stores time, money and references exactly, and Alembic creates the tables that the code expects."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from bot.accounts.demo import load_demo
from bot.clock import RIGA
from bot.data_files import DataFileError
from bot.handoff.handoff_requests import Origin, record, request_person
from bot.knowledge.emergency_events import emergency
from bot.message_limits import RAW_MESSAGE_LIMIT
from bot.schema.tables import Contract, Customer, EmergencyEvent, Handoff, InvoiceRow, PaymentRow
from bot.schema.upgrading import upgrade
from bot.storage.engine import Base, engine_for, session_scope
from bot.words.reference import ALPHABET, Reference

pytestmark = pytest.mark.both_databases
NOON = datetime(2020, 3, 20, 12, 0, tzinfo=UTC)
DAY = date(2020, 3, 5)


def contract(*amounts: str) -> Customer:
    """A customer with one contract and an invoice for each amount."""
    invoices = [
        InvoiceRow(number=f"T-{place}", period="2020-02", issued_on=DAY, due_on=DAY, amount=Decimal(amount))
        for place, amount in enumerate(amounts)
    ]
    owned = Contract(number="90099999999", address="Parauga iela 1", eic="43X-TEST-000001Z", invoices=invoices)
    return Customer(id=99, name="Paraugs", kind="household", preferred_language="lv", contracts=[owned])


def handoff(reference: str, kind: str = "person") -> Handoff:
    """A request for a person with this reference."""
    return Handoff(reference=reference, kind=kind, conversation_id="c", channel="web", language="lv", created_at=NOON)


def recorded(session: Session, **changes: Any) -> Reference:
    """Record a request in the conversation `c`; gives its reference."""
    origin = Origin(changes.pop("conversation_id", "c"), "web", "lv")
    return record(session, changes.pop("kind", "person"), origin, **changes)


def stored_details(session: Session, details: str | None) -> str | None:
    """What the database contains after a complaint with these details."""
    recorded(session, kind="complaint", details=details)
    session.flush()
    found: str | None = session.execute(text("SELECT details FROM handoffs")).scalar_one()
    return found


MOMENTS = {
    "UTC": NOON,
    "winter in Riga": datetime(2020, 3, 20, 14, 0, tzinfo=RIGA),
    "summer in Riga": datetime(2020, 6, 9, 23, 59, 59, 123456, tzinfo=RIGA),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_moment_comes_back_the_same_in_utc(database: str, moment: datetime) -> None:
    with session_scope(database) as session:
        emergency(session).changed_at = moment
    with session_scope(database) as session:
        stored = emergency(session).changed_at
    assert (stored, stored.tzinfo) == (moment, UTC)


def test_moment_without_a_zone_is_refused(database: str) -> None:
    with pytest.raises(StatementError, match="needs a time zone"), session_scope(database) as session:
        emergency(session).changed_at = datetime(2020, 3, 20, 12)  # noqa: DTZ001


@pytest.mark.parametrize("amount", ["0.00", "0.01", "0.07", "0.29", "1.10", "46.2", "1284.60", "99999999.99"])
def test_amount_comes_back_to_the_cent(database: str, amount: str) -> None:
    with session_scope(database) as session:
        session.add(contract(amount))
    with session_scope(database) as session:
        assert session.execute(select(InvoiceRow.amount)).scalar_one() == Decimal(amount)


def test_sum_in_the_database_is_exact(session: Session) -> None:
    """Three times 0.10 is inexact in binary floating point."""
    session.add(contract("0.10", "0.10", "0.10"))
    session.flush()
    assert session.execute(select(func.sum(InvoiceRow.amount))).scalar_one() == Decimal("0.30")


@pytest.mark.parametrize("amount", ["0.001", "46.205", "1E-3"])
def test_amount_with_three_decimals_is_refused(database: str, amount: str) -> None:
    with pytest.raises(StatementError, match="at most two decimals"), session_scope(database) as session:
        session.add(contract(amount))


AGAINST_THE_RULES: dict[str, Callable[[], Any]] = {
    "contract of nobody": lambda: Contract(
        number="90088888888", customer_id=12345, address="x", eic="43X-TEST-000002X"
    ),
    "payment for no contract": lambda: PaymentRow(contract_number="00000000000", received_on=DAY, amount=Decimal(1)),
    "payment of nothing": lambda: PaymentRow(contract_number="90099999999", received_on=DAY, amount=Decimal(0)),
    "language that nobody speaks here": lambda: Customer(name="x", kind="household", preferred_language="ru"),
    "request of an unknown kind": lambda: handoff("EL-AAAA-AAAA", kind="rumour"),
    "reference given twice": lambda: handoff("EL-CCCC-CCCC"),
}


@pytest.mark.parametrize("row", AGAINST_THE_RULES.values(), ids=AGAINST_THE_RULES)
def test_database_refuses(database: str, row: Callable[[], Any]) -> None:
    """Constraints are enforced on SQLite too, where foreign keys are off by default."""
    with session_scope(database) as session:
        session.add_all([contract("1.00"), handoff("EL-CCCC-CCCC")])
    with pytest.raises(IntegrityError), session_scope(database) as session:
        session.add(row())


def test_failed_transaction_leaves_nothing(database: str) -> None:
    rows = [contract("1.00"), AGAINST_THE_RULES["contract of nobody"]()]
    with pytest.raises(IntegrityError), session_scope(database) as session:
        session.add_all(rows)
    with session_scope(database) as session:
        assert session.get(Customer, 99) is None


def test_missing_folder_of_the_database_is_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'assistant.db'}"
    upgrade(url)
    engine_for(url).dispose()
    assert (tmp_path / "new" / "assistant.db").is_file()


def test_migrations_make_the_tables_that_the_code_expects(database: str) -> None:
    """Detects a changed model without a migration."""
    with engine_for(database).connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_migrations_make_the_checks_that_the_code_expects(database: str, table: str) -> None:
    """Alembic's comparison ignores check constraints."""
    engine = engine_for(database)

    def checks() -> list[dict[str, Any]]:  # a database gives them in whatever order
        return sorted(inspect(engine).get_check_constraints(table), key=lambda check: str(check["name"]))

    made = checks()
    with engine.begin() as connection:
        for view in inspect(connection).get_view_names():
            connection.execute(text(f'DROP VIEW "{view}"'))
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    assert made == checks()


def test_upgrading_again_keeps_the_data(database: str) -> None:
    upgrade(database)
    with session_scope(database) as session:
        assert session.get(EmergencyEvent, "emergency").began_on == date(2020, 3, 12)


def test_demo_customers_are_loaded_once_however_often(database: str) -> None:
    counts = []
    for _ in range(2):
        with session_scope(database) as session:
            given = load_demo(session)
        with session_scope(database) as session:
            tables = (Customer, Contract, InvoiceRow, PaymentRow)
            counts.append((given, *(session.execute(select(func.count()).select_from(t)).scalar_one() for t in tables)))
    assert counts[0] == counts[1]


def test_every_demo_customer_of_the_file_is_loaded(session: Session) -> None:
    given = load_demo(session)
    assert session.execute(select(func.count()).select_from(Customer)).scalar_one() == given == 30


def test_broken_demo_file_is_named(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "customers.yml"
    path.write_text("customers:\n  - {id: 1, name: Anna}\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=re.escape(f"{path}: ")):
        load_demo(session, path)


def test_complaint_is_stored_without_personal_data(session: Session) -> None:
    details = "Anna, 010190-12345, anna@example.lv, +371 20000001: atslēdza līgumu 90010000011."
    assert stored_details(session, details) == "[name], [personal code], [e-mail], [phone]: atslēdza līgumu [contract]."


def test_long_complaint_is_redacted_before_it_is_cut(session: Session) -> None:
    """A number at the truncation limit must not survive in part."""
    details = "x" * (RAW_MESSAGE_LIMIT - 5) + " 90010000011"
    assert stored_details(session, details) == "x" * (RAW_MESSAGE_LIMIT - 5) + " [con"


@pytest.mark.parametrize("details", [None, ""])
def test_request_without_details_stores_none(session: Session, details: str | None) -> None:
    assert stored_details(session, details) is None


def test_reference_can_be_read_out(session: Session) -> None:
    assert re.fullmatch(rf"EL-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", str(recorded(session)))


def test_references_are_unique(session: Session) -> None:
    assert len({recorded(session) for _ in range(50)}) == 50


@pytest.mark.parametrize("character", "0O1IL8B5S2Z")
def test_reference_has_no_characters_that_are_mistaken_for_each_other(character: str) -> None:
    assert character not in ALPHABET


def asked_for(session: Session, *, priority: bool = False) -> Reference:
    return request_person(session, Origin("c", "web", "lv"), priority=priority)


def test_asking_for_a_person_again_gives_the_latest_request(session: Session) -> None:
    recorded(session)
    latest = recorded(session)
    recorded(session, kind="complaint")
    recorded(session, conversation_id="another")
    assert asked_for(session) == latest


def test_a_complaint_is_no_request_for_a_person(session: Session) -> None:
    complaint = recorded(session, kind="complaint")
    assert asked_for(session) != complaint


@pytest.mark.parametrize(
    ("again", "is_same"),
    [
        pytest.param({"details": "Atslēdza bez brīdinājuma."}, True, id="the same words"),
        pytest.param({"details": "Un neviens neatbild."}, False, id="other words"),
        pytest.param({"details": "Atslēdza bez brīdinājuma.", "conversation_id": "another"}, False, id="by another"),
        pytest.param({"details": "Atslēdza bez brīdinājuma.", "kind": "person"}, False, id="no complaint"),
    ],
)
def test_a_complaint_that_is_made_again_is_recorded_once(
    session: Session, again: dict[str, str], is_same: bool
) -> None:
    """As when a turn is retried whose server crashed before answering (idempotency)."""
    first = recorded(session, kind="complaint", details="Atslēdza bez brīdinājuma.")
    assert (recorded(session, **{"kind": "complaint", **again}) == first) is is_same


@pytest.mark.parametrize(("first", "again"), [(False, True), (True, False), (True, True)])
def test_a_request_that_was_urgent_once_stays_so(session: Session, first: bool, again: bool) -> None:
    asked_for(session, priority=first)
    asked_for(session, priority=again)
    assert session.execute(select(Handoff.priority)).scalars().all() == [True]
