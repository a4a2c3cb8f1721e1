"""Keeping the conversation going: asking back, repeating, changing the language, other languages."""

from dataclasses import replace

from actions.conversing import ConversingAction
from actions.customer_action import CustomerAction
from actions.fact_answers import answered, answered_all, to_the_account
from actions.trouble import ActionReportOutage, with_faults_line
from actions.turn import Asked, Outcome, Turn
from bot.accounts.account_intents import QUESTIONS as ACCOUNT_QUESTIONS
from bot.domain_names import ActionName, EntityName, Form, Intent, PendingQuestion, Slot
from bot.knowledge.conveyed import Act
from bot.knowledge.topics import topics
from bot.parse_result import OTHER, InputProblem
from bot.replies.carried import reply_of_event
from bot.replies.catalogue import catalogues
from bot.replies.formats import number_text, plural_text
from bot.replies.language import of_turn
from bot.replies.reply import Reply
from bot.settings import LANGUAGES

# The replies of these actions are computed again, not quoted, when the customer asks to repeat them.
ANSWERING = {ActionName.ANSWER, ActionName.FOLLOW_UP, ActionName.CHANGE_LANGUAGE, Form.ACCOUNT}
OFFERED = 2  # intents that "did you mean" offers
NEVER_OFFERED = {
    Intent.NLU_FALLBACK,
    Intent.OUT_OF_SCOPE,
    Intent.INFORM,
    Intent.GREET,
    Intent.GOODBYE,
    Intent.THANK,
    Intent.AFFIRM,
    Intent.DENY,
    Intent.UNSURE,
    Intent.CANCEL,
    Intent.REPEAT,
}


def likeliest(turn: Turn) -> list[str]:
    """The likeliest intents that a button can lead to."""
    titles = catalogues()[turn.language].titles
    ranked = [guess.intent for guess in turn.parsed.ranking]
    return [intent for intent in ranked if intent in titles and intent not in NEVER_OFFERED][:OFFERED]


class ActionClarify(ConversingAction):
    """First "did you mean", then a person. For a message that cannot be read, the reply says why."""

    def name(self) -> str:
        return ActionName.CLARIFY

    def answer_alone(self, turn: Turn) -> Outcome:
        problem = turn.parsed.problem
        if not problem and (account := to_the_account(turn)):
            return account
        if problem == InputProblem.TOO_LONG:
            count = len(turn.text)
            forms = {
                "count": number_text(count, turn.language),
                "characters": plural_text(count, "characters", turn.language),
            }
            return Outcome([turn.fixed("utter_input_too_long", **forms)])
        if problem:
            return Outcome([turn.fixed(f"utter_input_{problem}")])
        offers = likeliest(turn)
        if turn.slots.get(Slot.PENDING_QUESTION) == PendingQuestion.CLARIFY or len(offers) < OFFERED:
            return ActionOfferPerson().answer(turn)
        texts = catalogues()[turn.language]
        first, second = (texts.titles[intent] for intent in offers)
        reply = turn.fixed("utter_clarify", **({"first": first, "second": second} if turn.medium else {}))
        buttons = (*(texts.button(intent) for intent in offers), texts.button("none_of_these"))
        return Outcome([replace(reply, buttons=buttons)], pending_question=PendingQuestion.CLARIFY)


class ActionOfferPerson(CustomerAction):
    """The second stage: the number 8400, and the offer to record a request for a person."""

    def name(self) -> str:
        return ActionName.OFFER_PERSON

    def answer(self, turn: Turn) -> Outcome:
        return Outcome([turn.fixed("utter_clarify_person")], pending_question=PendingQuestion.PERSON)


class ActionDecline(CustomerAction):
    """The customer declined the offer; the pending question is cleared."""

    def name(self) -> str:
        return ActionName.DECLINE

    def answer(self, turn: Turn) -> Outcome:
        return Outcome([turn.fixed("utter_deny")])


class ActionUnsure(ConversingAction):
    """The customer can say neither yes nor no: nothing is done, and the reply says what would help to know."""

    def name(self) -> str:
        return ActionName.UNSURE

    def answer_alone(self, turn: Turn) -> Outcome:
        if turn.slots.get(Slot.PENDING_QUESTION) == PendingQuestion.OUTAGE:
            return Outcome([with_faults_line(turn, "utter_outage_unsure")], pending_question=PendingQuestion.OUTAGE)
        return Outcome([turn.fixed("utter_unsure")])


