"""A reply before it goes to a channel, and its form for each kind of channel."""

from dataclasses import dataclass
from typing import Any

from bot.knowledge.remembered import Source
from bot.replies.catalogue import PHONE, Button, catalogues

# Channels whose client shows `sources` as links by itself; the others get them as a line of text.
SHOWS_SOURCES = {"web"}
STRUCTURED = "sources"
PRIVATE = "private"  # key in the metadata of Rasa's bot event


@dataclass(frozen=True)
class Reply:
    """What is said in one message.

    Attributes:
        buttons: choices that are offered.
        sources: what the text rests on.
        private: whether it holds something of a customer's account; such a text is not kept (bot.privacy.events).
    """

    text: str
    buttons: tuple[Button, ...] = ()
    sources: tuple[Source, ...] = ()
    private: bool = False


def medium(channel: str | None) -> str | None:
    """The kind of variant that a Rasa input channel takes: "phone" for the ear, None for every written one."""
    return PHONE if (channel or "").startswith(PHONE) else None


def rendered_text(reply: Reply, language: str, channel: str | None) -> str:
    """The text with its sources named in the way that fits the channel."""
    if not reply.sources or channel in SHOWS_SOURCES:
        return reply.text
    if medium(channel) == PHONE:
        return " ".join([reply.text, *(source.spoken_titles[language] for source in reply.sources)])
    texts = catalogues()[language]
    lines = [
        texts.variant("utter_source" if source.url else "utter_source_without_link").text.format(
            title=source.titles[language], url=source.url
        )
        for source in reply.sources
    ]
    return "\n\n".join([reply.text, "\n".join(lines)])


def rasa_message(reply: Reply, language: str, channel: str | None) -> dict[str, Any]:
    """The reply as keyword arguments of rasa_sdk's `utter_message`."""
    message: dict[str, Any] = {"text": rendered_text(reply, language, channel), "language": language}
    if reply.private:
        message[PRIVATE] = True
    if reply.buttons and medium(channel) != PHONE:
        message["buttons"] = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    if reply.sources and channel in SHOWS_SOURCES:
        message["json_message"] = {
            STRUCTURED: [{"title": source.titles[language], "url": source.url} for source in reply.sources]
        }
    return message
