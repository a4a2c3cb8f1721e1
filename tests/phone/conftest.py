"""Calls in this process, on a machine that may have much else to do."""

import pytest

from bot import deadlines
from bot.storage.deadline import in_time

LONG = 60.0  # seconds


@pytest.fixture(autouse=True)
def _nobody_hurries(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is answered is tested here, not how soon: a turn that was late would get an apology."""
    monkeypatch.setattr(deadlines, "TURN", LONG)
    monkeypatch.setitem(in_time.__kwdefaults__, "deadline", LONG)
