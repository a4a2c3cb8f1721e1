"""Errors of the stand-in Graph API: codes, texts, HTTP status.

Body shape (certain): ``{"error": {message, type, code, error_subcode, fbtrace_id}}`` --
https://developers.facebook.com/docs/graph-api/guides/error-handling and
https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes
(table of 25 June 2026).  Meta publishes NO table "code -> HTTP status"; each status below
is either an observation (named) or an assumption, see NOTES.md section E.
"""

import secrets
from typing import Any

OAUTH = "OAuthException"
METHOD = "GraphMethodException"

#: (code, subcode) -> message.  Texts from the Messenger "Common Error Codes" page unless
#: marked: [O] observed in a public issue, [G] Graph guides, [A] assumed wording.
MESSAGES: dict[tuple[int, int | None], str] = {
    (1, None): "An unknown error occurred",
    (1, 99): "An unknown error occurred",
    (1, 1357046): "Received invalid JSON reply",
    (2, None): "An unexpected error has occurred. Please retry your request later.",
    (4, None): "(#4) Application request limit reached",
    (10, None): "(#10) Application does not have permission for this action",
    (10, 2018278): "(#10) This message is sent outside of allowed window. Learn more about the new policy "
    "here: https://developers.facebook.com/docs/messenger-platform/policy-overview",  # [O]
    (10, 2018065): "(#10) This message is sent outside of allowed window.",
    (10, 2018108): "(#10) They can't receive your messages right now.",
    (10, 2018300): "(#10) Message failed to send because another app is controlling this thread now.",
    (10, 1893063): "(#10) You are temporarily restricted from sending messages.",
    (17, None): "(#17) User request limit reached",  # [G] name only, wording [A]
    (27, None): "(#27) Take thread control is not available on this page",  # code [O], wording [A]
    (32, None): "(#32) Page request limit reached",  # [G] rate limiting guide, wording [A]
    (100, None): "(#100) Invalid parameter",
    (100, 33): "Unsupported get request. Object with ID '{id}' does not exist, cannot be loaded due to "
    "missing permissions, or does not support this operation",
    (100, 2018001): "(#100) No matching user found",
    (100, 2018014): "(#100) Cannot send both message and state at the same time.",
    (100, 2018034): "(#100) Message cannot be empty, must provide valid attachment or text",  # [O]
    (100, 2018145): "(#100) You must set a Get Started button if you also wish to use persistent menu",  # [O]
    (100, 2018171): "(#100) Only available to Primary and Secondary Receivers.",
    (100, 2018218): "(#100) No profile available for this user.",
    (100, 2018247): "(#100) Insufficient permission to access user profile.",
    (100, 2534037): "(#100) The action is invalid since it's not the thread owner.",
    (104, None): "An access token is required to request this resource.",  # [A]
    (190, None): "Invalid OAuth access token.",
    (190, 460): "Error validating access token: The session has been invalidated because the user changed "
    "their password or Facebook has changed the session for security reasons.",  # [G]
    (190, 463): "Error validating access token: Session has expired.",  # [G], wording shortened
    (200, None): "(#200) Cannot message users who are not admins, developers or testers of the app until "
    "pages_messaging permission is reviewed and the app is live.",
    (200, 1545041): "(#200) Message Not Sent: This person isn't available right now.",
    (230, None): "(#230) Permissions disallow message to user",  # page/take_thread_control reference
    (341, None): "(#341) Application limit reached",
    (368, None): "(#368) The action attempted has been deemed abusive or is otherwise disallowed",  # [A]
    (551, None): "(#551) This person isn't receiving messages from you right now.",
    (551, 1545041): "(#551) This person isn't available right now.",  # [O] Ptt-Alertor#75
    (613, None): "(#613) Calls to this api have exceeded the rate limit.",
    (1200, None): "(#1200) Temporary send message failure. Please try again later.",  # [O] messaging-apis#237
    (2500, None): "Unknown path components: {path}",  # [O]
    (80006, None): "(#80006) There have been too many calls to this Messenger account. "
    "Wait a bit and try again.",  # rate limiting guide, wording [A]
}

#: HTTP status by code where it is not 400.  4 -> 403 observed (social-core#859), the others assumed.
STATUS: dict[int, int] = {1: 500, 2: 500, 4: 403, 17: 400, 32: 403, 200: 403, 230: 403, 1200: 500}
#: Codes the error guide calls temporary; the real API then often adds is_transient (assumed).
TRANSIENT = frozenset({1, 2, 4, 17, 32, 341, 613, 1200, 80006})


class GraphError(Exception):
    """One refusal: knows its HTTP status and its JSON body."""

    def __init__(
        self,
        code: int,
        message: str | None = None,
        subcode: int | None = None,
        status: int | None = None,
        kind: str = OAUTH,
        **fill: Any,
    ) -> None:
        # Callers that name an unknown pair still get a well-formed body.
        text = message or MESSAGES.get((code, subcode)) or MESSAGES.get((code, None)) or f"(#{code}) Error"
        self.message = text.format(**fill) if fill else text
        self.code, self.subcode, self.kind = code, subcode, kind
        self.status = status or STATUS.get(code, 400)
        super().__init__(self.message)

    def body(self) -> dict[str, Any]:
        """The documented body; ``error_subcode`` only where there is one."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.code in TRANSIENT:
            error["is_transient"] = True
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        return {"error": error}


def bad(message: str, subcode: int | None = None) -> GraphError:
    """Code 100 ("Invalid parameter") with the usual ``(#100)`` prefix."""
    return GraphError(100, f"(#100) {message}", subcode)


def too_long(param: str, value: str, limit: int) -> None:
    """Refuse a text over its limit; wording observed for message[text] (2000), assumed elsewhere.

    Characters are counted as Unicode code points: Meta says "characters" and no more (assumed).
    """
    if len(value) > limit:
        raise bad(f"Length of param {param} must be less than or equal to {limit}")
