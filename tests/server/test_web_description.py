"""The channel does what its OpenAPI description says, whatever is sent (schemathesis makes the requests)."""

import time
from collections.abc import Sequence
from http import HTTPStatus
from itertools import count
from typing import Any

import pytest
import requests
import schemathesis
from desk_agent import DeskAgent, asked_for_a_person  # tests/desk_agent.py
from hypothesis import HealthCheck, settings
from running import Running  # tests/running.py
from schemathesis.specs.openapi.checks import positive_data_acceptance

from bot.desk.kinds import RequestState

pytestmark = pytest.mark.server
AGENTS = count(6_000)
EXAMPLES = 25  # of each route of the desk in each state
TRIES = 3


@pytest.fixture
def described(assistant: Running) -> schemathesis.BaseSchema:
    schema = schemathesis.openapi.from_url(assistant.url + "openapi.yml")
    schema.config.update(base_url=assistant.url.rstrip("/"))
    schema.config.checks.negative_data_rejection.expected_statuses += ["413"]  # too long
    return schema


@pytest.fixture
def sessions_at_desk(assistant: Running) -> dict[RequestState, str]:
    """Sessions of customers who have asked for a person, by what became of it."""
    sessions = {}
    for state in RequestState:
        sessions[state] = assistant.session()
        reference, _ = asked_for_a_person(assistant, sessions[state])
        agent = DeskAgent(assistant, next(AGENTS))
        if state != RequestState.WAITING:
            agent.takes(reference)
            agent.says(reference, "Labdien!")
        if state == RequestState.CLOSED:
            agent.closes(reference)
    return sessions


schema = schemathesis.pytest.from_fixture("described")
desk_schema = schema.include(path_regex="^/desk")


def validate(case: schemathesis.Case, session: str, excluded: Sequence[Any] = ()) -> None:
    """Send it and check the answer. "Not available, try again" is answered where SQLite is busy too long: so it is
    tried again."""
    for _ in range(TRIES):
        answer = case.call(headers={"Authorization": f"Bearer {session}"}, timeout=10)
        if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
            break
        time.sleep(1)
    case.validate_response(answer, excluded_checks=list(excluded))


@schema.parametrize()
def test_the_channel_does_what_it_says(case: schemathesis.Case, assistant: Running) -> None:
    validate(case, assistant.session())


@desk_schema.parametrize()
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_desk_does_what_it_says_in_every_state(
    case: schemathesis.Case, sessions_at_desk: dict[RequestState, str]
) -> None:
    for state, session in sessions_at_desk.items():
        if case.operation.path == "/desk/events" and state != RequestState.CLOSED:
            continue  # the events of an open request have no end
        # A schema cannot tell which numbers there are, and which times are offered.
        excluded = [positive_data_acceptance] if case.operation.path == "/desk/call-back" else []
        validate(case, session, excluded)


def test_the_description_is_there_to_be_read(assistant: Running) -> None:
    answer = requests.get(assistant.url + "openapi.yml", timeout=10)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/yaml")
