"""Checks a page's connection to Messenger; each finding is a sentence that says what to do."""

from bot.channels.json_values import Object, list_of, object_of
from bot.channels.messenger.graph import Graph, GraphError
from bot.channels.messenger.incoming import SOONEST
from bot.channels.messenger.profile import differences, present
from bot.channels.messenger.settings import MessengerSettings

PERMISSIONS = ("pages_messaging", "pages_manage_metadata")
FIELDS = ("messages", "messaging_postbacks", "messaging_referrals", "messaging_handovers", "standby", "message_echoes")
INVALID_TOKEN = 190
SWITCH_OFF = (
    "Switch the page's automatic replies off (Meta Business Suite, Inbox, Automations), or customers get two answers; "
    "Graph does not tell whether they are on. The assistant takes what comes within "
    f"{SOONEST.seconds} seconds of a customer's message for one, and goes on answering."
)


async def findings(graph: Graph, settings: MessengerSettings) -> list[str]:
    """The findings; empty where all is well."""
    try:
        page = await graph.get("me", fields="id,name")
    except GraphError as error:
        if error.code == INVALID_TOKEN:
            return [
                "BOT_MESSENGER_PAGE_TOKEN is not valid: make a new one in the app's dashboard, Messenger, API setup."
            ]
        return [f"{error}: is BOT_GRAPH_URL right, is BOT_MESSENGER_APP_SECRET this app's, may this machine reach it?"]
    try:
        token = object_of((await graph.get("debug_token", input_token=graph.token)).get("data"))
    except GraphError as error:
        return [f"The token's permissions could not be read: {error}."]
    return [
        *_version(graph, settings),
        *_token(token),
        *await _subscription(graph, str(token.get("app_id")), str(page.get("name"))),
        *await _profile(graph),
    ]


def automatic_finding(count: int) -> list[str]:
    """The finding about so many automatic replies of the page in the last days."""
    return [f"The page has answered {count} times by itself in the last days. {SWITCH_OFF}"] if count else []


def _version(graph: Graph, settings: MessengerSettings) -> list[str]:
    if graph.version in ("", settings.graph_version):
        return []
    return [
        f"Graph answers with {graph.version} instead of {settings.graph_version}, which it does not offer (any more): "
        "set BOT_GRAPH_VERSION."
    ]


def _token(data: Object) -> list[str]:
    found = []
    if not data.get("is_valid"):
        found.append("The page token has expired or was withdrawn: make a new one.")
    missing = [permission for permission in PERMISSIONS if permission not in list_of(data.get("scopes"))]
    if missing:
        found.append(f"The page token lacks {', '.join(missing)}: ask for it in App Review, then make a new token.")
    if data.get("expires_at"):
        found.append("The page token expires: make one from a long-lived user token, which does not.")
    return found


async def _subscription(graph: Graph, app: str, page: str) -> list[str]:
    try:
        apps = list_of((await graph.get("me/subscribed_apps", fields="id,subscribed_fields")).get("data"))
    except GraphError as error:
        return [f"The page's subscriptions could not be read: {error}."]
    ours = next((each for each in map(object_of, apps) if str(each.get("id")) == app), None)
    if ours is None:
        return [f"The app is not subscribed to the page {page}: add the page in the app's dashboard, Webhooks."]
    missing = [field for field in FIELDS if field not in list_of(ours.get("subscribed_fields"))]
    return [f"The webhook lacks the fields {', '.join(missing)}: add them in the app's dashboard."] if missing else []


async def _profile(graph: Graph) -> list[str]:
    try:
        changed = differences(await present(graph))
    except GraphError as error:
        return [f"The page's profile could not be read: {error}."]
    return [f"The profile lacks or differs in {', '.join(changed)}: run 'bot messenger setup'."] if changed else []
