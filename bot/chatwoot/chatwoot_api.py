"""Chatwoot's API: contacts and conversations by the public API, everything else by the application API.

https://developers.chatwoot.com. What is said goes through the application API, since only there a message keeps an id
of ours (`source_id`), by which a message whose answer was lost is found again. (`echo_id` is not stored.)
"""

import logging
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any
from urllib.parse import quote

import requests
from urllib3.exceptions import NewConnectionError

from bot import deadlines
from bot.channels.json_values import Object, list_of, object_of
from bot.chatwoot.settings import ChatwootSettings
from bot.observing import metrics
from bot.settings.chatwoot import CHATWOOT_INBOX, CHATWOOT_TOKEN, CHATWOOT_URL

logger = logging.getLogger(__name__)
PART = "chatwoot"  # in metrics
# Without an underscore, which proxies drop; the same to Chatwoot as `api_access_token`.
TOKEN_HEADER = "Api-Access-Token"  # noqa: S105 (a header's name)
PAGE, PAGE_AFTER = 20, 100  # messages: the latest ones, or those before one; those after one
MOST_PAGES = 5
TOO_MANY = "Too many messages"  # Chatwoot's words, with 422: of one conversation within a minute
LONGEST_PAUSE = 3600.0
NOT_PERMITTED = "not authorized to do this action"  # Chatwoot's words, with 401
SHORT_PAUSE, WRONG_SETTING_PAUSE = 1.0, 30.0  # seconds
INCOMING, OUTGOING = "incoming", "outgoing"
RESOLVED = "resolved"
PROXYS_OWN = frozenset({502, 504})  # the server behind it may be at work


class ChatwootFault(Enum):
    """What a request failed by."""

    LATER = auto()  # no answer, too many requests, an error of the server: it is tried again
    SETTING = auto()  # a setting of ours is wrong: it is tried again, and told
    GONE = auto()  # there is no such conversation any more
    REFUSED = auto()  # Chatwoot does not accept it


class ChatwootError(Exception):
    """A request failed; the message is for logs, and quotes nothing that anybody said.

    Attributes:
        fault: by what.
        pause: seconds in which nothing should be asked.
        late: seconds in which Chatwoot may still do what it was asked; only then can be looked whether it has.
    """

    def __init__(self, fault: ChatwootFault, message: str, pause: float = 0.0, *, late: float = 0.0) -> None:
        super().__init__(message)
        self.fault, self.pause, self.late = fault, pause, late


