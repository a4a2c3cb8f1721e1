"""Keeping the conversation going: asking back, repeating, changing the language, other languages."""

from dataclasses import replace
from typing import Any

from actions.answers import (
    ACCOUNT_FORM,
    ALSO,
    PLACES,
    TOPIC,
    answered,
    answered_both,
    to_the_account,
)
from actions.trouble import ActionReportOutage
from actions.turn import PENDING, Asked, CustomerAction, Outcome, Turn
from bot.accounts.dialogue import QUESTIONS as ACCOUNT_QUESTIONS
from bot.knowledge.topics import topics
from bot.nlu.signals import OTHER, PROBLEM
from bot.replies.catalogue import Button, catalogues
from bot.replies.formats import number_text, plural_text
from bot.replies.language import of_turn
from bot.replies.reply import PRIVATE, Reply
from bot.settings import LANGUAGES

CLARIFY, PERSON = "clarify", "person"
# What these said is worked out anew when it is asked for again.
ANSWERING = {"action_answer", "action_follow_up", "action_change_language", ACCOUNT_FORM}
OFFERED = 2  # "did you mean" names so many intents
NEVER_OFFERED = {
    "nlu_fallback",
    "out_of_scope",
    "inform",
    "greet",
    "goodbye",
    "thank",
    "affirm",
    "deny",
    "cancel",
    "repeat",
}


def likeliest(turn: Turn) -> list[str]:
    """The likeliest intents that a button can lead to."""
    titles = catalogues()[turn.language].titles
    ranked = [str(item.get("name")) for item in turn.parsed.get("intent_ranking") or []]
    return [intent for intent in ranked if intent in titles and intent not in NEVER_OFFERED][:OFFERED]


class ActionClarify(CustomerAction):
    """First "did you mean", then a person. Messages that cannot be read get told why."""

    def name(self) -> str:
        return "action_clarify"

    def answer(self, turn: Turn) -> Outcome:
        problem = turn.parsed.get(PROBLEM)
        if not problem and (account := to_the_account(turn)):
            return account
        if problem == "too_long":
            count = len(turn.text)
            forms = {
                "count": number_text(count, turn.language),
                "characters": plural_text(count, "characters", turn.language),
            }
            return Outcome([turn.fixed("utter_input_too_long", **forms)])
        if problem:
            return Outcome([turn.fixed(f"utter_input_{problem}")])
        offers = likeliest(turn)
        if turn.slots.get(PENDING) == CLARIFY or len(offers) < OFFERED:
            return ActionOfferPerson().answer(turn)
        texts = catalogues()[turn.language]
        first, second = (texts.titles[intent] for intent in offers)
        reply = turn.fixed("utter_clarify", **({"first": first, "second": second} if turn.medium else {}))
        buttons = (*(texts.button(intent) for intent in offers), texts.button("deny", "none_of_these"))
        return Outcome([Reply(reply.text, buttons)], pending_question=CLARIFY)


class ActionOfferPerson(CustomerAction):
    """The second stage: 8400, and the offer to note that a person is wanted."""

    def name(self) -> str:
        return "action_offer_person"

    def answer(self, turn: Turn) -> Outcome:
        return Outcome([turn.fixed("utter_clarify_person")], pending_question=PERSON)


class ActionDecline(CustomerAction):
    """The customer declined what was offered; the question is closed."""

    def name(self) -> str:
        return "action_decline"

    def answer(self, turn: Turn) -> Outcome:
        return Outcome([turn.fixed("utter_deny")])


def last_said(turn: Turn) -> list[Reply]:
    """What the assistant said in the turn before this one, with its buttons; nothing of what was private."""
    users = [index for index, event in enumerate(turn.events) if event.get("event") == "user"]
    if len(users) < 2:
        return []
    said = [event for event in turn.events[users[-2] : users[-1]] if event.get("event") == "bot"]
    # Of what was private only a placeholder is left.
    return [_reply(event) for event in said if event.get("text") and not (event.get("metadata") or {}).get(PRIVATE)]


def _reply(event: dict[str, Any]) -> Reply:
    buttons = (event.get("data") or {}).get("buttons") or []
    return Reply(event["text"], tuple(Button(button["title"], button["payload"]) for button in buttons))


def answer_again(turn: Turn) -> Outcome | None:
    """The last topic's answer as it stands now, in the language of now."""
    topic, also = turn.slots.get(TOPIC), turn.slots.get(ALSO)
    if topic in ACCOUNT_QUESTIONS:
        return Outcome([], next_action=ACCOUNT_FORM)
    if topic == "report_outage":
        return ActionReportOutage().answer(turn)
    if also and topic in topics():
        return answered_both(turn, Asked(**also), Asked(str(topic), list(turn.slots.get(PLACES) or [])))
    return answered(turn, topic, list(turn.slots.get(PLACES) or [])) if topic in topics() else None


class ActionRepeat(CustomerAction):
    """Says the last thing again; its pending question stays open. A form asks its own question again."""

    def name(self) -> str:
        return "action_repeat"

    def answer(self, turn: Turn) -> Outcome:
        said = last_said(turn)
        if turn.form:
            return Outcome(said[:-1])
        again = answer_again(turn) if self._last_action(turn) in ANSWERING else None
        if again or not said:
            return again or Outcome([turn.fixed("utter_nothing_to_repeat")])
        return Outcome(said, pending_question=turn.slots.get(PENDING))

    def _last_action(self, turn: Turn) -> str | None:
        """The action that said the last thing."""
        passed_over = {"action_listen", "action_extract_slots", self.name()}
        names = (event.get("name") for event in reversed(turn.events) if event.get("event") == "action")
        return next((str(name) for name in names if name not in passed_over), None)


class ActionChangeLanguage(CustomerAction):
    """Goes on in the language asked for, and gives the last answer again in it."""

    def name(self) -> str:
        return "action_change_language"

    def answer(self, turn: Turn) -> Outcome:
        asked = turn.entities("language")
        code, _ = of_turn(turn.parsed)
        if code == OTHER or (asked and not set(asked) & set(LANGUAGES)):
            return Outcome([turn.fixed("utter_other_language")], pending_question=turn.slots.get(PENDING))
        changed = turn.fixed("utter_language_changed")
        again = answer_again(turn)
        if again is None:
            return Outcome([changed])
        return replace(again, replies=[changed, *again.replies])


class ActionOutOfScope(CustomerAction):
    """What the assistant does not know, and languages that it does not speak."""

    def name(self) -> str:
        return "action_out_of_scope"

    def answer(self, turn: Turn) -> Outcome:
        code, decided = of_turn(turn.parsed)
        other = code == OTHER and decided
        if not other and (account := to_the_account(turn)):
            return account
        return Outcome([turn.fixed("utter_other_language" if other else "utter_out_of_scope")])
