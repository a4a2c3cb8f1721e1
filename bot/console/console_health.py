"""Health probes of the console: liveness and readiness."""

import logging

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import deadlines
from bot.desk.event_numbers import latest_number
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

logger = logging.getLogger(__name__)


async def alive(_: Request) -> Response:
    """The event loop runs."""
    return JSONResponse({"alive": True})


async def ready(_: Request) -> Response:
    """Whether pages can be shown: the database answers and has the desk's tables."""
    try:
        await in_time(_looked, deadline=deadlines.READINESS_PART)
    except (SQLAlchemyError, OSError) as error:
        logger.error("Not ready, database: %s.", type(error).__name__)
        return JSONResponse({"ready": False, "part": "database"}, 503)
    return JSONResponse({"ready": True})


def _looked() -> None:
    with session_scope() as session:
        latest_number(session)


ROUTES = (Route("/healthz", alive, methods=["GET"]), Route("/readyz", ready, methods=["GET"]))
