"""What each channel can show, also under another name of its kind."""

import pytest

from bot.accounts.setup import shows_accounts
from bot.known_channels import CHANNELS, CONSOLE, MESSENGER, PHONE, WEB, Channel, channel_named


@pytest.mark.parametrize("channel", CHANNELS, ids=[channel.name for channel in CHANNELS])
def test_a_channel_is_known_by_its_name(channel: Channel) -> None:
    assert channel_named(channel.name) is channel


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("facebook", MESSENGER),
        ("messenger-2", MESSENGER),
        ("phone-line", PHONE),
        ("webchat", CONSOLE),
        ("rest", CONSOLE),
        ("unknown", CONSOLE),
    ],
)
def test_another_channel_shows_what_its_kind_shows(name: str, like: Channel) -> None:
    found = channel_named(name)
    assert found == Channel(name, like.medium, like.shows_sources, like.shows_buttons, like.shows_accounts)


def test_no_name_is_a_channel_too() -> None:
    assert channel_named(None) == channel_named("unknown") == channel_named("")


def test_only_messenger_must_be_allowed_to_show_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOT_MESSENGER_REVEAL_ACCOUNT_DATA", raising=False)
    assert [channel for channel in CHANNELS if not shows_accounts(channel)] == [MESSENGER]
    monkeypatch.setenv("BOT_MESSENGER_REVEAL_ACCOUNT_DATA", "yes")
    assert all(shows_accounts(channel) for channel in (WEB, MESSENGER, PHONE, channel_named("facebook")))
