"""An accepted sentence gets into the training data as one line, and nothing else changes."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from difflib import ndiff
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calls.training_file import TrainingFileError, add_example, check_intent
from bot.training.sentences import TRAINING, held_out, training
from bot.words.text import without_diacritics

NEW = {"lv": "Zilonis apēda manu rēķinu; ko lai saku?", "en": "An elephant ate my bill, what now?"}
HEAD = 'version: "3.1"\nnlu:\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A writable copy of the project's training data."""
    return Path(shutil.copytree(TRAINING, tmp_path / "nlu"))


def made_up(folder: Path, content: str) -> Path:
    """A folder with this as its only file, and the file."""
    for language in ("lv", "en"):
        (folder / language).mkdir(exist_ok=True, parents=True)
    path = folder / "lv" / "some.yml"
    path.write_bytes(content.encode())
    return path


def block(*examples: str, intent: str = "greet") -> str:
    return f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {one}\n" for one in examples)


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def changes(before: bytes, after: bytes) -> list[str]:
    """Added and removed lines, with line endings."""
    lines = [text.decode().splitlines(keepends=True) for text in (before, after)]
    return [line for line in ndiff(*lines) if not line.startswith("  ")]


def examples(path: Path, intent: str) -> list[str]:
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    (text,) = (entry["examples"] for entry in entries if entry.get("intent") == intent)
    return [line.removeprefix("- ") for line in text.splitlines() if line.startswith("-")]


@pytest.mark.parametrize(
    ("language", "intent", "name"),
    [
        ("lv", "check_account_status", "account"),  # the first of its file
        ("lv", "check_invoice", "account"),
        ("lv", "inform", "dialogue"),  # the last of its file
        ("lv", "out_of_scope", "out_of_scope"),  # the only one
        ("lv", "ask_how_to_pay", "ask_how_to_pay"),
        ("en", "greet", "dialogue"),
        ("en", "request_human", "people"),
        ("en", "report_outage", "trouble"),
    ],
)
def test_one_line_is_added_and_no_other_byte_changes(folder: Path, language: str, intent: str, name: str) -> None:
    before = contents(folder)
    path = add_example(NEW[language], language, intent, folder)
    after = contents(folder)
    assert path == folder / language / f"{name}.yml"
    assert {one for one in after if after[one] != before.get(one)} == {path}
    assert changes(before[path], after[path]) == [f"+     - {NEW[language]}\n"]
    assert examples(path, intent)[-1] == NEW[language]


