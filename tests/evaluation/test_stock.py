"""The stock model (our baseline) is trained once for the same examples."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.evaluation import stock


@pytest.fixture
def trainings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every training that was started; each writes a file where Rasa would write its model."""
    monkeypatch.setenv("BOT_MODELS", str(tmp_path))
    begun: list[Path] = []

    def train(folder: Path, report: Callable[[str], None]) -> tuple[Path, float]:
        begun.append(folder)
        made = folder / "stock.tar.gz"
        made.write_bytes(b"a model")
        return made, 12.5

    monkeypatch.setattr(stock, "_train", train)
    return begun


def test_it_is_trained_once(trainings: list[Path]) -> None:
    assert stock.trained(lambda _: None) == stock.trained(lambda _: None)
    assert len(trainings) == 1


def test_it_is_kept_with_the_seconds_that_it_took(trainings: list[Path]) -> None:
    path, seconds = stock.trained(lambda _: None)
    assert (path.read_bytes(), seconds) == (b"a model", 12.5)


def test_other_settings_are_another_model(trainings: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = stock.trained(lambda _: None)
    monkeypatch.setattr(stock, "configuration", lambda: "pipeline: []")
    assert stock.trained(lambda _: None)[0] != first
