"""The page's profile in Messenger: greeting, get-started button, menu and ice breakers, in both languages."""

from bot.channels.intake import Payload
from bot.channels.json_values import Object, list_of, object_of
from bot.channels.messenger.graph import Graph
from bot.domain_names import Intent
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES

GET_STARTED, TO_ASSISTANT = "menu:get_started", "menu:to_assistant"
STARTS = {GET_STARTED: Payload(f"/{Intent.GREET}")}
MENU = (Intent.ASK_PLACE_CLOSED, Intent.ASK_DISCONNECTION_GUARANTEE, Intent.ASK_CONTACT, Intent.REQUEST_HUMAN)
ICE_BREAKERS = (
    Intent.ASK_DISCONNECTION_GUARANTEE,
    Intent.ASK_PLACE_CLOSED,
    Intent.ASK_PAYMENT_DELAY,
    Intent.REPORT_OUTAGE,
)
MENU_ITEMS = (*((intent, f"menu:{intent}") for intent in MENU), ("to_assistant", TO_ASSISTANT))
# People who use Facebook in another language get the default.
LOCALES = {"default": LANGUAGES[0], "lv_LV": "lv", "en_US": "en", "en_GB": "en"}
# Get-started buttons of other tools are known by their payload, or by the title that Messenger gives them in the
# person's language, compared by letters only. Old messages keep such buttons for years.
BEGINS = "getstarted"  # anywhere in a payload
BEGINNINGS = frozenset(
    {"start", "started", "begin", "welcome", "welcomemessage", "facebookwelcome", "defaultwelcome", "greeting"}
    | {"sākt", "sākam", "sāksim", "sāktdarbu", "начать", "начатьработу"}
)
Profile = Object


def is_beginning(payload: str, title: str) -> bool:
    """Whether a postback that is not ours begins a conversation: it is a get-started button, or it is empty."""
    names = {_letters(payload), _letters(title)}
    return BEGINS in _letters(payload) or BEGINS in _letters(title) or not BEGINNINGS.isdisjoint(names) or not title


def menu_payload(payload: object) -> Payload | None:
    """The Rasa payload of a menu item or ice breaker of the profile; None for anything else."""
    if payload in STARTS:
        return STARTS[str(payload)]
    intents = {_payload(intent): Payload(f"/{intent}") for intent in (*MENU, *ICE_BREAKERS)}
    return intents.get(str(payload))


def wanted() -> Profile:
    """The wanted profile; the texts are those of data/responses."""
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
    """The current profile.

    Raises:
        GraphError: it cannot be read.
    """
    answer = await graph.get("me/messenger_profile", fields=",".join(wanted()))
    found: Profile = {}
    for part in list_of(answer.get("data")):
        found |= object_of(part)
    return found


async def write(graph: Graph, parts: Profile) -> None:
    """Write parts of the profile.

    Raises:
        GraphError: they were not written.
    """
    await graph.post("me/messenger_profile", parts)


def differences(now: Profile) -> Profile:
    """The wanted parts that differ from the current profile."""
    return {name: part for name, part in wanted().items() if now.get(name) != part}


def _payload(intent: str) -> str:
    return f"menu:{intent}"


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalpha())
