"""Calls in which a spoken number is read back and corrected, and in which a source is named once."""

import secrets

import pytest
from outboxes import Outbox  # tests/outboxes.py

from bot.channels.phone.call_answering import PhoneAnswering
from bot.channels.phone.gateway_messages import CallEventKind, Heard, Hypothesis
from bot.rasa.local_assistant import LocalAssistant

pytestmark = pytest.mark.model
NUMBER_IN_WORDS = "Deviņi, nulle, nulle, viens, četras nulles, nulle, trīs, trīs."
READ_BACK = "deviņi nulle nulle viens, nulle nulle nulle nulle, nulle trīs trīs"
CODE_SENT = "sešu ciparu kodu. Tas der"
SOURCE = {"lv": "divdesmitā marta paziņojumā", "en": "announcement of the twentieth of March"}
CLOSED, CUT_OFF = "vai rīgas klientu centrs ir vaļā", "vai mani atslēgs ja kavēšu maksājumu"


class Call:
    """A call; each step returns what the caller hears."""

    def __init__(self, answering: PhoneAnswering) -> None:
        self._answering, self._id = answering, secrets.token_hex(8)

    async def say(self, text: str) -> str:
        return await self._hear(Heard(self._id, CallEventKind.SPEECH, hypotheses=(Hypothesis(text, 0.9),)))

    async def press(self, digits: str) -> str:
        return await self._hear(Heard(self._id, CallEventKind.DIGITS, digits=digits))

    async def _hear(self, heard: Heard) -> str:
        return " ".join(said.text for said in (await self._answering.answer(heard)).say)


@pytest.fixture
def call(assistant: LocalAssistant) -> Call:
    return Call(assistant.on_the_phone(transfer_to=""))


async def test_a_number_is_read_back_and_the_yes_brings_the_code(call: Call, outbox: Outbox) -> None:
    await call.say("cik es esmu parādā")
    read_back = await call.say(NUMBER_IN_WORDS)
    sent = await call.say("jā, pareizi")
    assert (READ_BACK in read_back, CODE_SENT in sent) == (True, True)
    assert "piecdesmit divi eiro" in await call.say(" ".join(outbox.code()))


async def test_a_no_stays_with_the_question(call: Call) -> None:
    await call.say("cik es esmu parādā")
    await call.say(NUMBER_IN_WORDS)
    assert "pārklausījos" in await call.say("nē")
    await call.say(NUMBER_IN_WORDS)
    assert "taustiņiem" in await call.say("nē, nepareizi")


async def test_after_two_failures_keys_are_taken_without_reading_back(call: Call) -> None:
    await call.say("cik es esmu parādā")
    for said in (NUMBER_IN_WORDS, "nē", NUMBER_IN_WORDS, "nē"):
        await call.say(said)
    assert CODE_SENT in await call.press("90010000033")


async def test_after_two_failures_a_person_can_be_had(call: Call) -> None:
    await call.say("cik es esmu parādā")
    for said in (NUMBER_IN_WORDS, "nē", NUMBER_IN_WORDS, "nē"):
        await call.say(said)
    assert "Vai Jums atzvanīt?" in await call.say("cilvēks")  # no number to transfer to is set here


async def test_who_gives_up_at_the_number_leaves(call: Call) -> None:
    await call.say("cik es esmu parādā")
    await call.say(NUMBER_IN_WORDS)
    assert "atliksim to malā" in await call.say("atcelt")


async def test_the_number_can_be_heard_again(call: Call) -> None:
    await call.say("cik es esmu parādā")
    await call.say(NUMBER_IN_WORDS)
    assert READ_BACK in await call.say("vēlreiz, lūdzu")


async def test_a_question_in_between_is_answered_and_the_number_read_back_again(call: Call) -> None:
    await call.say("cik es esmu parādā")
    await call.say(NUMBER_IN_WORDS)
    answer = await call.say(CLOSED)
    assert ("slēgts" in answer, READ_BACK in answer) == (True, True)


async def test_in_english(call: Call, outbox: Outbox) -> None:
    await call.say("how much do I owe")
    read_back = await call.say("nine oh oh one, oh oh oh oh, oh three four")
    corrected = await call.say("no, it ends in three three")
    await call.say("yes that's right")
    assert "zero three four. Is that right?" in read_back
    assert "zero three three. Is that right now?" in corrected
    assert "fifty-two euros" in await call.say(" ".join(outbox.code()))


async def test_a_source_is_named_once_in_a_call(call: Call) -> None:
    first, second = await call.say(CUT_OFF), await call.say(CLOSED)
    assert (SOURCE["lv"] in first, SOURCE["lv"] in second) == (True, False)


@pytest.mark.parametrize(
    "question", ["kas to saka", "no kurienes jums tas ir", "kur tas ir rakstīts", "un kāds tam ir avots"]
)
async def test_who_asks_who_says_so_hears_the_source_again(call: Call, question: str) -> None:
    await call.say(CUT_OFF)
    await call.say(CLOSED)
    assert SOURCE["lv"] in await call.say(question)


async def test_who_asks_in_english_hears_it_in_english(call: Call) -> None:
    await call.say("will I be cut off if I pay late")
    assert SOURCE["en"] in await call.say("and who says so")


async def test_what_is_repeated_names_its_source_again(call: Call) -> None:
    await call.say(CUT_OFF)
    assert SOURCE["lv"] in await call.say("atkārtojiet lūdzu")


async def test_another_call_hears_the_source_anew(call: Call, assistant: LocalAssistant) -> None:
    await call.say(CUT_OFF)
    assert SOURCE["lv"] in await Call(assistant.on_the_phone(transfer_to="")).say(CUT_OFF)
