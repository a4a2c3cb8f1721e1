"""Every customer-facing text is spelled correctly, by hunspell's dictionaries and the word lists of this folder."""

import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.knowledge.answers import answer_records
from bot.knowledge.validation import load_folder
from bot.open_data.page_words import page_words
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES, PROJECT

PAGE = PROJECT / "bot" / "channels" / "web" / "page" / "index.html"
WIDGET_TEXTS = [PROJECT / "bot" / "channels" / "widget" / name for name in ("texts.js", "desk-texts.js")]
BOTH_LANGUAGES_AT_ONCE = "utter_other_language"  # a paragraph a language, in the order of LANGUAGES
pytestmark = pytest.mark.hunspell
HUNSPELL = "hunspell"
DICTIONARIES = {"lv": ["lv_LV"], "en": ["en_GB", "en_US"]}  # the first that is installed
INSTALL = (
    "To check the spelling, install hunspell with its Latvian and English dictionaries "
    "(Debian: apt-get install hunspell hunspell-lv hunspell-en-us)."
)
# Placeholders ({ended_on:locative}) and addresses (elektrum.lv); numbers go because words are made of letters.
_NO_WORDS = re.compile(r"\{[^{}]*\}|https?://\S+|\b[\w.-]+\.(?:lv|com|eu)\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

each_language = pytest.mark.parametrize("language", LANGUAGES)


@dataclass(frozen=True)
class Text:
    """A text and the place to look for it."""

    language: str
    where: str
    text: str

    def words(self) -> set[str]:
        """Its words; of "Elektrum's" the name alone."""
        return {re.sub("['’]s$", "", word) for word in _WORD.findall(_NO_WORDS.sub(" ", self.text))}


class _Page(HTMLParser):
    """Collects the page's texts; each belongs to the nearest `lang`, or, as "one · other", to every language."""

    WITHOUT_END = {"meta", "link", "input", "br", "img", "hr"}
    READ = {"aria-label", "title", "placeholder", "alt"}

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[Text] = []
        self._languages = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        language = named.get("lang") or self._languages[-1]
        if tag not in self.WITHOUT_END:
            self._languages.append(language)
        for name in self.READ & set(named):
            self._collect(language, named[name] or "")

    def handle_endtag(self, tag: str) -> None:
        self._languages.pop()

    def handle_data(self, data: str) -> None:
        self._collect(self._languages[-1], data)

    def _collect(self, language: str, text: str) -> None:
        parts = text.split(" · ")
        pairs = zip(LANGUAGES, parts, strict=True) if len(parts) > 1 else [(language, text)]
        self.texts += [Text(code, f"{PAGE.name}, line {self.getpos()[0]}", part) for code, part in pairs]


def reply_texts() -> Iterator[Text]:
    """The catalogues: replies, titles, plurals and months."""
    for language, catalogue in catalogues().items():
        file = f"{language}.yml"
        for key, variants in catalogue.responses.items():
            for variant in variants:
                if key == BOTH_LANGUAGES_AT_ONCE:
                    paragraphs = variant.text.split("\n\n")
                    yield from (
                        Text(code, f"{file}, {key}", part) for code, part in zip(LANGUAGES, paragraphs, strict=True)
                    )
                else:
                    yield Text(language, f"{file}, {key}", variant.text)
        yield from (Text(language, f"{file}, title of {key}", title) for key, title in catalogue.titles.items())
        for noun, forms in catalogue.plurals.items():
            yield Text(language, f"{file}, plurals of {noun}", "\n".join(forms.values()))
        for case, months in catalogue.months.items():
            yield Text(language, f"{file}, months in the {case}", "\n".join(months))


def fact_texts() -> Iterator[Text]:
    """What the facts say, and how their sources are named."""
    known = load_folder()
    of_answers = ((fact, path) for path, fact in answer_records())
    for fact, path in (*((fact, known.origins[f"facts/{fact.id}"]) for fact in known.facts.values()), *of_answers):
        for kind in ("text", "short", "ended"):
            for language, text in (getattr(fact, kind) or {}).items():
                yield Text(language, f"{path.name}, {kind} of {fact.id}", text)
    for source in known.sources.values():
        for kind in ("title", "spoken"):
            for language, text in getattr(source, kind).items():
                yield Text(language, f"{known.origins[f'sources/{source.id}'].name}, {kind} of {source.id}", text)


def page_texts() -> list[Text]:
    """The words of the web page."""
    page = _Page()
    page.feed(PAGE.read_text(encoding="utf-8"))
    return page.texts


def widget_texts() -> Iterator[Text]:
    """The chat widget's own texts: the JSON of `texts` and `nouns` in its modules of texts."""
    for file in WIDGET_TEXTS:
        script = file.read_text(encoding="utf-8")
        found = re.findall(r"^(?:export )?const (texts|nouns) = (\{.*?^\});$", script, re.MULTILINE | re.DOTALL)
        for name, named in found:
            for key, languages in json.loads(named).items():
                for language, text in languages.items():
                    forms = text.values() if isinstance(text, dict) else [text]
                    yield Text(language, f"{file.name}, {name} {key}", " ".join(forms))


def open_page_texts() -> Iterator[Text]:
    """The words of the page of all facts."""
    for name, texts in {**page_words().words, **page_words().topics}.items():
        yield from (Text(language, f"page.yml, {name}", text) for language, text in texts.items())


def all_texts() -> list[Text]:
    """Everything that customers read."""
    texts = (*reply_texts(), *fact_texts(), *page_texts(), *widget_texts(), *open_page_texts())
    return [text for text in texts if text.text.strip()]


def own_words(language: str) -> set[str]:
    """Names and terms that are correct although hunspell does not know them."""
    file = Path(__file__).parent / f"words.{language}.txt"
    return set(file.read_text(encoding="utf-8").split())


def unknown_to_hunspell(words: Iterable[str], language: str) -> set[str]:
    """The words that are not in the language's dictionary; the test fails where there is none."""
    for dictionary in DICTIONARIES[language]:
        command = [HUNSPELL, "-d", dictionary, "-i", "utf-8", "-l"]
        try:
            done = subprocess.run(
                command, input="\n".join(sorted(words)), capture_output=True, encoding="utf-8", check=False
            )
        except FileNotFoundError:
            break
        if done.returncode == 0:
            return set(done.stdout.split())
    pytest.fail(INSTALL, pytrace=False)


def misspelled(texts: Iterable[Text], language: str) -> list[str]:
    """Every unknown word of a language, with the places where it stands."""
    places = defaultdict(list)
    for text in texts:
        if text.language == language:
            for word in text.words():
                places[word].append(text.where)
    own = own_words(language)
    # hunspell takes "e-pasts" for two words, so each part is looked up.
    unknown = unknown_to_hunspell({part for word in places for part in word.split("-")}, language)
    wrong = [
        word
        for word in sorted(places)
        if unknown & set(word.split("-")) and not own & {word, word[:1].lower() + word[1:]}
    ]
    return [f"{word} – {'; '.join(places[word])}" for word in wrong]


@each_language
def test_no_text_holds_an_unknown_word(language: str) -> None:
    wrong = misspelled(all_texts(), language)
    assert not wrong, "\n".join([f"Misspelled, or missing in words.{language}.txt:", *wrong])


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("lv", "Par elektroapgādi un elektroapgade zvaniet 8400.", "elektroapgade"),
        ("lv", "Kas ir slegts?", "slegts"),
        ("en", "Elektrum keeps supplying electrcity on {ended_on}.", "electrcity"),
        ("en", "The neighbours' self-servise centre.", "self-servise"),
    ],
)
def test_misspelled_word_is_found_with_its_place(language: str, text: str, word: str) -> None:
    assert misspelled([Text(language, "lv.yml, utter_greet", text)], language) == [f"{word} – lv.yml, utter_greet"]


