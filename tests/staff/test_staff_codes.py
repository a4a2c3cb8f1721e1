"""One-time codes and recovery codes of the company's people, on both databases."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.sql import text

from bot.staff.models import StaffRecoveryCode
from bot.staff.one_time_links import make_link, use_link
from bot.staff.permissions import StaffRole
from bot.staff.recovery_codes import HOW_MANY, recovery_codes_left
from bot.staff.signing_in_staff import (
    CODE_AWAITED,
    SignInResult,
    sign_in_with_code,
    sign_in_with_passphrase,
)
from bot.staff.staff_accounts import StaffPerson, account_named, add_account, change_account, person_in
from bot.staff.staff_audit import latest_acts
from bot.staff.staff_codes import STEP, begin_codes, confirm_codes, reset_codes, step_of
from bot.storage.engine import session_scope

pytestmark = pytest.mark.both_databases
NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
LATER = timedelta(seconds=STEP)
RIGHT = "zaļš zirgs pa pļavu"
LOGIN, HERE, BROWSER = "anna@example.lv", "192.0.2.1", "a browser"
# RFC 6238, appendix B: seconds since 1970 and the codes for SHA-1 with this secret. Ours are the last six of its eight
# digits, since both are the same number modulo a power of ten (RFC 4226, 5.3).
PUBLISHED_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # 12345678901234567890
PUBLISHED = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("seconds", "code"), PUBLISHED.items())
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert step_of(PUBLISHED_SECRET, code[-6:], datetime.fromtimestamp(seconds, UTC)) == seconds // STEP


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("steps", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_differ_by_a_step(steps: int, is_good: bool) -> None:
    shown = pyotp.TOTP(PUBLISHED_SECRET).at(NOW + steps * LATER)
    assert (step_of(PUBLISHED_SECRET, shown, NOW) is not None) is is_good


@pytest.mark.sqlite_only
@pytest.mark.parametrize("code", ["", "28708", "2870822", "９４２８７０", "abcdef", "\ud800"])
def test_what_is_no_code(code: str) -> None:
    assert step_of(PUBLISHED_SECRET, code, datetime.fromtimestamp(59, UTC)) is None


@pytest.fixture
def person(database: str) -> StaffPerson:
    """Anna, with a passphrase, beside an administrator."""
    with session_scope() as session:
        add_account(session, "boss", "Bruno", [StaffRole.ADMINISTRATOR])
        made = add_account(session, LOGIN, "Anna", [StaffRole.AGENT])
        use_link(session, make_link(session, account_named(session, made.login)), RIGHT)
    return made


@pytest.fixture
def secret(person: StaffPerson) -> str:
    """The secret in Anna's phone; begun, and not yet confirmed."""
    with session_scope() as session:
        return begin_codes(session, person, "Elektrum").secret


@pytest.fixture
def recovery(person: StaffPerson, secret: str) -> list[str]:
    """Anna's recovery codes: codes are asked for from an hour ago."""
    at = NOW - timedelta(hours=1)
    with session_scope() as session:
        codes = confirm_codes(session, person, pyotp.TOTP(secret).at(at), now=at)
    assert codes is not None
    return codes


def half(at: datetime = NOW, browser: str = BROWSER) -> str:
    """Sign in with the passphrase, after which a code is asked for."""
    result = sign_in_with_passphrase(session_scope, LOGIN, RIGHT, HERE, browser, now=at)
    assert (result.token, result.half is not None) == (None, True)
    return str(result.half)


def enter(code: str, at: datetime = NOW, begun: str | None = None, browser: str = BROWSER) -> SignInResult:
    return sign_in_with_code(session_scope, begun or half(at), code, browser, now=at)


def acts() -> list[str]:
    with session_scope() as session:
        return [str(line.act) for line in latest_acts(session)]


def test_before_it_is_confirmed_no_code_is_asked_for(secret: str) -> None:
    assert sign_in_with_passphrase(session_scope, LOGIN, RIGHT, HERE, BROWSER, now=NOW).token is not None


def test_a_page_that_is_loaded_again_shows_the_same_secret(person: StaffPerson, secret: str) -> None:
    with session_scope() as session:
        assert begin_codes(session, person, "Elektrum").secret == secret


def test_a_wrong_first_code_switches_nothing_on(person: StaffPerson, secret: str) -> None:
    with session_scope() as session:
        assert confirm_codes(session, person, "000000", now=NOW) is None
        assert person_in(session, person.id).has_codes is False


