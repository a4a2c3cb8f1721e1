"""How Chatwoot refuses: each kind of error, and the answer that each API makes of it."""

from dataclasses import dataclass
from http import HTTPStatus

from harness.chatwoot.desk_records import JsonObject

NOT_KNOWN = "Invalid Access Token"
NOT_FOR_BOTS = "Access to this endpoint is not authorized for bots"
OTHER_ACCOUNT = "You are not authorized to access this account"
OTHER_ACCOUNT_OF_BOT = "Bot is not authorized to access this account"
NOT_PERMITTED = "You are not authorized to do this action"


@dataclass
class Refusal(Exception):
    """An answer other than success."""

    status: int
    body: JsonObject


class RecordNotFound(Exception):
    """ActiveRecord::RecordNotFound."""


class UnhandledError(Exception):
    """A Ruby exception that no controller of Chatwoot rescues: the client sees a 500 without a reason."""


class MalformedBody(Exception):
    """A body that is not the JSON that its Content-Type promises."""


@dataclass
class RecordInvalid(Exception):
    """ActiveRecord::RecordInvalid: pairs of attribute and what is wrong with it; ``base`` is the record itself."""

    errors: list[tuple[str, str]]

    @property
    def full_messages(self) -> str:
        """Such as ``Name can't be blank``, joined by commas."""
        return ", ".join(_full_message(attribute, message) for attribute, message in self.errors)

    @property
    def body(self) -> JsonObject:
        """What RequestExceptionHandler#render_record_invalid answers."""
        return {"message": self.full_messages, "attributes": [attribute for attribute, _ in self.errors]}


def _full_message(attribute: str, message: str) -> str:
    return message if attribute == "base" else f"{attribute.replace('_', ' ').capitalize()} {message}"


def unauthorized(message: str) -> Refusal:
    """render_unauthorized."""
    return Refusal(HTTPStatus.UNAUTHORIZED, {"error": message})


def not_signed_in() -> Refusal:
    """Devise's answer where there is no token at all, or only an Authorization header."""
    return Refusal(HTTPStatus.UNAUTHORIZED, {"errors": ["You need to sign in or sign up before continuing."]})


def unprocessable(message: str) -> Refusal:
    """render_could_not_create_error."""
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, {"error": message})


def bare_error(status: int) -> Refusal:
    """Rails' own error page as JSON (ActionDispatch::PublicExceptions)."""
    return Refusal(status, {"status": status, "error": HTTPStatus(status).phrase})


def refusal_of(error: Exception, *, public: bool) -> Refusal:
    """The answer to an error; the public API does not rescue a missing record, so that Rails' own page is seen."""
    match error:
        case Refusal():
            return error
        case RecordInvalid():
            return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, error.body)
        case MalformedBody():
            return bare_error(HTTPStatus.BAD_REQUEST)
        case RecordNotFound() if public:
            return bare_error(HTTPStatus.NOT_FOUND)
        case RecordNotFound():
            return Refusal(HTTPStatus.NOT_FOUND, {"error": "Resource could not be found"})
        case _:
            return bare_error(HTTPStatus.INTERNAL_SERVER_ERROR)
