"""Answers from fact records."""

from dataclasses import asdict, replace

from actions.turn import Asked, Outcome, Slots, Turn
from bot.accounts.account_intents import QUESTIONS as ACCOUNT_QUESTIONS
from bot.accounts.given_numbers import contract_numbers
from bot.accounts.signed_in import open_accounts_of
from bot.clock import today
from bot.domain_names import ALARMS, PLACE_TOPICS, EntityName, Form, Intent, Slot
from bot.knowledge.by_person import for_person
from bot.knowledge.follow_ups import aspect_of, meant, topic_of
from bot.knowledge.topics import topics
from bot.privacy import redact
from bot.replies.answer_composer import answer, answer_all
from bot.replies.reply import Reply
from bot.storage.engine import single_statements
from bot.words.persons import persons_in
from bot.words.question_form import QuestionForm, is_negated, state_named

BARE = 2  # words; so short a follow-up says nothing about its subject ("why?", "since when?")


def answered(turn: Turn, asked: Asked, *, afresh: bool = False, confirmed: bool = False) -> Outcome:
    """The answer to a question, with the slots that follow-up questions need.

    Args:
        afresh: whether it is said in full although it was said before (the customer asked to repeat it).
        confirmed: whether the customer doubts the answer, which was given before.
    """
    asked = for_customer(turn, asked)
    again = not afresh and asked.key in turn.slot_list(Slot.SAID)
    reply = answer_now(turn, asked, confirmed=confirmed, again=again)
    return Outcome([reply], slots=remembered(turn, [asked]))


def answered_all(turn: Turn, questions: list[Asked]) -> Outcome:
    """The answers to the questions of one message in one reply; follow-ups continue the last."""
    questions = list({asked.key: asked for asked in (for_customer(turn, asked) for asked in questions)}.values())
    with single_statements() as session:
        several = [(asked.intent, asked.places, asked.about, asked.asks) for asked in questions]
        reply = answer_all(session, several, turn.language, today(), medium=turn.medium)
    return Outcome([reply], slots=remembered(turn, questions))


def remembered(turn: Turn, questions: list[Asked]) -> Slots:
    """The slots after these questions were answered."""
    *others, last = questions
    said = dict.fromkeys((*turn.slot_list(Slot.SAID), *(asked.key for asked in questions)))
    return {
        Slot.TOPIC: last.intent,
        Slot.ABOUT: last.about,
        Slot.PLACES: last.places or None,
        Slot.ALSO: [asdict(asked) for asked in others] or None,
        Slot.SAID: list(said),
        Slot.PERSONS: persons_of(turn) or None,
    }


def persons_of(turn: Turn) -> list[str]:
    """Who the customer is, as far as this message or an earlier one tells; the latest first."""
    told = [] if turn.is_button else persons_in(turn.text)
    return list(dict.fromkeys((*map(str, told), *turn.slot_list(Slot.PERSONS))))


def for_customer(turn: Turn, asked: Asked) -> Asked:
    """The question that is to be answered when this customer asks one: a firm asks whether firms are covered, too."""
    about = for_person(_as_put(turn, asked) or asked.intent, persons_of(turn))
    return replace(asked, intent=topic_of(about), about=about if aspect_of(about) else None)


def _as_put(turn: Turn, asked: Asked) -> str | None:
    """The question, or its opposite where the customer says so: "you will not cut me off?", "open?", "closed?"."""
    topic = topics().get(asked.intent)
    if topic is None or turn.is_button:
        return asked.about
    answered_by = topic.asked(asked.about, QuestionForm.STATED)
    if answered_by.state and (state := state_named(turn.text)) and state != answered_by.state:
        return f"{asked.intent}/{state}"
    negated = answered_by.negated and is_negated(turn.text)
    return f"{asked.intent}/{answered_by.negated}" if negated else asked.about


def answer_now(turn: Turn, asked: Asked, *, confirmed: bool = False, again: bool = False) -> Reply:
    """The answer from the facts that are valid today; `confirmed` and `again` as for `answer`."""
    with single_statements() as session:
        return answer(
            session,
            asked.intent,
            turn.language,
            today(),
            about=asked.about,
            asks=asked.asks,
            confirmed=confirmed,
            again=again,
            places=asked.places,
            medium=turn.medium,
        )


def in_context(turn: Turn) -> list[Asked]:
    """The questions of a message, where those that make sense only after another ("why?") mean one of its topic."""
    topic, last = turn.slot_text(Slot.TOPIC), turn.slot_text(Slot.ABOUT)
    found: list[Asked] = []
    for asked in turn.questions:
        known, before = (found[-1].intent, found[-1].about) if found else (topic, last)
        if asked.intent != Intent.FOLLOW_UP:
            found.append(about_places(asked))
        elif says_which(turn, known) and (question := meant(known, aspect_of(asked.about), before)):
            found.append(Asked(topic_of(question), [], question, asked.asks))
    return list({asked.key: asked for asked in found}.values())


def says_which(turn: Turn, topic: str | None) -> bool:
    """Whether it can be known what a follow-up is about: something was answered, or it is more than "why?"."""
    return topic is not None or len(turn.text.split()) > BARE


def to_the_account(turn: Turn) -> Outcome | None:
    """Starts the account form; None for a message that neither asks about an account nor contains a contract number.

    With an open account, a likely wish to pay by a day, in parts or a sum is for the account as well.
    """
    if _wishes(turn) and has_open_account(turn):
        return Outcome([], slots={Slot.TOPIC: Intent.REQUEST_PAYMENT_EXTENSION}, next_action=Form.ACCOUNT)
    asks = any(asked.intent in ACCOUNT_QUESTIONS for asked in turn.questions)
    # Redaction tells from the words before a number whether it is a contract number or a phone number.
    gives = contract_numbers(turn.text, turn.language) and "[contract]" in redact(turn.text)
    return Outcome([], next_action=Form.ACCOUNT) if asks or gives else None


def says_how(turn: Turn) -> bool:
    """Whether a message names a day, a number of instalments or a sum."""
    return any(turn.entities(name) for name in (EntityName.DATE, EntityName.INSTALMENTS, EntityName.AMOUNT))


def has_open_account(turn: Turn) -> bool:
    """Whether the customer has proven in this conversation whose account it is."""
    return bool(open_accounts_of(turn.conversation_id).contracts)


def _wishes(turn: Turn) -> bool:
    alarmed = turn.slots.get(Slot.TOPIC) in ALARMS or turn.intent in ALARMS
    likeliest = turn.parsed.meanings[0].intent if turn.parsed.meanings else None
    return likeliest == Intent.REQUEST_PAYMENT_EXTENSION and says_how(turn) and not (turn.form or alarmed)


def about_places(asked: Asked) -> Asked:
    """A question with the places that its answer depends on."""
    return asked if asked.intent in PLACE_TOPICS else replace(asked, places=[])
