"""What every action needs to know about a turn, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.domain_names import IRREVERSIBLE, EntityName, Intent
from bot.handoff.handoff_requests import Origin
from bot.knowledge.published_topics import question_of_key
from bot.known_channels import Channel, Medium, channel_named
from bot.parse_result import ParseResult, parse_result
from bot.replies.asked_source import Sources, sources_said
from bot.replies.carried import utter_message_arguments
from bot.replies.fixed_replies import fixed
from bot.replies.language import of_conversation
from bot.replies.reply import KEYED, Reply, fitted
from bot.words.question_form import QuestionForm, question_form

Event = dict[str, Any]  # a Rasa event, as `Event.as_dict()` returns it
Slots = dict[str, object]  # values to set
SAYS_ALL_AGAIN = {Intent.REPEAT, Intent.CHANGE_LANGUAGE}


@dataclass(frozen=True)
class Asked:
    """A question in a message: its intent, the places that it names (ids, or names of other towns), and what it asks.

    Attributes:
        about: the question within the intent, such as `ask_late_fees/whether`; None where none was recognised.
        asks: how it is asked.
    """

    intent: str
    places: list[str]
    about: str | None = None
    asks: QuestionForm = QuestionForm.OPEN

    @property
    def key(self) -> str:
        """What it asks, as one text: the same for the same question about the same places."""
        return " ".join([self.about or self.intent, *sorted(self.places)])


@dataclass(frozen=True)
class Turn:
    """One message from a customer and the state of the conversation.

    Attributes:
        language: lv or en; the language to answer in.
        parsed: the parse result of the latest message.
        form: the form that is being filled in, if any.
    """

    language: str
    channel: Channel
    conversation_id: str
    parsed: ParseResult
    slots: Mapping[str, object]
    events: list[Event]
    form: str | None = None

    @classmethod
    def of(cls, tracker: Tracker) -> "Turn":
        """Read a turn from rasa_sdk's tracker."""
        users = [event for event in reversed(tracker.events) if event.get("event") == "user"]
        messages = ((parse_result(event.get("parse_data")), event.get("metadata")) for event in users)
        return cls(
            language=of_conversation(messages),
            channel=channel_named(tracker.get_latest_input_channel()),
            conversation_id=tracker.sender_id,
            parsed=parse_result(tracker.latest_message),
            slots=dict(tracker.slots),
            events=list(tracker.events),
            form=tracker.active_loop_name,
        )

    @property
    def origin(self) -> Origin:
        """The origin of a request for a person."""
        return Origin(self.conversation_id, self.channel.name, self.language)

    @property
    def medium(self) -> Medium | None:
        """SPOKEN for the ear, None for the eye."""
        return self.channel.medium

    @property
    def intent(self) -> str:
        """The latest message's intent."""
        return str(self.parsed.intent)

    @property
    def about(self) -> str | None:
        """The question within the latest message's intent; None where it has none."""
        if chosen := self.entities(EntityName.PUBLISHED_TOPIC):  # a button
            return question_of_key(chosen[0])
        found = self.parsed.about
        return found.intent if found and "/" in found.intent else None

    @property
    def confidence(self) -> float:
        """The confidence of the latest message's intent, 0 to 1."""
        return self.parsed.confidence

    @property
    def is_doubtful(self) -> bool:
        """Whether the intent is irreversible, and was guessed from unfamiliar words or with low confidence."""
        return self.intent in IRREVERSIBLE and self.parsed.is_doubtful

    @property
    def is_button(self) -> bool:
        """Whether the latest message is the payload of a button that we offered (free text never starts like one)."""
        return self.text.startswith("/")

    @property
    def sources(self) -> list[Sources]:
        """On the phone, the sources of each reply so far, latest last."""
        return sources_said(event.get("metadata") for event in self.events if event.get("event") == "bot")

    @property
    def by_ear(self) -> bool:
        """Whether the latest message was spoken, so that speech recognition may have misheard it."""
        latest = next((event for event in reversed(self.events) if event.get("event") == "user"), {})
        return self.medium is not None and not (latest.get("metadata") or {}).get(KEYED)

    @property
    def text(self) -> str:
        """The latest message's text."""
        return self.parsed.text

    def entities(self, name: EntityName) -> list[str]:
        """The distinct values of an entity in the latest message, in order."""
        return self.parsed.values(name)

    @property
    def questions(self) -> list[Asked]:
        """The questions of a message that asks two; empty for a message with one."""
        return [
            Asked(
                question.intent,
                self.parsed.values(EntityName.PLACE, (question.start, question.end)),
                question.about,
                question_form(self.text[question.start : question.end], self.language),
            )
            for question in self.parsed.questions
        ]

    def slot_text(self, name: str) -> str | None:
        """The text in a slot; None where the slot has no text."""
        value = self.slots.get(name)
        return value if isinstance(value, str) else None

    def slot_list(self, name: str) -> list[str]:
        """The texts in a slot; empty where the slot has no list."""
        value = self.slots.get(name)
        return [str(each) for each in value] if isinstance(value, list) else []

    @property
    def asked(self) -> Asked:
        """The latest message as one question."""
        return Asked(self.intent, self.entities(EntityName.PLACE), self.about, self.asks)

    @property
    def asks(self) -> QuestionForm:
        """How the latest message asks; a button asks openly."""
        return QuestionForm.OPEN if self.is_button else question_form(self.text, self.language)

    def fixed(self, key: str, **values: object) -> Reply:
        """A reply from the catalogue in this turn's language and medium."""
        return fixed(key, self.language, self.medium, **values)


@dataclass
class Outcome:
    """What an action says, and the slots that it sets.

    Attributes:
        pending_question: the question that the outcome asks; None clears it.
        ends_form: whether the action's form ends.
        next_action: an action that Rasa runs next, in the same turn.
    """

    replies: list[Reply]
    slots: Slots | None = None
    pending_question: str | None = None
    ends_form: bool = False
    next_action: str | None = None


def say(dispatcher: CollectingDispatcher, turn: Turn, replies: list[Reply]) -> None:
    """Send replies to Rasa in the form that fits the turn's channel; a caller hears each source once."""
    heard = set() if turn.intent in SAYS_ALL_AGAIN else {name for sources in turn.sources for name in sources}
    for reply in replies:
        dispatcher.utter_message(**utter_message_arguments(fitted(reply, turn.language, turn.channel, heard)))
        heard |= {source.id for source in reply.sources}
