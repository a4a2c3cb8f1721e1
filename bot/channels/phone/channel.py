"""The phone's channel: webhooks for each gateway whose secret is set, all answered by one `PhoneAnswering`."""

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.http.bearer_tokens import shows_token
from bot.channels.http.bodies import MESSAGE_BYTES, MalformedRequest, body_of
from bot.channels.phone.call_answering import PhoneAnswering
from bot.channels.phone.gateway_messages import Heard
from bot.channels.phone.gateways import audiocodes, jambonz, plain_webhook, twilio
from bot.channels.phone.gateways.gateway_values import text_of
from bot.channels.phone.requests import json_of, made, malformed, refused
from bot.channels.phone.settings import PhoneSettings, phone_settings
from bot.channels.serving_agent import parse, read_tracker
from bot.known_channels import PHONE


class Phone(InputChannel):  # type: ignore[misc]
    """The phone's channel; `credentials.yml` names it. Without settings it has no routes."""

    @classmethod
    def name(cls) -> str:
        return PHONE.name

    @classmethod
    def from_credentials(cls, credentials: dict[str, object] | None) -> "Phone":
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """`/webhooks/phone/{plain, audiocodes, twilio, jambonz}`."""
        routes = Blueprint("phone")
        settings = phone_settings()
        answering = PhoneAnswering(on_new_message, read_tracker, parse, settings.transfer_to)
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
        if not shows_token(request, settings.token):
            return refused()
        try:
            heard = plain_webhook.read(json_of(request))
        except MalformedRequest as error:
            return malformed(error)
        return made(plain_webhook.written(await answering.answer(heard)) if heard else {})


def _add_audiocodes(routes: Blueprint, settings: PhoneSettings, answering: PhoneAnswering) -> None:
    @routes.get("/audiocodes")
    async def healthy(request: Request) -> HTTPResponse:
        return made({"type": "ac-bot-api", "success": True}) if shows_token(request, settings.token) else refused()

    @routes.post("/audiocodes")
    async def begin(request: Request) -> HTTPResponse:
        if not shows_token(request, settings.token):
            return refused()
        try:
            call = audiocodes.path_id(text_of(json_of(request), "conversation", required=True))
        except MalformedRequest as error:
            return malformed(error)
        base = settings.address("audiocodes/") if settings.public_url else audiocodes.base_of(request.path)
        return made(audiocodes.begun(call, base))

    @routes.post("/audiocodes/conversation/<call:str>/activities")
    async def activities(request: Request, call: str) -> HTTPResponse:
        if not shows_token(request, settings.token):
            return refused()
        try:
            listed = json_of(request).get("activities")
            if not isinstance(listed, list):
                raise MalformedRequest("'activities' is missing, or no list.")
        except MalformedRequest as error:
            return malformed(error)
        told: list[dict[str, object]] = []
        for activity in listed:
            heard = audiocodes.read(call, activity) if isinstance(activity, dict) else None
            if heard:
                told += audiocodes.written(await answering.answer(heard))
        return made({"conversation": call, "activities": told})

    @routes.post("/audiocodes/conversation/<call:str>/refresh")
    async def refresh(request: Request, call: str) -> HTTPResponse:
        return made({"expiresSeconds": audiocodes.EXPIRES}) if shows_token(request, settings.token) else refused()

    @routes.post("/audiocodes/conversation/<call:str>/disconnect")
    async def disconnect(request: Request, call: str) -> HTTPResponse:
        if not shows_token(request, settings.token):
            return refused()
        await answering.answer(audiocodes.hung_up(call))
        return made({})


def _add_twilio(routes: Blueprint, settings: PhoneSettings, answering: PhoneAnswering) -> None:
    addresses = twilio.TwilioCallbacks(settings.address("twilio/heard"), settings.address("twilio/transferred"))

    async def answered(request: Request, *, first: bool) -> HTTPResponse:
        url = settings.public_url + request.path + (f"?{request.query_string}" if request.query_string else "")
        try:
            form = twilio.fields(body_of(request, MESSAGE_BYTES))
            if not twilio.is_signed(settings.twilio_token, url, form, request.headers):
                return refused()
            heard = twilio.read(form, request.headers.get("I-Twilio-Idempotency-Token"), first=first)
        except MalformedRequest as error:
            return malformed(error)
        xml = twilio.written(await answering.answer(heard), addresses) if heard else twilio.NOTHING
        return response.text(xml, content_type="text/xml; charset=utf-8", headers={"Cache-Control": "no-store"})

    @routes.post("/twilio")
    async def begin(request: Request) -> HTTPResponse:
        return await answered(request, first=True)

    @routes.post("/twilio/heard")
    async def receive(request: Request) -> HTTPResponse:
        return await answered(request, first=False)

    @routes.post("/twilio/transferred")
    async def transferred(request: Request) -> HTTPResponse:
        return await answered(request, first=False)


def _add_jambonz(routes: Blueprint, settings: PhoneSettings, answering: PhoneAnswering) -> None:
    addresses = jambonz.JambonzCallbacks(settings.address("jambonz/heard"), settings.address("jambonz/transferred"))

    async def answered(request: Request, read: Callable[[dict[str, object]], Heard | None]) -> HTTPResponse:
        try:
            body, signature = body_of(request, MESSAGE_BYTES), request.headers.get("Jambonz-Signature", "")
            if not jambonz.is_signed(settings.jambonz_secret, body, signature):
                return refused()
            heard = read(json_of(request))
        except MalformedRequest as error:
            return malformed(error)
        return made(jambonz.written(await answering.answer(heard), addresses) if heard else [])

    @routes.post("/jambonz")
    async def begin(request: Request) -> HTTPResponse:
        return await answered(request, jambonz.begun)

    @routes.post("/jambonz/heard")
    async def receive(request: Request) -> HTTPResponse:
        return await answered(request, jambonz.heard)

    @routes.post("/jambonz/transferred")
    async def transferred(request: Request) -> HTTPResponse:
        return await answered(request, jambonz.transferred)

    @routes.post("/jambonz/status")
    async def status(request: Request) -> HTTPResponse:
        return await answered(request, jambonz.ended)
