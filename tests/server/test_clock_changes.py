"""The servers' clock passes midnight and both changes of daylight saving time, and is set back and forward.

The assistant runs with `tests/shifted_clock`, which reads its offset from the real time from a file.
"""

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests
from running import Running, start  # tests/running.py

from bot.clock import RIGA
from bot.settings import PROJECT

pytestmark = pytest.mark.server
SHIFTED = PROJECT / "tests" / "shifted_clock"
NOTICED_AFTER = 0.1  # seconds; each server looks fifty times a second
CUT_OFF = "Vai mani atslēgs, ja kavēšu maksājumu?"
IN_FORCE, ENDED = "kavētu maksājumu dēļ", "beidzās 2020. gada 9. jūnijā"
CONTRACT, OPENED = "90010000033", "Par adresi"


class Clock:
    """The clock of the servers that read this file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.set("2020-03-25 12:00:00")

    def set(self, moment: str, *, fold: int = 0) -> None:
        """Set the time in Riga; `fold` is 1 for the second occurrence of a repeated hour."""
        wanted = datetime.fromisoformat(moment).replace(tzinfo=RIGA, fold=fold)
        new = self._path.with_suffix(".new")
        new.write_text(f"{wanted.timestamp() - time.time():.3f}", encoding="ascii")
        os.replace(new, self._path)
        time.sleep(NOTICED_AFTER)

    def environment(self) -> dict[str, str]:
        """The environment for processes with this clock."""
        return {"PYTHONPATH": str(SHIFTED), "SHIFTED_CLOCK": str(self._path)}


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    return Clock(tmp_path_factory.mktemp("clock") / "clock")


@pytest.fixture(scope="module")
def shifted(clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An assistant whose emergency ended on 9 June 2020 by the fake clock."""
    running = start(tmp_path_factory.mktemp("shifted"), BOT_AS_OF="", **clock.environment())
    running.end_emergency("2020-06-09")
    yield running
    running.stop()


def say(running: Running, session: str, text: str) -> str:
    return "\n".join(reply["text"] for reply in running.ask(text, session))


def test_a_promise_ends_at_midnight_in_riga_in_the_middle_of_a_conversation(clock: Clock, shifted: Running) -> None:
    clock.set("2020-06-09 23:59:30")
    session = shifted.session()
    before = say(shifted, session, CUT_OFF)
    clock.set("2020-06-10 00:00:01")
    after = say(shifted, session, CUT_OFF)
    assert (IN_FORCE in before, IN_FORCE in after, ENDED in after) == (True, False, True)


@pytest.mark.parametrize(
    ("sent", "entered", "good"),
    [
        pytest.param(("2020-03-29 02:58:00", 0), ("2020-03-29 04:01:00", 0), True, id="3 minutes over the lost hour"),
        pytest.param(("2020-03-29 02:58:00", 0), ("2020-03-29 04:04:00", 0), False, id="6 minutes over the lost hour"),
        pytest.param(("2020-10-25 03:58:00", 0), ("2020-10-25 03:01:00", 1), True, id="3 minutes over the second hour"),
        pytest.param(("2020-10-25 03:58:00", 0), ("2020-10-25 03:58:00", 1), False, id="an hour that shows as none"),
    ],
)
def test_a_code_is_good_for_five_minutes_whatever_the_clock_shows(
    clock: Clock, shifted: Running, sent: tuple[str, int], entered: tuple[str, int], good: bool
) -> None:
    clock.set(sent[0], fold=sent[1])
    session, outbox = shifted.session(), shifted.outbox()
    say(shifted, session, f"Cik es esmu parādā? Mana līguma numurs ir {CONTRACT}")
    code = outbox.code()
    clock.set(entered[0], fold=entered[1])
    assert (OPENED in say(shifted, session, code)) is good


@pytest.mark.parametrize("jump", [timedelta(hours=-3), timedelta(minutes=-1), timedelta(hours=3)], ids=str)
def test_a_clock_that_is_set_loses_and_mixes_nothing(clock: Clock, shifted: Running, jump: timedelta) -> None:
    began = datetime(2020, 4, 20, 12, 0, tzinfo=RIGA)
    clock.set(f"{began:%F %T}")
    session = shifted.session()
    said = [say(shifted, session, CUT_OFF), say(shifted, session, "Vai Rīgas centrs ir slēgts?")]
    clock.set(f"{began + jump:%F %T}")
    said += [say(shifted, session, "un muzejs?"), say(shifted, session, CUT_OFF)]
    bearer = {"Authorization": f"Bearer {session}"}
    history = requests.get(shifted.url + "history", headers=bearer, timeout=10).json()["messages"]
    assert [IN_FORCE in said[0], "Rīgā ir slēgts" in said[1], "muzejs" in said[2], IN_FORCE in said[3]] == [True] * 4
    assert [entry["text"] for entry in history if entry["from"] == "assistant"] == said


def test_a_session_ends_when_its_day_is_over(clock: Clock, shifted: Running) -> None:
    clock.set("2020-03-28 12:00:00")
    session = shifted.session()
    clock.set("2020-03-29 12:30:00")  # 23 and a half hours later: the night was an hour shorter
    still = shifted.post({"text": CUT_OFF}, session).status_code
    clock.set("2020-03-29 13:30:00")
    assert (still, shifted.post({"text": CUT_OFF}, session).status_code) == (200, 401)
