"""Whatever is sent, no channel fails, every message is answered, and every conversation goes on afterwards.

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
from graph_standin import GraphStandIn  # tests/graph_standin.py
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from messenger_page import (  # tests/messenger_page.py
    PATIENCE,
    WAITING,
    MessengerPage,
    body,
    echo,
    event,
    postback,
    text,
    wait_for,
)
from running import Running, events, replies, start  # tests/running.py

from bot.channels.web.limits import CHARACTERS
from bot.evaluation.sets import GROUPS, held_out
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES

pytestmark = pytest.mark.server
MESSAGES = int(os.environ.get("FUZZED_MESSAGES", "250"))  # in each channel
PEOPLE = max(20, MESSAGES // 50)  # a conversation has some fifty messages then
# More in Messenger, where one message in six says that a colleague has taken over, and nobody is answered from then on.
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
    """A sentence of a customer with something cut out, put in, doubled or turned round."""
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
def graph() -> Iterator[GraphStandIn]:
    standin = GraphStandIn()
    yield standin
    standin.stop()


@pytest.fixture(scope="module")
def fuzzed_assistant(graph: GraphStandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("fuzzed")
    running = start(folder, BOT_AS_OF="2020-03-25", BOT_PHONE_TOKEN=TOKEN, **graph.settings())
    yield running
    running.stop()


def is_sorry(answer: list[dict[str, Any]]) -> bool:
    return any(sorry in reply["text"] for reply in answer for sorry in SORRY)


def test_the_website(fuzzed_assistant: Running) -> None:
    sessions = [fuzzed_assistant.session() for _ in range(PEOPLE)]
    choose = Random(2020)

    @seed(2020)
    @fuzzed
    @given(WORDS.map(lambda said: said[:CHARACTERS]))
    def send(said: str) -> None:
        answer = fuzzed_assistant.post({"text": said}, choose.choice(sessions))
        assert answer.status_code == 200, answer.text
        heard = replies(answer)
        assert events(answer)[-1] == ("done", {})
        assert all(reply["text"] for reply in heard)
        # A machine that is busy for a moment may make one apology; a message that makes one anywhere is a fault.
        assert heard
        assert not is_sorry(heard) or not is_sorry(fuzzed_assistant.ask(said))

    send()
    answers = [fuzzed_assistant.ask("sākt no jauna", one) + fuzzed_assistant.ask(QUESTION, one) for one in sessions]
    assert [answer for answer in answers if not answer or is_sorry(answer)] == []


def test_bodies_for_the_website(fuzzed_assistant: Running) -> None:
    session, found = fuzzed_assistant.session(), Counter[int]()

    @seed(2020)
    @fuzzed
    @given(
        st.one_of(
            JSON,
            st.fixed_dictionaries({"id": JSON, "text": JSON}),
            st.fixed_dictionaries({"id": st.uuids().map(str), "button": JSON}),
        ),
        st.sampled_from(["messages", "session", "sign-in"]),
    )
    def send(content: Any, route: str) -> None:
        headers = {"Authorization": f"Bearer {session}", "Content-Type": "application/json"}
        data = json.dumps(content).encode(errors="replace")
        answer = requests.post(fuzzed_assistant.url + route, data=data, headers=headers, timeout=30)
        found[answer.status_code] += 1
        assert answer.status_code < 500, (route, answer.status_code, answer.text)

    send()
    assert CLOSED in fuzzed_assistant.ask(QUESTION)[0]["text"]
    assert found[400] > 0


EVENTS = st.one_of(
    WORDS.map(lambda said: ("text", said)),
    WORDS.map(lambda said: ("postback", said)),
    WORDS.map(lambda said: ("quick_reply", said)),
    JSON.map(lambda what: ("message", what)),
    JSON.map(lambda what: ("anything", what)),
    WORDS.map(lambda said: ("echo", said)),
)


def made(person: str, kind: str, what: Any) -> dict[str, Any]:
    match kind:
        case "text":
            return text(person, what)
        case "postback":
            return postback(person, what)
        case "quick_reply":
            return text(person, "Title", quick_reply={"payload": what})
        case "message":
            return event(person, message=what)
        case "echo":
            return echo(person, what, app_id=1)
    return event(person, **(what if isinstance(what, dict) else {"reaction": what}))


def has_fewer(page: MessengerPage, left: int) -> bool:
    return len(page.rows(WAITING)) < left


def test_messenger(fuzzed_assistant: Running, graph: GraphStandIn) -> None:
    page, choose = MessengerPage(fuzzed_assistant, graph), Random(2020)

    @seed(2020)
    @fuzzed
    @given(st.lists(EVENTS, min_size=1, max_size=3))
    def send(what: list[tuple[str, Any]]) -> None:
        content = body(*(made(str(70_000 + choose.randrange(WRITERS)), *one) for one in what))
        answer = page.post(content)
        assert answer.status_code in {200, 400}, answer.text

    send()
    while left := len(page.rows(WAITING)):
        wait_for(partial(has_fewer, page, left), PATIENCE)
    assert page.rows("SELECT id FROM messenger_events WHERE set_aside_at IS NOT NULL") == []
    assert len(graph.sent) > MESSAGES // 10  # most of it is nothing that can be answered
    page.deliver(text(SOMEBODY_ELSE, QUESTION))
    assert CLOSED in page.hears(SOMEBODY_ELSE)[0]


def test_the_phone(fuzzed_assistant: Running) -> None:
    url = fuzzed_assistant.url.replace("/chat/", "/webhooks/phone/plain")
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    calls = [f"fuzz-{number}" for number in range(PEOPLE)]
    choose, found = Random(2020), Counter[int]()

    def tell(call: str, **what: Any) -> requests.Response:
        content = json.dumps({"call": call, "id": uuid.uuid4().hex, **what}).encode(errors="replace")
        return requests.post(url, data=content, headers=bearer, timeout=30)

    for call in calls:
        assert tell(call, event="start").status_code == 200

    said = st.fixed_dictionaries(
        {"event": st.just("speech"), "text": WORDS}, optional={"confidence": st.one_of(st.floats(0, 1), JSON)}
    )
    pressed = st.fixed_dictionaries({"event": st.just("keys"), "keys": st.one_of(st.text("0123456789*#"), JSON)})

    @seed(2020)
    @fuzzed
    @given(st.one_of(said, pressed, st.dictionaries(st.text(max_size=10), JSON, max_size=4)))
    def send(what: dict[str, Any]) -> None:
        answer = tell(choose.choice(calls), **what)
        found[answer.status_code] += 1
        assert answer.status_code < 500, answer.text

    send()
    assert found[200] > MESSAGES // 4
    call = uuid.uuid4().hex
    tell(call, event="start")
    assert CLOSED in " ".join(each["text"] for each in tell(call, event="speech", text=QUESTION).json()["say"])
