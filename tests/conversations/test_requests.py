"""What conversations leave in the database: requests for a person and complaints, without personal data."""

import re
from typing import Any

import pytest
from outboxes import Outbox  # tests/outboxes.py
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from actions import people
from bot.desk.models import Handoff
from bot.rasa.local_assistant import LocalAssistant
from bot.storage.engine import session_scope

pytestmark = pytest.mark.model


def recorded() -> list[tuple[str, str, str, str | None]]:
    with session_scope() as session:
        rows = session.execute(select(Handoff).order_by(Handoff.id)).scalars()
        return [(row.kind, row.language, row.reference, row.details) for row in rows]


async def talk(assistant: LocalAssistant, *lines: str) -> str:
    """Say the lines; returns the last reply."""
    for line in lines:
        turn = await assistant.say(line)
    return str(turn["replies"][-1]["text"])


async def test_the_reference_a_customer_hears_is_the_one_recorded(assistant: LocalAssistant) -> None:
    reply = await talk(assistant, "I want to talk to a person")
    assert re.findall(r"EL-\w{4}-\w{4}", reply) == [row[2] for row in recorded()]


async def test_asking_for_a_person_twice_records_one_request(assistant: LocalAssistant) -> None:
    await talk(assistant, "Gribu runāt ar cilvēku", "Savienojiet mani ar operatoru!")
    assert [row[:2] for row in recorded()] == [("person", "lv")]


async def test_another_conversation_has_a_request_of_its_own(assistant: LocalAssistant) -> None:
    await talk(assistant, "I want to talk to a person")
    assistant.restart()
    await talk(assistant, "I want to talk to a person")
    assert len({row[2] for row in recorded()}) == 2


async def test_a_complaint_is_recorded_without_personal_data(assistant: LocalAssistant) -> None:
    await talk(
        assistant,
        "Gribu iesniegt sūdzību",
        "Rēķins ir nepareizs, rakstiet uz anna.paraugs@example.com vai zvaniet +371 26123456, līgums 90012345678",
    )
    assert [row[3] for row in recorded()] == [
        "Rēķins ir nepareizs, rakstiet uz [e-mail] vai zvaniet [phone], līgums [contract]"
    ]


async def test_a_long_complaint_is_kept_whole(assistant: LocalAssistant) -> None:
    story = "Rēķins ir nepareizs un neviens neatbild. " * 100
    await talk(assistant, "Gribu iesniegt sūdzību", story)
    assert [row[3] for row in recorded()] == [story.strip()]


async def test_what_opened_the_complaint_belongs_to_it(assistant: LocalAssistant) -> None:
    opening = "Es sūdzos: stundu gaidīju uz līnijas, un tad jūsu darbiniece nolika klausuli."
    await talk(assistant, opening, "Tas bija vakar ap pusdienlaiku.")
    assert [row[3] for row in recorded()] == [f"{opening}\nTas bija vakar ap pusdienlaiku."]


@pytest.mark.parametrize(
    "said",
    [
        "Operators man nolika klausuli, kad lūdzu savienot ar vadītāju.",  # classified as a request for a person
        "Your employee refused to connect me to a manager.",
        "Nē, tas nav godīgi, skaitītājs trešo reizi nolasīts nepareizi.",
        "Help! Nobody has answered my letters since January.",
    ],
)
async def test_a_complaint_is_kept_whatever_it_is_taken_for(assistant: LocalAssistant, said: str) -> None:
    await talk(assistant, "Gribu iesniegt sūdzību", said)
    assert [row[3] for row in recorded()] == [said]


async def test_a_complaint_that_was_left_is_not_recorded(assistant: LocalAssistant) -> None:
    await talk(assistant, "I want to make a complaint", "never mind, cancel")
    assert recorded() == []


async def test_when_a_complaint_cannot_be_recorded_nobody_says_it_was(
    assistant: LocalAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk(assistant, "I want to make a complaint")
    monkeypatch.setenv("DATABASE_URL", "sqlite:////dev/null/assistant.db")
    reply = await talk(assistant, "The February bill is three times too high.")
    assert ("8400" in reply, "recorded" in reply) == (True, False)


async def test_a_complaint_that_could_not_be_recorded_does_not_fill_the_next_one(
    assistant: LocalAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    with monkeypatch.context() as broken:
        broken.setattr(people, "record", full)
        await talk(assistant, "I want to make a complaint", "The February bill is three times too high.")
    await talk(assistant, "I want to make a complaint", "Your employee shouted at me.")
    assert [row[3] for row in recorded()] == ["Your employee shouted at me."]


async def test_a_complaint_goes_on_when_the_database_is_back(
    assistant: LocalAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk(assistant, "I want to make a complaint")
    with monkeypatch.context() as broken:
        broken.setenv("DATABASE_URL", "sqlite:////dev/null/assistant.db")
        await talk(assistant, "The February bill is three times too high.")
    await talk(assistant, "The February bill is three times too high.")
    assert [row[3] for row in recorded()] == ["The February bill is three times too high."]


async def test_who_is_cut_off_waits_for_a_person_with_priority(assistant: LocalAssistant, outbox: Outbox) -> None:
    await talk(assistant, "Kāds ir mans konta stāvoklis? Līguma numurs ir 90010000044")
    await talk(assistant, outbox.code())
    with session_scope() as session:
        assert session.execute(select(Handoff.kind, Handoff.priority)).all() == [("person", True)]


async def test_a_wish_to_pay_later_waits_at_the_desk_under_the_number_that_the_customer_hears(
    assistant: LocalAssistant, outbox: Outbox
) -> None:
    await talk(assistant, "Gribu maksāt pa daļām", "90010000033")
    reply = await talk(assistant, outbox.code(), "trīs")
    told = re.findall(r"EL-\w{4}-\w{4}", reply)
    assert [row[:3] for row in recorded()] == [("extension", "lv", *told)]
