"""Each turn is counted as it is stored, in its transaction; what is counted anew of the stored events is the same."""

import multiprocessing
import os
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import select

from bot.domain_names import Intent
from bot.erasure.erasing import forget_conversation, purge
from bot.figures.checking_counts import counted_anew, differences, put_right
from bot.figures.counted_things import Counted, key, quarter_of
from bot.figures.counting_rows import add_counts
from bot.figures.models import ConversationFacts, FigureCount
from bot.rasa.stored_conversations import stored_conversations
from bot.rasa.tracker_store import ConversationStore
from bot.settings import PROJECT
from bot.storage.engine import engine_for, session_scope

DOMAIN = Domain.from_path(str(PROJECT / "domain.yml"))
AT = datetime(2026, 3, 9, 10, 7, tzinfo=UTC).timestamp()
ANSWER: dict[str, Any] = {"language": "lv"}
CLARIFY = {**ANSWER, "conveyed": {"act": "clarify", "opening": "none", "rows": []}}
HANDOVER = {**ANSWER, "handover": "EL-7KQ4-XH3M"}
FAILED = {**ANSWER, "failed": True}


def said(intent: str, reply: dict[str, Any] | None, minutes: float = 0, **parsed: Any) -> list[Event]:
    """A turn."""
    parse_data = {"intent": {"name": intent, "confidence": 0.9}, "language": {"code": "en"}, **parsed}
    user = UserUttered("Labdien!", parse_data["intent"], parse_data=parse_data, input_channel="web")
    user.timestamp = AT + minutes * 60
    return [user, *([BotUttered("Jā.", metadata=reply)] if reply is not None else []), ActionExecuted("action_listen")]


def begun() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


async def stored_turns(*turns: list[Event], conversation: str = "c") -> None:
    """Store turns one by one, as a server does: each time it reads the tracker, and writes what is new."""
    store = ConversationStore(DOMAIN)
    for turn in turns:
        tracker = await store.retrieve(conversation) or DialogueStateTracker(conversation, DOMAIN.slots)
        for event in turn:
            tracker.update(event)
        await store.save(tracker)


def counts() -> Counter[str]:
    """The stored counts by what, and name where there is one."""
    with session_scope() as session:
        rows = session.execute(select(FigureCount.what, FigureCount.name, FigureCount.count)).all()
    found: Counter[str] = Counter()
    for what, name, count in rows:
        found[f"{what} {name}".strip()] += count
    return found


def differing() -> list[tuple[str, int, int]]:
    with session_scope() as session:
        found = differences(session, counted_anew(stored_conversations(session)))
    return [(one.key.what, one.stored, one.anew) for one in found]


@pytest.mark.parametrize(
    ("intent", "reply", "outcome"),
    [
        (Intent.ASK_CONTACT, ANSWER, Counted.ANSWERED),
        (Intent.ASK_CONTACT, CLARIFY, Counted.ASKED_BACK),
        (Intent.NLU_FALLBACK, CLARIFY, Counted.ASKED_BACK),
        (Intent.NLU_FALLBACK, ANSWER, Counted.NOT_UNDERSTOOD),
        (Intent.OUT_OF_SCOPE, ANSWER, Counted.OUT_OF_SCOPE),
        (Intent.REQUEST_HUMAN, HANDOVER, Counted.HANDED_OVER),
        (Intent.ASK_CONTACT, FAILED, Counted.FAILED),
        (Intent.ASK_CONTACT, None, None),
    ],
)
async def test_what_became_of_a_turn(
    database: str, intent: str, reply: dict[str, Any] | None, outcome: Counted | None
) -> None:
    await stored_turns([*begun(), *said(intent, reply)])
    expected = Counter({"conversation_begun": 1, "turn": 1, f"turn_topic {intent}": 1})
    expected.update([outcome] if outcome else [])
    expected.update(["conversation_handed_over"] if outcome is Counted.HANDED_OVER else [])
    assert counts() == expected


