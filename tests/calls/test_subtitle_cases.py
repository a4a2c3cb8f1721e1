"""Subtitle variants seen in other projects: each that was once rejected, misread or lost, with our own texts."""

from typing import Any

import pytest
from transcript_cases import HELLO, QUESTION, A, C, read, said, srt, webvtt  # tests/calls/transcript_cases.py


@pytest.mark.parametrize(
    ("agent", "customer"),
    [
        ("Ilze Paraugs", "+371 26 123 456"),
        ("Ilze Paraugs (Elektrum)", "Anna de la Cruz"),
        ("spk_0", "spk_1"),
        ("speaker 0", "speaker 1"),
        ("Ilze", "anna"),
        ("Ilze Paraugs", "Shaun O'Neil"),
        ("[SPEAKER_00]", "[SPEAKER_01]"),
        ("ILZE PARAUGS", "Jean-Luc van der Berg"),
        (">> Ilze", ">> Anna"),
    ],
)
@pytest.mark.parametrize("form", [webvtt, srt, lambda *cues: "\n".join(cues)])
def test_names_of_all_forms_are_speakers(form: Any, agent: str, customer: str) -> None:  # 03
    call = read(form(f"{agent}: {HELLO}", f"{customer}: {QUESTION}"))
    assert [(turn.role, turn.text) for turn in call.turns] == [(A, HELLO), (C, QUESTION)]


def test_a_name_that_comes_again_is_a_speaker() -> None:  # 03
    call = read(
        webvtt(f"ilze no elektrum: {HELLO}", f"anna maria: {QUESTION}", "ilze no elektrum: A.", "anna maria: B.")
    )
    assert [turn.text for turn in call.turns] == [HELLO, QUESTION, "A.", "B."]


@pytest.mark.parametrize("label", ["Līguma numurs", "numurs", "Kods", "code", "Contract number"])
def test_what_announces_a_number_is_no_speaker(label: str) -> None:  # 03 and 15: its number would not be found
    texts = [turn.text for turn in read(webvtt(f"Agent: {HELLO}", f"{label}: 1234567", f"{label}: 1234567")).turns]
    assert texts == [HELLO, f"{label}: 1234567", f"{label}: 1234567"]


BOTH = [(C, 0.0, 1.0, "Vai mani atslēgs?"), (A, 2.0, 3.0, "Nē, neatslēdzam.")]
FIRST = "00:00:00.000 --> 00:00:01.000\n<v Klients>Vai mani atslēgs?\n"
SECOND = "00:00:02.000 --> 00:00:03.000\n<v Aģents>Nē, neatslēdzam.\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"WEBVTT\n{FIRST}\n{SECOND}", id="05 after the header"),
        pytest.param(f"WEBVTT\n \n1\n{FIRST}\n{SECOND}", id="05 after a space"),
        pytest.param(f"WEBVTT\n\t\n{FIRST}\n{SECOND}", id="05 after a tab"),
        pytest.param(f"WEBVTT\n\nNOTE by hand\n{FIRST}\n{SECOND}", id="05 after a note"),
        pytest.param(f"WEBVTT\n\nSTYLE\n::cue {{ color: red }}\n{FIRST}\n{SECOND}", id="05 after a style"),
        pytest.param(f"WEBVTT\n\n{FIRST}{SECOND}", id="11 no empty line between cues"),
        pytest.param(f"WEBVTT\n\n1\n{FIRST}2\n{SECOND}", id="11 nor before numbers"),
        pytest.param(f"WEBVTT\n\nNOTE x\n\n      \n\n1\n{FIRST}\n{SECOND}", id="11 a line of spaces"),
        pytest.param(f"WEBVTT\n\n1\n{FIRST} \n2\n{SECOND}", id="11 a line of spaces between cues"),
        pytest.param(f"WEBVTT\n\n{SECOND}\n{FIRST}", id="not in order"),
        pytest.param(f"WEBVTT\n\n{FIRST.replace('.', ',')}\n{SECOND}", id="commas in times"),
    ],
)
def test_a_line_of_times_begins_a_cue_wherever_it_stands(content: str) -> None:
    assert (said(content), read(content).notices) == (BOTH, ())


