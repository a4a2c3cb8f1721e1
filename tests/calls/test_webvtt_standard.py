"""The WebVTT reader on the inputs of the standard's own tests, and on what the standard's libraries write.

The inputs and the cues expected are those of the web platform tests (webvtt/parsing/file-parsing and, by way of
w3c/webvtt.js, cue-parsing), as facts. Where the standard drops something silently, this reader keeps or reports it.
"""

from datetime import timedelta
from io import StringIO

import pytest
import srt
import webvtt

from bot.calls.call_turns import Call
from bot.calls.formats.cue_text import voices
from bot.calls.transcript_reading import call_from

SECOND = "00:00:00.000 --> 00:00:01.000"


def read(content: str) -> Call:
    return call_from(content.encode())


def cues(content: str) -> list[tuple[float | None, float | None, str]]:
    return [(turn.start, turn.end, turn.text) for turn in read(content).turns]


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        pytest.param(
            "\n".join(
                ["WEBVTT\n"]
                + [
                    f"{arrow}\n{SECOND}\ntext{n}"
                    for n, arrow in enumerate(["-->", "foo-->", "-->foo", "--->", "-->-->"], 1)
                ]
                + [f"{SECOND}\ntext6\n"]
                + [f"00:00:00.000 {sign} -->\n" for sign in ("-a", "--a", "-", "--")]
            ),
            [f"text{n}" for n in range(1, 7)],
            id="arrows",
        ),
        pytest.param(
            f"WEBVTT\n\n leading space\n{SECOND}\ntext1\n\ntrailing space \n{SECOND}\ntext2\n\n"
            f"-- >\n{SECOND}\ntext3\n\n->\n{SECOND}\ntext4\n\n \n{SECOND}\ntext5",
            [f"text{n}" for n in range(1, 6)],
            id="ids",
        ),
        pytest.param(f"WEBVTT \n{SECOND}\ntext\n", ["text"], id="header-space"),
        pytest.param(f"WEBVTT\t\n{SECOND}\ntext\n", ["text"], id="header-tab"),
        pytest.param(f"WEBVTT\n{SECOND}\ntext\n", ["text"], id="header-timings"),
        pytest.param(f"WEBVTT\nfoo\nbar: baz\n\n{SECOND}\ntext\n", ["text"], id="header-garbage"),
        pytest.param(f"\ufeffWEBVTT\n\n{SECOND}\ntext\n", ["text"], id="signature-bom"),
        pytest.param(f"WEBVTT\r\n\r\ncr\r{SECOND}\rtext1\r\rlf\n{SECOND}\ntext2\n", ["text1", "text2"], id="newlines"),
        pytest.param(
            "WEBVTT\n\nspaces\n   00:00:00.000    -->  00:00:01.000 \n   text1\n\ntabs\n"
            "\t\t\t00:00:00.000\t\t\t\t-->\t\t00:00:01.000\t\ntext2\n\nform feed\n"
            "\f\f\f00:00:00.000\f\f\f\f-->\f\f00:00:01.000\f\ntext3\n",
            ["text1", "text2", "text3"],
            id="whitespace-chars",
        ),
        pytest.param(
            f"WEBVTT\n\nid1\n{SECOND} align:start line:1% vertical:lr size:50% position:25%\ntext1\n\nid2\n"
            f"{SECOND} align:center line:1 vertical:rl size:0% position:100%\ntext2",
            ["text1", "text2"],
            id="settings-multiple",
        ),
        pytest.param(
            "WEBVTT\n\nSTYLE\n::cue(#foo) {\n    width: 20px;\n} /*\nNOTE hello\n00:00:00.000 -- > 00:00:01.000\n*/\n"
            f".foo {{\n    width: 19px;\n}}\n\nfoo\n{SECOND}\ntext1\n\nSTYLE\n::cue(::bar) {{\n    width: 18px;\n}}\n\n"
            f"bar\n{SECOND}\ntext2\n",
            ["text1", "text2"],
            id="stylesheets-newlines",
        ),
        pytest.param(
            "WEBVTT\n\n00:00.000 --> 00:00:01.000\ntext1\n\n00:00:00.000 --> 00:01.000\ntext2\n\n"
            "00:00.000 --> 00:01.000\ntext3\n\n000:00:00.000 --> 000:00:01.000\ntext4\n\n"
            "0:00:00.000 --> 0:00:01.000\ntext5",
            [f"text{n}" for n in range(1, 6)],
            id="timings-omitted-hours, timings-too-long, timings-too-short",
        ),
    ],
)
def test_the_standards_files_give_the_standards_cues(content: str, texts: list[str]) -> None:
    assert cues(content) == [(0.0, 1.0, text) for text in texts]


