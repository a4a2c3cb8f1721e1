"""The URLs given to gateways lead to our routes, resolved as a client resolves them (RFC 3986)."""

from urllib.parse import urljoin

import pytest

from bot.channels.phone.gateways import audiocodes
from bot.channels.phone.settings import PhoneSettings

HOSTS = ["http://127.0.0.1:5005", "https://assistant.example/elektrum", "https://assistant.example/a/b"]
ROUTE = "/webhooks/phone/audiocodes"


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(
    "call", ["ae8254ee-3c6c-4e9b-b480-b7686f24cd2f", "a84b4c76e66710@gw.example;tag=1/2", "sarunā nr. 1"]
)
def test_a_relative_address_of_audiocodes_fits_either_spelling_and_any_host(host: str, slash: str, call: str) -> None:
    identity = audiocodes.path_id(call)
    begun = audiocodes.begun(identity, audiocodes.base_of(ROUTE + slash))
    found = {urljoin(host + ROUTE + slash, begun[name]) for name in ("activitiesURL", "refreshURL", "disconnectURL")}
    assert found == {
        f"{host}{ROUTE}/conversation/{identity}/{name}" for name in ("activities", "refresh", "disconnect")
    }
    assert "/" not in identity


@pytest.mark.parametrize("public", ["", *HOSTS])
def test_an_address_keeps_the_path_under_which_we_are_known(public: str) -> None:
    settings = PhoneSettings("", "", "", public, "")
    assert settings.address("jambonz/heard") == f"{public}/webhooks/phone/jambonz/heard"
