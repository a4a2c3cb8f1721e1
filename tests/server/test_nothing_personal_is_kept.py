"""After 200 conversations full of the demo customers' data, none of it is in the stored data.

Searched are the stored conversations, what reached the event broker, the requests for a person and complaints, and the
logs of both servers.
"""

import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from outboxes import Outbox  # tests/outboxes.py
from running import Running, start  # tests/running.py

from bot.accounts.demo import DEMO
from bot.settings import PROJECT

pytestmark = pytest.mark.server
CONVERSATIONS, AT_ONCE = 200, 4
WAIT = 1.0  # seconds for a code
IDS = {"event_id", "message_id", "sender_id"}
PERSONAL_CODES = ("010190-12345", "32765432109")  # valid formats of both kinds; assigned to nobody
IBAN, CARD = "LV80BANK0000435195001", "4111 1111 1111 1111"  # the examples of the standards
OPENINGS = {
    "lv": [
        "Labdien, mani sauc {name}. Cik es esmu parādā? Līguma numurs ir {number}",
        "kāds ir mans pēdējais rēķins? līgums {dashed}, telefons {phone}",
        "Vai mans maksājums ir saņemts? {spaced}",
        "Gribu maksāt pa daļām, EIC {eic}, līguma nr. {number}",
        "Cik man jāmaksā par {address}? Līgums {number}",
    ],
    "en": [
        "Hello, my name is {name}. How much do I owe? My contract number is {number}",
        "What is my latest bill? contract {dashed}, my phone is {phone}",
        "Has my payment been received? {spaced}",
        "I want to pay in instalments, EIC {eic}, contract no. {number}",
        "How much do I owe for {address}? Contract {number}",
    ],
}
# In the middle of the form.
DURING = {
    "lv": ["mans e-pasts ir {email}", "adrese ir {address}"],
    "en": ["my e-mail is {email}", "I live at {address}"],
}
AFTER = {
    "lv": [
        "Gribu iesniegt sūdzību",
        "Rēķins nav pareizs. Mani sauc {name}, personas kods {personal}, zvaniet {phone} vai rakstiet {email}.",
        "Gribu runāt ar cilvēku, mans numurs {phone}, konts {iban}, karte {card}",
    ],
    "en": [
        "I want to make a complaint",
        "The bill is wrong. My name is {name}, personal code {personal}, call {phone} or write to {email}.",
        "I want to talk to a person, my number is {phone}, account {iban}, card {card}",
    ],
}


@dataclass(frozen=True)
class Person:
    """A demo customer's data as customers may say it."""

    data: dict[str, str]
    amounts: list[str]


def people() -> list[Person]:
    """Every contract of a household among the demo customers."""
    found = []
    for number, customer in enumerate(yaml.safe_load(DEMO.read_text(encoding="utf-8"))["customers"]):
        for contract in customer["contracts"] if customer["kind"] == "household" else []:
            digits = contract["number"]
            data = {
                "name": customer["name"],
                "phone": customer.get("phone") or "+371 20 000 000",
                "email": customer.get("email") or "nobody@example.com",
                "number": digits,
                "dashed": f"{digits[:4]}-{digits[4:8]}-{digits[8:]}",
                "spaced": f"{digits[:4]} {digits[4:8]} {digits[8:]}",
                "eic": contract["eic"],
                "address": contract["address"],
                "personal": PERSONAL_CODES[number % 2],
                "iban": IBAN,
                "card": CARD,
            }
            amounts = [str(invoice["amount"]) for invoice in contract.get("invoices", [])]
            found.append(Person(data, amounts))
    return found


class Talks:
    """Conversations as demo customers would have them; deterministic."""

    def __init__(self, running: Running, outbox: Path, seed: int) -> None:
        self._running, self._outbox, self._chance = running, outbox, random.Random(seed)
        self.codes: set[str] = set()
        self.heard_amounts = 0

    def hold(self, person: Person, language: str) -> None:
        session = self._running.session()
        outbox = Outbox(self._outbox, person.data["phone"], person.data["email"], from_now_on=True)
        self._say(session, self._chance.choice(OPENINGS[language]), person)
        self._say(session, self._chance.choice(DURING[language]), person)
        # No code is sent if a contract has used up its five for this hour.
        code = outbox.code_within(WAIT)
        self.codes |= {code} if code else set()
        answer = self._say(session, code or "000000", person)
        self.heard_amounts += any(amount.replace(".", ",") in answer or amount in answer for amount in person.amounts)
        self._say(session, {"lv": "atcelt", "en": "cancel"}[language], person)
        for line in AFTER[language]:
            self._say(session, line, person)

    def _say(self, session: str, line: str, person: Person) -> str:
        return "\n".join(reply["text"] for reply in self._running.ask(line.format(**person.data), session))