@pytest.mark.parametrize(
    "where",
    [
        "lv.yml, utter_greet",
        "lv.yml, title of help",
        "index.html",
        "release.yml, text of",
        "texts.js, texts title",
        "page.yml, former",
    ],
)
def test_every_kind_of_text_is_read(where: str) -> None:
    assert any(text.where.startswith(where) for text in all_texts())


@each_language
def test_paragraphs_of_the_reply_in_both_languages_are_told_apart(language: str) -> None:
    texts = [
        text for text in reply_texts() if text.where.endswith(BOTH_LANGUAGES_AT_ONCE) and text.language == language
    ]
    assert [("Atvainojiet" if language == "lv" else "Sorry") in text.words() for text in texts] == [True, True]


@each_language
def test_word_list_holds_only_words_in_use(language: str) -> None:
    used = set().union(*(text.words() for text in all_texts() if text.language == language))
    used |= {word[:1].lower() + word[1:] for word in used}
    assert own_words(language) - used == set()


@each_language
def test_missing_program_is_named_with_what_to_install(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.fail.Exception, match="apt-get install hunspell hunspell-lv hunspell-en-us"):
        misspelled(all_texts(), language)


@each_language
def test_missing_dictionary_is_named_with_what_to_install(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DICTIONARIES, language, ["xx_XX"])
    with pytest.raises(pytest.fail.Exception, match="apt-get install hunspell hunspell-lv hunspell-en-us"):
        misspelled(all_texts(), language)
