"""What the announcements' pages have worked out beside them: checks, previews, drafts, conflicts, and publishing.

Each function gets and gives JSON's types, since it runs in a process of its own.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from bot import deadlines
from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.checking import AnnouncementCheck, check
from bot.announcements.contradiction_groups import ContradictionGroup, grouped
from bot.announcements.former_event import by_topic
from bot.announcements.preview_report import preview_report, report_content, undo_report
from bot.announcements.publishing import publish
from bot.clock import today
from bot.console.slow_work import SlowTask
from bot.knowledge.records import KnowledgeError
from bot.settings import LANGUAGES, PROJECT
from bot.staff.permissions import roles_of
from bot.staff.staff_audit import LONGEST_ABOUT, AuditedAct, note_act
from bot.storage.engine import session_scope

Given = Mapping[str, Any]


def document_of(content: Given) -> AnnouncementDocument:
    """A document that was taken apart by `content_of`."""
    return AnnouncementDocument(**content)


def content_of(document: AnnouncementDocument) -> dict[str, Any]:
    """A document as JSON's types."""
    content: dict[str, Any] = json.loads(document.json())
    return content


def _check(given: Given) -> dict[str, Any]:
    with session_scope() as session:
        return checked_content(check(session, document_of(given["document"])))


def checked_content(found: AnnouncementCheck) -> dict[str, Any]:
    """What a check found, as JSON's types."""
    return {
        "problem": found.problem,
        "unchecked": list(found.unchecked),
        "contradictions": [_group(group) for group in grouped(found.contradictions)],
        "silences": [_group(group) for group in grouped(found.silences)],
        "former_days": [
            {"record": one.record, "day": one.day.isoformat(), "text": one.text} for one in found.former_days
        ],
        "swallowed": [
            {"record": one.record, "question": one.question.name, "before": one.before, "after": one.after}
            for one in found.swallowed
        ],
        "former_event": [
            {
                "former": one.former,
                "event": one.event,
                "about": one.topic,
                "asked": list(one.questions),
                "text": one.text,
            }
            for one in by_topic(found.former_event)
        ],
    }


def _group(group: ContradictionGroup) -> dict[str, Any]:
    return {
        "reason": group.reason.name.lower(),
        "record": group.record,
        "sentences": list(group.sentences),
        "answers": [
            {"asked": list(alike.questions), "text": alike.text, "records": list(alike.records)}
            for alike in group.answers
        ],
    }


def _preview(given: Given) -> dict[str, Any]:
    with session_scope() as session:
        return report_content(preview_report(session, document_of(given["document"])))


def _undo_preview(given: Given) -> dict[str, Any]:
    day = date.fromisoformat(given["day"]) if given.get("day") else today()
    with session_scope() as session:
        return report_content(undo_report(session, given["announcement"], day))


def _publish(given: Given) -> dict[str, Any]:
    with session_scope() as session:
        return _published(session, given)


def _published(session: Session, given: Given) -> dict[str, Any]:
    name, is_emergency = given["announcement"], bool(given["emergency"])
    found = publish(session, name, given["who"], emergency=is_emergency, why=given["why"] or None)
    act = AuditedAct.ANNOUNCEMENT_FORCED if is_emergency else AuditedAct.ANNOUNCEMENT_PUBLISHED
    note_act(session, act, given["account"], roles_of(given["roles"]), about=name[:LONGEST_ABOUT])
    return {"state": found.state.value}


def _draft(given: Given) -> dict[str, Any]:
    from bot.observing.logs import quiet

    quiet()  # before TensorFlow is imported
    from bot.console.release_reading import drafted_content

    with session_scope() as session:
        return drafted_content(session, given["text"], given["language"] or None, given["published"] or None)


def _conflicts(given: Given) -> dict[str, Any]:
    """What the command says that looks for them: it needs the model, and most of Rasa, which no page should load."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "announcement.yml"
        file.write_text(yaml.safe_dump(given["document"], allow_unicode=True), encoding="utf-8")
        command = [sys.executable, "-m", "bot.cli", "new-topics", "check", str(file)]
        done = subprocess.run(  # noqa: S603 (our own command)
            command,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=PROJECT,
            timeout=deadlines.SLOW_WORK,
            check=False,
        )
        told = (done.stdout or done.stderr).replace(f"{file}: ", "").strip()
        if done.returncode:
            raise KnowledgeError(told.splitlines()[-1] if told else "The examples could not be compared; try again.")
        return {"lines": told.splitlines(), "language": LANGUAGES[-1]}


TASKS: dict[SlowTask, Callable[[Given], Any]] = {
    SlowTask.CHECK: _check,
    SlowTask.PREVIEW: _preview,
    SlowTask.UNDO_PREVIEW: _undo_preview,
    SlowTask.PUBLISH: _publish,
    SlowTask.DRAFT: _draft,
    SlowTask.CONFLICTS: _conflicts,
}
