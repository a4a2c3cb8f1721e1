"""Checks responses of the web channel, real or fake, against its OpenAPI description."""

import json
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from bot.settings import PROJECT

DESCRIPTION = yaml.safe_load((PROJECT / "bot" / "channels" / "web" / "openapi.yml").read_text(encoding="utf-8"))
STREAM, PROBLEM = "text/event-stream", "application/problem+json"
SCHEMAS = {"reply": "Reply", "said": "Said", "state": "Desk"}  # of the data of a stream's events
# Possible for every path: errors for malformed requests, and for unknown routes and methods.
EVERYWHERE = {400, 404, 405, 408, 413}


def check(method: str, path: str, status: int, kind: str, body: str) -> None:
    """Check an answer.

    Args:
        path: below the channel's, such as "/messages"; without a query.
        kind: its media type.
        body: "" if it was not read, or is empty.

    Raises:
        AssertionError: it is not described, or its JSON does not match the schema.
    """
    operation = DESCRIPTION["paths"].get(path, {}).get("get" if method == "HEAD" else method.lower())
    found = operation["responses"].get(str(status)) if operation else None
    if found is None:
        assert status in EVERYWHERE or not operation, f"{method} {path} answers {status}, which is not described."
        return
    found = _resolved(found)
    if "content" not in found:
        assert not body, f"{method} {path} answers {status} with a body, which is not described."
        return
    media = kind.partition(";")[0]
    assert media in found["content"], f"{method} {path} answers {status} as {media}, which is not described."
    if not body:
        return
    if media == STREAM:
        _check_stream(body)
    else:
        _check_json(json.loads(body), found["content"][media]["schema"])


def _check_stream(body: str) -> None:
    for block in filter(None, body.split("\n\n")):
        event = dict(line.split(": ", 1) for line in block.splitlines())
        assert set(event) - {"id"} == {"event", "data"}
        data = json.loads(event["data"])
        schema = SCHEMAS.get(event["event"])
        if schema:
            _check_json(data, {"$ref": f"#/components/schemas/{schema}"})
        elif "number" in data:
            assert (event["event"], set(data)) == ("done", {"number"})
        else:
            assert (event["event"], data) in [("done", {}), ("done", {"again": True}), ("beat", {})] or list(data) == [
                "name"
            ]


def _check_json(content: Any, schema: dict[str, Any]) -> None:
    # References are resolved from the schema's own root.
    Draft202012Validator({**schema, "components": DESCRIPTION["components"]}).validate(content)


def _resolved(part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    found = DESCRIPTION
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return found