@pytest.mark.both_databases
async def test_what_is_counted_with_each_turn_is_what_is_counted_anew(database: str) -> None:
    place = {"entities": [{"entity": "place", "value": "ogre", "start": 0, "end": 4}]}
    hostile = {"entities": [{"entity": "place", "value": "Brīvības iela 5-3", "start": 0, "end": 4}]}
    await stored_turns(
        [*begun(), *said(Intent.ASK_CONTACT, ANSWER)],
        said(Intent.ASK_PLACE_CLOSED, ANSWER, 1, **place),
        said(Intent.ASK_PLACE_CLOSED, CLARIFY, 2, **hostile),
        said(Intent.REQUEST_HUMAN, HANDOVER, 9),
        said(Intent.REQUEST_HUMAN, HANDOVER, 10),
        [*begun(), *said(Intent.REQUEST_HUMAN, HANDOVER, 120)],
    )
    await stored_turns([*begun(), *said(Intent.GREET, ANSWER, 1)], conversation="d")
    found = counts()
    assert differing() == []
    assert (found["turn"], found["conversation_begun"], found["conversation_handed_over"]) == (7, 3, 2)
    assert {name: count for name, count in found.items() if name.startswith("turn_place")} == {"turn_place ogre": 1}
    with session_scope() as session:
        row = ConversationFacts
        facts = session.execute(
            select(row.turns, row.answered, row.handed_over).order_by(row.begun_at, row.turns)
        ).all()
    assert [tuple(one) for one in facts] == [(5, 2, True), (1, 1, False), (1, 0, True)]


@pytest.mark.both_databases
async def test_what_is_erased_stays_counted(database: str) -> None:
    for conversation in ("c", "d"):
        await stored_turns([*begun(), *said(Intent.GREET, ANSWER)], conversation=conversation)
    before = counts()
    with session_scope() as session:
        forget_conversation(session, "c", "test")
    purge(session_scope, datetime.now(UTC), "0d", "test")
    with session_scope() as session:
        facts = session.execute(select(ConversationFacts.conversation_id)).all()
    assert (counts(), facts, {anew for _, _, anew in differing()}) == (before, [], {0})


async def test_what_is_too_low_is_raised(database: str) -> None:
    await stored_turns([*begun(), *said(Intent.GREET, ANSWER)])
    before = counts()
    with session_scope() as session:
        session.execute(FigureCount.__table__.delete())
        put_right(session, differences(session, counted_anew(stored_conversations(session))))
    assert (counts(), differing()) == (before, [])


async def test_a_turn_that_is_not_stored_is_not_counted(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("bot.rasa.tracker_store.add_turns", fail)
    with pytest.raises(RuntimeError):
        await stored_turns([*begun(), *said(Intent.GREET, ANSWER)])
    assert (counts(), differing()) == (Counter(), [])


TIMES, PROCESSES = 30, 3


def count_many(url: str, number: int) -> None:
    """Count the same things as others do at once, each time in a transaction of its own."""
    os.environ["DATABASE_URL"] = url
    whats = list(Counted)
    for time in range(TIMES):
        keys = [key(datetime.fromtimestamp(AT, UTC), what, "web", "lv") for what in whats]
        with session_scope(url) as session:
            add_counts(session, dict.fromkeys(keys if (time + number) % 2 else reversed(keys), 1))


@pytest.mark.both_databases
def test_nothing_is_lost_where_several_servers_count_the_same(database: str) -> None:
    engine_for(database).dispose()
    spawning = multiprocessing.get_context("spawn")
    servers = [spawning.Process(target=count_many, args=(database, number)) for number in range(PROCESSES)]
    for server in servers:
        server.start()
    for server in servers:
        server.join(60)
    assert counts() == Counter(dict.fromkeys(map(str, Counted), TIMES * PROCESSES))


def test_a_quarter_of_an_hour_is_of_universal_time() -> None:
    moment = datetime.fromisoformat("2026-10-25T03:59:59.999999+02:00")
    assert quarter_of(moment) == datetime(2026, 10, 25, 1, 45, tzinfo=UTC)
