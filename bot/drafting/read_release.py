"""A release read sentence by sentence: what stands in each, which facts quote it, and which it is most like."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.drafting.held_facts import facts_in_force, is_answer
from bot.drafting.nearest_facts import NearestFacts, NearFact
from bot.drafting.quoted_facts import Coverage, Covered, coverage
from bot.drafting.release_findings import Findings, findings_in
from bot.drafting.release_sentences import STATING, LineKind, ReleaseSentence, release_sentences
from bot.knowledge.models import Fact
from bot.knowledge.published_places import PLACE_KEY
from bot.knowledge.records import LONGEST_QUOTE, KnowledgeError
from bot.nlu.language_identifier import script_language
from bot.parse_result import OTHER
from bot.settings import LANGUAGES

LATVIAN_LINES = 4  # every fourth line of a Latvian release has letters that only Latvian has in many of its words
LIKE_A_PLACE = 0.3  # like what is said about a place: below it, a town was named ("vētra Rīgā"), not our place in it


@dataclass(frozen=True)
class ReadSentence:
    """A sentence with what was found.

    Attributes:
        near: facts that are no answers to single questions, the most like first.
        introduced: what stands in the lead-in of an item; else None.
        own_places: ids of the places that it is about.
    """

    sentence: ReleaseSentence
    findings: Findings
    introduced: Findings | None
    coverage: Coverage
    near: tuple[NearFact, ...]
    own_places: tuple[str, ...]

    @property
    def needs_record(self) -> bool:
        """Whether it states something that no record covers wholly."""
        return self.sentence.kind in STATING and self.coverage.state is not Covered.WHOLLY


@dataclass(frozen=True)
class ReadRelease:
    """A whole release.

    Attributes:
        facts: in force on the day of publication.
    """

    wording: str
    language: str
    published: date
    sentences: tuple[ReadSentence, ...]
    facts: tuple[Fact, ...]


def language_of(text: str) -> str:
    """The language of a release: Latvian or English, by the letters of its lines."""
    lines = [line for line in text.splitlines() if line.strip()]
    latvian = sum(script_language(line) == LANGUAGES[0] for line in lines)
    if sum(script_language(line) == OTHER for line in lines) * 2 > len(lines):
        raise KnowledgeError("The release is neither Latvian nor English; give a release in one of the two.")
    return LANGUAGES[0] if latvian and latvian * LATVIAN_LINES >= len(lines) else LANGUAGES[1]


def day_of(text: str, language: str, today: date) -> date | None:
    """The day that stands alone on a line of a release; None where there is no such line."""
    lines = [one for one in release_sentences(text) if one.kind is LineKind.DATE_LINE]
    days = [day.day for line in lines for day in findings_in(line.text, language, today).days]
    return days[0] if days else None


def read_release(session: Session, text: str, language: str, published: date) -> ReadRelease:
    """Read a release beside the facts in force on the day of its publication.

    Raises:
        KnowledgeError: there is nothing to read, or a sentence is too long to be quoted.
    """
    sentences = release_sentences(text)
    if not any(one.kind in STATING for one in sentences):
        raise KnowledgeError("There is no sentence in the release; give the text of a release, as plain text.")
    if longest := next((one for one in sentences if len(one.quote) > LONGEST_QUOTE), None):
        raise KnowledgeError(
            f"Sentence {longest.number} of the release has {len(longest.quote):,} characters; cut it "
            f"into sentences of {LONGEST_QUOTE:,} characters at most."
        )
    facts = facts_in_force(session, published)
    nearest = NearestFacts([fact for fact in facts if not is_answer(fact)], language)
    found = tuple(_read(one, language, published, facts, nearest) for one in sentences)
    return ReadRelease(text, language, published, found, tuple(facts))


def _read(
    sentence: ReleaseSentence, language: str, published: date, facts: list[Fact], nearest: NearestFacts
) -> ReadSentence:
    findings = findings_in(sentence.text, language, published)
    introduced = findings_in(sentence.lead_in, language, published) if sentence.lead_in else None
    near = tuple(nearest.of(sentence.whole))
    return ReadSentence(
        sentence, findings, introduced, coverage(sentence, facts), near, tuple(_own_places(findings, near))
    )


def _own_places(findings: Findings, near: tuple[NearFact, ...]) -> list[str]:
    likeness = {one.fact.key: one.likeness for one in near}
    named = dict.fromkeys(place.id for place in findings.places)
    return [place for place in named if likeness.get(f"{PLACE_KEY}{place}", 0) >= LIKE_A_PLACE]
