"""The draft of an announcement from a pasted release, as the console shows it. Its imports are heavy: not for pages."""

import json
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import parse_moment, today
from bot.drafting.read_release import ReadSentence, day_of, language_of
from bot.drafting.release_draft import ReleaseDraft, announcement_id, draft
from bot.drafting.release_file import draft_text, found_in
from bot.replies.dated_facts import written_out
from bot.settings import LANGUAGES

RELEASE = "release"  # begins the id of an announcement from a pasted text, which has no name of its own


def drafted_content(session: Session, text: str, language: str | None, published: str | None) -> dict[str, Any]:
    """A draft as JSON's types: the document, as a file too, and what was found in each sentence.

    Args:
        language: found out where it is None; published: the day that stands in the text, or today.

    Raises:
        KnowledgeError: nothing can be drafted.
    """
    written = language or language_of(text)
    day = parse_moment(published).date() if published else day_of(text, written, today()) or today()
    drafted = draft(session, text, written, day, announcement_id(RELEASE, day))
    return {
        "document": json.loads(json.dumps(drafted.content, default=str)),
        "file": draft_text(drafted),
        "sentences": [_sentence(read, drafted) for read in drafted.release.sentences],
        "unmentioned": [
            {"record": fact.id, "text": (written_out(fact.texts, fact.valid_from) or {})[LANGUAGES[-1]]}
            for fact in drafted.unmentioned
        ],
        "problem": drafted.problem,
    }


def _sentence(read: ReadSentence, drafted: ReleaseDraft) -> dict[str, Any]:
    number = read.sentence.number
    return {
        "number": number,
        "text": " ".join(read.sentence.text.split()),
        "found": found_in(read),
        "covered_by": list(read.coverage.facts),
        "records": [one.id for one in drafted.records if number in one.sentences],
    }