def last_said(turn: Turn) -> list[Reply]:
    """What the assistant said in the previous turn, with its buttons; private replies are left out."""
    users = [index for index, event in enumerate(turn.events) if event.get("event") == "user"]
    if len(users) < 2:
        return []
    said = [reply_of_event(event) for event in turn.events[users[-2] : users[-1]] if event.get("event") == "bot"]
    # The tracker has only a placeholder for a private reply.
    return [
        Reply(reply.text, reply.buttons, conveyed=reply.conveyed) for reply in said if reply.text and not reply.private
    ]


def was_about_account(turn: Turn) -> bool:
    """Whether the assistant's last reply was one of the account dialogue, such as a request for the number."""
    return any(reply.conveyed.act is Act.ACCOUNT for reply in last_said(turn))


def answer_again(turn: Turn) -> Outcome | None:
    """The last topic's answer, from today's facts and in the current language."""
    topic, also = turn.slot_text(Slot.TOPIC), turn.slots.get(Slot.ALSO)
    if topic in ACCOUNT_QUESTIONS:
        return Outcome([], next_action=Form.ACCOUNT)
    if topic == Intent.REPORT_OUTAGE:
        return ActionReportOutage().answer(turn)
    if topic not in topics():
        return None
    last = Asked(topic, turn.slot_list(Slot.PLACES), turn.slot_text(Slot.ABOUT))
    if also and isinstance(also, list):
        return answered_all(turn, [*(Asked(**one) for one in also), last])
    return answered(turn, last, afresh=True)


def _repeated(reply: Reply) -> Reply:
    """A reply as one that repeats; danger stays danger."""
    if reply.conveyed.act in (None, Act.DANGER, Act.DESPAIR):
        return reply
    return replace(reply, conveyed=replace(reply.conveyed, act=Act.REPEAT))


class ActionRepeat(CustomerAction):
    """Says the last thing again; its pending question stays open. A form asks its own question again."""

    def name(self) -> str:
        return ActionName.REPEAT

    def answer(self, turn: Turn) -> Outcome:
        said = last_said(turn)
        if turn.form:
            return Outcome(said[:-1])
        again = answer_again(turn) if self._last_action(turn) in ANSWERING else None
        if again:
            return replace(again, replies=[_repeated(reply) for reply in again.replies])
        if not said:
            return Outcome([turn.fixed("utter_nothing_to_repeat")])
        return Outcome([_repeated(one) for one in said], pending_question=turn.slot_text(Slot.PENDING_QUESTION))

    def _last_action(self, turn: Turn) -> str | None:
        """The action that gave the last reply."""
        passed_over = {"action_listen", "action_extract_slots", self.name()}
        names = (event.get("name") for event in reversed(turn.events) if event.get("event") == "action")
        return next((str(name) for name in names if name not in passed_over), None)


class ActionChangeLanguage(CustomerAction):
    """Goes on in the language asked for, and gives the last answer again in it."""

    def name(self) -> str:
        return ActionName.CHANGE_LANGUAGE

    def answer(self, turn: Turn) -> Outcome:
        asked = turn.entities(EntityName.LANGUAGE)
        code, _ = of_turn(turn.parsed)
        if code == OTHER or (asked and not set(asked) & set(LANGUAGES)):
            return Outcome([turn.fixed("utter_other_language")], pending_question=turn.slot_text(Slot.PENDING_QUESTION))
        changed = turn.fixed("utter_language_changed")
        again = answer_again(turn)
        if again is None:
            return Outcome([changed])
        return replace(again, replies=[changed, *again.replies])


class ActionOutOfScope(ConversingAction):
    """Questions that are out of scope, and languages that the assistant does not speak."""

    def name(self) -> str:
        return ActionName.OUT_OF_SCOPE

    def answer_alone(self, turn: Turn) -> Outcome:
        code, decided = of_turn(turn.parsed)
        other = code == OTHER and decided
        if not other and (account := to_the_account(turn)):
            return account
        return Outcome([turn.fixed("utter_other_language" if other else "utter_out_of_scope")])