def test_passphrase_and_code_sign_in(secret: str, recovery: list[str]) -> None:
    code = pyotp.TOTP(secret).at(NOW)
    assert enter(f" {code[:3]} {code[3:]} ").token is not None
    assert acts()[0] == "signed-in"


def test_a_code_is_good_once_and_none_before_it(secret: str, recovery: list[str]) -> None:
    codes = [pyotp.TOTP(secret).at(NOW + steps * LATER) for steps in (0, 0, -1, 1)]
    assert [enter(code).token is not None for code in codes] == [True, False, False, True]


def test_the_first_code_does_not_sign_in_again(person: StaffPerson, secret: str) -> None:
    code = pyotp.TOTP(secret).at(NOW)
    with session_scope() as session:
        confirm_codes(session, person, code, now=NOW)
    assert enter(code).token is None


def test_a_recovery_code_is_good_once_however_it_is_typed(person: StaffPerson, recovery: list[str]) -> None:
    typed = recovery[3].lower().replace("-", " ")
    assert [enter(typed).token is not None for _ in range(2)] == [True, False]
    with session_scope() as session:
        assert recovery_codes_left(session, person.id) == HOW_MANY - 1
    assert acts()[:3] == ["code-refused", "signed-in", "recovery-code-used"]


def test_attempts_are_slowed_down_and_the_right_code_waits_too(secret: str, recovery: list[str]) -> None:
    begun = half()
    waits = [bool(enter("000000", begun=begun).wait) for _ in range(6)]
    right = enter(pyotp.TOTP(secret).at(NOW), begun=begun)
    assert (waits, right.token, bool(right.wait)) == ([False] * 5 + [True], None, True)
    at = NOW + timedelta(minutes=1, seconds=1)
    assert enter(pyotp.TOTP(secret).at(at), at, begun).token is not None


@pytest.mark.parametrize(("later", "is_late"), [(CODE_AWAITED, False), (CODE_AWAITED + timedelta(seconds=1), True)])
def test_the_passphrase_counts_for_a_while(secret: str, recovery: list[str], later: timedelta, is_late: bool) -> None:
    assert enter(pyotp.TOTP(secret).at(NOW + later), NOW + later, half()).is_late is is_late


@pytest.mark.parametrize("begun", ["", "anything", "gAAAAA=="])
def test_nobody_begins_in_the_middle(secret: str, recovery: list[str], begun: str) -> None:
    result = sign_in_with_code(session_scope, begun, pyotp.TOTP(secret).at(NOW), BROWSER, now=NOW)
    assert (result.token, result.is_late) == (None, True)


def test_another_browser_does_not_go_on_with_it(secret: str, recovery: list[str]) -> None:
    assert enter(pyotp.TOTP(secret).at(NOW), browser="another").is_late


def test_whoever_is_disabled_meanwhile_does_not_get_in(person: StaffPerson, secret: str, recovery: list[str]) -> None:
    begun = half()
    with session_scope() as session:
        change_account(session, person.id, is_disabled=True)
    assert enter(pyotp.TOTP(secret).at(NOW), begun=begun).is_late


def test_a_passphrase_that_was_changed_meanwhile_does_not_count(secret: str, recovery: list[str]) -> None:
    begun = half()
    with session_scope() as session:
        use_link(session, make_link(session, account_named(session, LOGIN)), RIGHT + "!")
    assert enter(pyotp.TOTP(secret).at(NOW), begun=begun).is_late


def test_after_a_reset_the_passphrase_is_enough(person: StaffPerson, secret: str, recovery: list[str]) -> None:
    with session_scope() as session:
        reset_codes(session, person.id)
    assert sign_in_with_passphrase(session_scope, LOGIN, RIGHT, HERE, BROWSER, now=NOW).token is not None
    with session_scope() as session:
        assert begin_codes(session, person_in(session, person.id), "Elektrum").secret != secret
        assert recovery_codes_left(session, person.id) == 0


def test_neither_secret_nor_codes_are_readable_in_the_database(secret: str, recovery: list[str]) -> None:
    with session_scope() as session:
        kept = [*session.execute(text("SELECT code_secret FROM staff_accounts")).scalars()]
        kept += session.execute(select(StaffRecoveryCode.code)).scalars()
    plain = [secret, *recovery, *(code.replace("-", "") for code in recovery)]
    assert [one for one in plain if any(one in str(each) for each in kept)] == []
