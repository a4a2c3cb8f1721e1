"""The page for people: both languages, headings, nothing but text, everything escaped."""

from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from accessibility import violations  # tests/accessibility.py
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import announcement_of, read_announcement
from bot.announcements.publishing import propose, publish
from bot.data_files import DataFileError
from bot.knowledge.topics import topics
from bot.open_data.open_facts import open_facts
from bot.open_data.open_page import open_page
from bot.open_data.page_words import page_words, topic_title
from bot.settings import LANGUAGES, PROJECT

EXAMPLE = PROJECT / "docs" / "examples" / "reopening.yml"
HOSTILE = "<script>alert('8400')</script> & \"more\""


class Outline(HTMLParser):
    """Collects headings by level, the language of each text, and every element and attribute."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings: list[tuple[str, str]] = []
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = [("", "")]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.elements.add(tag)
        self.attributes |= set(named)
        self.links += [named["href"] or ""] if "href" in named else []
        if tag != "meta":
            self._open.append((tag, named.get("lang") or self._open[-1][1]))

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        tag, language = self._open[-1]
        if data.strip() and tag not in ("style", "title"):
            self.texts.append((language, data.strip()))
            if tag in ("h1", "h2", "h3"):
                self.headings.append((tag, data.strip()))


def page_on(session: Session, day: str) -> str:
    return open_page(open_facts(session, date.fromisoformat(day)))


@pytest.fixture
def announced(session: Session) -> Session:
    """A database with docs/examples/reopening.yml published."""
    propose(session, read_announcement(EXAMPLE), "Anna")
    publish(session, "riga-centre-reopens", "Anna", emergency=True, why="test")
    return session


def texts_under(page: str, heading: str) -> Iterator[str]:
    """The texts from a heading of the second level to the next one."""
    outline = Outline(page)
    titles = [title for level, title in outline.headings if level == "h2"]
    following = titles[titles.index(heading) + 1 :]
    texts = [text for _, text in outline.texts]
    start = len(texts) - 1 - texts[::-1].index(heading)
    for text in texts[start + 1 :]:
        if following and text == following[0]:
            return
        yield text


PARTS = {
    "in force": ("What is in force today, 14 May 2020", "The Elektrum customer service centre in Riga is closed for"),
    "announced": ("What has been announced for later", "it opens on 18 May 2020"),
    "former": ("What was in force earlier", "extended it until 12 May 2020"),
    "in force, Latvian": ("Kas ir spēkā šodien, 2020. gada 14. maijā", "centrs Rīgā ir slēgts uz"),
    "announced, Latvian": ("Kas ir paziņots uz priekšu", "to atvērs 2020. gada 18. maijā"),
    "former, Latvian": ("Kas bija spēkā agrāk", "Bija spēkā no 2020. gada 7. aprīļa līdz 2020. gada 6. maijam"),
}


@pytest.mark.parametrize(("heading", "said"), PARTS.values(), ids=PARTS)
def test_each_part_says_its_own(announced: Session, heading: str, said: str) -> None:
    page = page_on(announced, "2020-05-14")
    assert any(said in text for text in texts_under(page, heading))


def test_headings_go_down_by_one(announced: Session) -> None:
    levels = [int(level[1]) for level, _ in Outline(page_on(announced, "2020-05-14")).headings]
    assert levels[0] == 1
    assert [pair for pair in pairwise(levels) if pair[1] - pair[0] > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_marked_with_their_language(announced: Session, language: str) -> None:
    texts = Outline(page_on(announced, "2020-05-14")).texts
    expected = {
        "lv": "Par savu situāciju, lūdzu, runājiet ar klientu servisu pa tālruni 8400.",
        "en": "Please discuss your own case with customer service on 8400.",
    }
    assert {code for code, text in texts if text == expected[language]} == {language}


def test_quotes_are_marked_as_latvian_in_the_english_half_too(announced: Session) -> None:
    texts = Outline(page_on(announced, "2020-05-14")).texts
    assert {code for code, text in texts if text.startswith("Par jebkurām izmaiņām, kas varētu")} == {"lv"}


def test_the_page_has_no_scripts_and_loads_nothing(announced: Session) -> None:
    outline = Outline(page_on(announced, "2020-05-14"))
    assert outline.elements & {"script", "img", "link", "iframe", "object", "form", "input"} == set()
    assert [name for name in outline.attributes if name.startswith("on") or name == "src"] == []


def test_everything_is_escaped_and_only_web_addresses_are_links(session: Session) -> None:
    titles = {"lv": "Avots <b>", "en": "Source <b>"}
    source = {"id": "odd", "title": {"lv": "Ziņa", "en": "News"}, "spoken": {"lv": "Ziņa", "en": "News"}}
    record = {"id": "odd", "key": "odd", "kind": "outside", "text": {"lv": "Teksts.", "en": "Text."}}
    whole = {"id": "odd", "made_public": date(2020, 5, 14), "source": source, "records": [record]}
    propose(session, announcement_of(whole, "odd"), "Anna")
    publish(session, "odd", "Anna", emergency=True, why="test")
    content = open_facts(session, date(2020, 5, 14))
    odd = next(one for one in content["facts"] if one["id"] == "odd")
    odd["versions"][-1] |= {"text": {"lv": HOSTILE, "en": HOSTILE}, "quote": HOSTILE}
    next(one for one in content["sources"] if one["id"] == "odd").update(title=titles, url="javascript:alert(1)")
    outline = Outline(open_page(content))
    assert (outline.elements & {"script", "b"}, [link for link in outline.links if "javascript" in link]) == (set(), [])
    assert (HOSTILE in [text for _, text in outline.texts]) is True


def test_links_within_the_page_lead_somewhere(announced: Session) -> None:
    page = page_on(announced, "2020-05-14")
    inner = [link[1:] for link in Outline(page).links if link.startswith("#")]
    assert (len(inner), [name for name in inner if page.count(f'id="{name}"') != 1]) == (6, [])


@pytest.mark.browser
def test_the_page_passes_the_rules_for_accessible_pages(announced: Session, browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "facts.html"
    # The page forbids scripts, and the checker is one.
    file.write_text(page_on(announced, "2020-05-14").replace("default-src 'none'; ", ""), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    assert violations(page) == []
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_has_a_title(language: str) -> None:
    assert all(topic_title(intent, language).strip() for intent in topics())


WRONG = {
    "a language is missing": {"title": {"lv": "Virsraksts"}},
    "a text is empty": {"title": {"lv": "Virsraksts", "en": " "}},
}


@pytest.mark.parametrize("words", WRONG.values(), ids=WRONG)
def test_words_in_one_language_only_are_refused(tmp_path: Path, words: dict[str, dict[str, str]]) -> None:
    path = tmp_path / "page.yml"
    path.write_text(yaml.safe_dump({"words": words, "topics": {}}), encoding="utf-8")
    with pytest.raises(DataFileError, match="give a text in lv and en"):
        page_words(path)
