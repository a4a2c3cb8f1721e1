"""Valid values of RABBITMQ_URL; test_event_broker.py tests that it is parsed as RabbitMQ documents it."""

import pytest

from bot.rasa.event_broker import RabbitMQ
from bot.settings import SettingsError

WRONG = {
    "no address": ("rabbit", "no address of RabbitMQ"),
    "another protocol": ("http://user:secret-word@host", "no address of RabbitMQ"),
    "no host": ("amqp:///vhost", "no address of RabbitMQ"),
    "a port that is none": ("amqp://user:secret-word@host:port", "host or port cannot be read"),
    "a port too high": ("amqp://user:secret-word@host:99999", "host or port cannot be read"),
    "no password": ("amqp://user@host", "user or password is missing"),
    "nobody": ("amqp://host", "user or password is missing"),
    "a password that is not escaped": ("amqp://user:secret-word#1@host", "host or port cannot be read"),
    "a fragment": ("amqp://user:secret-word@host/#1", "'#', which is written %23"),
    "an unknown parameter": ("amqp://user:secret-word@host?verify=verify_peer", "'verify' is not known"),
    "RabbitMQ's name of a parameter": ("amqps://user:secret-word@host?cacertfile=ca.pem", "'cacertfile' is not known"),
    "a heartbeat that is none": ("amqp://user:secret-word@host?heartbeat=soon", "'heartbeat' is a number of seconds"),
    "twice": ("amqp://user:secret-word@host?heartbeat=3&heartbeat=4", "'heartbeat' occurs twice"),
    "another authentication": ("amqp://user:secret-word@host?auth=kerberos", "'auth' is external or plain"),
}


@pytest.mark.parametrize(("url", "why"), WRONG.values(), ids=WRONG)
async def test_a_wrong_url_is_refused_and_its_password_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, url: str, why: str
) -> None:
    monkeypatch.setenv("RABBITMQ_URL", url)
    with pytest.raises(SettingsError) as raised:
        await RabbitMQ.from_endpoint_config(None)
    assert str(raised.value).startswith("RABBITMQ_URL cannot be used: ")
    assert (why in str(raised.value), "secret-word" in str(raised.value)) == (True, False)


@pytest.mark.parametrize("variable", ["RABBITMQ_SSL_CLIENT_CERTIFICATE", "RABBITMQ_SSL_CLIENT_KEY"])
async def test_rasas_variables_for_certificates_are_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv("RABBITMQ_URL", "amqps://user:password@host")
    monkeypatch.setenv(variable, "certificate.pem")
    with pytest.raises(SettingsError, match=f"^{variable} is not read"):
        await RabbitMQ.from_endpoint_config(None)


async def test_without_a_url_there_is_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RABBITMQ_URL", raising=False)
    assert await RabbitMQ.from_endpoint_config(None) is None
