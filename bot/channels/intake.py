"""Text from outside before Rasa sees it."""

from rasa.shared.constants import INTENT_MESSAGE_PREFIX

# Invisible, and taken out again before understanding. Rasa strips white space before it looks for the prefix.
WORD_JOINER = "\u2060"
RAW_LIMIT = 20_000  # characters kept of one message; a longer one is cut and answered as too long


def customer_text(raw: str) -> str:
    """Free text as Rasa may see it: never taken for a command.

    Rasa takes text that begins with `/` for an intent (`/restart`, `/ask_contact{"place": "x"}`) and believes it. Only
    buttons that we offered may do that, so a customer's own slash is kept from being the first character.
    """
    # Lone surrogates cannot be stored, and PostgreSQL takes no NUL.
    text = raw[:RAW_LIMIT].replace("\0", "").encode("utf-8", errors="replace").decode("utf-8")
    return WORD_JOINER + text if text.strip().startswith(INTENT_MESSAGE_PREFIX) else text
