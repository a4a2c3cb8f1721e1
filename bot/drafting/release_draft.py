"""From the text of a release to an announcement in which only the texts for customers are still to be written."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument, announcement_of
from bot.announcements.checking import check
from bot.announcements.contradictions import ContradictingAnswer
from bot.announcements.questions import AnswerableQuestion
from bot.drafting.read_release import ReadRelease, read_release
from bot.drafting.record_proposals import RecordProposal, proposals
from bot.drafting.unmentioned_facts import unmentioned
from bot.knowledge.models import Fact
from bot.knowledge.record_parts import TODO
from bot.knowledge.records import KnowledgeError
from bot.settings import LANGUAGES
from bot.words.text import without_diacritics

LONGEST_ID = 50  # characters of an announcement's id, so that its records' ids fit
WRITTEN = "…"  # stands for a text that is still to be written, where the draft is tried out


@dataclass(frozen=True)
class ReleaseDraft:
    """An announcement as it was drafted.

    Attributes:
        content: the document as a mapping; what is to be written begins with TODO.
        unmentioned: facts about the same places or topics that stand in no sentence.
        problem: what is wrong with it besides; None where only the TODOs are left.
    """

    release: ReadRelease
    records: tuple[RecordProposal, ...]
    content: dict[str, Any]
    unmentioned: tuple[Fact, ...]
    problem: str | None


def announcement_id(name: str, published: date) -> str:
    """An id from the name of a release's file and its day."""
    words = re.findall(r"[a-z0-9]+", without_diacritics(name.lower()))
    day = published.isoformat()
    return f"{'-'.join(words).removesuffix(day).strip('-')[:LONGEST_ID].strip('-') or 'release'}-{day}"


def draft(session: Session, text: str, language: str, published: date, name: str) -> ReleaseDraft:
    """Draft an announcement.

    Args:
        name: of the announcement, its id.

    Raises:
        KnowledgeError: there is nothing to announce; each sentence is covered, or there is none.
    """
    release = read_release(session, text, language, published)
    records = proposals(release, name)
    if not records:
        raise KnowledgeError(
            "Each sentence of the release is covered by records in force; there is nothing to announce."
        )
    found = check(session, _tried(_content(release, records, name, [])))
    records = _taking_over(records, found.contradictions)
    found = check(session, _tried(_content(release, records, name, [])))
    keeps = [one.question.name for one in found.contradictions]
    content = _content(release, records, name, keeps)
    document = _tried(content)
    left = found.problem or check(session, document).problem
    return ReleaseDraft(release, tuple(records), content, tuple(unmentioned(release, records, document)), left)


def _taking_over(
    records: Iterable[RecordProposal], contradictions: Iterable[ContradictingAnswer]
) -> list[RecordProposal]:
    """Let the last record of a place take over the answers about it that would go on as before."""
    by_place: dict[str | None, list[AnswerableQuestion]] = {}
    for one in contradictions:
        if one.question.about:
            by_place.setdefault(one.question.place, []).append(one.question)
    found = list(records)
    for place in filter(None, by_place):
        last = max((n for n, one in enumerate(found) if one.place == place), default=None)
        if last is not None:
            names = tuple(dict.fromkeys(str(question.about) for question in by_place[place]))
            found[last] = replace(found[last], answers=names)
    return found


def _content(
    release: ReadRelease, records: Iterable[RecordProposal], name: str, undecided: Iterable[str]
) -> dict[str, Any]:
    content: dict[str, Any] = {
        "id": name,
        "made_public": release.published,
        "source": {
            "id": name,
            "title": _todo("name the release, as answers cite it"),
            "spoken": _todo("name the release in a sentence, as it is said on the phone"),
            "published": release.published,
            "wording": "\n".join(line.rstrip() for line in release.wording.strip().splitlines()) + "\n",
        },
        "records": [_record(one, release.published) for one in records],
    }
    keeps = [f"{TODO}: {one}" for one in undecided]
    return content | ({"keeps": keeps} if keeps else {})


def _record(one: RecordProposal, published: date) -> dict[str, Any]:
    record: dict[str, Any] = {"id": one.id, "key": one.key, "quote": one.quote, "valid_from": one.days.first}
    if one.replaces:
        record["replaces"] = one.replaces
    if one.days.last:
        record["valid_until"] = one.days.last
        record["ended"] = _todo("say that it was so until {ended_on}")
    if one.days.first > published:
        record["coming"] = _todo("say what is so until {begins_on}, and that it changes then")
    record["text"] = _todo("say what the quote says, and nothing else")
    if one.answers:
        record |= {"places": [one.place], "answers": [*one.answers]}
    return record


def _todo(what: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, f"{TODO}: {what}")


def _tried(content: Mapping[str, Any]) -> AnnouncementDocument:
    """The draft as if its texts were written, to see what else is wrong with it."""
    kept = [one.removeprefix(f"{TODO}: ") for one in content.get("keeps", [])]
    filled = {**_filled(content), "keeps": kept}
    return announcement_of(filled, f"announcement '{content['id']}'")


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: one if name == "wording" else _filled(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one) for one in value]
    return WRITTEN if isinstance(value, str) and value.startswith(TODO) else value
