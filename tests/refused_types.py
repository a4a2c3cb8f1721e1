"""Type errors that mypy must report, so that nobody confuses values. `scripts/lint` checks this file; nothing runs it.

Each such line has an ignore comment; if mypy stops reporting it, the comment is unused, which is an error here.
"""

from bot.channels.buttons import Buttons
from bot.channels.conversation import Handler, TrackerReader, attempt, converse
from bot.channels.intake import CustomerText, Payload, UserInput, customer_text
from bot.channels.phone.best_hypothesis import Parse
from bot.channels.phone.call_answering import PhoneAnswering
from bot.channels.web.visitor_answering import VisitorMessage
from bot.known_channels import MESSENGER, PHONE, WEB
from bot.replies.reply import Reply, fitted

TEXT: str = "/restart"


async def turns(handle: Handler, read: TrackerReader, said: UserInput) -> None:
    """A turn takes what `bot.channels.intake` made, on a channel of the table."""
    await converse(handle, read, said=said, conversation_id="c", channel=WEB)
    await converse(handle, read, said=TEXT, conversation_id="c", channel=WEB)  # type: ignore[arg-type]
    await converse(handle, read, said=said, conversation_id="c", channel="web")  # type: ignore[arg-type]
    await attempt(handle, said=TEXT, conversation_id="c", channel=MESSENGER, address="1")  # type: ignore[arg-type]


async def parses(parse: Parse, text: CustomerText, payload: Payload) -> None:
    """Only what a customer said is understood."""
    await parse(text)
    await parse(payload)  # type: ignore[arg-type]
    await parse(TEXT)  # type: ignore[arg-type]


def one_is_not_the_other(text: CustomerText, payload: Payload, buttons: Buttons) -> tuple[CustomerText, Payload]:
    """What a customer said is no payload, nor the other way round."""
    said: CustomerText = payload  # type: ignore[assignment]
    chosen: Payload = customer_text("/deny")  # type: ignore[assignment]
    pressed: tuple[CustomerText, str] | None = buttons.pressed("c", "x")  # type: ignore[assignment]
    VisitorMessage("id", TEXT, TEXT)  # type: ignore[arg-type]
    return (said, chosen) if pressed else (text, payload)


def channels_take_replies(answering: PhoneAnswering) -> Reply:
    """A reply is made to fit a channel, not a channel's name."""
    assert answering
    fitted(Reply("x"), "lv", "phone")  # type: ignore[arg-type]
    return fitted(Reply("x"), "lv", PHONE)
