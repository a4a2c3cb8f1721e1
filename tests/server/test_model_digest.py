"""The digest in a model's file name changes with everything that a model is trained from, and with nothing else."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.keys.model_signatures import sign, signature_of
from bot.settings import PROJECT
from bot.training.trained_model import FILES, FOLDERS, PREFIX, _is_there, digest, model_path, sources, train


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of everything that a model is made from, and of a file that it is not made from."""
    copy = tmp_path / "project"
    for folder in FOLDERS:
        shutil.copytree(PROJECT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (*FILES, "README.md"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, copy / name)
    return copy


def add_a_line(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "# a line\n", encoding="utf-8")


def swap(one: Path, other: Path) -> None:
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def test_a_copy_has_the_digest_of_the_project(project: Path) -> None:
    """Only names and contents count, not the folder or modification times."""
    assert digest(project) == digest()


def test_the_digest_is_the_same_every_time(project: Path) -> None:
    assert digest(project) == digest(project)


@pytest.mark.parametrize("part", [*FILES, *FOLDERS])
def test_a_change_in_any_part_changes_the_digest(project: Path, part: str) -> None:
    before = digest(project)
    changed = project / part
    add_a_line(next(path for path in sources(project) if path == changed or changed in path.parents))
    assert digest(project) != before


CHANGES: dict[str, Callable[[Path], object]] = {
    "one letter": lambda project: (project / "data/nlu/lv/ask_place_closed.yml").write_bytes(
        (project / "data/nlu/lv/ask_place_closed.yml").read_bytes().replace("ā".encode(), b"a", 1)
    ),
    "new file": lambda project: (project / "data/nlu/lv/new.yml").write_text("nlu: []\n", encoding="utf-8"),
    "new empty file": lambda project: (project / "data/language/xx.txt").touch(),
    "file removed": lambda project: (project / "data/nlu/en/people.yml").unlink(),
    "file renamed": lambda project: (project / "data/language/ru.txt").rename(project / "data/language/rx.txt"),
    "file moved": lambda project: (project / "data/nlu/lv/people.yml").rename(project / "data/nlu/people.yml"),
    "folder renamed": lambda project: (project / "data/nlu/lv").rename(project / "data/nlu/lx"),
    "contents swapped": lambda project: swap(project / "data/nlu/lv/people.yml", project / "data/nlu/en/people.yml"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_the_digest_changes_with(project: Path, change: Callable[[Path], object]) -> None:
    before = digest(project)
    change(project)
    assert digest(project) != before


IRRELEVANT: dict[str, Callable[[Path], object]] = {
    "time of a file": lambda project: os.utime(project / "config.yml", (1_584_662_400, 1_584_662_400)),
    "mode of a file": lambda project: (project / "config.yml").chmod(0o600),
    "compiled module": lambda project: (project / "bot/nlu/text.pyc").write_bytes(b"compiled"),
    "documentation": lambda project: add_a_line(project / "README.md"),
    "editor's copy": lambda project: (project / "data/nlu/lv/ask_place_closed.yml~").write_bytes(b"old"),
    "file beside the folders": lambda project: (project / "data/new.yml").write_bytes(b"a: 1"),
    "empty folder": lambda project: (project / "data/nlu/ru").mkdir(),
}


@pytest.mark.parametrize("change", IRRELEVANT.values(), ids=IRRELEVANT.keys())
def test_the_digest_does_not_change_with(project: Path, change: Callable[[Path], object]) -> None:
    before = digest(project)
    change(project)
    assert digest(project) == before


@pytest.mark.parametrize(
    "name",
    [
        "config.yml",
        "domain.yml",
        "data/nlu/lv/ask_place_closed.yml",
        "data/nlu/en/ask_place_closed.yml",
        "data/rules/dialogue.yml",
        "data/stories/conversations.yml",
        "data/responses/lv.yml",
        "data/language/ru.txt",
        "data/lexicon/places.yml",
        "bot/nlu/linear.py",
        "bot/rasa/importer.py",
    ],
)
def test_a_model_is_made_from(name: str) -> None:
    assert PROJECT / name in sources()


@pytest.mark.parametrize("name", ["README.md", "credentials.yml", "data/knowledge/release.yml", "bot/cli.py"])
def test_a_model_is_not_made_from(name: str) -> None:
    """Facts change without training."""
    assert PROJECT / name not in sources()


def test_the_model_is_looked_for_by_its_digest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BOT_MODELS", str(tmp_path))
    assert model_path() == tmp_path / f"{PREFIX}{digest()}.tar.gz"


@pytest.fixture
def made_already(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of models that contains the one for the current data."""
    monkeypatch.setenv("BOT_MODELS", str(tmp_path))
    model_path().write_bytes(b"a model")
    sign(model_path())
    return model_path()


def test_a_model_that_is_there_is_not_made_again(made_already: Path) -> None:
    train(lambda _: None)
    assert made_already.read_bytes() == b"a model"


def test_a_model_that_is_there_is_reported(made_already: Path) -> None:
    told: list[str] = []
    train(told.append)
    assert told == ["The model is up to date."]


def test_a_model_that_nobody_signed_is_made_again(made_already: Path) -> None:
    """It may be anything."""
    signature_of(made_already).unlink()
    told: list[str] = []
    assert (_is_there(made_already, told.append), "has no readable signature" in told[0]) == (False, True)
