"""Storing how customers ask about a record that is published."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.knowledge.models import TopicQuestions
from bot.knowledge.records import FactRecord


def keep_questions(session: Session, record: FactRecord) -> None:
    """Store the questions that a record is published with; those of an earlier record of its key give way."""
    if record.questions and record.title:
        questions = {language: list(asked) for language, asked in record.questions.items()}
        row = TopicQuestions(
            key=record.key, titles=dict(record.title), questions=questions, changed_at=datetime.now(UTC)
        )
        session.merge(row)
        session.flush()
