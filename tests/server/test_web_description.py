"""The channel does what its OpenAPI description says, whatever is sent (schemathesis makes the requests)."""

import pytest
import requests
import schemathesis
from running import Running  # tests/running.py

pytestmark = pytest.mark.server


@pytest.fixture
def described(assistant: Running) -> schemathesis.BaseSchema:
    schema = schemathesis.openapi.from_url(assistant.url + "openapi.yml")
    schema.config.update(base_url=assistant.url.rstrip("/"))
    schema.config.checks.negative_data_rejection.expected_statuses += ["413"]  # too long
    return schema


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
def test_the_channel_does_what_it_says(case: schemathesis.Case, assistant: Running) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {assistant.session()}"}, timeout=10)


def test_the_description_is_there_to_be_read(assistant: Running) -> None:
    answer = requests.get(assistant.url + "openapi.yml", timeout=10)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/yaml")
