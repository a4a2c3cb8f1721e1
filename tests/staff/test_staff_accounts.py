"""Accounts, one-time links, sessions and the audit of the company's people, on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from bot.staff import passphrases, sign_in_attempts
from bot.staff.models import StaffAccount, StaffAudit, StaffLink, StaffSession
from bot.staff.one_time_links import LINK_LIFE, make_link, owner_of_link, use_link
from bot.staff.passphrases import Weakness, weakness_of
from bot.staff.permissions import StaffRole
from bot.staff.sign_in_attempts import count_attempt
from bot.staff.signing_in_staff import sign_in_with_passphrase
from bot.staff.staff_accounts import (
    StaffError,
    account_named,
    add_account,
    change_account,
    everybody,
    person_from_directory,
)
from bot.staff.staff_audit import AuditedAct, latest_acts, note_act
from bot.staff.staff_sessions import IDLE, LONGEST, begin_session, end_session, signed_in_person
from bot.storage.engine import session_scope

pytestmark = pytest.mark.both_databases
NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RIGHT, WRONG = "zaļš zirgs pa pļavu", "zaļš zirgs pa pagalmu"
HERE = "192.0.2.1"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost little: 200 of them are made here, at 0.2 s each. The console's tests have the real ones."""
    monkeypatch.setattr(passphrases, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def anna(database: str) -> int:
    """The id of an account with a passphrase, beside that of an administrator."""
    with session_scope() as session:
        add_account(session, "boss", "Bruno", [StaffRole.ADMINISTRATOR])
        person = add_account(session, "Anna@example.lv", "Anna", [StaffRole.AGENT])
        use_link(session, make_link(session, account_named(session, person.login)), RIGHT)
    return person.id


def enter(passphrase: str = RIGHT, login: str = "anna@example.lv", address: str = HERE, at: datetime = NOW) -> bool:
    return sign_in_with_passphrase(session_scope, login, passphrase, address, now=at).token is not None


@pytest.mark.parametrize(
    ("passphrase", "login", "entered"),
    [
        (RIGHT, "anna@example.lv", True),
        (RIGHT, " ANNA@example.lv ", True),
        (WRONG, "anna@example.lv", False),
        ("", "anna@example.lv", False),
        (RIGHT, "boss", False),
        (RIGHT, "nobody", False),
        (RIGHT * 100, "anna@example.lv", False),
    ],
)
def test_who_signs_in(anna: int, passphrase: str, login: str, entered: bool) -> None:
    assert enter(passphrase, login) is entered


def test_no_passphrase_and_no_token_is_stored(anna: int) -> None:
    result = sign_in_with_passphrase(session_scope, "anna@example.lv", RIGHT, HERE, now=NOW)
    with session_scope() as session:
        link = make_link(session, account_named(session, "boss"))
        kept = [
            *session.execute(select(StaffSession.token)).scalars(),
            *session.execute(select(StaffLink.token)).scalars(),
        ]
        kept.append(session.get(StaffAccount, anna).passphrase)
    assert [secret for secret in (result.token, link, RIGHT) if any(str(secret) in each for each in kept)] == []


def test_waits_grow_with_wrong_attempts(anna: int) -> None:
    waits, at = [], NOW
    for _ in range(9):
        result = sign_in_with_passphrase(session_scope, "anna@example.lv", WRONG, HERE, now=at)
        waits.append(int(result.wait.total_seconds()))
        at += result.wait + SECOND
    assert waits == [0, 0, 0, 0, 0, 14, 0, 29, 0]


def test_the_right_passphrase_waits_too(anna: int) -> None:
    for _ in range(5):
        enter(WRONG)
    assert (enter(), enter(at=NOW + 16 * SECOND), enter(at=NOW + 17 * SECOND)) == (False, True, True)


def test_an_owner_elsewhere_is_not_kept_out(anna: int) -> None:
    for number in range(30):
        enter(WRONG, address=f"198.51.100.{number}")
    assert enter()


def test_one_address_cannot_try_many_logins(database: str) -> None:
    with session_scope() as session:
        waits = [count_attempt(session, f"login{number}", HERE, now=NOW) for number in range(25)]
    assert (any(waits[:20]), all(waits[20:])) == (False, True)


def test_counts_start_again_after_an_hour(database: str) -> None:
    with session_scope() as session:
        for _ in range(4):
            count_attempt(session, "anna", HERE, now=NOW)
        later = NOW + sign_in_attempts.WINDOW + SECOND
        assert [count_attempt(session, "anna", HERE, now=later) for _ in range(4)] == [timedelta(0)] * 4


@pytest.mark.parametrize(
    ("moment", "is_good"), [(timedelta(0), True), (LINK_LIFE - SECOND, True), (LINK_LIFE, False)], ids=str
)
def test_a_link_is_good_for_a_while(anna: int, moment: timedelta, is_good: bool) -> None:
    with session_scope() as session:
        token = make_link(session, account_named(session, "boss"), now=NOW)
        assert (owner_of_link(session, token, now=NOW + moment) is not None) is is_good


def test_a_link_is_good_once(anna: int) -> None:
    with session_scope() as session:
        token = make_link(session, account_named(session, "boss"), now=NOW)
        used = [use_link(session, token, RIGHT, now=NOW) is not None for _ in range(2)]
    assert used == [True, False]


def test_a_new_link_voids_the_earlier(anna: int) -> None:
    with session_scope() as session:
        first, second = (make_link(session, account_named(session, "boss"), now=NOW) for _ in range(2))
        assert (owner_of_link(session, first, now=NOW), owner_of_link(session, second, now=NOW) is not None) == (
            None,
            True,
        )


def test_setting_a_passphrase_signs_out_everywhere(anna: int) -> None:
    with session_scope() as session:
        token = begin_session(session, anna, now=NOW)
        use_link(session, make_link(session, account_named(session, "anna@example.lv"), now=NOW), RIGHT, now=NOW)
        assert signed_in_person(session, token, now=NOW) is None


def _stays_used(session: Session, token: str, until: timedelta, step: timedelta, by_hand: bool) -> bool:
    at = timedelta(0)
    while at < until:
        at += step
        if signed_in_person(session, token, by_hand=by_hand, now=NOW + at) is None:
            return False
    return True


@pytest.mark.parametrize(
    ("until", "step", "by_hand", "stays"),
    [
        (IDLE - SECOND, IDLE - SECOND, True, True),
        (IDLE + SECOND, IDLE + SECOND, True, False),
        (3 * IDLE, IDLE / 2, True, True),
        (3 * IDLE, IDLE / 2, False, False),
        (LONGEST + SECOND, IDLE / 2, True, False),
    ],
)
def test_how_long_a_session_lasts(anna: int, until: timedelta, step: timedelta, by_hand: bool, stays: bool) -> None:
    with session_scope() as session:
        assert _stays_used(session, begin_session(session, anna, now=NOW), until, step, by_hand) is stays


ENDINGS: dict[str, Callable[[Session, int, str], object]] = {
    "signed out": lambda session, _, token: end_session(session, token),
    "disabled": lambda session, person, _: change_account(session, person, is_disabled=True),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_ends_a_session_at_once(anna: int, ending: str) -> None:
    with session_scope() as session:
        token = begin_session(session, anna, now=NOW)
        ENDINGS[ending](session, anna, token)
        assert signed_in_person(session, token, now=NOW) is None


MISTAKES: dict[str, Callable[[Session], object]] = {
    "is no login": lambda session: add_account(session, "a b", "Anna", [StaffRole.AGENT]),
    "an account 'boss' already": lambda session: add_account(session, "Boss", "Anna", [StaffRole.AGENT]),
    "at least one role": lambda session: add_account(session, "carl", "Carl", []),
    "at least one language": lambda session: add_account(session, "carl", "Carl", [StaffRole.AGENT], ["de"]),
    "1 to 60 characters": lambda session: add_account(session, "carl", " ", [StaffRole.AGENT]),
    "no account 'carl'": lambda session: account_named(session, "carl"),
    "no such account": lambda session: change_account(session, 999, name="Carl"),
    "last administrator; ": lambda session: change_account(session, 1, roles=[StaffRole.AGENT]),
    "last administrator;": lambda session: change_account(session, 1, is_disabled=True),
    "signs in with the company's directory": lambda session: make_link(session, account_named(session, "dora")),
}


@pytest.mark.parametrize("told", MISTAKES)
def test_what_is_refused_with_a_reason(anna: int, told: str) -> None:
    with session_scope() as session:
        person_from_directory(session, "https://idp", "d", "dora", "Dora", frozenset({StaffRole.AGENT}))
        with pytest.raises(StaffError, match=told.strip()):
            MISTAKES[told](session)


def test_the_directory_decides_the_roles_at_every_sign_in(anna: int) -> None:
    with session_scope() as session:
        for roles in ({StaffRole.AGENT}, {StaffRole.ANALYST}):
            found = person_from_directory(session, "https://idp", "d", "dora", "Dora", frozenset(roles))
            assert found is not None
            assert found.roles == roles
        change_account(session, found.id, is_disabled=True)
        assert person_from_directory(session, "https://idp", "d", "dora", "Dora", frozenset(roles)) is None
        assert [one.login for one in everybody(session)] == ["anna@example.lv", "boss", "dora"]


@pytest.mark.parametrize(
    "change", [update(StaffAudit).values(act="nothing"), delete(StaffAudit)], ids=["changed", "deleted"]
)
def test_the_audit_is_only_appended_to(anna: int, change: object) -> None:
    with session_scope() as session:
        note_act(session, AuditedAct.TAKEN, anna, [StaffRole.AGENT], about="EL-7KQ4-XH3M")
    with pytest.raises(DatabaseError, match="history"), session_scope() as session:
        session.execute(change)
    with session_scope() as session:
        assert [(one.account_id, one.act, one.about, one.roles) for one in latest_acts(session)] == [
            (anna, "taken", "EL-7KQ4-XH3M", ["agent"])
        ]


@pytest.mark.parametrize("words", ["Jānis Bērziņš", "a b", "x" * 41, ""])
def test_words_do_not_get_into_the_audit(anna: int, words: str) -> None:
    with session_scope() as session:
        note_act(session, AuditedAct.TAKEN, anna, about=words)
        session.flush()
        assert latest_acts(session)[0].about is None


def test_signing_in_is_audited(anna: int) -> None:
    enter(WRONG)
    enter(login="nobody")
    enter()
    with session_scope() as session:
        assert [(one.account_id, one.act) for one in latest_acts(session)] == [
            (anna, "signed-in"),
            (None, "sign-in-refused"),
            (anna, "sign-in-refused"),
        ]


@pytest.mark.parametrize(
    ("passphrase", "weakness"),
    [
        (RIGHT, None),
        ("elevensign.", Weakness.SHORT),
        ("x" * 201, Weakness.LONG),
        ("abababababababab", Weakness.REPEATED),
        ("anna.liepa2026", Weakness.LIKE_LOGIN),
        ("Anna.Liepa anna.liepa", Weakness.LIKE_LOGIN),
    ],
)
def test_which_passphrases_are_too_weak(passphrase: str, weakness: Weakness | None, database: str) -> None:
    assert weakness_of(passphrase, "anna.liepa@example.lv") is weakness
