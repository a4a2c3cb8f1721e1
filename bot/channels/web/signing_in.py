"""Sign-in: opens the accounts of a customer whom the website has signed in. Sign-out: ends the conversation."""

import logging

from sanic import response
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot import deadlines
from bot.accounts.sign_in import SignInRefused
from bot.accounts.signed_in import AnotherCustomer, close_accounts, open_accounts
from bot.accounts.source import SourceUnavailable
from bot.channels.http.problems import no_session, problem
from bot.channels.visitor_addresses import hashed
from bot.channels.web import web_turns
from bot.channels.web.visitors import Visitor
from bot.known_channels import WEB
from bot.storage.deadline import in_time

logger = logging.getLogger(__name__)


async def sign_in(body: dict[str, object], visitor: Visitor | None, address: str) -> HTTPResponse | bool:
    """Open the accounts of a customer; False where the billing system knows no such customer.

    A problem document where the token is not valid, or the conversation belongs to another customer.
    """
    token = body.get("token")
    if not isinstance(token, str) or visitor is None:
        return problem(400, "No token", "'token' is the website's signed token, a string.")
    try:
        return await in_time(_sign_in, token, visitor, hashed(WEB, address), deadline=deadlines.SIGN_IN)
    except web_turns.Ended:
        return no_session()
    except AnotherCustomer:
        detail = (
            "The account of another customer was opened in this conversation. Ask for a new session with the token."
        )
        return problem(409, "Another customer", detail)
    except SignInRefused as error:
        return problem(403, "Not signed in", str(error))
    except (SourceUnavailable, SQLAlchemyError, OSError, ValueError) as error:
        logger.error("A customer could not be signed in: %s.", type(error).__name__)
        return problem(503, "Not available", "Accounts cannot be read now; the chat works without being signed in.")


async def sign_out(visitor: Visitor) -> HTTPResponse:
    """End a conversation; idempotent."""
    try:
        await in_time(_sign_out, visitor, deadline=deadlines.SIGN_IN)
    except (SQLAlchemyError, OSError) as error:
        logger.error("A conversation could not be ended: %s.", type(error).__name__)
        return problem(503, "Not available", "The conversation cannot be ended now. Try again.")
    return response.json({"signed_in": False})


def _sign_in(token: str, visitor: Visitor, address: str) -> bool:
    web_turns.refuse_ended(visitor)
    return open_accounts(token, visitor.conversation, address, web_turns.is_free)


def _sign_out(visitor: Visitor) -> None:
    web_turns.finish(visitor)  # before the accounts are closed, so that no message opens one again
    close_accounts(visitor.conversation)
