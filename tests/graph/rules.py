"""What the Send API refuses: shape of the request body (no state here).

Sources (certain unless marked assumed):
* Send API reference: /docs/messenger-platform/reference/send-api (2026 text)
* Quick replies: .../messenger-platform/send-messages/quick-replies (13; title 20; payload 1000)
* Templates: .../send-messages/template/button, /generic, media (640; 1-3 buttons; 10 elements; 80/80)
* Buttons: .../send-messages/buttons and .../buttons/postback (title 20; payload 1000)
"""

from datetime import UTC, datetime
from typing import Any

from graph.errors import GraphError, bad, too_long

TOP = {
    "recipient",
    "message",
    "messaging_type",
    "tag",
    "notification_type",
    "sender_action",
    "persona_id",
    "reply_to",
    "thread_control",
}
#: Parameters every Graph call takes (Graph API overview).
COMMON = {
    "access_token",
    "appsecret_proof",
    "fields",
    "method",
    "format",
    "pretty",
    "debug",
    "locale",
    "suppress_http_code",
}
MESSAGE_KEYS = {"text", "attachment", "quick_replies", "metadata", "sticker_id"}
RECIPIENT_KEYS = {
    "id",
    "user_ref",
    "comment_id",
    "post_id",
    "phone_number",
    "notification_messages_token",
    "one_time_notif_token",
}
TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG")
#: "Effective April 27th, 2026, all API requests containing [these] will receive error code 100."
RETIRED_TAGS = ("CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE")
RETIRED_FROM = datetime(2026, 4, 27, tzinfo=UTC).timestamp()
TAGS = ("HUMAN_AGENT", "CUSTOMER_FEEDBACK", *RETIRED_TAGS)
ACTIONS = ("typing_on", "typing_off", "mark_seen")
MEDIA = ("audio", "file", "image", "video")
BUTTONS = ("web_url", "postback", "phone_number", "account_link", "account_unlink", "game_play")
TEMPLATES = (
    "button",
    "generic",
    "media",
    "receipt",
    "product",
    "coupon",
    "customer_feedback",
    "image_grid",
    "instant_form",
    "airline_boardingpass",
    "airline_checkin",
    "airline_itinerary",
    "airline_update",
)


def one_of(param: str, value: Any, allowed: tuple[str, ...]) -> None:
    """Enum parameters (wording "Param x must be one of {...}" observed in Graph answers)."""
    if value not in allowed:
        raise bad(f'Param {param} must be one of {{{", ".join(allowed)}}} - got "{value}".')


def only(param: str, value: Any, keys: set[str]) -> dict[str, Any]:
    """Objects with unknown keys: 'Invalid keys "x" were found in param "message".' (observed)."""
    if not isinstance(value, dict):
        raise bad(f"Param {param} must be an array.")
    unknown = sorted(set(value) - keys)
    if unknown:
        raise bad(f'Invalid keys "{", ".join(unknown)}" were found in param "{param}".')
    return value


def text(param: str, value: Any, limit: int, needed: bool = True) -> str:
    """A string parameter within its limit."""
    if value is None or value == "":
        if needed:
            raise bad(f"The parameter {param} is required")
        return ""
    if not isinstance(value, str):
        raise bad(f"Param {param} must be a string")
    too_long(param, value, limit)
    return value


def web_address(param: str, value: Any) -> None:
    """URL parameters; http and https both appear in Meta's samples."""
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        raise bad(f"Param {param} must be a valid URL")


def check_button(where: str, button: Any, title_limit: int = 20, allowed: tuple[str, ...] = BUTTONS) -> None:
    """One button: title 20, postback payload 1000; nested etc. gives "Invalid button type" (observed)."""
    if not isinstance(button, dict) or button.get("type") not in allowed:
        raise bad("Invalid button type")
    kind = button["type"]
    if kind not in ("account_link", "account_unlink"):
        text(f"{where}[title]", button.get("title"), title_limit)
    if kind in ("web_url", "account_link"):
        web_address(f"{where}[url]", button.get("url"))
    if kind == "postback":
        text(f"{where}[payload]", button.get("payload"), 1000)
    if kind == "phone_number" and not str(button.get("payload", "")).lstrip("+").isdigit():
        raise bad(f"Param {where}[payload] must be a valid phone number")


def check_buttons(where: str, buttons: Any, needed: bool) -> None:
    """1-3 buttons on button/generic/media templates."""
    if buttons is None and not needed:
        return
    if not isinstance(buttons, list) or not buttons:
        raise bad(f"The parameter {where} is required")
    if len(buttons) > 3:
        raise bad(f"Param {where} must have at most 3 elements")
    for number, button in enumerate(buttons):
        check_button(f"{where}[{number}]", button)


def check_template(payload: dict[str, Any]) -> None:
    """Button, generic and media templates are checked in full; the others only by name."""
    where = "message[attachment][payload]"
    kind = payload.get("template_type")
    one_of(f"{where}[template_type]", kind, TEMPLATES)
    if kind == "button":
        text(f"{where}[text]", payload.get("text"), 640)
        check_buttons(f"{where}[buttons]", payload.get("buttons"), True)
    if kind not in ("generic", "media"):
        return
    elements = payload.get("elements")
    if not isinstance(elements, list) or not elements:
        raise bad(f"The parameter {where}[elements] is required")
    most = 10 if kind == "generic" else 1
    if len(elements) > most:
        raise bad(f"Param {where}[elements] must have at most {most} elements")
    for number, element in enumerate(elements):
        spot = f"{where}[elements][{number}]"
        if not isinstance(element, dict):
            raise bad(f"Param {spot} must be an array.")
        check_buttons(f"{spot}[buttons]", element.get("buttons"), False)
        if kind == "generic":
            text(f"{spot}[title]", element.get("title"), 80)
            text(f"{spot}[subtitle]", element.get("subtitle"), 80, needed=False)
            if not any(element.get(key) for key in ("subtitle", "image_url", "default_action", "buttons")):
                raise bad(f"Param {spot} must have at least one property in addition to title")
        else:
            one_of(f"{spot}[media_type]", element.get("media_type"), ("image", "video"))
            if bool(element.get("url")) == bool(element.get("attachment_id")):
                raise bad("Either URL or attachment ID is required", 2018187)


