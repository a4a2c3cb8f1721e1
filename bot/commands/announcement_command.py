"""`bot announcement`: from a release to answers: draft, propose, check, preview, approve, publish, undo."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument, read_announcement
from bot.announcements.announcement_steps import (
    AWAITED,
    IN_FORCE,
    log_of,
    overview,
    overviews,
)
from bot.announcements.checking import check
from bot.announcements.preview_report import Wanted, preview_report, report_content
from bot.announcements.publishing import approve, propose, propose_undo, publish, take_undo_back, undo
from bot.announcements.questions import all_questions
from bot.clock import parse_moment, today
from bot.commands.announced import remind, show_log
from bot.commands.checked import show_contradictions, show_former_days, show_notices
from bot.commands.console import key_column, operator_name, out, plain_errors, report, show_table
from bot.commands.previewed import show_preview
from bot.knowledge.published_places import all_published
from bot.knowledge.records import KnowledgeError
from bot.knowledge.remembered import facts_now
from bot.observing.logs import quiet
from bot.settings import LANGUAGES
from bot.storage.engine import session_scope

app = typer.Typer(
    help="Announcements: draft, propose, check, preview, approve, publish, undo, and their log.", no_args_is_help=True
)
ID = typer.Argument(help="Id of the announcement.", metavar="ID")
FILE = typer.Argument(help="A YAML file (docs/knowledge.md).")
ANY = typer.Argument(help="A file, or the id of an announcement.", metavar="FILE_OR_ID")
BY = typer.Option(None, "--by", help="Who does it; the login name when left out.")
WHY = typer.Option(None, "--why", help="Why, for the log.")
LANGUAGE = typer.Option(None, "--language", help="Only lv, or only en.")
RELEASE = typer.Argument(help="The text of a release, in UTF-8.", metavar="RELEASE")
TO = typer.Option(None, "--out", metavar="FILE", help="The announcement's file; ID.yml when left out.")
AS_JSON = typer.Option(False, "--json", help="JSON instead of text.")


@app.command("new")
def new(file: Path = FILE, by: str = BY, why: str = WHY) -> None:
    """Propose an announcement; nothing changes until it is approved and published."""
    with plain_errors():
        document = read_announcement(file)
        with session_scope() as session:
            propose(session, document, operator_name(by), why)
            found = check(session, document)
        out.print(f"Proposed: {document.id}")
        show_former_days(found.former_days)
        if found.contradictions:
            report(f"{len(found.contradictions)} answers would contradict it: bot announcement check {document.id}")


@app.command("draft")
def draft_it(
    file: Path = RELEASE,
    language: str = typer.Option(None, "--language", help="lv or en; found out when left out."),
    published: str = typer.Option(
        None, "--published", metavar="DATE", help="The day of the release; the day on a line of its own, or today."
    ),
    to: Path = TO,
) -> None:
    """Draft an announcement from a release; its texts for customers are left to be written."""
    with plain_errors():
        _one_language(language)
        with session_scope() as session:
            facts_now(
                session
            )  # first: what is imported now takes seconds, and a database without tables is told at once
        quiet()  # before TensorFlow is imported
        from bot.commands.drafted import show_draft
        from bot.drafting.read_release import day_of, language_of
        from bot.drafting.release_draft import announcement_id, draft
        from bot.drafting.release_file import read_release_file, write_draft

        text = read_release_file(file)
        written = language or language_of(text)
        day = parse_moment(published).date() if published else day_of(text, written, today()) or today()
        name = announcement_id(file.stem, day)
        with session_scope() as session:
            drafted = draft(session, text, written, day, name)
            path = to or Path(f"{name}.yml")
            write_draft(drafted, path)
            show_draft(drafted)
        out.print(f"Drafted: {path}, of {day.isoformat()}; what begins with TODO is to be written.", soft_wrap=True)


def _one_language(language: str | None) -> None:
    if language and language not in LANGUAGES:
        raise KnowledgeError(f"--language {language}: give one of {', '.join(LANGUAGES)}.")


@app.command("check")
def check_it(what: str = ANY) -> None:
    """Say what is wrong, and which answers would go on saying the opposite."""
    with plain_errors(), session_scope() as session:
        document = _document(session, what)
        found = check(session, document)
        if found.problem:
            raise KnowledgeError(found.problem)
        for source in found.unchecked:
            report(f"The source '{source}' has no 'wording': no quote from it was looked up.")
        show_notices(found)
        if not found.contradictions:
            out.print(f"All is well: {document.id} can be published.")
            return
        show_contradictions(found)
        raise KnowledgeError(
            f"{len(found.contradictions)} answers would contradict; add each to 'answers' of a record, to 'keeps' "
            "where it stays true, or to 'rows' of the new record the rows of the old one that still stand."
        )


@app.command("preview")
def preview_it(
    what: str = ANY,
    language: str = LANGUAGE,
    day: str = typer.Option(None, "--day", metavar="DATE", help="Only this day."),
    question: str = typer.Option(None, "--question", help="Only questions with this in their name."),
    channel: str = typer.Option(None, "--channel", help="Only web, only messenger, or only spoken."),
    as_json: bool = AS_JSON,
) -> None:
    """Show what would differ: old beside new, on the website, in Messenger and as spoken; equal entries once."""
    with plain_errors():
        wanted = Wanted(parse_moment(day).date() if day else None, question, channel, language)
        with session_scope() as session:
            found = preview_report(session, _document(session, what), wanted)
        if as_json:
            out.print_json(json.dumps(report_content(found)))
        else:
            show_preview(found)


@app.command("approve")
def approve_it(announcement: str = ID, by: str = BY) -> None:
    """Approve an announcement that somebody else proposed, also one published, or undone, in an emergency."""
    with plain_errors():
        who = operator_name(by)
        with session_scope() as session:
            found = approve(session, announcement, who)
        out.print(f"Approved: {found.id}, by {escape(found.steps[-1].who)}; it is {found.state.value}.")


@app.command("publish")
def publish_it(
    announcement: str = ID,
    by: str = BY,
    emergency: bool = typer.Option(False, "--emergency", help="Publish before anybody approved it; needs --why."),
    why: str = WHY,
) -> None:
    """Publish an approved announcement: all of it, from the next message on, in all running processes."""
    with plain_errors():
        with session_scope() as session:
            found = publish(session, announcement, operator_name(by), emergency=emergency, why=why)
        out.print(f"Published: {found.id}")
        remind(found)


@app.command("undo")
def undo_it(
    announcement: str = ID,
    by: str = BY,
    why: str = WHY,
    day: str = typer.Option(None, "--day", metavar="DATE", help="First day on which it is undone; today if left out."),
    emergency: bool = typer.Option(False, "--emergency", help="Undo it alone, at once; needs --why."),
    back: bool = typer.Option(False, "--take-back", help="Take back that somebody proposed to undo it."),
) -> None:
    """Take a published announcement back: one person proposes it, a second one does it, with the same command."""
    with plain_errors():
        first = parse_moment(day).date() if day else None
        who = operator_name(by)
        if back:
            if emergency or first:
                raise KnowledgeError("--take-back goes with neither --emergency nor --day; leave those out.")
            with session_scope() as session:
                take_undo_back(session, announcement, who, why)
            out.print(f"Taken back: that {announcement} is undone; it stays published.")
            return
        with session_scope() as session:
            known = overview(session, announcement)
            proposes = not (emergency or known.undo_proposed_by)
            if known.undo_proposed_by and first not in (None, known.undo_from):
                since = f"from {known.undo_from} on" if known.undo_from else "from the day on which it is done"
                raise KnowledgeError(f"To undo it is proposed {since}; leave --day out.")
            if proposes:
                propose_undo(session, announcement, who, first, why)
            else:
                found = undo(session, announcement, who, first or today(), why, emergency=emergency)
        if proposes:
            out.print(f"Proposed: to undo {announcement}")
            report(f"A second person does it: bot announcement undo {announcement}")
        else:
            out.print(f"Undone: {announcement}")
            remind(found)


@app.command("log")
def log(announcement: str = typer.Argument(None, help="Id; all announcements when left out.")) -> None:
    """Show who did what when, oldest first, and which approvals are still awaited."""
    with plain_errors():
        with session_scope() as session:
            steps = [*overview(session, announcement).steps] if announcement else log_of(session)
            pending = [found.id for found in overviews(session) if found.state in AWAITED]
            proposed = [found.id for found in overviews(session) if found.undo_proposed_by and found.state in IN_FORCE]
        show_log(steps)
        for each in pending:
            report(f"Approval pending: {each}")
        for each in proposed:
            report(f"To undo it is proposed: {each}")


@app.command("list")
def list_them() -> None:
    """List all announcements and how they stand."""
    with plain_errors():
        table = Table(key_column("id"), "state", key_column("made public"), "proposed by", "approved by")
        with session_scope() as session:
            for found in overviews(session):
                public = found.document.made_public
                cells = (found.author, found.approved_by or "–")
                table.add_row(found.id, found.state.value, public.isoformat() if public else "–", *map(escape, cells))
        show_table(table)


@app.command("show")
def show(announcement: str = ID) -> None:
    """Show an announcement as it was proposed last, as JSON, with its state and steps."""
    with plain_errors():
        with session_scope() as session:
            found = overview(session, announcement)
        document: dict[str, Any] = json.loads(found.document.json(exclude_none=True))
        steps = [asdict(step) for step in found.steps]
        out.print_json(json.dumps({"state": found.state, "announcement": document, "steps": steps}, default=str))


@app.command()
def questions(part: str = typer.Argument("", help="Only those with this in their name.")) -> None:
    """List all questions that have an answer, as `answers` and `keeps` name them; @ marks a place."""
    with plain_errors(), session_scope() as session:
        found = list(all_questions(all_published(session)))
    for question in found:
        if part in question.name:
            out.print(question.name)


def _document(session: Session, what: str) -> AnnouncementDocument:
    if what.endswith((".yml", ".yaml")) or Path(what).is_file():
        return read_announcement(Path(what))
    return overview(session, what).document
