"""The answers that a record takes over: `answers` and `places` of a record, as keys of answers.

"The centre in Riga opens on 18 May" answers many questions that have answers of their own ("when?", "on Monday?",
"is it open?"). Without being taken over, those would go on saying that no date has been announced.
"""

from collections.abc import Collection, Iterator

from bot.knowledge.published_places import answer_at
from bot.knowledge.records import FactRecord, KnowledgeError, TakenAnswer
from bot.knowledge.similar_names import did_you_mean
from bot.knowledge.topics import Topic, topics

Covers = dict[str, dict[str, str]]  # by key of an answer: {"coming": opening, "then": opening}


def covers_of(record: FactRecord, published: Collection[str] = ()) -> Covers:
    """The keys that a record takes over, with how they then begin; a question that is named goes before its topic.

    Args:
        published: ids of the places that announcements brought.

    Raises:
        KnowledgeError: there is no such question or place.
    """
    found: Covers = {}
    for taken in sorted(record.answers, key=lambda one: "/" in one.question):
        for answer in _answers(record, taken, published):
            openings = {"coming": taken.coming.value, "then": taken.then.value}
            found |= dict.fromkeys(keys_of(answer), openings)
    return found


def keys_of(answer: Topic) -> Iterator[str]:
    """The keys of an answer in all its forms: its own, the repeated one, and the one for yes or no."""
    yield answer.lead
    if answer.again:
        yield answer.again
    if answer.whether is not None:
        yield answer.whether.lead


def _answers(record: FactRecord, taken: TakenAnswer, published: Collection[str]) -> Iterator[Topic]:
    intent, _, aspect = taken.question.partition("/")
    topic = topics().get(intent)
    if topic is None or (aspect and aspect not in topic.aspects):
        known = {name for one in topics() for name in (one, *(f"{one}/{aspect}" for aspect in topics()[one].aspects))}
        meant = did_you_mean(taken.question, known)
        raise KnowledgeError(
            f"there is no question '{taken.question}'{meant}; 'bot announcement questions' lists them all."
        )
    for name in [aspect] if aspect else topic.aspects:
        yield from _at_places(record, topic.aspects[name], f"{intent}/{name}", published, named=bool(aspect))


def _at_places(
    record: FactRecord, answer: Topic, question: str, published: Collection[str], *, named: bool
) -> Iterator[Topic]:
    if not record.places:
        yield answer
    for place in record.places:
        if place in answer.places or (answer.places and place in published):
            yield answer_at(answer, place, published)
        elif named:
            raise KnowledgeError(
                f"{question} has no answer of its own for the place '{place}'; leave it out, or name it in a record "
                "without 'places'."
            )
