"""Every file of transcripts/ is read as golden.yml says, whatever it is called and however it is encoded."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.calls.call_turns import MalformedTranscript
from bot.calls.roles import with_roles
from bot.calls.transcript_reading import call_from, read_call

HERE = Path(__file__).parent
TRANSCRIPTS = sorted((HERE / "transcripts").iterdir())
GOLDEN: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "golden.yml").read_text(encoding="utf-8"))


def test_every_transcript_has_a_golden_result() -> None:
    assert {path.name for path in TRANSCRIPTS} == set(GOLDEN)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.name)
def test_golden_results(path: Path) -> None:
    call, golden = with_roles(read_call(path)), GOLDEN[path.name]
    assert (call.source, call.language) == (golden["format"], golden["language"])
    assert [[turn.role, turn.start, turn.text] for turn in call.turns] == golden["turns"]
    assert all(turn.end is None or turn.end > turn.start for turn in call.turns)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.name)
def test_only_the_content_of_a_file_matters(path: Path) -> None:
    content = path.read_bytes()
    call = call_from(content)
    assert call == read_call(path)
    assert call.id == hashlib.sha256(content).hexdigest()[:32]


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        read_call(tmp_path / "none")


def test_the_sentence_of_an_error() -> None:
    error = MalformedTranscript("line 3", "a speaker is expected")
    assert str(error) == "The transcript is malformed at line 3: a speaker is expected."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, line_end: str) -> None:
    call = call_from(f"Aģents: Labdien{line_end}Klients: Čau,{line_end}  ēē{line_end}".encode(encoding))
    assert [(turn.speaker, turn.text) for turn in call.turns] == [("Aģents", "Labdien"), ("Klients", "Čau, ēē")]
