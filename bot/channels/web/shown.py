"""The JSON that clients of the website's chat get (openapi.yml describes it), and that is stored sealed."""

from typing import NotRequired, TypedDict


class ShownButton(TypedDict):
    """A choice; `button` is its opaque reference."""

    title: str
    button: str


class ShownSource(TypedDict):
    """A source; without a URL it is a name only."""

    title: str
    url: str | None


class ShownRequest(TypedDict):
    """A request: its number (EL-…), and its kind (`bot.desk.kinds.RequestKind`)."""

    reference: str
    kind: str


class ShownReply(TypedDict):
    """A reply.

    Keys:
        id: the id of the message that it answers, and its position among the replies.
        language: of the text, lv or en; None where the text is in both.
        at: when it was made, ISO 8601 with zone.
        accounts: keyed hashes of the contracts that it is about; stored, and never sent.
        accounts_closed: it says that accounts were closed.
        private_for: seconds for which its text about an account may be shown.
        withheld: its text is left out, since it was about an account that is closed now.
        request: the request for a person, or complaint, whose number it gives.
    """

    id: str
    text: str
    buttons: list[ShownButton]
    sources: list[ShownSource]
    language: str | None
    at: str
    accounts: NotRequired[list[str]]
    accounts_closed: NotRequired[bool]
    private_for: NotRequired[int]
    withheld: NotRequired[bool]
    request: NotRequired[ShownRequest]


class TurnContent(TypedDict):
    """What a visitor said, and the replies.

    Keys:
        said: as the visitor sees it; for a button, its title.
        at: when it was answered, ISO 8601 with zone.
        chose: whether the visitor chose one of several contracts by its button.
        number: of the message at the desk; then a person got it, and there are no replies.
    """

    said: str
    at: str
    replies: list[ShownReply]
    chose: NotRequired[bool]
    number: NotRequired[int]
