"""One-time codes on the phone: limited by the caller's number, with answers suitable for speech."""

from itertools import count

import pytest
from phone_calls import HOW_MUCH, PlainCall, plain, told  # tests/phone_calls.py

from bot.accounts.code_limits import AT_STRANGER

pytestmark = pytest.mark.server
CONTRACTS = (f"9001999{number:04d}" for number in count(9000))  # do not exist, but sound like any other
SENT = {"lv": "sūtu uz turieni sešu ciparu kodu", "en": "I am sending a six-digit code there"}
REFUSED = {
    "lv": "Nākamo varēsiet prasīt ne agrāk kā pēc vienas stundas",
    "en": "You can ask for the next one in one hour at the earliest",
}


def asks(phone: str, caller: str, language: str, contract: str) -> tuple[PlainCall, str]:
    """A caller who enters a contract number with the keys, and the answers."""
    call = plain(phone, caller=caller)
    call.begin()
    call.press({"lv": "8", "en": "9"}[language])
    call.say(HOW_MUCH[language])
    return call, told(call.press(f"{contract}#"))


@pytest.mark.parametrize(("language", "caller"), [("lv", "+37129000010"), ("en", "+37129000020")])
def test_a_caller_gets_few_codes_for_a_contract(phone: str, language: str, caller: str) -> None:
    contract = next(CONTRACTS)
    heard = [asks(phone, caller, language, contract)[1] for _ in range(AT_STRANGER.hour + 1)]
    assert [SENT[language] in text for text in heard] == [True] * AT_STRANGER.hour + [False]
    assert REFUSED[language] in heard[-1]


def test_the_tries_that_are_left_are_heard(phone: str) -> None:
    call, _ = asks(phone, "+37129000030", "lv", next(CONTRACTS))
    heard = [told(call.press("000000#")) for _ in range(3)]
    assert "Jums vēl ir divi mēģinājumi" in heard[0]
    assert "Jums vēl ir viens mēģinājums" in heard[1]
    assert "pēc piecpadsmit minūtēm" in heard[2]
