"""Masked recipients of a code, as shown before the customer is verified."""

import pytest

from bot.accounts.masking import masked

NUMBERS = [f"9001000{number:04d}" for number in range(300)]


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SIGNING_KEY", "a key for tests")


@pytest.mark.parametrize(
    ("recipient", "shown"),
    [("+37120000005", "••••••05"), ("emma.example@example.com", "e••••@••••"), ("a@b.lv", "a••••@••••")],
)
def test_a_recipient_is_masked(recipient: str, shown: str) -> None:
    assert masked(recipient, NUMBERS[0], phones=True, emails=True) == shown


@pytest.mark.parametrize(("phones", "emails", "kinds"), [(True, False, {False}), (False, True, {True})])
def test_nothing_is_made_up_that_could_not_be_sent_to(phones: bool, emails: bool, kinds: set[bool]) -> None:
    """Otherwise the kind would reveal which numbers exist."""
    assert {"@" in masked(None, number, phones=phones, emails=emails) for number in NUMBERS} == kinds


def test_where_both_can_be_reached_some_of_both_are_made_up() -> None:
    assert {"@" in masked(None, number, phones=True, emails=True) for number in NUMBERS} == {True, False}


def test_what_is_made_up_stays_the_same() -> None:
    shown = {masked(None, NUMBERS[0], phones=True, emails=True) for _ in range(5)}
    assert len(shown) == 1
