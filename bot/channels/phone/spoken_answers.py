"""Answers made of the catalogue's texts and of Rasa's replies, written out as they are read aloud."""

from bot.channels.conversation import apology
from bot.channels.phone.gateway_messages import Answer, SpokenText
from bot.known_channels import PHONE
from bot.replies.catalogue import catalogues
from bot.replies.reply import Reply
from bot.replies.speech import spoken
from bot.settings import LANGUAGES


def answer_of(key: str, language: str, **values: object) -> Answer:
    """An answer with one text of the catalogue."""
    return Answer((spoken_text(key, language, **values),), language)


def sorry(language: str | None) -> Answer:
    """The apology that nothing can be answered now; in both languages where the caller's is not known."""
    listened = language or LANGUAGES[0]
    return Answer(spoken_replies([apology([language] if language else None)], listened), listened)


def spoken_text(key: str, language: str, **values: object) -> SpokenText:
    """A text of the catalogue."""
    written = catalogues()[language].variant(key, PHONE.medium).text.format(**values)
    return SpokenText(spoken(" ".join(written.split()), language), language)


def spoken_replies(replies: list[Reply], language: str) -> tuple[SpokenText, ...]:
    """Each reply in its language's voice; a text in both languages is spoken in both."""
    said: list[SpokenText] = []
    for reply in replies:
        if reply.language:
            said.append(SpokenText(spoken(reply.text, reply.language), reply.language))
        else:
            parts = reply.text.split("\n\n")
            voices = LANGUAGES if len(parts) == len(LANGUAGES) else (language,) * len(parts)
            said += [SpokenText(spoken(part, voice), voice) for part, voice in zip(parts, voices, strict=True)]
    return tuple(said)
