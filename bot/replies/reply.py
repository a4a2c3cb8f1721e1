"""A reply, one type from its composer to every channel, and its adaptation to a channel."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from bot.desk.kinds import RequestKind
from bot.knowledge.conveyed import NOTHING, Conveyed
from bot.knowledge.remembered import Source
from bot.known_channels import SPOKEN, Channel
from bot.replies.catalogue import Button, catalogues
from bot.words.lexicon import lexicon
from bot.words.reference import Reference

KEYED = "keyed"  # key in a message's metadata: it came from the phone's keys (DTMF), not from speech recognition


@dataclass(frozen=True)
class Link:
    """A source as a channel's client shows it, in the reply's language; without a URL it is only a name."""

    title: str
    url: str | None


@dataclass(frozen=True)
class RecordedRequest:
    """A request that waits for a person, as a channel's client is told of it."""

    reference: Reference
    kind: RequestKind


@dataclass(frozen=True)
class Reply:
    """What is said in one message.

    A composer sets `sources`. `fitted` turns them into what the channel shows: `links`, lines or words of the text, and
    `rests_on`.

    Attributes:
        buttons: choices that are offered.
        sources: the sources of the text's facts.
        private: whether it contains account data; such a text is not stored (bot.rasa.redacted_events).
        closes: whether it says that the accounts of the conversation are now closed.
        failed: whether it is only an apology; a channel that can wait retries the turn.
        handover: the request for a person whose reference it gives, and whom to call about it; a channel that itself
            transfers to a person leaves the reply out.
        request: the request, of whatever kind, whose number it gives; a channel with a live desk goes on from it.
        language: of the text, lv or en; None where it has both, or is unknown.
        links: sources that the channel's client itself shows.
        conveyed: what it conveys, apart from its words.
        rests_on: on the phone, the spoken name of each source, by id and language; the caller may ask for it later.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    sources: tuple[Source, ...] = ()
    private: bool = False
    closes: bool = False
    failed: bool = False
    handover: Reference | None = None
    request: RecordedRequest | None = None
    language: str | None = None
    links: tuple[Link, ...] = ()
    conveyed: Conveyed = NOTHING
    rests_on: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def fitted(reply: Reply, language: str, channel: Channel, heard: Collection[str] = ()) -> Reply:
    """The reply adapted to a channel: sources named in the channel's way, choices only where they are shown.

    Args:
        heard: as for `rendered_text`.
    """
    links = [Link(source.titles[language], source.url) for source in reply.sources] if channel.shows_sources else []
    spoken = {source.id: dict(source.spoken_titles) for source in reply.sources} if channel.medium == SPOKEN else {}
    return replace(
        reply,
        text=rendered_text(reply, language, channel, heard),
        language=language,
        buttons=reply.buttons if channel.shows_buttons else (),
        sources=(),
        links=tuple(links),
        rests_on=spoken,
    )


def rendered_text(reply: Reply, language: str, channel: Channel, heard: Collection[str] = ()) -> str:
    """The text with its sources named in the way that fits the channel.

    Args:
        heard: ids of sources that a caller has already heard.
    """
    if not reply.sources or channel.shows_sources:
        return reply.text
    if channel.medium == SPOKEN:
        return _spoken(reply, language, heard)
    texts = catalogues()[language]
    lines = [
        texts.variant("utter_source" if source.url else "utter_source_without_link").text.format(
            title=source.titles[language], url=source.url
        )
        for source in reply.sources
    ]
    return "\n\n".join([reply.text, "\n".join(lines)])


def _spoken(reply: Reply, language: str, heard: Collection[str]) -> str:
    """The text with each source named once in a call, and dated once."""
    text, named = reply.text, []
    for source in reply.sources:
        dated = lexicon("spoken")["source_dates"].get(source.id, {}).get(language)
        if source.id in heard:
            text = _without(text, dated) if dated else text
        elif source.spoken_titles[language] not in text and (not dated or dated not in text):
            named.append(source.spoken_titles[language])
    return " ".join([text, *named])


def _without(text: str, words: str) -> str:
    """The text without these words; what now begins a sentence begins with a capital."""
    begins = re.compile(rf"(^|[.!?:]\s+|\n\W*){re.escape(words.lstrip())}(\w)")
    return begins.sub(lambda found: found[1] + found[2].upper(), text).replace(words, "")
