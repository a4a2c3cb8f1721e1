"""Which files count as one call, and what of a call is stored in the database."""

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from bot.calls.importing import Tally, bring_in, outcomes_of, recordings
from bot.calls.models import RecordedCall, RecordedFile, RecordedTurn
from bot.storage.engine import session_scope
from bot.training.trained_model import model_path

DIALOGUE = "Aģents: Labdien, kā varu palīdzēt?\nKlients: Vai mani atslēgs, ja nesamaksāšu?\nAģents: Nē, neatslēdzam.\n"
SPOKEN = [
    ("SPEAKER_00", 0.0, 2.0, "Labdien, Elektrum, kā varu palīdzēt?"),
    ("SPEAKER_01", 2.5, 5.0, "Vai mani atslēgs, ja nesamaksāšu?"),
    ("SPEAKER_00", 5.5, 7.0, "Nē, pašlaik neatslēdzam, zvaniet vēlāk vēlreiz."),
]
pytestmark = [pytest.mark.model, pytest.mark.usefixtures("database")]


def bring(*paths: Path) -> tuple[Tally, list[str]]:
    """Import files as the command does, in this process; (counts, messages)."""
    tally, told = Tally(), list[str]()

    def tell(line: str | None) -> None:
        told.extend([line] if line else [])

    found = recordings(paths, tally, tell)
    bring_in((outcome for each in found for outcome in outcomes_of(each, str(model_path()))), tally, tell)
    return tally, told


def counts(tally: Tally) -> tuple[int, int, int, int]:
    """(imported, known, again, malformed)."""
    return tally.imported, tally.known, tally.again, tally.malformed


def kept() -> tuple[int, int]:
    """How many calls and turns there are."""
    with session_scope() as session:
        numbers = (select(func.count()).select_from(table) for table in (RecordedCall, RecordedTurn))
        calls, turns = (session.execute(number).scalar_one() for number in numbers)
        return calls, turns


def write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def in_all_formats(folder: Path, name: str, later: float = 0.0) -> None:
    """One call in every format that WhisperX writes; `later`: seconds by which it is shifted."""
    said = [(who, start + later, end + later, text) for who, start, end, text in SPOKEN]
    segments = [{"start": start, "end": end, "text": f" {text}", "speaker": who} for who, start, end, text in said]
    cues = [(f"00:00:{start:06.3f} --> 00:00:{end:06.3f}", f"[{who}]: {text}") for who, start, end, text in said]
    subtitles = [f"{n}\n{when.replace('.', ',')}\n{text}\n" for n, (when, text) in enumerate(cues, 1)]
    table = [f"{start * 1000:.0f}\t{end * 1000:.0f}\t{text}" for _, start, end, text in said]
    write(folder / f"{name}.json", {"segments": segments, "language": "lv"})
    write(folder / f"{name}.srt", "\n".join(subtitles))
    write(folder / f"{name}.vtt", "WEBVTT\n\n" + "\n\n".join(f"{when}\n{text}" for when, text in cues) + "\n")
    write(folder / f"{name}.tsv", "\n".join(["start\tend\ttext", *table]) + "\n")
    write(folder / f"{name}.txt", "\n".join(text for *_, text in said) + "\n")


@pytest.mark.both_databases
def test_a_call_in_five_formats_is_one_call(database: str, tmp_path: Path) -> None:
    in_all_formats(tmp_path, "call")
    tally, told = bring(tmp_path)
    assert (counts(tally), kept()) == ((1, 0, 4, 0), (1, 3))
    with session_scope() as session:
        assert session.execute(select(RecordedCall.source)).scalar_one() == "whisper"  # the richest
    others = [tmp_path / f"call.{ending}" for ending in ("vtt", "srt", "tsv", "txt")]
    assert told == [f"{path}: the same call as {tmp_path / 'call.json'}; it counts once." for path in others]
    assert counts(bring(tmp_path)[0]) == (0, 5, 0, 0)


def test_a_call_that_comes_in_another_format_later_is_the_same(tmp_path: Path) -> None:
    in_all_formats(tmp_path / "all", "call")
    for ending, counted in (("srt", (1, 0, 0, 0)), ("json", (0, 0, 1, 0)), ("vtt", (0, 0, 1, 0))):
        other = tmp_path / ending / f"call.{ending}"
        other.parent.mkdir()
        shutil.copy(tmp_path / "all" / other.name, other)
        assert counts(bring(other)[0]) == counted
        assert counts(bring(other)[0]) == (0, 1, 0, 0)
    assert kept() == (1, 3)


