"""The phone's channel: a route for each gateway that has a secret, each answered by the same `PhoneAnswering`."""

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.phone.answering import CHANNEL, PhoneAnswering
from bot.channels.phone.gateways import audiocodes, jambonz, plain, twilio
from bot.channels.phone.gateways.shapes import Malformed, text_of
from bot.channels.phone.settings import PhoneSettings, phone_settings

BODY = 64 * 1024  # bytes
HERE = "/webhooks/phone"


class Phone(InputChannel):  # type: ignore[misc]
    """The phone's channel; `credentials.yml` names it. Without settings it has no routes."""

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "Phone":
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """`/webhooks/phone/{plain, audiocodes, twilio, jambonz}`."""
        routes = Blueprint("phone")
        settings = phone_settings()
        answering = PhoneAnswering(on_new_message, _tracker, _parse, settings.transfer_to)
        if settings.token:
            _add_plain(routes, settings, answering)
            _add_audiocodes(routes, settings, answering)
        if settings.twilio_token:
            _add_twilio(routes, settings, answering)
        if settings.jambonz_secret:
            _add_jambonz(routes, settings, answering)
        return routes


def _add_plain(routes: Blueprint, settings: PhoneSettings, answering: PhoneAnswering) -> None:
    @routes.post("/plain")
    async def receive(request: Request) -> HTTPResponse:
        if not _bears(request, settings.token):
            return _refused()
        try:
            heard = plain.read(_json(request))
        except Malformed as error:
            return _malformed(error)
        return _made(plain.written(await answering.answer(heard)) if heard else {})


def _add_audiocodes(routes: Blueprint, settings: PhoneSettings, answering: PhoneAnswering) -> None:
    @routes.get("/audiocodes")
    async def healthy(request: Request) -> HTTPResponse:
        return _made({"type": "ac-bot-api", "success": True}) if _bears(request, settings.token) else _refused()

    @routes.post("/audiocodes")
    async def begin(request: Request) -> HTTPResponse:
        if not _bears(request, settings.token):
            return _refused()
        try:
            return _made(audiocodes.begun(_path_id(text_of(_json(request), "conversation", required=True))))
        except Malformed as error:
            return _malformed(error)

    @routes.post("/audiocodes/conversation/<call:str>/activities")
    async def activities(request: Request, call: str) -> HTTPResponse:
        if not _bears(request, settings.token):
            return _refused()
        try:
            listed = _json(request).get("activities")
        except Malformed as error:
            return _malformed(error)
        made: list[dict[str, Any]] = []
        for activity in listed if isinstance(listed, list) else []:
            heard = audiocodes.read(call, activity) if isinstance(activity, dict) else None
            if heard:
                made += audiocodes.written(await answering.answer(heard))
        return _made({"activities": made})

    @routes.post("/audiocodes/conversation/<call:str>/refresh")
    async def refresh(request: Request, call: str) -> HTTPResponse:
        return _made({"expiresSeconds": audiocodes.EXPIRES}) if _bears(request, settings.token) else _refused()

    @routes.post("/audiocodes/conversation/<call:str>/disconnect")
    async def disconnect(request: Request, call: str) -> HTTPResponse:
        if not _bears(request, settings.token):
            return _refused()
        await answering.answer(audiocodes.hung_up(call))
        return _made({})


def _add_twilio(routes: Blueprint, settings: PhoneSettings, answering: PhoneAnswering) -> None:
    next_step = f"{settings.public_url}{HERE}/twilio/heard"

    def is_signed(request: Request) -> bool:
        url = settings.public_url + request.path + (f"?{request.query_string}" if request.query_string else "")
        return twilio.is_signed(
            settings.twilio_token, url, _form(request), request.headers.get("X-Twilio-Signature", "")
        )

    async def answered(request: Request, *, first: bool) -> HTTPResponse:
        if not is_signed(request):
            return _refused()
        try:
            heard = twilio.read(_form(request), request.headers.get("I-Twilio-Idempotency-Token"), first=first)
        except Malformed as error:
            return _malformed(error)
        xml = twilio.written(await answering.answer(heard), next_step)
        return response.text(xml, content_type="text/xml; charset=utf-8")

    @routes.post("/twilio")
    async def begin(request: Request) -> HTTPResponse:
        return await answered(request, first=True)

    @routes.post("/twilio/heard")
    async def receive(request: Request) -> HTTPResponse:
        return await answered(request, first=False)


def _add_jambonz(routes: Blueprint, settings: PhoneSettings, answering: PhoneAnswering) -> None:
    @routes.post("/jambonz")
    async def receive(request: Request) -> HTTPResponse:
        if not jambonz.is_signed(settings.jambonz_secret, request.body, request.headers.get("Jambonz-Signature", "")):
            return _refused()
        try:
            heard = jambonz.read(_json(request))
        except Malformed as error:
            return _malformed(error)
        return _made(jambonz.written(await answering.answer(heard), f"{HERE}/jambonz") if heard else [])


async def _tracker(conversation: str) -> DialogueStateTracker | None:
    tracker: DialogueStateTracker | None = await Sanic.get_app().ctx.agent.tracker_store.retrieve(conversation)
    return tracker


async def _parse(text: str) -> dict[str, Any]:
    parsed: dict[str, Any] = await Sanic.get_app().ctx.agent.parse_message(text)
    return parsed


def _bears(request: Request, token: str) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode(errors="replace"), token.encode())


def _json(request: Request) -> dict[str, Any]:
    try:
        content = json.loads(request.body) if len(request.body) <= BODY else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise Malformed(f"A JSON object of at most {BODY} bytes is expected.")
    return content


def _form(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in request.form.items()}


def _path_id(call: str) -> str:
    """An id that stands in an address as it is."""
    if not call.replace("-", "").replace("_", "").isalnum() or not call.isascii():
        raise Malformed("'conversation' is an id of letters, digits, '-' and '_'.")
    return call


def _made(content: Any) -> HTTPResponse:
    return response.json(content, headers={"Cache-Control": "no-store"}, ensure_ascii=False)


def _refused() -> HTTPResponse:
    return response.json({"title": "Not allowed", "detail": "Token or signature is missing or wrong."}, status=403)


def _malformed(error: Malformed) -> HTTPResponse:
    return response.json({"title": "Not understood", "detail": str(error)}, status=400)