def check_attachment(attachment: Any) -> None:
    """Type of attachment; media need a url or a saved attachment_id."""
    body = only("message[attachment]", attachment, {"type", "payload"})
    one_of("message[attachment][type]", body.get("type"), (*MEDIA, "template"))
    payload = body.get("payload")
    if not isinstance(payload, dict):
        raise bad("The parameter message[attachment][payload] is required")
    if body["type"] == "template":
        check_template(payload)
    elif payload.get("url"):
        web_address("message[attachment][payload][url]", payload["url"])
    elif not payload.get("attachment_id"):
        raise bad("The parameter message[attachment][payload][url] is required")


def check_quick_replies(replies: Any, cut_titles: bool) -> None:
    """13 at most; title 20; payload 1000.  ``cut_titles``: truncate long titles instead of refusing.

    The pages call 20 a limit and also say long quick replies "will be truncated".
    """
    if not isinstance(replies, list) or not replies:
        raise bad("Param message[quick_replies] must be a non-empty array.")
    if len(replies) > 13:
        raise bad("Param message[quick_replies] must have at most 13 elements")
    for number, reply in enumerate(replies):
        where = f"message[quick_replies][{number}]"
        body = only(where, reply, {"content_type", "title", "payload", "image_url"})
        one_of(f"{where}[content_type]", body.get("content_type"), ("text", "user_phone_number", "user_email"))
        if body["content_type"] != "text":
            continue
        if cut_titles and isinstance(body.get("title"), str):
            body["title"] = body["title"][:20]
        text(f"{where}[title]", body.get("title"), 20, needed=not body.get("image_url"))
        payload = body.get("payload")
        text(
            f"{where}[payload]",
            str(payload) if isinstance(payload, int) else payload,
            1000,
            needed=not body.get("image_url"),
        )


def check_message(message: Any, cut_titles: bool = False) -> None:
    """The ``message`` parameter: text OR attachment (OR sticker_id), text at most 2,000."""
    body = only("message", message, MESSAGE_KEYS)
    given = [key for key in ("text", "attachment", "sticker_id") if body.get(key) not in (None, "")]
    if not given:
        raise GraphError(100, subcode=2018034)
    if len(given) > 1:  # "Either text or attachment must be set" -- refusal of both is assumed
        raise bad("Only one of message[text] and message[attachment] may be set")
    if "text" in given:
        text("message[text]", body["text"], 2000)
    if "attachment" in given:
        check_attachment(body["attachment"])
    if "quick_replies" in body:
        check_quick_replies(body["quick_replies"], cut_titles)
    text("message[metadata]", body.get("metadata"), 1000, needed=False)


def check_send(  # noqa: PLR0912 (one branch for each rule)
    params: dict[str, Any], now: float, need_type: bool = True, strict: bool = True, cut_titles: bool = False
) -> None:
    """Everything about a send that needs no knowledge of the page or the person."""
    unknown = sorted(set(params) - TOP - COMMON)
    if strict and unknown:  # assumed: stricter than known, a typo must not pass unnoticed
        raise bad(f'Invalid keys "{", ".join(unknown)}" were found in the request.')
    if not params.get("recipient"):
        raise bad("The parameter recipient is required")  # wording observed
    recipient = only("recipient", params["recipient"], RECIPIENT_KEYS)
    if not recipient:
        raise bad("The parameter recipient is required")
    if "id" in recipient and not str(recipient["id"]).isdigit():
        raise bad('Param recipient[id] must be a valid ID string (e.g., "123")')
    if params.get("message") is not None and params.get("sender_action") is not None:
        raise GraphError(100, subcode=2018014)
    if params.get("sender_action") is not None:
        one_of("sender_action", params["sender_action"], ACTIONS)
        return
    if params.get("message") is None:
        raise GraphError(100, subcode=2018034)
    check_message(params["message"], cut_titles)
    kind, tag = params.get("messaging_type"), params.get("tag")
    if kind is None and need_type:
        raise bad("The parameter messaging_type is required")
    if kind is not None:
        one_of("messaging_type", kind, TYPES)
    if kind == "MESSAGE_TAG" and tag is None:
        raise bad("The parameter tag is required")  # code certain, wording assumed
    if tag is not None:
        one_of("tag", tag, TAGS)
        if kind not in (None, "MESSAGE_TAG"):  # assumed
            raise bad("Param tag may only be used with messaging_type MESSAGE_TAG")
        if tag in RETIRED_TAGS and now >= RETIRED_FROM:
            raise bad(f"Message tag {tag} is no longer supported")
        payload = (params["message"].get("attachment") or {}).get("payload", {})
        if tag == "CUSTOMER_FEEDBACK" and payload.get("template_type") != "customer_feedback":
            raise bad("The tag CUSTOMER_FEEDBACK can only be used with the Customer Feedback Template")
    if params.get("notification_type") is not None:
        one_of("notification_type", params["notification_type"], ("NO_PUSH", "REGULAR", "SILENT_PUSH"))