LAYOUTS = {
    "comments": HEAD + "# of greetings\n" + block("z", "a") + "\n# of leaving   \n" + block("x", "w", intent="goodbye"),
    "blank lines": HEAD + block("z", "a") + "\n\n\n" + block("x", intent="goodbye") + "\n\n",
    "CRLF": (HEAD + block("z", "a") + block("x", intent="goodbye")).replace("\n", "\r\n"),
    "no end of the last line": (HEAD + block("x", intent="goodbye") + block("z", "a")).removesuffix("\n"),
    "byte order mark": "\ufeff" + HEAD + block("z", "a"),
    "blank lines among examples": HEAD + block("z", "a").replace("    - a", "\n    - a"),
    "trailing spaces": HEAD + block("z   ", "a\t ") + "- lookup: towns\n  examples: |\n    - Saldus\n",
    "another order of keys": HEAD + "- examples: |\n    - z\n    - a\n  intent: greet\n  metadata: {by: 'hand'}\n",
    "indented list": HEAD + "  - intent: 'greet'\n    examples: |\n      - z\n      - a\n\n  # end\n",
    "little indentation": HEAD + "- intent: greet\n  examples: |\n   - z\n   - a\n",
    "kept line ends": HEAD + "- intent: greet\n  examples: |+  # hm\n    - z\n    - a\n\n",
    "beyond the basic plane": HEAD + block("z 🙂🙂", "a") + block("x 🙂", intent="goodbye"),
    "no examples": HEAD + "- intent: greet\n  examples: |\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_kept(tmp_path: Path, layout: str) -> None:
    path = made_up(tmp_path, LAYOUTS[layout])
    before = path.read_bytes()
    add_example("labdien, zilonīt", "lv", "greet", tmp_path)
    after = path.read_bytes()
    ending = b"\r\n" if layout == "CRLF" else b"\n"
    line = next(line for line in after.splitlines() if b"zilon" in line)
    added = ending + line if layout == "no end of the last line" else line + ending
    assert after.replace(added, b"", 1) == before
    assert examples(path, "greet")[-1] == "labdien, zilonīt"


SORTED = [
    ("at the end of what is not sorted", ["b", "a", "c"], "aa", ["b", "a", "c", "aa"]),
    ("in the middle", ["alus", "maize", "zupa"], "piens", ["alus", "maize", "piens", "zupa"]),
    ("at the beginning", ["maize", "zupa"], "alus", ["alus", "maize", "zupa"]),
    ("at the end", ["alus", "maize"], "zupa", ["alus", "maize", "zupa"]),
    ("without regard to case", ["alus", "Maize", "zupa"], "Nauda", ["alus", "Maize", "Nauda", "zupa"]),
    ("capitals first", ["Maize", "Zupa", "alus"], "Piens", ["Maize", "Piens", "Zupa", "alus"]),
    ("č after all of c", ["cukurs", "čakls", "diena"], "cūska", ["cukurs", "cūska", "čakls", "diena"]),
    ("č as c", ["čakls", "cukurs", "diena"], "cepums", ["čakls", "cepums", "cukurs", "diena"]),
    ("long vowels with short ones", ["abats", "ābols", "acs"], "āda", ["abats", "ābols", "acs", "āda"]),
    ("by code point", ["Zupa", "alus", "ābols"], "bērns", ["Zupa", "alus", "bērns", "ābols"]),
]


@pytest.mark.parametrize(("texts", "new", "expected"), [case[1:] for case in SORTED], ids=[case[0] for case in SORTED])
def test_the_order_of_a_block_is_kept(tmp_path: Path, texts: list[str], new: str, expected: list[str]) -> None:
    path = made_up(tmp_path, HEAD + block(*texts) + block("zz", "yy", intent="goodbye"))
    add_example(new, "lv", "greet", tmp_path)
    assert (examples(path, "greet"), examples(path, "goodbye")) == (expected, ["zz", "yy"])


def test_white_space_is_made_single(tmp_path: Path) -> None:
    path = made_up(tmp_path, HEAD + block("z", "a"))
    add_example("  labdien,\n\u200b zilonīt\t ", "lv", "greet", tmp_path)
    assert examples(path, "greet")[-1] == "labdien, zilonīt"


@pytest.mark.parametrize("text", ["- zilonis", "# zilonis", "a: {zilonis}", "'zilonis", "%zilonis & *x", "/zilonis"])
def test_what_means_something_to_yaml_is_text(tmp_path: Path, text: str) -> None:
    path = made_up(tmp_path, HEAD + block("z", "a"))
    add_example(text, "lv", "greet", tmp_path)
    assert examples(path, "greet") == ["z", "a", text]


@settings(max_examples=60)
@given(text=st.text(max_size=30))
def test_any_text_is_one_line_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = made_up(folder, LAYOUTS["comments"])
    before = path.read_bytes()
    try:
        add_example(text, "lv", "greet", folder)
    except TrainingFileError:
        assert path.read_bytes() == before
    else:
        (change,) = changes(before, path.read_bytes())
        assert change.startswith("+     - ")


REFUSED = [
    ("sveiki", "de", "greet", "There is no language 'de'; there are lv, en."),
    ("sveiki", "", "greet", "There is no language ''; there are lv, en."),
    ("sveiki", "lv", "dance", "There is no intent 'dance'; there are goodbye, greet."),
    ("sveiki", "en", "greet", "There is no intent 'greet'; there are none."),
    ("mani sauc [name]", "lv", "greet", "has '[name]', and no brackets may get into the training data"),
    ("mani sauc ]", "lv", "greet", "has ']', and no brackets may get into the training data"),
    (" … !", "lv", "greet", "'… !' has no words to learn from."),
    ("", "lv", "greet", "'' has no words to learn from."),
    ("Kur ir ZIRGS", "lv", "greet", "some.yml:6 already, as greet."),
    ("kur   ir, zirgs?!", "lv", "goodbye", "some.yml:6 already, as greet."),
    ("kur iir zhirgs", "lv", "goodbye", "some.yml:6 already, as greet."),
]


@pytest.mark.parametrize(("text", "language", "intent", "told"), REFUSED)
def test_what_is_refused_is_told_and_nothing_changes(
    tmp_path: Path, text: str, language: str, intent: str, told: str
) -> None:
    path = made_up(tmp_path, HEAD + block("labdien", "Kur ir žirgs?") + block("atā", intent="goodbye"))
    before = path.read_bytes()
    with pytest.raises(TrainingFileError) as error:
        add_example(text, language, intent, tmp_path)
    assert told in str(error.value)
    assert contents(tmp_path) == {path: before}


def test_another_spelling_may_stand_beside_in_the_same_intent(tmp_path: Path) -> None:
    """The models should learn how people type."""
    path = made_up(tmp_path, HEAD + block("z", "kur ir žirgs"))
    add_example("kur iir zhirgs", "lv", "greet", tmp_path)
    assert examples(path, "greet")[-1] == "kur iir zhirgs"


@pytest.mark.parametrize("language", ["lv", "en"])
def test_what_the_project_trains_on_is_refused(folder: Path, language: str) -> None:
    known = training(language)[100]
    with pytest.raises(TrainingFileError, match=rf"{known.path.name}:{known.line} already, as {known.label}\."):
        add_example(known.text.upper(), language, "out_of_scope", folder)


@pytest.mark.parametrize("spell", [str, str.upper, without_diacritics, "  {}?!".format], ids=range(4))
@pytest.mark.parametrize("name", ["clean.lv", "scope.en", "others", "places", "doubles.lv", "untouched/spoken.lv"])
def test_a_test_sentence_is_not_trained_on(folder: Path, name: str, spell: object) -> None:
    sentence = held_out(name)[3].text
    before = contents(folder)
    with pytest.raises(TrainingFileError, match="is in the test set data/held_out/"):
        add_example(spell(sentence), "lv", "out_of_scope", folder)  # type: ignore[operator]
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (HEAD + "- intent: greet\n  examples:\n  - text: |\n      z\n", "the examples of greet are no block of lines"),
        (HEAD + "- intent: greet\n", "the examples of greet are no block of lines"),
        (HEAD + "- intent: [greet\n", "is not readable as YAML"),
        ("", "There is no intent 'greet'; there are none."),
        ("- greet\n", "is no training data"),
        ("nlu: greet\n", "is no training data"),
        ("nlu:\n- greet\n", "is no training data"),
        ("nlu:\n", "There is no intent 'greet'"),
    ],
)
def test_a_file_that_cannot_be_extended_is_named(tmp_path: Path, content: str, told: str) -> None:
    made_up(tmp_path, content)
    with pytest.raises(TrainingFileError, match=r"some\.yml|There is no") as error:
        add_example("labdien, zilonīt", "lv", "greet", tmp_path)
    assert told in str(error.value)


