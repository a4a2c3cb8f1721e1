"""`bot announcement draft` and `bot facts export`, as a support lead uses them and as docs/knowledge.md shows them."""

import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.knowledge.record_parts import TODO
from bot.settings import PROJECT

Run = Callable[..., Result]
PAGE = (PROJECT / "docs" / "knowledge.md").read_text(encoding="utf-8")
EXAMPLE = PROJECT / "docs" / "examples" / "release.txt"
SENTENCE = "Klientu apkalpošanas centrs Rīgā ir atvērts no 18. maija.\n"


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command on this test's own database, on 15 May 2020, in an empty folder with the docs' examples."""
    monkeypatch.setenv("BOT_AS_OF", "2020-05-15")
    monkeypatch.chdir(tmp_path)
    shutil.copytree(PROJECT / "docs" / "examples", tmp_path / "docs" / "examples")
    return lambda *arguments: CliRunner().invoke(app, [str(part) for part in arguments])


def documented(heading: str) -> list[str]:
    part = PAGE.split(f"## {heading}")[1].split("\n## ")[0]
    return re.findall(r"^bot (.*?)(?: +#.*)?$", part.split("```")[1], re.MULTILINE)


def test_the_documented_draft_is_made_and_check_says_what_is_to_be_written(run: Run) -> None:
    draft, check = documented("From the text of a release to a draft")
    assert run(*shlex.split(draft)).exit_code == 0
    refused = run(*shlex.split(check))
    assert (refused.exit_code, "is still to be written in lv and en" in refused.stderr) == (1, True)


def test_the_documented_export_writes_both_files(run: Run, tmp_path: Path) -> None:
    (export,) = documented("All that is or was said, for others")
    assert run(*shlex.split(export)).exit_code == 0
    content = json.loads((tmp_path / "facts.json").read_text(encoding="utf-8"))
    assert (content["as_of"], (tmp_path / "facts.html").read_text(encoding="utf-8")[:15]) == (
        "2020-05-15",
        "<!doctype html>",
    )


def test_a_draft_tells_of_each_sentence(run: Run) -> None:
    told = run("announcement", "draft", EXAMPLE, "--out", "draft.yml").stdout
    row = next(line for line in told.splitlines() if "atvērs 18. maijā" in line)
    assert ("2020-05-18, 2020-05-25" in row, "riga_centre, daugavpils_centre" in row) == (True, True)
    assert "No record covers yet: sentences 3, 4, 6, 7." in told


def in_latvian(hint: re.Match[str]) -> str:
    """A Latvian text in place of what is to be written, with its placeholders."""
    return f"{hint[1]}Tā tas ir {' '.join(re.findall(r'{.*?}', hint[2]))}'"


def test_a_drafted_and_written_announcement_is_published(run: Run, tmp_path: Path) -> None:
    run("announcement", "draft", EXAMPLE, "--out", "draft.yml")
    path = tmp_path / "draft.yml"
    written = re.sub(rf"(\blv: '){TODO}: ([^'\n]*)'", in_latvian, path.read_text(encoding="utf-8"))
    path.write_text(written.replace(f"{TODO}: ", ""), encoding="utf-8")
    name = yaml.safe_load(path.read_text(encoding="utf-8"))["id"]
    steps = [
        run("announcement", "check", path),
        run("announcement", "new", path, "--by", "Anna"),
        run("announcement", "approve", name, "--by", "Bruno"),
        run("announcement", "publish", name, "--by", "Anna"),
    ]
    assert [step.exit_code for step in steps] == [0, 0, 0, 0]


DAYS = {
    "given": (f"2020. gada 14. maijs\n\n{SENTENCE}", ["--published", "2020-05-13"], "2020-05-13"),
    "on a line": (f"Rīga, 2020. gada 14. maijs\n\n{SENTENCE}", [], "2020-05-14"),
    "with a byte-order mark": (f"\ufeff14.05.2020\r\n\r\n{SENTENCE}", [], "2020-05-14"),
    "nowhere": (SENTENCE, [], "2020-05-15"),
}


@pytest.mark.parametrize(("text", "options", "day"), DAYS.values(), ids=DAYS)
def test_the_day_of_a_release(run: Run, tmp_path: Path, text: str, options: list[str], day: str) -> None:
    (tmp_path / "news.txt").write_text(text, encoding="utf-8", newline="")
    told = run("announcement", "draft", "news.txt", *options)
    assert told.stdout.splitlines()[-1].startswith(f"Drafted: news-{day}.yml, of {day};")
    assert (tmp_path / f"news-{day}.yml").is_file()


def test_a_file_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("mine", encoding="utf-8")
    done = run("announcement", "draft", EXAMPLE, "--out", "mine.yml")
    assert (done.exit_code, "give another name with --out" in done.stderr) == (1, True)
    assert (tmp_path / "mine.yml").read_text(encoding="utf-8") == "mine"


REFUSED = {
    "no file": (None, [], "cannot be read"),
    "no text": (b"\xff\xfe\x00P", [], "no text in UTF-8"),
    "a document": (b"PK\x03\x04\x00\x00", [], "is no text"),
    "empty": (b"", [], "There is no sentence"),
    "another language": ("Центр обслуживания клиентов закрыт.\n".encode(), [], "neither Latvian nor English"),
    "an unknown language": (SENTENCE.encode(), ["--language", "ru"], "give one of lv, en"),
    "no day": (SENTENCE.encode(), ["--published", "tomorrow"], "is not a date"),
    "a folder that is not there": (SENTENCE.encode(), ["--out", "nowhere/draft.yml"], "cannot be written"),
    "too long": ("Vārds. ".encode() * 40_000, [], "shorten it to 200,000"),
}


@pytest.mark.parametrize(("content", "options", "told"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_drafted_is_refused_with_one_sentence(
    run: Run, tmp_path: Path, content: bytes | None, options: list[str], told: str
) -> None:
    if content is not None:
        (tmp_path / "news.txt").write_bytes(content)
    done = run("announcement", "draft", "news.txt", *options)
    assert (done.exit_code, told in done.stderr, "Traceback" in done.output) == (1, True, False)
    assert list(tmp_path.glob("*.yml")) == []


def test_a_text_that_is_still_to_be_written_is_refused_everywhere(run: Run) -> None:
    done = run("facts", "correct", "own-case", "--lv", f"{TODO}: write it", "--en", "Call 8400.", "--by", "Anna")
    assert (done.exit_code, "is still to be written in lv: write it" in done.stderr) == (1, True)


def test_an_export_replaces_the_file_of_yesterday(run: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text("yesterday", encoding="utf-8")
    done = run("facts", "export", "--as-of", "2020-03-25")
    assert done.stdout == "Written: facts.json, as of 2020-03-25\n"
    assert json.loads((tmp_path / "facts.json").read_text(encoding="utf-8"))["as_of"] == "2020-03-25"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_export_into_a_folder_that_is_not_there_is_refused(run: Run) -> None:
    done = run("facts", "export", "--out", "nowhere/facts.json")
    assert (done.exit_code, "nowhere" in done.stderr, "Traceback" in done.output) == (1, True, False)


def test_an_export_of_a_page_alone_writes_no_json(run: Run, tmp_path: Path) -> None:
    run("facts", "export", "--html", "facts.html")
    assert sorted(path.name for path in tmp_path.glob("facts.*")) == ["facts.html"]
