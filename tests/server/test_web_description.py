"""The channel does what its OpenAPI description says, whatever is sent (schemathesis makes the requests)."""

from itertools import count

import pytest
import requests
import schemathesis
from desk_agent import DeskAgent, asked_for_a_person  # tests/desk_agent.py
from hypothesis import HealthCheck, settings
from running import Running  # tests/running.py

pytestmark = pytest.mark.server
AGENTS = count(6_000)
EXAMPLES = 25  # of each route of the desk in each state


def description(assistant: Running) -> schemathesis.BaseSchema:
    schema = schemathesis.openapi.from_url(assistant.url + "openapi.yml")
    schema.config.update(base_url=assistant.url.rstrip("/"))
    schema.config.checks.negative_data_rejection.expected_statuses += ["413"]  # too long
    return schema


@pytest.fixture
def described(assistant: Running) -> schemathesis.BaseSchema:
    return description(assistant)


@pytest.fixture
def desk_described(assistant: Running) -> schemathesis.BaseSchema:
    return description(assistant).include(path_regex="^/desk")


@pytest.fixture(params=["waiting", "held", "closed"])
def session_at_desk(request: pytest.FixtureRequest, assistant: Running) -> tuple[str, str]:
    """The session of somebody who has asked for a person, and what became of it."""
    session = assistant.session()
    reference, _ = asked_for_a_person(assistant, session)
    agent = DeskAgent(assistant, next(AGENTS))
    if request.param != "waiting":
        agent.takes(reference)
        agent.says(reference, "Labdien!")
    if request.param == "closed":
        agent.closes(reference)
    return session, request.param


schema = schemathesis.pytest.from_fixture("described")
desk_schema = schemathesis.pytest.from_fixture("desk_described")


@schema.parametrize()
def test_the_channel_does_what_it_says(case: schemathesis.Case, assistant: Running) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {assistant.session()}"}, timeout=10)


@desk_schema.parametrize()
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_desk_does_what_it_says_in_every_state(
    case: schemathesis.Case, assistant: Running, session_at_desk: tuple[str, str]
) -> None:
    session, state = session_at_desk
    if case.operation.path == "/desk/events" and state != "closed":
        pytest.skip("The events of an open request have no end (tests/server/test_served_desk.py).")
    case.call_and_validate(headers={"Authorization": f"Bearer {session}"}, timeout=10)


def test_the_description_is_there_to_be_read(assistant: Running) -> None:
    answer = requests.get(assistant.url + "openapi.yml", timeout=10)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/yaml")
