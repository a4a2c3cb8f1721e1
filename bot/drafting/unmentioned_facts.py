"""What stands in no sentence of a release: facts in force about the same place or topic that it does not mention."""

from collections.abc import Iterable

from bot.announcements.announcement_document import AnnouncementDocument
from bot.drafting.held_facts import BETWEEN_PARTS, is_about, is_answer
from bot.drafting.read_release import ReadRelease
from bot.drafting.record_proposals import RecordProposal
from bot.knowledge.covered_answers import covers_of
from bot.knowledge.models import Fact
from bot.knowledge.topics import topics


def unmentioned(release: ReadRelease, proposed: Iterable[RecordProposal], document: AnnouncementDocument) -> list[Fact]:
    """The facts that go on being said as before beside what the release changes.

    Args:
        document: the draft, with the answers that its records take over.
    """
    proposed = list(proposed)
    places = {place for read in release.sentences for place in read.own_places}
    leads = {one.key for one in proposed if one.replaces}
    intents = {intent for intent, topic in topics().items() if topic.lead in leads}
    taken = {key for record in document.records for key in covers_of(record)}
    quoted = {name for read in release.sentences for name in read.coverage.facts}
    gone = {one.replaces for one in proposed} | quoted
    touched = [fact for fact in release.facts if _is_touched(fact, places, intents)]
    return [fact for fact in touched if fact.id not in gone and fact.key not in taken]


def _is_touched(fact: Fact, places: set[str], intents: set[str]) -> bool:
    topic = fact.key.partition(BETWEEN_PARTS)[0]
    return any(is_about(fact, place) for place in places) or (is_answer(fact) and topic in intents)
