"""The own text of a source, in which quotes are looked up."""

from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.models import AnnouncementStep
from bot.knowledge.records import KNOWLEDGE, knowledge_files, read_file


def wording_of(session: Session, source_id: str, document: AnnouncementDocument) -> str | None:
    """The wording of a source: of the announcement itself, of an earlier one, or of data/knowledge; None if unknown."""
    own = {source.id: source.wording for source in document.new_sources}
    if source_id in own:
        return own[source_id]
    return wording_of_id(session, source_id)


def wording_of_id(session: Session, source_id: str) -> str | None:
    """The wording of a source that is there already; None if unknown."""
    return _shipped().get(source_id) or _announced(session, source_id)


@lru_cache(maxsize=1)
def _shipped() -> dict[str, str]:
    sources = [source for path in knowledge_files() for source in read_file(path).sources]
    return {
        source.id: (KNOWLEDGE / source.text).read_text(encoding="utf-8")
        for source in sources
        if source.text is not None
    }


def _announced(session: Session, source_id: str) -> str | None:
    query = select(AnnouncementStep.content).where(AnnouncementStep.content.isnot(None))
    for content in session.execute(query.order_by(AnnouncementStep.number.desc())).scalars():
        source = (content or {}).get("source")
        if isinstance(source, dict) and source.get("id") == source_id:
            return source.get("wording")
    return None