@pytest.mark.parametrize(
    "times",
    [
        *["00::00:00.000 --> 00:00:01.000", "00:000:00.000 --> 00:00:01.000", "00:00::00.000 --> 00:00:01.000"],
        *["00:00:000.000 --> 00:00:01.000", "00:00:00..000 --> 00:00:01.000", "000:00.000 --> 00:01.000"],
        *["00::00.000 --> 00:01.000", "00:000.000 --> 00:01.000", "00:00.000 --> 000:01.000"],
        *["0000:00.000 --> 00:00:01.000", "00:0000.000 --> 00:00:01.000", "00:00:00. --> 00:00:01.000"],
        *["00:00: --> 00:00:01.000", "00: --> 00:00:01.000", "00 --> 00:00:01.000", ". --> 00:01.000"],
        *["00:60:00.000 --> 00:60:01.000", "00:00:60.000 --> 00:00:61.000"],
    ],
)
def test_times_that_the_standard_refuses_cost_the_times_and_not_the_text(times: str) -> None:
    call = read(f"WEBVTT\n\n{times}\ntext\n")
    assert [(turn.start, turn.end, turn.text) for turn in call.turns] == [(None, None, "text")]
    assert [notice.place for notice in call.notices] == ["line 3"]


def test_an_end_before_the_start_costs_the_times_and_not_the_text() -> None:
    content = "WEBVTT\n\n00:00:00.000 --> 00:00:00.000\ntext1\n\n00:00:01.000 --> 00:00:00.999\ntext2\n"
    assert cues(content) == [(0.0, 0.0, "text1"), (None, None, "text2")]


@pytest.mark.parametrize(
    ("text", "shown", "who"),
    [
        ("<c></>x", "x", None),
        ("<c></\nc>x", "x", None),
        ("<c>test", "test", None),
        ("a<c.d e>b</c>c", "abc", None),
        ("a<i.d e>b</i>c", "abc", None),
        ("a<ruby.f g>b<rt.h j>c</rt>d</ruby>e", "abcde", None),
        ("<rt>test", "test", None),
        ("<v>test", "test", None),
        ("<v a>test", "test", "a"),
        ("<v a b>test", "test", "a b"),
        ("<v.a>test", "test", None),
        ("<v.a.b>test", "test", None),
        ("<v.d e>b</v>", "b", "e"),
        ("a<lang.d e>b</lang>c", "abc", None),
        ("a<00:00:01.000>b", "ab", None),
        ("&amp;", "&", None),
        ("&AMP;", "&", None),
        ("&lt;", "<", None),
        ("&quot;", '"', None),
        ("&copy;", "©", None),
        ("&1;", "&1;", None),
        ("&notit;", "¬it;", None),
        ("2 < 3", "2 < 3", None),
    ],
)
def test_tags_and_entities(text: str, shown: str, who: str | None) -> None:
    found = list(voices(text, entities=True))
    assert ("".join(line for voice in found for line in voice.lines), found[0].name) == (shown, who)


CAPTIONS = [(0.5, 2.25, "Labdien & sveiki"), (2.5, 5.0, "Vai ir < 5 eiro?"), (3600.0, 3601.001, "Jā")]


def test_what_webvtt_py_writes_is_read() -> None:
    written = webvtt.WebVTT()
    for start, end, text in CAPTIONS:
        times = (f"{int(at // 3600):02}:00:{at % 3600:06.3f}" for at in (start, end))
        escaped = text.replace("&", "&amp;").replace("<", "&lt;")
        written.captions.append(webvtt.Caption(*times, escaped, f"id-{text[:1]}"))
    assert cues(written.content) == CAPTIONS


def test_what_the_srt_library_writes_is_read() -> None:
    subtitles = [
        srt.Subtitle(index, timedelta(seconds=start), timedelta(seconds=end), text)
        for index, (start, end, text) in enumerate(CAPTIONS, 1)
    ]
    assert cues(srt.compose(subtitles)) == CAPTIONS
    assert cues(StringIO(srt.compose(subtitles, eol="\r\n")).read()) == CAPTIONS
