"""RabbitMQ's URL (`RABBITMQ_URL`). It goes to aio_pika unchanged; parameters that aio_pika would ignore are refused."""

from collections.abc import Iterator

from yarl import URL

from bot.settings import SettingsError
from bot.settings.servers import RABBITMQ_URL
from bot.settings.setting import variable

SCHEMES = {"amqp", "amqps"}
# Query parameters that aiormq reads; it ignores all others, also RabbitMQ's own `cacertfile` and `verify`.
NUMBERS = {"heartbeat", "timeout"}
HIGHEST = 65535  # aiormq turns a greater heartbeat off
AUTH = "auth"
PARAMETERS = {*NUMBERS, AUTH, "cadata", "cafile", "capath", "certfile", "keyfile", "name", "no_verify_ssl"}
AUTHENTICATION = {"plain", "external"}
# Variables of Rasa's own broker, and their equivalents here.
OF_RASA = {
    "RABBITMQ_SSL_CLIENT_CERTIFICATE": "?certfile=",
    "RABBITMQ_SSL_CLIENT_KEY": "?keyfile=",
    "RABBITMQ_SSL_CA_FILE": "?cafile=",
    "RABBITMQ_SSL_KEY_PASSWORD": "a key file without a password",
}
EXAMPLE = "amqp://USER:PASSWORD@HOST:5672/VHOST?heartbeat=30, special characters as %XX, with amqps:// for TLS"


def rabbitmq_url() -> str | None:
    """`RABBITMQ_URL`; None where no events are published.

    Raises:
        SettingsError: it is not an AMQP URL, or has parameters that would be ignored; the message does not contain the
            password.
    """
    url = RABBITMQ_URL.value()
    if not url:
        return None
    if reason := next(_reasons(url), None):
        raise SettingsError(f"{RABBITMQ_URL.name} cannot be used: {reason}. It looks like {EXAMPLE}.")
    for name, instead in OF_RASA.items():
        if variable(name):
            raise SettingsError(f"{name} is not read; write {instead} into {RABBITMQ_URL.name}.")
    return url


def _reasons(text: str) -> Iterator[str]:
    """Why a URL cannot be used, the most important reason first."""
    try:
        url = URL(text)
        port = url.explicit_port
    except ValueError:  # the error's text may contain the password
        yield "host or port cannot be read"
        return
    if url.scheme not in SCHEMES or not url.host or port == 0:
        yield "it is no address of RabbitMQ"
    if "#" in text:
        yield "it holds a '#', which is written %23"
    yield from _reasons_of_query(url)
    if url.query.get(AUTH, "plain").lower() == "plain" and not (url.user and url.password):
        yield "user or password is missing"


def _reasons_of_query(url: URL) -> Iterator[str]:
    for name in sorted(set(url.query)):
        value = url.query[name]
        if name not in PARAMETERS:
            yield f"'{name}' is not known; the parameters are {', '.join(sorted(PARAMETERS))}"
        elif len(url.query.getall(name)) > 1:
            yield f"'{name}' occurs twice"
        elif name in NUMBERS and not (value.isascii() and value.isdecimal() and 0 < int(value) < HIGHEST):
            yield f"'{name}' is a number of seconds, 1 to {HIGHEST - 1}"
        elif name == AUTH and value.lower() not in AUTHENTICATION:
            yield f"'{name}' is {' or '.join(sorted(AUTHENTICATION))}"
