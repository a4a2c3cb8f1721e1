"""`bot chat --json` and `bot parse`, as another program uses them."""

import asyncio
import json
from collections.abc import Callable

import pytest

from bot.commands import talk
from bot.preparation_error import PreparationError
from bot.rasa.local_assistant import InProcessActions, LocalAssistant

Held = Callable[..., list[dict[str, object]]]


@pytest.fixture
def held(
    loaded: LocalAssistant, database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Held:
    """The standard output for lines of standard input, one JSON object each."""

    def hold(*lines: str) -> list[dict[str, object]]:
        monkeypatch.setattr(talk, "lines_of", lambda: iter(lines))
        loaded.restart()
        asyncio.run(talk._json_turns(loaded))
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return hold


def test_new_begins_a_conversation_and_prints_nothing(held: Held) -> None:
    """In the middle of a form, a greeting would not be one."""
    turns = held("I want to make a complaint", "/new", "hello")
    assert [(turn["you"], turn["intent"]) for turn in turns] == [
        ("I want to make a complaint", "complain"),
        ("hello", "greet"),
    ]


def test_nothing_is_read_after_quit(held: Held) -> None:
    assert [turn["you"] for turn in held("hello", " /quit", "hello")] == ["hello"]


@pytest.mark.parametrize("line", ["/news", "/restart", "/ask_contact", "new"])
def test_every_other_line_is_a_message(held: Held, line: str) -> None:
    assert [turn["you"] for turn in held(line)] == [line]


def test_actions_that_cannot_be_imported_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """rasa_sdk exits the process for them; in a worker of `bot calls import`, that looked like success."""

    def ends(*_: object) -> None:
        raise SystemExit(1)

    monkeypatch.setattr("rasa_sdk.executor.ActionExecutor.register_package", ends)
    with pytest.raises(PreparationError, match="The actions cannot be imported"):
        InProcessActions()