def test_two_calls_with_the_same_words_are_two(tmp_path: Path) -> None:
    for name in ("first", "second"):
        write(tmp_path / f"{name}.txt", DIALOGUE)
    assert counts(bring(tmp_path)[0]) == (2, 0, 0, 0)
    assert counts(bring(tmp_path)[0]) == (0, 2, 0, 0)


def test_two_calls_of_one_name_with_the_same_words_at_other_times_are_two(tmp_path: Path) -> None:
    for folder, later, known in (("monday", 0.0, 0), ("tuesday", 9.0, 1)):
        in_all_formats(tmp_path / folder, "call", later)
        # The text that has no times is the same file on both days.
        assert counts(bring(tmp_path / folder)[0]) == (1, known, 4 - known, 0)


def test_a_file_is_known_wherever_it_lies_and_whatever_the_recording_ended_in(tmp_path: Path) -> None:
    bring(write(tmp_path / "here" / "call.wav.txt", DIALOGUE))
    assert counts(bring(write(tmp_path / "there" / "Call.txt", DIALOGUE))[0]) == (0, 1, 0, 0)


def test_what_was_brought_in_before_there_were_names_is_known(tmp_path: Path) -> None:
    path = write(tmp_path / "call.txt", DIALOGUE)
    bring(path)
    plain = hashlib.sha256(DIALOGUE.encode()).hexdigest()[:32]
    with session_scope() as session:
        session.execute(delete(RecordedFile))
        session.execute(delete(RecordedTurn))
        session.execute(update(RecordedCall).values(id=plain, name=None, words=None))
    assert counts(bring(path)[0]) == (0, 1, 0, 0)


def test_names_of_files_and_words_cannot_be_guessed_from_what_is_kept(tmp_path: Path) -> None:
    bring(write(tmp_path / "call.txt", DIALOGUE))
    with session_scope() as session:
        stored = set(session.execute(select(RecordedCall.id, RecordedCall.name, RecordedCall.words)).one())
    said = "labdien ka varu palidzet vai mani atslegs ja nesamaksasu ne neatsledzam"
    guesses = {hashlib.sha256(guess.encode()).hexdigest()[:32] for guess in ("call", "call.txt", DIALOGUE, said)}
    assert not stored & guesses
    assert all(stored)


def test_the_day_is_the_one_that_the_file_tells(tmp_path: Path) -> None:
    results = {"channels": [{"alternatives": [{"transcript": "jā"}]}]}
    bring(write(tmp_path / "call.json", {"metadata": {"created": "2020-03-25T10:00:00Z"}, "results": results}))
    with session_scope() as session:
        assert session.execute(select(RecordedCall.held_at)).scalar_one() == datetime(2020, 3, 25, 10, tzinfo=UTC)


def test_a_number_that_has_no_time_or_stands_in_another_turn_is_not_kept(tmp_path: Path) -> None:
    words = [{"word": "numurs", "start": 1.0, "end": 1.2, "speaker": "S1"}, {"word": "1234567"}]
    segments = [
        {"start": 0, "end": 1, "text": "mans līguma", "speaker": "S1"},
        {"start": 1, "end": 2, "text": "numurs 1234567", "words": words},
        {"start": 2, "end": 3, "text": "kods ir 41", "speaker": "S1"},
        {"start": 3, "end": 4, "text": "5907", "speaker": "S1"},
    ]
    bring(write(tmp_path / "call.json", {"segments": segments}))
    with session_scope() as session:
        texts = session.execute(select(RecordedTurn.text).order_by(RecordedTurn.position)).scalars().all()
    assert texts == ["mans līguma", "numurs [contract]", "kods ir [code]", "[code]"]


def test_names_of_speakers_are_not_kept(tmp_path: Path) -> None:
    cues = ["Anna de la Cruz: Vai mani atslēgs?", "+371 26 123 456: Nē.", "Anna de la Cruz: Paldies."]
    timed = "\n\n".join(f"00:0{n}.000 --> 00:0{n + 1}.000\n{cue}" for n, cue in enumerate(cues))
    bring(write(tmp_path / "call.vtt", f"WEBVTT\n\n{timed}\n"))
    with session_scope() as session:
        texts = session.execute(select(RecordedTurn.text).order_by(RecordedTurn.position)).scalars().all()
    assert texts == ["Vai mani atslēgs?", "Nē.", "Paldies."]


def test_what_is_left_out_of_a_file_is_told_and_the_call_is_brought_in(tmp_path: Path) -> None:
    path = write(tmp_path / "call.json", {"segments": [{"start": 3, "end": 1, "text": "jā"}]})
    tally, told = bring(path)
    assert counts(tally) == (1, 0, 0, 0)
    assert told == [f"{path}: segments[0]: the end lies before the start, so the times were left out."]