class ChatwootApi:
    """The connection to one inbox. Threads share it."""

    def __init__(self, settings: ChatwootSettings) -> None:
        self._contacts = f"{settings.url}/public/api/v1/inboxes/{quote(settings.inbox, safe='')}/contacts"
        self._account = f"{settings.url}/api/v1/accounts/{settings.account}"
        self._token = {TOKEN_HEADER: settings.token}
        self._http = requests.Session()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def create_contact(self, source_id: str, name: str) -> None:
        """Make a contact with a key of ours; one that is there stays as it is."""
        self._ask("POST", self._contacts, {"source_id": source_id, "name": name}, missing=CHATWOOT_INBOX.name)

    def contact_of(self, source_id: str) -> int:
        """The number of a contact."""
        return _id_of(self._ask("GET", f"{self._contacts}/{quote(source_id, safe='')}"))

    def delete_contact(self, number: int) -> None:
        """Delete a contact with its conversations; only an administrator's token may."""
        self._ask("DELETE", f"{self._account}/contacts/{number}")

    def conversations_of(self, source_id: str) -> list[int]:
        """The numbers of a contact's conversations."""
        answer = self._ask("GET", f"{self._contacts}/{quote(source_id, safe='')}/conversations")
        return [number for each in list_of(answer) if isinstance(number := object_of(each).get("id"), int)]

    def create_conversation(self, source_id: str, attributes: Mapping[str, str]) -> int:
        """Begin a conversation of a contact; returns its number."""
        address = f"{self._contacts}/{quote(source_id, safe='')}/conversations"
        return _id_of(self._ask("POST", address, {"custom_attributes": dict(attributes)}))

    def say(self, number: int, text: str, source_id: str, *, is_note: bool = False) -> int:
        """Write a message of the customer, or a note for agents; returns its id."""
        told: dict[str, Any] = {"content": text, "source_id": source_id}
        told |= {"message_type": OUTGOING, "private": True} if is_note else {"message_type": INCOMING}
        return _id_of(self._ask("POST", f"{self._conversation(number)}/messages", told))

    def said_as(self, number: int, source_id: str) -> int | None:
        """The id of the message that has an id of ours, among the latest; None: it is not there."""
        before: int | None = None
        for _ in range(MOST_PAGES):
            page = self._messages(number, {} if before is None else {"before": before})
            for each in page:
                if each.get("source_id") == source_id:
                    return _id_of(each)
            if len(page) < PAGE:
                return None
            before = min(map(_id_of, page))
        return None

    def messages(self, number: int, seen: int) -> list[Object]:
        """The latest messages, and all after `seen`, in the order of their ids."""
        found = {_id_of(each): each for each in self._messages(number, {})}
        if len(found) >= PAGE and min(found) > seen:
            after = seen
            while page := self._messages(number, {"after": after}):
                found |= {_id_of(each): each for each in page}
                after = max(map(_id_of, page))
                if len(page) < PAGE_AFTER:
                    break
        return [found[message_id] for message_id in sorted(found)]

    def conversation(self, number: int) -> Object:
        """A conversation."""
        return object_of(self._ask("GET", self._conversation(number)))

    def resolve(self, number: int) -> None:
        """Resolve a conversation; one that is stays so."""
        self._ask("POST", f"{self._conversation(number)}/toggle_status", {"status": RESOLVED})

    def note_delivery(self, number: int, message_id: int, problem: str | None) -> None:
        """Show the agent whether the customer got a message; `problem` says why not."""
        told = {"status": "failed", "external_error": problem} if problem else {"status": "delivered"}
        self._ask("PATCH", f"{self._conversation(number)}/messages/{message_id}", told)

    def agents(self) -> list[Object]:
        """The agents of the account, with `availability_status`."""
        return [object_of(each) for each in list_of(self._ask("GET", f"{self._account}/agents"))]

    def _conversation(self, number: int) -> str:
        return f"{self._account}/conversations/{number}"

    def _messages(self, number: int, wanted: Mapping[str, int]) -> list[Object]:
        query = "&".join(f"{name}={value}" for name, value in wanted.items())
        answer = self._ask("GET", f"{self._conversation(number)}/messages{f'?{query}' if query else ''}")
        return [object_of(each) for each in list_of(object_of(answer).get("payload"))]

    def _ask(self, method: str, address: str, body: dict[str, Any] | None = None, *, missing: str = "") -> object:
        """
        Args:
            missing: the setting that is wrong where there is nothing at the address.
        """
        # The public API takes no token, and is given none.
        headers = {} if address.startswith(self._contacts) else self._token
        try:
            answer = self._http.request(
                method,
                address,
                json=body,
                headers=headers,
                timeout=(deadlines.CHATWOOT_CONNECT, deadlines.CHATWOOT_ANSWER),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            late = 0.0 if _never_arrived(error) else deadlines.CHATWOOT_LATE
            raise _counted(ChatwootFault.LATER, f"no answer: {type(error).__name__}", SHORT_PAUSE, late) from error
        if answer.status_code // 100 == 2:
            return _json_of(answer)
        raise _refusal(answer, missing)


def _refusal(answer: requests.Response, missing: str) -> ChatwootError:
    status = answer.status_code
    if status in {401, 403}:
        return _not_permitted(answer)
    if status // 100 == 3:
        return _counted(ChatwootFault.SETTING, f"{status}: {CHATWOOT_URL.name} is another address", WRONG_SETTING_PAUSE)
    if status == 404 and missing:
        return _counted(ChatwootFault.SETTING, f"404: there is no {missing} of this value", WRONG_SETTING_PAUSE)
    if status == 404:
        return _counted(ChatwootFault.GONE, "404: it is not there any more")
    if status in {408, 429} or status >= 500 or (status == 422 and TOO_MANY in answer.text):
        late = deadlines.CHATWOOT_LATE if status in PROXYS_OWN else 0.0
        return _counted(ChatwootFault.LATER, f"{status}", _pause_of(answer), late)
    return _counted(ChatwootFault.REFUSED, f"{status}")


def _not_permitted(answer: requests.Response) -> ChatwootError:
    if NOT_PERMITTED in answer.text:  # this alone may not be done with the token; nothing else need wait
        told = f"{answer.status_code}: {CHATWOOT_TOKEN.name} is not an administrator's"
        return _counted(ChatwootFault.SETTING, told)
    told = f"{answer.status_code}: {CHATWOOT_TOKEN.name} is not the token of an agent of this account and inbox"
    return _counted(ChatwootFault.SETTING, told, WRONG_SETTING_PAUSE)


def _pause_of(answer: requests.Response) -> float:
    wanted = answer.headers.get("Retry-After", "")
    if wanted.isascii() and wanted.isdecimal():  # a date, which a proxy could send too, is not worth its code
        return min(float(wanted), LONGEST_PAUSE)
    return 0.0 if answer.status_code == 422 else SHORT_PAUSE


def _never_arrived(error: requests.RequestException) -> bool:
    """Whether there was no connection at all."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)


def _counted(fault: ChatwootFault, message: str, pause: float = 0.0, late: float = 0.0) -> ChatwootError:
    error = ChatwootError(fault, message, pause, late=late)
    metrics.failed(error, PART)
    return error


def _json_of(answer: requests.Response) -> object:
    if not answer.content.strip():
        return None
    try:
        content: object = answer.json()
    except ValueError as error:
        # The sign-in page of a proxy, for example.
        raise _counted(ChatwootFault.SETTING, f"{CHATWOOT_URL.name} answers no JSON", WRONG_SETTING_PAUSE) from error
    return content


def _id_of(answer: object) -> int:
    found = object_of(answer).get("id")
    if not isinstance(found, int):
        raise _counted(ChatwootFault.SETTING, f"{CHATWOOT_URL.name} does not answer as Chatwoot", WRONG_SETTING_PAUSE)
    return found
