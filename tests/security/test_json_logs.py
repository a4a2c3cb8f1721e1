"""Logs in JSON: every line is a redacted object, and a turn's lines share a random correlation id."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from log_lines import PERSONAL, SET_UP, WAYS  # tests/log_lines.py
from running import Running, start  # tests/running.py

from bot.observing.json_logs import json_wanted
from bot.settings import SettingsError
from bot.settings.servers import LOG_FORMAT

IN_JSON = f"import os; os.environ[{LOG_FORMAT.name!r}] = 'json'\n"
# Not written by a logger, or a request log line, which the servers do not write.
OTHERWISE = {"sanic's line of a request"}


@pytest.fixture(scope="module")
def written() -> list[str]:
    """What each way of logging wrote, in a process set up like the servers."""
    ways = [way for name, way in WAYS.items() if name not in OTHERWISE]
    again = "from bot.observing.json_logs import write_json; write_json('rasa')\n"
    command = [sys.executable, "-c", IN_JSON + SET_UP + again + "\n".join(ways)]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False
    )
    return done.stdout.splitlines()


def test_every_line_is_an_object(written: list[str]) -> None:
    assert {type(json.loads(line)) for line in written} == {dict}
    assert len(written) >= len(WAYS) - len(OTHERWISE)


def test_lines_are_redacted(written: list[str]) -> None:
    assert [one for one in PERSONAL if any(one in line for line in written)] == []


def test_a_line_says_when_and_where(written: list[str]) -> None:
    line = json.loads(written[0])
    assert (line["level"], line["logger"], line["part"]) == ("ERROR", "bot.channels", "rasa")
    assert datetime.fromisoformat(line["time"]).tzinfo is not None


def test_a_traceback_is_part_of_its_line(written: list[str]) -> None:
    assert any("ValueError: mani sauc [name]" in json.loads(line).get("exception", "") for line in written)


@pytest.fixture(scope="module")
def logging_json(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(tmp_path_factory.mktemp("json"), BOT_LOG_FORMAT="json", BOT_AS_OF="2020-03-25")
    running.ask("Labdien!")  # the first answer takes longest
    yield running
    running.stop()


def lines(running: Running, server: str) -> list[dict[str, object]]:
    text = Path(running.environment["BOT_LOGS"], f"{server}.log").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.server
def test_a_turn_is_one_line_without_what_was_said(logging_json: Running) -> None:
    before = len(lines(logging_json, "rasa-server"))
    logging_json.ask("Vai mani atslēgs?")
    (line,) = lines(logging_json, "rasa-server")[before:]
    assert set(line) == {
        *("time", "level", "logger", "part", "turn", "message"),
        *("channel", "language", "intent", "outcome", "milliseconds"),
    }
    assert (line["logger"], line["channel"], line["outcome"]) == ("bot.turns", "web", "answered")


@pytest.mark.server
def test_what_fails_in_a_turn_is_found_by_its_id(logging_json: Running) -> None:
    before = len(lines(logging_json, "rasa-server"))
    process = logging_json.child("bot.server.action_server")
    process.suspend()
    logging_json.ask("Vai mani atslēgs?")
    process.resume()
    of_it = lines(logging_json, "rasa-server")[before:]
    assert (len(of_it) > 1, len({line["turn"] for line in of_it})) == (True, 1)


@pytest.mark.server
def test_the_action_servers_lines_have_the_same_id(logging_json: Running) -> None:
    before = len(lines(logging_json, "rasa-server"))
    logging_json.rows("ALTER TABLE knowledge_version RENAME TO knowledge_version_away")
    logging_json.ask("Vai mani atslēgs?")
    logging_json.rows("ALTER TABLE knowledge_version_away RENAME TO knowledge_version")
    here = {line.get("turn") for line in lines(logging_json, "rasa-server")[before:]}
    # SQLite's name for a missing table, and PostgreSQL's.
    missing = re.compile("OperationalError|ProgrammingError")
    failed = [line for line in lines(logging_json, "action-server") if missing.search(str(line["message"]))]
    assert (len(here), {line["turn"] for line in failed}) == (1, here)


@pytest.mark.server
def test_turns_have_ids_of_their_own(logging_json: Running) -> None:
    for _ in range(3):
        logging_json.ask("Labdien!")
    ids = [line["turn"] for line in lines(logging_json, "rasa-server") if line["logger"] == "bot.turns"]
    assert len(set(ids)) == len(ids)


def test_a_format_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LOG_FORMAT.name, "xml")
    with pytest.raises(SettingsError, match="use 'json' or 'text'"):
        json_wanted()
