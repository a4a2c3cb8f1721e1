"""All routes, with what happens to every request: it is logged, faults befall it, and errors become answers."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import quote

from aiohttp import web

from harness.chatwoot.agent_api import AgentApi
from harness.chatwoot.contact_api import ContactApi
from harness.chatwoot.conversation_api import ConversationApi
from harness.chatwoot.desk_life import DeskLife
from harness.chatwoot.desk_store import DeskStore
from harness.chatwoot.inbox_api import InboxApi
from harness.chatwoot.json_answers import refused, refused_by_fault
from harness.chatwoot.message_api import MessageApi
from harness.chatwoot.misbehaviour import ApiFault, BrokenConnection, HangingRequest, Misbehaviours, RefusedRequest
from harness.chatwoot.public_api import PublicApi
from harness.chatwoot.refusals import RecordNotFound, bare_error, refusal_of
from harness.chatwoot.releases import Release
from harness.chatwoot.request_log import ApiRequest

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Middleware = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]
# Chatwoot takes files of 40 MB by default.
LARGEST_BODY = 48 * 1024 * 1024


def web_application(
    store: DeskStore, life: DeskLife, release: Release, faults: Misbehaviours, log: list[ApiRequest]
) -> web.Application:
    """The application; requests are added to ``log``."""
    application = web.Application(client_max_size=LARGEST_BODY, middlewares=[_logging(log), _faulty(faults), _rescuing])
    apis = PublicApi(store, life, release), ConversationApi(store, life, release)
    for api in (*apis, AgentApi(store), ContactApi(store), InboxApi(store), MessageApi(store, life)):
        application.add_routes(api.routes())
    application.add_routes(_file_routes(store))
    return application


def _logging(log: list[ApiRequest]) -> Middleware:
    @web.middleware
    async def keep(request: web.Request, handler: Handler) -> web.StreamResponse:
        entry = ApiRequest(request.method, request.path, dict(request.headers), await request.read())
        log.append(entry)
        answer = await handler(request)
        entry.status = answer.status if request.transport and not request.transport.is_closing() else None
        return answer

    return keep


def _faulty(faults: Misbehaviours) -> Middleware:
    @web.middleware
    async def misbehave(request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = faults.of_request(request.method, request.path)
        if fault is None:
            return await handler(request)
        done = await handler(request) if fault.after_work else None
        instead = await _befall(fault, request)
        # An answer without attributes counts as false.
        if instead is not None:
            return instead
        return done if done is not None else await handler(request)

    return misbehave


async def _befall(fault: ApiFault, request: web.Request) -> web.StreamResponse | None:
    """The answer instead, if the fault has one."""
    match fault:
        case RefusedRequest():
            return refused_by_fault(fault)
        case HangingRequest():
            await asyncio.sleep(fault.seconds)
        case BrokenConnection() if request.transport:
            request.transport.close()
            return web.Response()
    return None


@web.middleware
async def _rescuing(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
        return refused(bare_error(HTTPStatus.NOT_FOUND))
    except web.HTTPException:
        raise
    except Exception as error:  # Rails rescues whatever a controller raises.
        return refused(refusal_of(error, public=request.path.startswith("/public/")))


def _file_routes(store: DeskStore) -> list[web.RouteDef]:
    """Active Storage: a file's address redirects to where the bytes are."""

    async def redirect(request: web.Request) -> web.Response:
        number, name = request.match_info["number"], request.match_info["name"]
        return web.Response(status=302, headers={"Location": f"/rails/active_storage/disk/{number}/{quote(name)}"})

    async def content(request: web.Request) -> web.Response:
        for attachment in store.attachments:
            if str(attachment.id) == request.match_info["number"]:
                return web.Response(body=attachment.content, content_type=attachment.content_type)
        raise RecordNotFound

    return [
        web.get("/rails/active_storage/blobs/redirect/{number}/{name}", redirect),
        web.get("/rails/active_storage/disk/{number}/{name}", content),
    ]
