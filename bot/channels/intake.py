"""Input sanitising before anything else sees a text: it can be stored and sent on, and is no command to Rasa."""

from dataclasses import dataclass

from rasa.shared.constants import INTENT_MESSAGE_PREFIX

from bot.message_limits import RAW_MESSAGE_LIMIT

# Invisible, and removed again before understanding. White space would not do: Rasa strips it before it looks for "/".
WORD_JOINER = "\u2060"


@dataclass(frozen=True)
class CustomerText:
    """What a customer wrote or said, safe to hand to Rasa; `customer_text` makes it.

    Raises:
        ValueError: Rasa would take it for a command.
    """

    text: str

    def __post_init__(self) -> None:
        if _is_command(self.text):
            raise ValueError("A customer's text is no command.")


@dataclass(frozen=True)
class Payload:
    """The Rasa payload of a choice that we offered, such as `/deny` or `/inform{"choice": "all"}`.

    Only text that we wrote or sealed may become one: Rasa trusts it.

    Raises:
        ValueError: Rasa would not take it for a command.
    """

    text: str

    def __post_init__(self) -> None:
        if not _is_command(self.text):
            raise ValueError("A payload begins with a slash.")


UserInput = CustomerText | Payload


def customer_text(raw: str) -> CustomerText:
    """Free text that Rasa never takes for a command.

    Rasa takes text with the prefix `/` for an intent (`/restart`, `/ask_contact{"place": "x"}`) and trusts it. Only
    buttons that we offered may do that, so an invisible character is put before a customer's own slash.
    """
    text = encodable(raw[:RAW_MESSAGE_LIMIT]).replace("\0", "")  # PostgreSQL takes no NUL
    return CustomerText(WORD_JOINER + text if _is_command(text) else text)


def _is_command(text: str) -> bool:
    return text.strip().startswith(INTENT_MESSAGE_PREFIX)


def encodable(text: str) -> str:
    """Text that UTF-8 can encode: a lone surrogate, which JSON and headers can bring, is not a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        # A surrogate pair becomes its character.
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
