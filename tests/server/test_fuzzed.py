"""Fuzzing: no channel fails on any input, every message is answered, and every conversation continues afterwards.

`make fuzz` sends 10,000 messages into each channel; `make test` a few hundred.
"""

import json
import os
import uuid
from collections import Counter
from collections.abc import Iterator
from functools import partial
from random import Random
from typing import Any

import pytest
import requests
from graph.api import GraphApi  # tests/graph
from graph.connected import PAGE_PATIENCE, WAITING, MessengerPage, page_of_the_tests, settings_of, wait_for
from graph.webhooks import encode
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from running import Running, events, replies, start  # tests/running.py

from bot.message_limits import MESSAGE_LIMIT
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES
from bot.training.sentences import GROUPS, held_out

pytestmark = pytest.mark.server
MESSAGES = int(os.environ.get("FUZZED_MESSAGES", "250"))  # in each channel
PEOPLE = max(20, MESSAGES // 50)  # so that a conversation has about fifty messages
# More in Messenger, where one message in six says that a colleague has taken over, after which there are no answers.
WRITERS = max(20, MESSAGES // 5)
SOMEBODY_ELSE = "80000"
TOKEN = "phone-token-of-the-tests"
CLOSED = "centrs Rīgā ir slēgts"
QUESTION = "Vai Rīgas klientu apkalpošanas centrs ir slēgts?"
SORRY = {catalogues()[language].variant("utter_unavailable").text for language in LANGUAGES}
SENTENCES = sorted({one.text for group in GROUPS for name in group.intents for one in held_out(name)})

fuzzed = settings(
    max_examples=MESSAGES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def mistreated(draw: st.DrawFn) -> str:
    """A mutated customer sentence: something removed, inserted, doubled or reversed."""
    said = draw(st.sampled_from(SENTENCES))
    first, last = sorted((draw(st.integers(0, len(said))), draw(st.integers(0, len(said)))))
    piece = draw(st.one_of(st.text(max_size=8), st.sampled_from(ODD)))
    return draw(
        st.sampled_from(
            [
                said[:first] + piece + said[last:],
                said[first:last] * 3,
                said[::-1],
                said.upper() + piece,
                " ".join(reversed(said.split())),
                said.encode().decode("latin-1"),
            ]
        )
    )


ODD = [
    *(
        "/restart",
        '/ask_contact{"place": 1}',
        "/",
        "//",
        "{",
        "{{7*7}}",
        "${x}",
        "%s%n",
        "\0",
        "\u202e",
        "\u200d",
        "\ufeff",
    ),
    *("'; DROP TABLE events;--", "<script>alert(1)</script>", "[contract]", "[account details]", "a" * 300, "😀" * 40),
    *("90010000011", "123456", "1" * 40, "-1", "1e999", "NaN", "9001 0000 011", "jā", "nē", "atcelt", "yes", "stop"),
    *("\u0301" * 60, "اردو", "日本語", "Ā" * 200, "\r\n\r\n", "\x1b[31m", "null", "true", "../../etc/passwd"),
]
WORDS = st.one_of(
    mistreated(),
    st.sampled_from(ODD),
    st.text(max_size=200),
    st.text(alphabet=st.characters(categories=["Cc", "Cf", "Mn", "So", "Zs", "Co"]), min_size=1, max_size=60),
    st.lists(st.sampled_from(ODD + SENTENCES[:200]), min_size=1, max_size=6).map(" ".join),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=10), inner, max_size=4)),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def graph() -> Iterator[GraphApi]:
    with page_of_the_tests() as standin:
        yield standin


@pytest.fixture(scope="module")
def fuzzed_assistant(graph: GraphApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("fuzzed")
    running = start(folder, BOT_AS_OF="2020-03-25", BOT_PHONE_TOKEN=TOKEN, **settings_of(graph))
    yield running
    running.stop()


def is_sorry(answer: list[dict[str, Any]]) -> bool:
    return any(sorry in reply["text"] for reply in answer for sorry in SORRY)


def test_the_website(fuzzed_assistant: Running) -> None:
    sessions = [fuzzed_assistant.session() for _ in range(PEOPLE)]
    choose = Random(2020)

    @seed(2020)
    @fuzzed
    @given(WORDS.map(lambda said: said[:MESSAGE_LIMIT]))
    def send(said: str) -> None:
        answer = fuzzed_assistant.post({"text": said}, choose.choice(sessions))
        assert answer.status_code == 200, answer.text
        heard = replies(answer)
        assert events(answer)[-1] == ("done", {})
        assert all(reply["text"] for reply in heard)
        # A busy machine may cause a single apology; a message that always causes one is a bug.
        assert heard
        assert not is_sorry(heard) or not is_sorry(fuzzed_assistant.ask(said))

    send()
    answers = [fuzzed_assistant.ask("sākt no jauna", one) + fuzzed_assistant.ask(QUESTION, one) for one in sessions]
    assert [answer for answer in answers if not answer or is_sorry(answer)] == []


def test_bodies_for_the_website(fuzzed_assistant: Running) -> None:
    session, found = fuzzed_assistant.session(), Counter[tuple[str, int]]()
    offered = [each["button"] for each in fuzzed_assistant.ask(QUESTION, session)[0]["buttons"]]
    references = st.sampled_from(offered).flatmap(lambda one: st.sampled_from([one, one[:-1], one[::-1], f"{one}A"]))
    ids = st.uuids().map(str) | JSON

    @seed(2020)
    @fuzzed
    @given(
        st.one_of(
            JSON,
            st.fixed_dictionaries({"id": ids, "text": WORDS | JSON}),
            st.fixed_dictionaries({"id": ids, "button": references | JSON}),
        ),
        st.sampled_from(["messages", "messages", "session", "sign-in"]),
    )
    def send(content: Any, route: str) -> None:
        headers = {"Authorization": f"Bearer {session}", "Content-Type": "application/json"}
        data = json.dumps(content).encode(errors="replace")
        answer = requests.post(fuzzed_assistant.url + route, data=data, headers=headers, timeout=30)
        found[route, answer.status_code] += 1
        assert answer.status_code < 500, (route, answer.status_code, answer.text)

    send()
    assert CLOSED in fuzzed_assistant.ask(QUESTION)[0]["text"]
    assert min(found["messages", 200], found["messages", 400]) > MESSAGES // 50, found


EVENTS = st.one_of(
    WORDS.map(lambda said: ("text", said)),
    WORDS.map(lambda said: ("postback", said)),
    WORDS.map(lambda said: ("quick_reply", said)),
    JSON.map(lambda what: ("message", what)),
    JSON.map(lambda what: ("anything", what)),
    WORDS.map(lambda said: ("echo", said)),
)


def made(page: MessengerPage, person: str, kind: str, what: Any) -> dict[str, Any]:
    page.graph.wrote(person)
    match kind:
        case "text":
            return page.hooks.text(person, what)
        case "postback":
            return page.hooks.postback(person, what, "Title")
        case "quick_reply":
            return page.hooks.quick_reply(person, "Title", what)
        case "message":
            return page.hooks.text(person, "") | {"message": what}
        case "echo":
            return page.hooks.echo_other(person, what, 1)
    event = page.hooks.read(person)
    del event["read"]
    return event | (what if isinstance(what, dict) else {"reaction": what})


def has_fewer(page: MessengerPage, left: int) -> bool:
    return len(page.rows(WAITING)) < left


def test_messenger(fuzzed_assistant: Running, graph: GraphApi) -> None:
    page, choose = MessengerPage(fuzzed_assistant, graph), Random(2020)

    @seed(2020)
    @fuzzed
    @given(st.lists(EVENTS, min_size=1, max_size=3))
    def send(what: list[tuple[str, Any]]) -> None:
        events = [made(page, str(70_000 + choose.randrange(WRITERS)), *one) for one in what]
        attempt = page.post(encode(page.hooks.batch(*events)))
        assert attempt.status in {200, 400}, attempt

    send()
    while left := len(page.rows(WAITING)):
        wait_for(partial(has_fewer, page, left), PAGE_PATIENCE)
    assert page.rows("SELECT id FROM messenger_events WHERE set_aside_at IS NOT NULL") == []
    assert len(graph.sent) > MESSAGES // 10  # most of it cannot be answered
    page.say(SOMEBODY_ELSE, QUESTION)
    assert CLOSED in page.hears(SOMEBODY_ELSE)[0]


def test_the_phone(fuzzed_assistant: Running) -> None:
    url = fuzzed_assistant.url.replace("/chat/", "/webhooks/phone/plain")
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    calls = [f"fuzz-{number}" for number in range(PEOPLE)]
    choose, found = Random(2020), Counter[tuple[str, int]]()

    def tell(call: str, **what: Any) -> requests.Response:
        content = json.dumps({"call": call, "id": uuid.uuid4().hex, **what}).encode(errors="replace")
        return requests.post(url, data=content, headers=bearer, timeout=30)

    for call in calls:
        assert tell(call, event="start").status_code == 200

    said = st.fixed_dictionaries(
        {"event": st.just("speech"), "text": WORDS}, optional={"confidence": st.one_of(st.floats(0, 1), JSON)}
    )
    guesses = st.lists(st.fixed_dictionaries({"text": WORDS}, optional={"confidence": JSON}), max_size=3)
    guessed = st.fixed_dictionaries({"event": st.just("speech"), "alternatives": guesses | JSON})
    pressed = st.fixed_dictionaries(
        {"event": st.just("digits"), "digits": st.one_of(st.text("0123456789*#", min_size=1), JSON)}
    )
    other = st.fixed_dictionaries({"event": st.sampled_from(["silence", "notReached"])}, optional={"language": JSON})

    @seed(2020)
    @fuzzed
    @given(st.one_of(said, guessed, pressed, other, st.dictionaries(st.text(max_size=10), JSON, max_size=4)))
    def send(what: dict[str, Any]) -> None:
        answer = tell(choose.choice(calls), **what)
        found[str(what.get("event")), answer.status_code] += 1
        assert answer.status_code < 500, answer.text

    send()
    # Every kind of event reaches its handler.
    assert min(found[event, 200] for event in ("speech", "digits", "silence", "notReached")) > MESSAGES // 50, found
    call = uuid.uuid4().hex
    tell(call, event="start")
    assert CLOSED in " ".join(each["text"] for each in tell(call, event="speech", text=QUESTION).json()["say"])
