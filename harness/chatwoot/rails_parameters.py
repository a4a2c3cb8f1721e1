"""A request's parameters as Rails reads them: query, then JSON, form or multipart by Content-Type, and nothing else.

A JSON body without ``Content-Type: application/json`` is not read at all.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader, StreamReader, web
from aiohttp.base_protocol import BaseProtocol

from harness.chatwoot.desk_records import JsonObject
from harness.chatwoot.refusals import MalformedBody

# ActiveModel::Type::Boolean::FALSE_VALUES
_FALSE = {"false", "f", "0", "off", "FALSE", "F", "OFF", "False", "Off"}


@dataclass(frozen=True)
class UploadedFile:
    """A file of a multipart body."""

    name: str
    content_type: str
    content: bytes


async def parameters_of(request: web.Request) -> JsonObject:
    """All parameters but those of the path.

    Raises:
        MalformedBody: the Content-Type says JSON, and the body is not.
    """
    parameters: JsonObject = {}
    for name, value in request.query.items():
        _nest(parameters, name, value)
    if request.content_type == "application/json":
        parameters |= _json_of(await request.read())
    elif request.content_type == "application/x-www-form-urlencoded":
        for name, value in parse_qsl((await request.read()).decode(), keep_blank_values=True):
            _nest(parameters, name, value)
    elif request.content_type == "multipart/form-data":
        await _read_parts(request, parameters)
    return parameters


def _json_of(body: bytes) -> JsonObject:
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except ValueError as error:
        raise MalformedBody from error
    return value if isinstance(value, dict) else {"_json": value}


async def _read_parts(request: web.Request, parameters: JsonObject) -> None:
    # Not request.post(): the log has read the body already.
    loop = asyncio.get_running_loop()
    stream = StreamReader(BaseProtocol(loop), limit=2**16, loop=loop)
    stream.feed_data(await request.read())
    stream.feed_eof()
    async for part in MultipartReader(request.headers, stream):
        if not isinstance(part, BodyPartReader):
            raise MalformedBody
        _nest(parameters, part.name or "", await _value_of(part))


async def _value_of(part: BodyPartReader) -> str | UploadedFile:
    content = bytes(await part.read(decode=True))
    if part.filename is None:
        return content.decode()
    return UploadedFile(part.filename, part.headers.get("Content-Type", "application/octet-stream"), content)


def _nest(parameters: JsonObject, name: str, value: Any) -> None:
    """``a``, ``a[]`` or ``a[b]``; deeper nesting is not needed here."""
    key, bracket, rest = name.partition("[")
    inner = rest.partition("]")[0]
    if not bracket:
        parameters[key] = value
    elif inner:
        parameters.setdefault(key, {})[inner] = value
    else:
        parameters.setdefault(key, []).append(value)


def text(parameters: Mapping[str, Any], name: str) -> str | None:
    """A scalar as text; an object or a list is not permitted, and so is absent."""
    value = parameters.get(name)
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value) if isinstance(value, str | int | float) else None


def mapping(parameters: Mapping[str, Any], name: str) -> JsonObject:
    """An object; empty where there is none."""
    value = parameters.get(name)
    return dict(value) if isinstance(value, dict) else {}


def truth(parameters: Mapping[str, Any], name: str) -> bool:
    """A Boolean as ActiveModel casts it."""
    value = parameters.get(name)
    return bool(value) and str(value) not in _FALSE


def files(parameters: Mapping[str, Any]) -> list[UploadedFile]:
    """The files in ``attachments[]``.

    Raises:
        TypeError: there is ``attachments`` that is no list, such as a file under a name without brackets.
    """
    attachments = parameters.get("attachments") or []
    if not isinstance(attachments, list):
        raise TypeError(f"undefined method 'each' for an instance of {type(attachments).__name__}")
    return [file for file in attachments if isinstance(file, UploadedFile)]
