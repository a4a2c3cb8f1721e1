"""A reply survives the round trip through rasa_sdk, the HTTP between the servers, Rasa and its events."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.actions.action import RemoteAction, create_bot_utterance
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk.executor import CollectingDispatcher

from bot.desk.kinds import RequestKind
from bot.knowledge.remembered import Source
from bot.known_channels import CHANNELS, PHONE, WEB, Channel
from bot.replies.carried import reply_of, reply_of_event, utter_message_arguments
from bot.replies.catalogue import Button
from bot.replies.reply import Link, RecordedRequest, Reply, fitted
from bot.settings import LANGUAGES
from bot.words.reference import Reference

TITLES = st.fixed_dictionaries({language: st.text() for language in LANGUAGES})
ADDRESSES = st.none() | st.text()
REPLIES = st.builds(
    Reply,
    text=st.text(),
    buttons=st.lists(st.builds(Button, st.text(), st.text())).map(tuple),
    private=st.booleans(),
    closes=st.booleans(),
    failed=st.booleans(),
    handover=st.none() | st.builds(Reference.new),
    request=st.none() | st.builds(RecordedRequest, st.builds(Reference.new), st.sampled_from(RequestKind)),
    language=st.sampled_from([None, *LANGUAGES]),
    links=st.lists(st.builds(Link, st.text(), ADDRESSES)).map(tuple),
    rests_on=st.dictionaries(st.text(min_size=1), TITLES),
)
COMPOSED = st.builds(
    Reply,
    text=st.text(),
    buttons=st.lists(st.builds(Button, st.text(), st.text())).map(tuple),
    sources=st.lists(st.builds(Source, st.text(min_size=1), TITLES, TITLES, ADDRESSES)).map(tuple),
)


async def through_rasa(arguments: dict[str, Any]) -> BotUttered:
    """Rasa's event for an action's reply."""
    dispatcher = CollectingDispatcher()
    dispatcher.utter_message(**arguments)
    answered = json.loads(json.dumps(dispatcher.messages))
    tracker = DialogueStateTracker("c", [])
    (event,) = await RemoteAction._utter_responses(answered, CollectingOutputChannel(), None, tracker)
    return event


@given(REPLIES)
async def test_a_channel_gets_what_the_action_said(reply: Reply) -> None:
    event = await through_rasa(utter_message_arguments(reply))
    assert reply_of(event.message()) == reply
    assert reply_of_event(json.loads(json.dumps(event.as_dict()))) == reply


@given(st.builds(Reply, text=st.text(min_size=1), language=st.sampled_from(LANGUAGES)))
def test_a_channel_gets_what_the_generator_said(reply: Reply) -> None:
    assert reply_of(create_bot_utterance(utter_message_arguments(reply)).message()) == reply


@given(COMPOSED, st.sampled_from(LANGUAGES), st.sampled_from(CHANNELS))
async def test_what_fits_a_channel_is_all_carried(composed: Reply, language: str, channel: Channel) -> None:
    reply = fitted(composed, language, channel)
    event = await through_rasa(utter_message_arguments(reply))
    assert reply_of(event.message()) == reply
    assert (reply.sources, reply.language) == ((), language)
    assert bool(reply.links) == (channel is WEB and bool(composed.sources))
    assert bool(reply.rests_on) == (channel is PHONE and bool(composed.sources))
    assert bool(reply.buttons) == (channel is not PHONE and bool(composed.buttons))


@pytest.mark.parametrize("message", [{}, {"text": None, "custom": None, "buttons": None}], ids=["empty", "nothing"])
def test_what_lacks_everything_is_an_empty_reply(message: dict[str, Any]) -> None:
    assert reply_of(message) == reply_of_event({"event": "bot", **message}) == Reply("")
