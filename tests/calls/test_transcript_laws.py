"""Property-based tests of transcripts: what a writer writes can be read back, and no input makes a reader crash."""

import json
import time
from collections import Counter
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transcript_writers import FORMATS, Format, Said

from bot.calls.call_turns import Call, CallTurn, MalformedTranscript, Role
from bot.calls.roles import with_roles
from bot.calls.transcript_reading import call_from
from bot.words.text import clean

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").iterdir())
HEARD = [
    *("labdien", "ēē", "um", "līguma", "liguma", "numurs", "deviņi", "9001", "0000", "rekins", "rēķinu,", "centr-"),
    *("slēgts.", "atslēgs?", "the", "the bill", "outage", "disconnekt", "I'm", "š", "kods ir 12", "…", "jā, jā"),
]
PLAIN = st.lists(st.sampled_from(HEARD), min_size=1, max_size=6).map(" ".join)
ANY = (PLAIN | st.text(max_size=40)).map(clean).filter(lambda text: text and clean(text) == text)


@st.composite
def made_up_calls(draw: st.DrawFn, form: Format) -> list[Said]:
    """Consecutive turns; alternating speakers if the format merges consecutive turns of one speaker."""
    texts = PLAIN if form.plain_words else ANY
    turns: list[Said] = []
    now = 0
    for number in range(draw(st.integers(1, 6))):
        start = now + draw(st.integers(0, 5_000_000 if number else 5_000))
        now = start + draw(st.integers(500, 90_000))
        speaker = number % 2 + 1 if form.by_words else draw(st.sampled_from([1, 2]))
        confidence = draw(st.integers(1, 1000)) / 1000
        turns.append(Said(speaker, start, now, draw(texts), confidence, draw(texts)))
    return turns


def expected(form: Format, said: Said) -> CallTurn:
    instead = (said.instead,) if form.alternatives and said.instead != said.text else ()
    name = form.names[said.speaker - 1]
    return CallTurn(
        speaker=name,
        role=Role(name.lower()) if name in {"AGENT", "CUSTOMER"} else None,
        start=said.start / 1000,
        end=said.end / 1000 if form.ends else None,
        text=said.text,
        confidence=pytest.approx(said.confidence) if form.confidences else None,
        alternatives=instead,
        language=None,
    )


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
@settings(max_examples=60)
def test_what_is_written_is_read(name: str, data: st.DataObject) -> None:
    form = FORMATS[name]
    turns = data.draw(made_up_calls(form))
    content = form.write(turns)
    call = call_from(content.encode())
    assert call.source == name.split(" ", maxsplit=1)[0]
    assert call.turns == tuple(expected(form, said) for said in turns)
    assert call_from(content.encode("utf-8-sig")).turns == call_from(content.encode("utf-16")).turns == call.turns


def read_or_refused(content: bytes) -> Call | None:
    """The call, or None if it is rejected properly."""
    try:
        call = call_from(content)
    except MalformedTranscript as error:
        refused = error
    else:
        _keeps_its_promises(call)
        return call
    assert refused.place
    assert refused.reason
    assert "\n" not in str(refused)
    return None


def _keeps_its_promises(call: Call) -> None:
    assert call.turns
    for turn in call.turns:
        assert turn.text
        assert turn.text == clean(turn.text)
        assert turn.confidence is None or 0 <= turn.confidence <= 1
        assert turn.start is None or 0 <= turn.start <= (turn.start if turn.end is None else turn.end)
        assert turn.text not in turn.alternatives
    starts = [turn.start for turn in call.turns if turn.start is not None]
    if call.source not in {"plain-text", "srt", "webvtt"} and len(starts) == len(call.turns):
        assert all(one <= next_one for one, next_one in pairwise(starts))
    with_roles(call)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.name)
def test_every_truncation_is_read_or_refused(path: Path) -> None:
    content = path.read_bytes()
    # Every position in files that are small or read line by line; truncated JSON fails in the same way anywhere.
    step = 1 if len(content) < 4_000 else 7
    whole = call_from(content)
    for length in range(0, len(content), step):
        part = read_or_refused(content[:length])
        assert part is None or len(part.turns) <= len(whole.turns)
        if path.suffix == ".json" and length < len(content.rstrip()):
            assert part is None