@dataclass(frozen=True)
class Kept:
    """What is stored of the conversations, by place, and what was said in them."""

    texts: dict[str, str]
    codes: set[str]
    heard_amounts: int


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("kept")
    broker, endpoints = folder / "broker.jsonl", folder / "endpoints.yml"
    configured = yaml.safe_load((PROJECT / "endpoints.yml").read_text(encoding="utf-8"))
    configured["event_broker"] = {"type": "file", "path": str(broker)}
    endpoints.write_text(yaml.safe_dump(configured), encoding="utf-8")
    running = start(folder, BOT_AS_OF="2020-03-25", BOT_ENDPOINTS=str(endpoints))
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            each = [Talks(running, folder / "outbox.jsonl", seed) for seed in range(AT_ONCE)]
            list(pool.map(_hold_all, each, (people()[seed::AT_ONCE] for seed in range(AT_ONCE))))
    finally:
        running.stop()
    texts = {
        "conversations": _strings([json.loads(row) for (row,) in running.rows("SELECT data FROM events")]),
        "broker": _strings([json.loads(line) for line in broker.read_text(encoding="utf-8").splitlines()]),
        "requests": "\n".join(str(row) for row in running.rows("SELECT details FROM handoffs")),
        "logs": "\n".join(log.read_text(encoding="utf-8") for log in (folder / "log").iterdir()),
    }
    return Kept(texts, set().union(*(some.codes for some in each)), sum(some.heard_amounts for some in each))


def _hold_all(talks: Talks, some: list[Person]) -> None:
    for number in range(CONVERSATIONS // AT_ONCE):
        talks.hold(some[number % len(some)], ("lv", "en")[number % 2])


def _strings(content: Any) -> str:
    """All texts, one per line; without ids and times, whose digits are random."""
    if isinstance(content, str):
        return content + "\n"
    if isinstance(content, dict):
        return "".join(_strings(value) for key, value in content.items() if key not in IDS)
    return "".join(_strings(one) for one in content) if isinstance(content, list) else ""


PLACES = ["conversations", "broker", "requests", "logs"]
SAID = ["name", "phone", "email", "number", "dashed", "spaced", "eic", "address", "personal", "iban", "card"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("what", SAID)
def test_nothing_of_a_customer_is_kept(kept: Kept, place: str, what: str) -> None:
    plain = kept.texts[place].casefold()
    assert [person.data[what] for person in people() if person.data[what].casefold() in plain] == []


@pytest.mark.parametrize("place", PLACES)
def test_no_number_is_kept_in_another_spelling(kept: Kept, place: str) -> None:
    joined = re.sub(r"(?<=\d)[\s./-]+(?=\d)", "", kept.texts[place])
    numbers = {re.sub(r"\D", "", person.data[what])[-8:] for person in people() for what in ("phone", "number", "card")}
    assert [number for number in numbers if number in joined] == []


@pytest.mark.parametrize("place", PLACES)
def test_no_one_time_code_is_kept(kept: Kept, place: str) -> None:
    assert [code for code in kept.codes if re.search(rf"(?<!\d){code}(?!\d)", kept.texts[place])] == []


@pytest.mark.parametrize("place", PLACES)
def test_no_amount_of_an_account_is_kept(kept: Kept, place: str) -> None:
    amounts = {amount for person in people() for amount in person.amounts}
    spelled = [re.escape(amount).replace(r"\.", "[.,]") for amount in amounts]
    assert [one for one in spelled if re.search(rf"(?<!\d){one}(?!\d)", kept.texts[place])] == []


def test_the_conversations_were_about_accounts(kept: Kept) -> None:
    """Proof that there was something to find."""
    assert len(kept.codes) > CONVERSATIONS / 2
    assert kept.heard_amounts > CONVERSATIONS / 8
    assert kept.texts["conversations"].count("[account]") > CONVERSATIONS / 4
    assert kept.texts["broker"].count("[account]") > CONVERSATIONS / 4
    assert kept.texts["requests"].count("[personal code]") > CONVERSATIONS / 2