@pytest.mark.parametrize(
    "settings",
    ["position:50% line:15% align:middle", "line:start", "size:100", "voice:Bob", "foo:bar", "position:50.00%,middle"],
)
def test_settings_do_not_matter(settings: str) -> None:  # 10
    assert said(f"WEBVTT\n\n00:00.000 --> 00:10.000 {settings}\n<v Aģents>Labdien!\n") == [(A, 0.0, 10.0, "Labdien!")]


def test_two_voices_in_a_line() -> None:
    content = "WEBVTT\n\n00:00.000 --> 00:10.000\n<v Aģents>Labdien!</v> <v Klients>Sveiki!</v>\n"
    assert said(content) == [(A, 0.0, 10.0, "Labdien!"), (C, 0.0, 10.0, "Sveiki!")]


@pytest.mark.parametrize(
    "content",
    [
        "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Aģents>Labdien!\n\n00:02.000 --> 00:03.000\n&nbsp;\n",
        "1\n00:00:00,000 --> 00:00:02,000\nAģents: Labdien!\n\n2\n00:00:02,000 --> 00:00:02,500\n\n",
    ],
)
def test_a_last_cue_that_shows_nothing(content: str) -> None:  # 13
    assert said(content) == [(A, 0.0, 2.0, "Labdien!")]
    assert [notice.reason for notice in read(content).notices] == [
        "the last cue is empty; the file may break off there"
    ]


@pytest.mark.parametrize(
    ("times", "start", "end"),
    [
        ("00:00:24,0 --> 00:00:27,25", 24.0, 27.25),
        ("00:00:24,46 --> 00:00:24,9", 24.46, 24.9),
        ("00:00:24 --> 00:00:25", 24.0, 25.0),
        ("0:0:1.500 --> 0:0:2.500", 1.5, 2.5),
        ("001:02:03,999 --> 001:02:05,999", 3723.999, 3725.999),
    ],
)
def test_fractions_are_fractions(times: str, start: float, end: float) -> None:  # 14
    assert said(f"1\n{times}\nAģents: Labdien!\n") == [(A, start, end, "Labdien!")]


def test_teams_writes_milliseconds_without_zeros() -> None:  # as `0:0:7.80`, which is followed by `0:0:8.180`
    content = "WEBVTT\n\n0:0:7.80 --> 0:0:8.180\n<v Aģents>Labdien!</v>\n"
    assert said(content) == [(A, 7.08, 8.18, "Labdien!")]


def test_teams_transcript_out_of_word_has_names_above() -> None:
    content = f"0:0:0.0 --> 0:0:1.510\nIlze Paraugs\n{HELLO}\n0:0:3.270 --> 0:0:4.250\nAnna Parauga\n{QUESTION}\n"
    assert said(content) == [(A, 0.0, 1.51, HELLO), (C, 3.27, 4.25, QUESTION)]


def test_otter_has_names_and_times_above() -> None:  # 03
    content = (
        f"Ilze Paraugs  0:01  \n{HELLO}\n\nAnna Parauga  1:02:05  \n{QUESTION}\n\nTranscribed by https://otter.ai\n"
    )
    assert said(content) == [(A, 1.0, None, HELLO), (C, 3725.0, None, QUESTION)]


def test_captions_that_roll_are_said_once() -> None:
    cues = [
        "\n \nviens<00:00:00.480><c> divi</c>",
        "viens divi\n ",
        "viens divi\ntrīs<00:00:02.480><c> četri</c>",
        "trīs četri\n ",
    ]
    assert [turn.text for turn in read(webvtt(*cues)).turns] == ["viens divi", "trīs četri"]


def test_who_says_the_same_again_is_heard_again() -> None:
    assert [turn.text for turn in read(webvtt("Jā.", "Jā.", "Jā.")).turns] == ["Jā.", "Jā.", "Jā."]
