"""Writing an announcement: as a form, or as the document itself; checked while it is written, then proposed."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from bot.announcements.announcement_document import LONGEST_WORDING, AnnouncementDocument, DocumentProblem
from bot.announcements.announcement_steps import overview
from bot.announcements.problems_at_once import problems_at_once
from bot.announcements.publishing import propose
from bot.clock import today
from bot.console.announcement_form import (
    DECIDED,
    MOST_BLOCKS,
    FormBegin,
    begun,
    blocks,
    content_of_form,
    document_text,
    empty_block,
    fields_of,
)
from bot.console.announcement_tasks import content_of
from bot.console.announcement_visits import slow_work, worked_out
from bot.console.announcements_page import PATH
from bot.console.console_routes import ConsoleRoute
from bot.console.console_visit import Anew, Refusal, Visit
from bot.console.form_problems import LETTERS, beside_fields, is_beside
from bot.console.slow_work import SlowTask, WorkOutcome
from bot.data_files import DataFileError, yaml_of
from bot.knowledge.emergency_events import all_events
from bot.knowledge.records import KnowledgeError
from bot.knowledge.remembered import facts_now
from bot.settings import LANGUAGES
from bot.staff.permissions import StaffAct
from bot.staff.staff_audit import LONGEST_ABOUT, AuditedAct

NEW = f"{PATH}/new"
NOT_READY, REFUSED = 202, 422
MOST_BYTES, MOST_FIELDS = 4 * 1024 * 1024, 1500  # of a form with a release's whole text and many records
DOCUMENT = "document"  # the field of the document itself, and the way to write it


def show(visit: Visit) -> Response:
    """A form that is empty or about something (`FormBegin`), or one with an announcement that is there (`from`)."""
    given = {one: visit.parameter(one) for one in FormBegin}
    content: dict[str, Any] = {"made_public": today().isoformat(), "records": [begun(given, visit.language)]}
    if name := visit.parameter("from"):
        try:
            content = content_of(overview(visit.session, name).document)
        except KnowledgeError as error:
            raise Refusal(404, "no_announcement") from error
    return _form(visit, fields_of(content))


def show_as_form(visit: Visit) -> Response:
    """The form anew: with one more record or place, without one, or from the document."""
    try:
        fields = _fields(visit)
    except KnowledgeError as error:
        return _document_page(visit, visit.form.get(DOCUMENT, ""), problem=str(error))
    for name, letter in LETTERS.items():
        numbers = blocks(fields, letter)
        if visit.form.get("add") == name and len(numbers) < MOST_BLOCKS:
            fields |= empty_block(letter, max(numbers, default=-1) + 1)
    gone = visit.form.get("remove", "")
    fields = {key: text for key, text in fields.items() if not (gone and key.startswith(f"{gone}-"))}
    return _form(visit, fields)


def show_as_document(visit: Visit) -> Response:
    """The document itself."""
    try:
        return _document_page(visit, document_text(_content(visit)))
    except KnowledgeError as error:
        return _form(visit, dict(visit.form), problems=(DocumentProblem((), str(error)),), status=REFUSED)


def check_it(visit: Visit) -> Response:
    """What is wrong: at once for a script that asks while it is written, else with all that the check finds."""
    try:
        content = _content(visit)
    except KnowledgeError as error:
        return _found_wrong(visit, (DocumentProblem((), str(error)),))
    document, problems = problems_at_once(visit.session, content, str(content.get("id", "")))
    if document is None or problems or (visit.is_fetched and visit.form.get("full") != "1"):
        return _found_wrong(visit, problems)
    found = _looked_at(visit, document)
    if visit.is_fetched:
        return visit.page("_found.html", NOT_READY if found["is_working"] else 200, **found)
    if DOCUMENT in visit.form:
        return _document_page(visit, visit.form[DOCUMENT], **found)
    return _form(visit, fields_of(content), **found)


def _looked_at(visit: Visit, document: AnnouncementDocument) -> dict[str, Any]:
    """What the check finds, and what the examples of its topics would take from others."""
    content = content_of(document)
    _, checked = worked_out(visit, SlowTask.CHECK, {"document": content})
    asked = [record for record in document.records if record.questions]
    conflicts = worked_out(visit, SlowTask.CONFLICTS, {"document": content})[1] if asked else WorkOutcome(result=None)
    return {
        "is_working": checked is None or conflicts is None,
        "found": checked.result if checked else None,
        "conflicts": conflicts.result if conflicts else None,
        "conflicts_problem": conflicts.problem if conflicts else None,
        "decided": visit.form.get(DECIDED, "").split(),
        "record_ids": [record.id for record in document.records],
    }


def _found_wrong(visit: Visit, problems: tuple[DocumentProblem, ...]) -> Response:
    if visit.is_fetched:
        return visit.as_json({"problems": beside_fields(problems)})
    if DOCUMENT in visit.form:
        return _document_page(visit, visit.form[DOCUMENT], problems=problems, status=REFUSED)
    return _form(visit, _typed(visit), problems=problems, status=REFUSED)


def propose_it(visit: Visit) -> Response:
    """Propose it; what cannot be published is shown beside what was typed, and nothing is kept of it."""
    try:
        content = _content(visit)
    except KnowledgeError as error:
        return _found_wrong(visit, (DocumentProblem((), str(error)),))
    document, problems = problems_at_once(visit.session, content, str(content.get("id", "")))
    if document is None or problems:
        return _found_wrong(visit, problems)
    try:
        propose(visit.session, document, visit.person.login)
    except KnowledgeError as error:
        problem = _of_record(str(error), document)
        raise Anew(lambda anew: _found_wrong(anew, (problem,))) from error
    visit.audit(AuditedAct.ANNOUNCEMENT_PROPOSED, document.id[:LONGEST_ABOUT])
    return visit.done(f"{PATH}/{document.id}")


def _of_record(problem: str, document: AnnouncementDocument) -> DocumentProblem:
    """A problem with the record that it names."""
    named = (number for number, record in enumerate(document.records) if f"record '{record.id}'" in problem)
    number = next(named, None)
    return DocumentProblem(() if number is None else ("records", number), problem)


def begin_draft(visit: Visit) -> Response:
    """Begin to draft an announcement from a release that was pasted."""
    text = visit.form.get("release", "").replace("\r\n", "\n")
    if not text.strip():
        raise Refusal(400, "no_text")
    if len(text) > LONGEST_WORDING:
        raise Refusal(413, "too_long")
    language = visit.form.get("lang", "")
    given = {
        "text": text,
        "language": language if language in LANGUAGES else "",
        "published": visit.form.get("published", "").strip(),
    }
    key, _ = worked_out(visit, SlowTask.DRAFT, given)
    return visit.done(f"{NEW}/draft?work={key}")


def show_draft(visit: Visit) -> Response:
    """The form with the draft, as soon as it is there."""
    key = visit.parameter("work")
    outcome = slow_work(visit).outcome(key)
    if outcome is None and not slow_work(visit).is_known(key):
        raise Refusal(404, "no_draft")
    if outcome is not None and outcome.has_failed:
        raise Refusal(503, "work_failed")
    if outcome is None or outcome.problem:
        status = NOT_READY if outcome is None else REFUSED
        return visit.page("announcement_draft.html", status, problem=outcome.problem if outcome else None)
    return _form(visit, fields_of(outcome.result[DOCUMENT]), draft=outcome.result)


def _content(visit: Visit) -> dict[str, Any]:
    """The document's mapping that was sent: of the form, or of the document itself.

    Raises:
        KnowledgeError: it cannot be read.
    """
    if DOCUMENT not in visit.form:
        return content_of_form(visit.form)
    try:
        content = yaml_of(visit.form[DOCUMENT], DOCUMENT)
    except DataFileError as error:
        raise KnowledgeError(str(error)) from error
    if not isinstance(content, dict):
        raise KnowledgeError(f"{DOCUMENT}: a mapping with 'id', 'made_public', 'source' and 'records' is expected.")
    return content


def _fields(visit: Visit) -> dict[str, str]:
    return fields_of(_content(visit)) if DOCUMENT in visit.form else _typed(visit)


def _typed(visit: Visit) -> dict[str, str]:
    """What was typed, as it was typed."""
    return {name: text for name, text in visit.form.items() if name not in (DECIDED, "add", "remove", "form_token")}


def _form(
    visit: Visit,
    fields: Mapping[str, str],
    *,
    problems: tuple[DocumentProblem, ...] = (),
    status: int = 200,
    **values: Any,
) -> Response:
    known = facts_now(visit.session)
    given: dict[str, Any] = {"draft": None, **_nothing_found(), **values}
    record_numbers, place_numbers = blocks(fields, "r"), blocks(fields, "p")
    missing = {name: "" for name in fields_of({}) if name not in fields}
    for letter, numbers in (("r", record_numbers), ("p", place_numbers)):
        for number in numbers:
            missing |= {name: "" for name in empty_block(letter, number) if name not in fields}
    told = beside_fields(problems)
    return visit.page(
        "announcement_form.html",
        status,
        fields={**missing, **fields},
        problems=told,
        elsewhere=[text for name, text in told.items() if not is_beside(name, record_numbers, place_numbers)],
        record_numbers=record_numbers,
        place_numbers=place_numbers,
        languages=LANGUAGES,
        events=all_events(visit.session),
        record_names=sorted({record.id for several in known.records.values() for record in several}),
        keys=sorted(known.records),
        today=today(),
        **given,
    )


def _document_page(
    visit: Visit,
    text: str,
    *,
    problems: tuple[DocumentProblem, ...] = (),
    problem: str | None = None,
    status: int = 200,
    **values: Any,
) -> Response:
    told = [*([problem] if problem else []), *beside_fields(problems).values()]
    return visit.page(
        "announcement_document.html",
        REFUSED if told else status,
        text=text,
        told=told,
        **{**_nothing_found(), **values},
    )


def _nothing_found() -> dict[str, Any]:
    return {
        "is_working": False,
        "found": None,
        "conflicts": None,
        "conflicts_problem": None,
        "decided": [],
        "record_ids": [],
    }


def _route(method: str, path: str, handler: Any) -> ConsoleRoute:
    return ConsoleRoute(
        method, path, StaffAct.PROPOSE_ANNOUNCEMENT, handler, most_bytes=MOST_BYTES, most_fields=MOST_FIELDS
    )


ROUTES = (
    _route("GET", NEW, show),
    _route("POST", f"{NEW}/form", show_as_form),
    _route("POST", f"{NEW}/document", show_as_document),
    _route("POST", f"{NEW}/check", check_it),
    _route("POST", f"{NEW}/propose", propose_it),
    _route("POST", f"{NEW}/draft", begin_draft),
    _route("GET", f"{NEW}/draft", show_draft),
)
