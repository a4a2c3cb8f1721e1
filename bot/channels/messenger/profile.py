"""The page's profile in Messenger: greeting, get-started button, menu and ice breakers, in both languages."""

from typing import Any

from bot.channels.messenger.graph import Graph
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES

GET_STARTED, TO_ASSISTANT = "menu:get_started", "menu:to_assistant"
STARTS = {GET_STARTED: "/greet"}
MENU = ("ask_place_closed", "ask_disconnection_guarantee", "ask_contact", "request_human")
ICE_BREAKERS = ("ask_disconnection_guarantee", "ask_place_closed", "ask_payment_delay", "report_outage")
MENU_ITEMS = (*((intent, f"menu:{intent}") for intent in MENU), ("to_assistant", TO_ASSISTANT))
# Whoever has set Facebook to another language reads the first.
LOCALES = {"default": LANGUAGES[0], "lv_LV": "lv", "en_US": "en", "en_GB": "en"}
Profile = dict[str, Any]


def menu_payload(payload: object) -> str | None:
    """What a choice of the profile means to Rasa; None for what is not of the profile."""
    if payload in STARTS:
        return STARTS[str(payload)]
    intents = {_payload(intent): f"/{intent}" for intent in (*MENU, *ICE_BREAKERS)}
    return intents.get(str(payload))


def wanted() -> Profile:
    """The profile as it should be; the texts are those of data/responses."""
    by_locale = {locale: catalogues()[language] for locale, language in LOCALES.items()}
    return {
        "greeting": [
            {"locale": locale, "text": texts.variant("messenger_greeting").text} for locale, texts in by_locale.items()
        ],
        "get_started": {"payload": GET_STARTED},
        "persistent_menu": [
            {
                "locale": locale,
                "composer_input_disabled": False,
                "call_to_actions": [
                    {"type": "postback", "title": texts.titles[title], "payload": payload}
                    for title, payload in MENU_ITEMS
                ],
            }
            for locale, texts in by_locale.items()
        ],
        "ice_breakers": [
            {
                "locale": locale,
                "call_to_actions": [
                    {"question": texts.titles[intent], "payload": _payload(intent)} for intent in ICE_BREAKERS
                ],
            }
            for locale, texts in by_locale.items()
        ],
    }


async def present(graph: Graph) -> Profile:
    """The profile as it is.

    Raises:
        GraphError: it cannot be read.
    """
    answer = await graph.get("me/messenger_profile", fields=",".join(wanted()))
    found: Profile = {}
    for part in answer.get("data", []):
        found |= part
    return found


async def write(graph: Graph, parts: Profile) -> None:
    """Write parts of the profile.

    Raises:
        GraphError: they were not written.
    """
    await graph.post("me/messenger_profile", parts)


def differences(now: Profile) -> Profile:
    """The parts that are to be written, as they should be."""
    return {name: part for name, part in wanted().items() if now.get(name) != part}


def _payload(intent: str) -> str:
    return f"menu:{intent}"
