"""Messenger Profile API: GET / POST / DELETE of greeting, get_started, persistent_menu, ice_breakers ...

Sources: .../messenger-platform/reference/messenger-profile-api (+ /greeting, /ice-breakers),
/docs/messenger-platform/send-messages/persistent-menu ("up to 20 buttons", default locale,
Get Started needed).  Limits marked assumed in NOTES.md section P.
"""

from collections.abc import Callable
from typing import Any

from graph.errors import GraphError, bad
from graph.rules import check_button, only, text, web_address

Json = dict[str, Any]
FIELDS = (
    "get_started",
    "greeting",
    "ice_breakers",
    "persistent_menu",
    "whitelisted_domains",
    "account_linking_url",
    "commands",
)
READ_ONLY = ("subject_to_new_eu_privacy_rules",)
#: Menu titles: 20 on the 2026 postback page, 30 on the older persistent menu reference; the wider one refuses.
MENU_TITLE, MENU_ITEMS, GREETING, ICE_BREAKERS, QUESTION = 30, 20, 160, 4, 80


def check_fields(names: Any, allowed: tuple[str, ...] = FIELDS + READ_ONLY) -> list[str]:
    """``fields`` as comma list (query) or JSON array (body)."""
    found = [n.strip() for n in names.split(",")] if isinstance(names, str) else names
    if not isinstance(found, list) or not found or not all(found):
        raise bad("The parameter fields is required")
    for number, name in enumerate(found):
        if name not in allowed:
            raise bad(f'Param fields[{number}] must be one of {{{", ".join(allowed)}}} - got "{name}".')
    return found


def by_locale(name: str, value: Any) -> list[Json]:
    """Arrays per locale must hold one entry with locale "default" (greeting, menu, ice breakers)."""
    if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
        raise bad(f"Param {name} must be a non-empty array.")
    locales = [entry.get("locale") for entry in value]
    if "default" not in locales:
        raise bad(f"Param {name} must contain the default locale")  # wording assumed
    if len(set(map(str, locales))) != len(locales):  # assumed
        raise bad(f"Param {name} has the same locale twice")
    return value


def check_greeting(value: Any) -> None:
    """160 characters, default locale (certain)."""
    for number, entry in enumerate(by_locale("greeting", value)):
        only("greeting", entry, {"locale", "text"})
        text(f"greeting[{number}][text]", entry.get("text"), GREETING)


def check_get_started(value: Any) -> None:
    """Object with a payload (certain); 1000 characters as for every postback."""
    body = only("get_started", value, {"payload"})
    text("get_started[payload]", body.get("payload"), 1000)


def check_menu(value: Any) -> None:
    """Flat menu of at most 20 web_url/postback buttons per locale (certain)."""
    for number, entry in enumerate(by_locale("persistent_menu", value)):
        only("persistent_menu", entry, {"locale", "composer_input_disabled", "call_to_actions", "disabled_surfaces"})
        where = f"persistent_menu[{number}][call_to_actions]"
        flag, actions = entry.get("composer_input_disabled", False), entry.get("call_to_actions")
        if not isinstance(flag, bool):
            raise bad(f"Param persistent_menu[{number}][composer_input_disabled] must be a boolean")
        if not isinstance(actions, list) or not actions:
            raise bad(f"The parameter {where} is required")
        if len(actions) > MENU_ITEMS:
            raise bad(f"Param {where} must have at most {MENU_ITEMS} elements")
        for index, button in enumerate(actions):
            check_button(f"{where}[{index}]", button, MENU_TITLE, ("web_url", "postback"))


def check_ice_breakers(value: Any) -> None:
    """At most 4 questions; new format needs locale default; never both formats (certain)."""
    if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
        raise bad("Param ice_breakers must be a non-empty array.")
    new = ["call_to_actions" in entry for entry in value]
    if any(new) and not all(new):
        raise bad("Param ice_breakers mixes two formats")
    groups = [entry["call_to_actions"] for entry in by_locale("ice_breakers", value)] if all(new) else [value]
    for group in groups:
        if not isinstance(group, list) or not group or len(group) > ICE_BREAKERS:
            raise bad(f"Param ice_breakers must have between 1 and {ICE_BREAKERS} questions")
        for entry in group:
            only("ice_breakers", entry, {"question", "payload"})
            text("ice_breakers[question]", entry.get("question"), QUESTION)  # 80 assumed
            text("ice_breakers[payload]", entry.get("payload"), 1000)


def check_domains(value: Any) -> None:
    """List of https addresses (certain that https is needed; the count is not checked)."""
    if not isinstance(value, list) or not all(str(v).startswith("https://") for v in value):
        raise bad("Param whitelisted_domains must be an array of https URLs")


def check_commands(value: Any) -> None:
    """Optional, "if provided, it cannot be null" (certain); the content is not checked."""
    if not isinstance(value, list):
        raise bad("Param commands must be an array.")


CHECKS: dict[str, Callable[[Any], None]] = {
    "greeting": check_greeting,
    "get_started": check_get_started,
    "persistent_menu": check_menu,
    "ice_breakers": check_ice_breakers,
    "whitelisted_domains": check_domains,
    "commands": check_commands,
    "account_linking_url": lambda value: web_address("account_linking_url", value),
}


class Profile:
    """The page's Messenger profile, with the documented limit of 10 calls per 10 minutes and page."""

    def __init__(self, rate_limit: int | None = 10, flat_ice_breakers: bool = False) -> None:
        self.values: Json = {}
        self.rate_limit, self.flat_ice_breakers = rate_limit, flat_ice_breakers
        self._calls: list[float] = []

    def count(self, now: float) -> None:
        """613 from the 11th call in 10 minutes on (limit certain; code 613 and "refused calls do
        not count" assumed)."""
        self._calls = [at for at in self._calls if now - at < 600]
        if self.rate_limit is not None and len(self._calls) >= self.rate_limit:
            raise GraphError(613)
        self._calls.append(now)

    def get(self, params: Json) -> Json:
        """``{"data": [{...only what is set...}]}``, empty list if nothing is set."""
        names = check_fields(params.get("fields", ""))
        if names == ["ice_breakers"] and self.flat_ice_breakers and "ice_breakers" in self.values:
            return {"data": self.values["ice_breakers"]}  # as the ice breakers page prints the new format
        found = {name: self.values[name] for name in names if name in self.values}
        return {"data": [found] if found else []}

    def post(self, params: Json, common: set[str]) -> Json:
        """Overwrites only what is in the body; all or nothing (atomicity assumed)."""
        values = {key: value for key, value in params.items() if key not in common and key != "platform"}
        if not values:
            raise bad("Requires one of the params: " + ",".join(FIELDS))  # wording assumed
        for name, value in values.items():
            if name not in CHECKS:
                raise bad(f'Invalid keys "{name}" were found in the request.')
            CHECKS[name](value)
        self._need_get_started({**self.values, **values})
        self.values.update(values)
        return {"result": "success"}

    def delete(self, params: Json) -> Json:
        """Deletes the named fields; get_started cannot go while a menu stays (assumed from 2018145)."""
        names = check_fields(params.get("fields", ""), FIELDS)
        left = {key: value for key, value in self.values.items() if key not in names}
        self._need_get_started(left)
        self.values = left
        return {"result": "success"}

    @staticmethod
    def _need_get_started(values: Json) -> None:
        if "persistent_menu" in values and "get_started" not in values:
            raise GraphError(100, subcode=2018145)