def test_a_file_that_is_no_utf_8_is_named(tmp_path: Path) -> None:
    made_up(tmp_path, "").write_bytes(b"\xff\xfe")
    with pytest.raises(TrainingFileError, match=r"some\.yml cannot be read \(no UTF-8\)"):
        check_intent("lv", "greet", tmp_path)


@pytest.mark.parametrize("broken", ["replace", "fsync"])
def test_a_write_that_fails_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    path = made_up(tmp_path, LAYOUTS["comments"])
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, broken, full)
    with pytest.raises(TrainingFileError, match=r"cannot be written \(No space left on device\)"):
        add_example("labdien, zilonīt", "lv", "greet", tmp_path)
    assert contents(tmp_path) == {path: before}


def test_the_rights_of_a_file_and_a_link_to_it_stay(tmp_path: Path) -> None:
    path = made_up(tmp_path / "nlu", LAYOUTS["comments"])
    real = path.rename(tmp_path / "real.yml")
    real.chmod(0o640)
    path.symlink_to(real)
    add_example("labdien, zilonīt", "lv", "greet", tmp_path / "nlu")
    assert (path.is_symlink(), real.stat().st_mode & 0o777) == (True, 0o640)
    assert examples(real, "greet")[-1] == "labdien, zilonīt"


def test_of_several_writers_at_once_nobody_loses_a_line(tmp_path: Path) -> None:
    path = made_up(tmp_path, LAYOUTS["comments"])
    new = [f"zilonis numur {number}" for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda text: add_example(text, "lv", "greet", tmp_path), new))
    assert sorted(examples(path, "greet")) == sorted(["z", "a", *new])