SMALL = [content for path in TRANSCRIPTS if len(content := path.read_bytes()) < 4_000]


@given(st.binary(max_size=300))
def test_bytes_are_read_or_refused(content: bytes) -> None:
    read_or_refused(content)


def test_damaged_transcripts_are_read_or_refused() -> None:
    read = Counter[bool]()

    @given(st.sampled_from(SMALL), st.integers(0, 4_000), st.integers(0, 20), st.binary(max_size=20))
    @settings(max_examples=500)
    def damage(content: bytes, at: int, length: int, instead: bytes) -> None:
        place = at % len(content)
        read[read_or_refused(content[:place] + instead + content[place + length :]) is not None] += 1

    damage()
    assert min(read[True], read[False]) >= 50, read


PIECES = [
    *("WEBVTT", "\n", "\n\n", "\r", "1", "00:00:01,000 --> 00:00:02,000", "00:01.000 --> 00:02.000", "-->", "NOTE"),
    *(
        "<v Ilze>",
        "<v",
        ">",
        "&lt;",
        "Agent:",
        "Klients: ",
        "[SPEAKER_01]: ",
        "[00:01:02]",
        "[",
        "]",
        "STYLE",
        "REGION",
    ),
    *("99999999999:00:00.000", "-", "{", "}", '"segments":', '"results":', "null", "1e999", "NaN", '"\\ud800"', "a"),
    *("\N{BYTE ORDER MARK}", "\0", "\N{LINE SEPARATOR}", "²", "٣", "--> 00:00:02,000\n", "0:0:0,0 --> 0:0:0,0", "\v"),
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=25), st.sampled_from(["", "WEBVTT\n\n", "1\n"]))
@settings(max_examples=500)
def test_pieces_of_formats_are_read_or_refused(pieces: list[str], begin: str) -> None:
    read_or_refused((begin + "".join(pieces)).encode("utf-8", errors="surrogatepass"))


JSON = [json.loads(path.read_bytes()) for path in TRANSCRIPTS if path.suffix == ".json"]
JUNK = [
    *(None, True, "", "a", "-1", "1e999", "nan", "1_000", "٣", "\ud800", 0, -1, 10**30, 10**400, -0.5, 1.5),
    *(float("nan"), float("-inf"), [], [[]], [["text", "a"]], {}, {"seconds": []}, [None], ["a"], [{}], "9" * 5000),
]


def places(content: Any) -> list[tuple[Any, Any]]:
    """(list or object, index or key) of everything in a JSON document."""
    if not isinstance(content, dict | list):
        return []
    keys = list(content) if isinstance(content, dict) else list(range(len(content)))
    return [(content, key) for key in keys] + [place for key in keys for place in places(content[key])]


@given(st.sampled_from(JSON), st.data())
@settings(max_examples=500)
def test_any_wrong_value_in_json_is_read_or_refused(content: Any, data: st.DataObject) -> None:
    damaged = deepcopy(content)
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(places(damaged)))
        if data.draw(st.booleans()):
            holder[key] = deepcopy(data.draw(st.sampled_from(JUNK)))
        else:
            del holder[key]
        if not places(damaged):
            break
    read_or_refused(json.dumps(damaged).encode())


@pytest.mark.parametrize(
    "content",
    [
        "WEBVTT\n\n" + "<" * 200_000,
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<v " * 60_000,
        "1\n00:00:01,000 --> 00:00:02,000\n" + "<{\\" * 60_000,
        "1\n00:00:01,000 --> 00:00:02,000\n" + "1\n" * 5_000,
        "Agent: " + "a: " * 60_000,
        "Agent: a\n" + "[" * 200_000,
    ],
)
def test_long_lines_take_no_time(content: str) -> None:
    began = time.perf_counter()
    read_or_refused(content.encode())
    assert time.perf_counter() - began < 20  # seconds; some of these took minutes
