"""Answers of the API as aiohttp sends them."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from harness.chatwoot.desk_records import Message
from harness.chatwoot.misbehaviour import RefusedRequest
from harness.chatwoot.refusals import NOT_KNOWN, Refusal, bare_error, unauthorized

# MessageFinder#messages_latest and #messages_before; #messages_after
PAGE, PAGE_AFTER = 20, 100


def answered(value: Mapping[str, Any] | Sequence[Any] | None) -> web.Response:
    """Success is 200, for what was created too."""
    return web.json_response(value)


def nothing() -> web.Response:
    """``head :ok``: the Content-Type says JSON, and there is no body."""
    return web.Response(content_type="application/json")


def refused(refusal: Refusal) -> web.Response:
    """An answer other than success."""
    return web.json_response(refusal.body, status=refusal.status)


def refused_by_fault(fault: RefusedRequest) -> web.Response:
    """What Chatwoot answers with such a status, or what the fault says."""
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    if fault.body is None and fault.status == web.HTTPTooManyRequests.status_code:
        # Rack::Attack's own words; it is not told to send Retry-After.
        return web.Response(text="Retry later\n", status=fault.status, headers=headers)
    usual = unauthorized(NOT_KNOWN) if fault.status == web.HTTPUnauthorized.status_code else None
    body = fault.body or (usual or bare_error(fault.status)).body
    return web.json_response(body, status=fault.status, headers=headers)


def page_of(messages: list[Message], before: str | None, after: str | None = None) -> list[Message]:
    """The last twenty, or those before or after a message, oldest first."""
    if after:
        return [message for message in messages if message.id > _number(after)][:PAGE_AFTER]
    older = [message for message in messages if not before or message.id < _number(before)]
    return older[-PAGE:]


def _number(text: str) -> int:
    """Ruby's ``to_i`` of what is no number is 0."""
    return int(text) if text.isdigit() else 0
