"""The texts of both languages: complete and equivalent, and rejected otherwise."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.data_files import read_yaml
from bot.knowledge.remembered_events import Event
from bot.knowledge.topics import topics
from bot.known_channels import SPOKEN, channel_named
from bot.replies.catalogue import MEANT, RESPONSES, catalogues
from bot.replies.catalogue_file import TITLE_LIMIT, CatalogueError, placeholders
from bot.replies.fixed_replies import fixed
from bot.replies.formats import SpokenDate
from bot.replies.named_events import NamedEvents
from bot.settings import LANGUAGES, PROJECT

KEYS = list(catalogues()["lv"].responses)
TITLES = [(language, key) for language in LANGUAGES for key in catalogues()[language].titles]
# Makes no sense when spoken: links, and references to a screen.
FOR_THE_EYE = ("http", "poga", "pogu", "button", "zemāk", "below", "klikš", "click")
BOTH_LANGUAGES_AT_ONCE = {"utter_other_language"}  # the customer may know only one of the two
DAY = date(2020, 4, 10)
EVENT = Event("e", {"lv": "x", "en": "x"}, {"genitive": "x", "accusative": "x"}, DAY, None, None, DAY, None)
OFFERED = {
    intent for topic in topics().values() for answer in (topic, *topic.places.values()) for intent in answer.next
}
OFFERED |= {intent for key in KEYS for variant in catalogues()["lv"].responses[key] for intent in variant.next}


def first(texts: dict[str, Any], key: str) -> dict[str, Any]:
    """The first variant of a reply."""
    variant: dict[str, Any] = texts["replies"][key][0]
    return variant


def no_default(texts: dict[str, Any]) -> None:
    first(texts, "utter_deny")["channel"] = SPOKEN


def second_default(texts: dict[str, Any]) -> None:
    texts["replies"]["utter_deny"].append({"text": "Twice."})


def second_for_the_phone(texts: dict[str, Any]) -> None:
    texts["replies"]["utter_goodbye"].append({"text": "Twice.", "channel": SPOKEN})


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "reply in one language only": (lambda t: t["replies"].pop("utter_deny"), "responses: only in one .*: utter_deny"),
    "title in one language only": (lambda t: t["titles"].pop("report_danger"), "titles: only in one .*: report_danger"),
    "plural in one language only": (lambda t: t["plurals"].pop("characters"), "plurals: only in one .*: characters"),
    "other placeholders": (
        lambda t: first(t, "utter_source").update(text="Source: {name}"),
        "'utter_source': the languages differ in placeholders or in 'next'",
    ),
    "other choices": (
        lambda t: first(t, "utter_thank").update(next=["help"]),
        "'utter_thank': the languages differ in placeholders or in 'next'",
    ),
    "variant for a channel in one language only": (
        lambda t: t["replies"]["utter_deny"].append({"text": "For the ear.", "channel": SPOKEN}),
        "'utter_deny': the languages have variants for different channels",
    ),
    "unknown channel": (
        lambda t: t["replies"]["utter_goodbye"][1].update(channel="sms"),
        "en.yml: replies: 'utter_goodbye', 1.channel: unexpected value",
    ),
    "title too long": (lambda t: t["titles"].update(help="x" * 21), "titles: 'help': .*at most 20 characters"),
    "empty title": (lambda t: t["titles"].update(help=""), "titles: 'help': .*at least 1 characters"),
    "title that YAML takes for a truth value": (lambda t: t["titles"].update(affirm=True), "titles: 'affirm': str"),
    "text that YAML takes for a number": (lambda t: first(t, "utter_deny").update(text=8400), "'utter_deny', 0.text"),
    "reply without variants": (lambda t: t["replies"].update(utter_deny=[]), "replies: 'utter_deny': .*at least 1"),
    "reply that is a text": (lambda t: t["replies"].update(utter_deny="No."), "replies: 'utter_deny': .*not a valid"),
    "variant that is a text": (lambda t: t["replies"].update(utter_deny=["No."]), "'utter_deny', 0: .*not a valid"),
    "choices that are a text": (lambda t: first(t, "utter_thank").update(next="help"), "'utter_thank', 0.next"),
    "brace without a partner": (
        lambda t: first(t, "utter_deny").update(text="{oops"),
        "'utter_deny', 0.text: expected",
    ),
    "replies that are a list": (lambda t: t.update(replies=["x"]), "en.yml: replies: .*not a valid dict"),
    "missing plural class": (
        lambda t: t["plurals"]["characters"].pop("one"),
        "'characters' needs the forms one, other",
    ),
    "eleven months": (lambda t: t["months"].update(genitive=["x"] * 11), "months: 'genitive': .*at least 12"),
    "no variant for all channels": (no_default, "en.yml: 'utter_deny' needs one variant for all channels"),
    "two variants for all channels": (second_default, "en.yml: 'utter_deny' needs one variant for all channels"),
    "two variants for one channel": (second_for_the_phone, "en.yml: 'utter_goodbye' needs one variant for all"),
    "choice without a title": (
        lambda t: first(t, "utter_thank").update(next=["greet"]),
        "en.yml: 'utter_thank' offers 'greet', which has no title",
    ),
    "empty text": (
        lambda t: first(t, "utter_deny").update(text="  "),
        "replies: 'utter_deny', 0.text: .*at least 1 characters",
    ),
    "missing text": (lambda t: first(t, "utter_deny").pop("text"), "replies: 'utter_deny', 0.text: field required"),
    "unknown key": (
        lambda t: first(t, "utter_deny").update(chanel=SPOKEN),
        "replies: 'utter_deny', 0.chanel: unknown key",
    ),
    "missing section": (lambda t: t.pop("months"), "en.yml: exactly the sections months, plurals, replies, titles"),
    "unknown section": (
        lambda t: t.update(buttons={}),
        "en.yml: exactly the sections months, plurals, replies, titles",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the response files."""
    for language in LANGUAGES:
        shutil.copy(RESPONSES / f"{language}.yml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("spoil", "reason"), BROKEN.values(), ids=BROKEN)
def test_broken_texts_are_refused_with_the_reason(
    folder: Path, spoil: Callable[[dict[str, Any]], Any], reason: str
) -> None:
    path = folder / "en.yml"
    texts = read_yaml(path)
    spoil(texts)
    path.write_text(yaml.safe_dump(texts, allow_unicode=True), encoding="utf-8")
    with pytest.raises(CatalogueError, match=reason):
        catalogues(folder)


UNREADABLE = {
    "not YAML": ("replies: [", "en.yml: not readable as YAML"),
    "repeated key": ("replies: {}\nreplies: {}\n", "en.yml: .*'replies' stands twice"),
    "not a mapping": ("- replies\n", "en.yml: exactly the sections"),
}


@pytest.mark.parametrize(("text", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable_texts_are_refused_with_the_reason(folder: Path, text: str, reason: str) -> None:
    (folder / "en.yml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=reason):
        catalogues(folder)


def test_missing_file_is_named(folder: Path) -> None:
    (folder / "en.yml").unlink()
    with pytest.raises(CatalogueError, match=r"en\.yml: cannot be read"):
        catalogues(folder)


def test_title_of_the_greatest_length_is_accepted(folder: Path) -> None:
    texts = read_yaml(folder / "en.yml")
    texts["titles"]["help"] = "x" * TITLE_LIMIT
    (folder / "en.yml").write_text(yaml.safe_dump(texts, allow_unicode=True), encoding="utf-8")
    assert catalogues(folder)["en"].titles["help"] == "x" * TITLE_LIMIT


def test_unknown_reply_is_named() -> None:
    with pytest.raises(CatalogueError, match=r"lv\.yml has no response 'utter_nothing'"):
        catalogues()["lv"].variant("utter_nothing")


@pytest.mark.parametrize("channel", ["web", "messenger", "phone", "console"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_every_reply_can_be_said_on_every_channel(key: str, language: str, channel: str) -> None:
    """Filled in: not empty, and no placeholder left."""
    names = placeholders(catalogues()[language].variant(key, channel_named(channel).medium).text)
    days = dict.fromkeys(("due", "issued", "received", "since", "until"), SpokenDate(date(2020, 4, 10), language))
    values: dict[str, Any] = dict.fromkeys(names, "x") | days | {"event": NamedEvents((EVENT,), language)}
    text = fixed(key, language, channel_named(channel).medium, **values).text
    assert text.strip()
    assert not set("{}") & set(text)


@pytest.mark.parametrize("key", [key for key in KEYS if key not in BOTH_LANGUAGES_AT_ONCE])
def test_every_reply_is_translated(key: str) -> None:
    lv, en = (catalogues()[language].responses[key] for language in LANGUAGES)
    assert not {variant.text for variant in lv} & {variant.text for variant in en}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [key for key in KEYS if not key.startswith("utter_source")])
def test_what_is_heard_on_the_phone_names_nothing_to_see(key: str, language: str) -> None:
    """Without sources: on the phone, their spoken titles are used instead."""
    heard = catalogues()[language].variant(key, SPOKEN).text.lower()
    assert [word for word in FOR_THE_EYE if word in heard] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [key for key in KEYS if any(v.channel for v in catalogues()["lv"].responses[key])])
def test_variant_for_the_phone_offers_no_buttons(key: str, language: str) -> None:
    values = dict.fromkeys(placeholders(catalogues()[language].variant(key, SPOKEN).text), "x")
    assert fixed(key, language, SPOKEN, **values).buttons == ()


@pytest.mark.parametrize(("language", "key"), TITLES)
def test_title_fits_on_a_messenger_button(language: str, key: str) -> None:
    assert 0 < len(catalogues()[language].titles[key]) <= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_choices_look_alike(language: str) -> None:
    titles = list(catalogues()[language].titles.values())
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("intent", sorted(OFFERED))
def test_every_choice_leads_to_an_intent_and_has_a_title(intent: str) -> None:
    known = read_yaml(PROJECT / "domain.yml")["intents"]
    assert (MEANT.get(intent, intent) in known, intent in catalogues()["lv"].titles) == (True, True)
