"""The pages of announcements: written, checked, approved by a second account, published, undone; nothing half done."""

import html
import re
from collections.abc import Callable

import pytest
from announcing_people import EXAMPLES, SMALL, Newsroom, as_page, followed, form_of, newsroom_of, small, waited
from colleagues import Colleague  # tests/console/colleagues.py
from sqlalchemy import select

from bot.announcements.announcement_document import announcement_of, read_announcement
from bot.announcements.announcement_steps import AnnouncementState, log_of, overview
from bot.clock import parse_moment
from bot.console import slow_work, slow_worker
from bot.console.announcement_form import content_of_form, document_text, fields_of
from bot.console.announcement_tasks import content_of
from bot.console.drafted_replies import canned_reply, canned_topics
from bot.data_files import read_yaml
from bot.domain_names import Intent
from bot.replies.answer_composer import answer
from bot.staff.models import StaffAudit
from bot.storage.engine import session_scope

ID = str(SMALL["id"])
DAY = "2020-05-14"
ONE = f"/announcements/{ID}"


@pytest.fixture
def newsroom(colleague: Callable[..., Colleague], monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """People at work on the day of the example; slow work is done in threads, which saves starting Python each time."""
    monkeypatch.setenv("BOT_AS_OF", DAY)
    return newsroom_of(colleague)


@pytest.fixture(autouse=True)
def _in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_work, "in_a_process", slow_worker.done)


def state(announcement: str = ID) -> AnnouncementState:
    with session_scope() as session:
        return overview(session, announcement).state


def said(day: str = "2020-05-18") -> str:
    with session_scope() as session:
        on = parse_moment(day).date()
        return answer(session, Intent.ASK_REOPENING, "en", on, about="ask_reopening/when").text


def audited(one: Colleague) -> list[str]:
    with session_scope() as session:
        return list(session.execute(select(StaffAudit.act).where(StaffAudit.account_id == one.id)).scalars())


@pytest.mark.parametrize("name", ["reopening", "storm"])
def test_a_document_survives_the_form(name: str) -> None:
    written = read_announcement(EXAMPLES / f"{name}.yml")
    through = announcement_of(content_of_form(fields_of(read_yaml(EXAMPLES / f"{name}.yml"))), "form")
    stored = announcement_of(content_of_form(fields_of(content_of(written))), "form")
    assert (through, stored) == (written, written)


def test_from_the_form_to_the_answer_and_back(newsroom: Newsroom) -> None:
    edite, anna, bruno = newsroom.editor, newsroom.approver, newsroom.both
    before = said()
    followed(edite, newsroom.proposed())
    page = waited(anna, f"{ONE}/preview")
    assert "open one after another" in page
    followed(anna, as_page(anna, f"{ONE}/approve"))
    followed(anna, as_page(anna, f"{ONE}/publish"))
    assert (state(), "open one after another" in said()) == (AnnouncementState.PUBLISHED, True)
    assert "open one after another" in waited(anna, f"{ONE}/undo")
    followed(edite, as_page(edite, f"{ONE}/undo/propose", {"why": "wrong"}))
    followed(bruno, as_page(bruno, f"{ONE}/undo"))
    assert (state(), said()) == (AnnouncementState.UNDONE, before)
    with session_scope() as session:
        steps = [(step.step.value, step.who) for step in log_of(session, ID)]
    assert steps == [
        ("proposed", "edite"),
        ("approved", "anna"),
        ("published", "anna"),
        ("undo proposed", "edite"),
        ("undone", "bruno"),
    ]
    assert audited(anna) == ["announcement-approved", "announcement-published"]


def test_who_proposed_it_cannot_approve_it(newsroom: Newsroom) -> None:
    bruno = newsroom.both
    as_page(bruno, "/announcements/new/propose", small())
    assert f"{ONE}/approve" not in bruno.get(ONE).text
    answer = as_page(bruno, f"{ONE}/approve")
    assert (answer.status_code, "ask a second person" in answer.text, state()) == (
        409,
        True,
        AnnouncementState.PROPOSED,
    )


@pytest.mark.parametrize(
    ("why", "became", "told"),
    [
        ("", AnnouncementState.PROPOSED, "needs a reason"),
        ("nobody there", AnnouncementState.APPROVAL_PENDING, "approval awaited"),
    ],
)
def test_in_an_emergency_with_a_reason(newsroom: Newsroom, why: str, became: AnnouncementState, told: str) -> None:
    newsroom.proposed()
    anna = newsroom.approver
    page = followed(anna, as_page(anna, f"{ONE}/publish", {"emergency": "1", "why": why}))
    assert (state(), told in page) == (became, True)


def test_what_is_not_approved_is_not_published(newsroom: Newsroom) -> None:
    newsroom.proposed()
    anna, before = newsroom.approver, said()
    page = followed(anna, as_page(anna, f"{ONE}/publish"))
    assert ("is not approved" in page, said() == before, audited(anna)) == (True, True, [])


# What is wrong with the form, where it is told, and in which words.
WRONG = {
    "no id": ({"id": ""}, "id", "is missing"),
    "no day": ({"made_public": "2020-06-31"}, "made_public", "June has 30 days"),
    "one language": ({"r0-text-en": ""}, "r0-text", "missing or empty"),
    "another language": ({"r0-text-lv": "The customer service centre in Riga is open again."}, "r0-text", "is English"),
    "quote": ({"r0-quote": "No 19. maija."}, "r0-quote", "does not say"),
    "address": ({"source-url": "example"}, "source-url", "begins with https://"),
    "HTML": ({"r0-text-en": "It is <b>open</b>."}, "r0-text", "HTML is not shown"),
    "few questions": ({"r0-title-lv": "A", "r0-title-en": "B", "r0-questions-lv": "Kā?"}, "r0-questions", "at least 5"),
    "unknown place": ({"r0-places": "rigaa"}, "r0", "there is no place"),
    "before it is public": ({"r0-valid_from": "2020-05-01"}, "r0", "before the announcement was made public"),
    "unknown key": ({"more": "colour: red"}, "", "unknown key"),
    "no YAML": ({"r0-more": "rows: ["}, "", "not readable as YAML"),
    "said twice": ({"more": "records: []"}, "", "stands in the form already"),
    "yes without quotes": ({"more": "events: [{id: yes}]"}, "", "quotation marks"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(newsroom: Newsroom, name: str) -> None:
    changes, field, words = WRONG[name]
    page = newsroom.proposed({**form_of("reopening"), **changes})
    beside = page.text.split(f'data-wrong="{field}"')[1].split("</p>")[0] if field else page.text
    assert (page.status_code, words in beside, "maija ir atvērts" in page.text) == (422, True, True)
    with session_scope() as session:
        assert log_of(session) == []


def test_a_script_hears_what_is_wrong_while_it_is_written(newsroom: Newsroom) -> None:
    answer = newsroom.editor.post("/announcements/new/check", {**form_of("reopening"), "r0-quote": "Nothing."})
    assert list(answer.json()["problems"]) == ["r0-quote"]


def test_the_check_names_what_contradicts_and_takes_decisions(newsroom: Newsroom) -> None:
    edite, form = newsroom.editor, form_of("reopening")
    form["r2-answers"] = ""  # the services, which would go on saying that the centre is closed
    sent = {**form, "full": "1"}
    part = waited_part(edite, sent)
    assert 'value="ask_how_to_pay/cash&gt;keeps"' in part
    decided = {**form, "decide": "ask_how_to_pay/cash>keeps ask_services_available/working>2"}
    page = as_page(edite, "/announcements/new/check", decided).text
    assert ("ask_how_to_pay/cash</textarea>" in page, "ask_services_available/working</textarea>" in page) == (
        True,
        True,
    )


def waited_part(one: Colleague, form: dict[str, str]) -> str:
    while (answer := one.post("/announcements/new/check", form)).status_code == 202:
        pass
    return answer.text


def test_the_document_can_be_written_itself(newsroom: Newsroom) -> None:
    edite = newsroom.editor
    page = as_page(edite, "/announcements/new/document", form_of("storm"))
    assert "event: storm" in page.text
    text = document_text(SMALL)
    assert 'value="one_after_another"' in as_page(edite, "/announcements/new/form", {"document": text}).text
    wrong = as_page(edite, "/announcements/new/propose", {"document": text.replace("key:", "kee:")})
    assert (wrong.status_code, "unknown key" in wrong.text, "kee: one_after_another" in wrong.text) == (422, True, True)
    followed(edite, as_page(edite, "/announcements/new/propose", {"document": text}))
    assert state() is AnnouncementState.PROPOSED


@pytest.mark.parametrize(("add", "field"), [("records", "r5-text-lv"), ("places", "p0-genitive")])
def test_records_and_places_are_added_and_taken_out(newsroom: Newsroom, add: str, field: str) -> None:
    edite = newsroom.editor
    more = as_page(edite, "/announcements/new/form", {**form_of("reopening"), "add": add}).text
    less = as_page(edite, "/announcements/new/form", {**form_of("reopening"), "remove": "r1"}).text
    assert (f'name="{field}"' in more, 'name="r1-text-lv"' in less) == (True, False)


@pytest.mark.parametrize(
    ("address", "field", "shown"),
    [
        ("?intent=ask_contact", "r0-answers", "ask_contact"),
        ("?at=Ludza", "r0-places", "Ludza"),
        ("?question=kad+nomainīs+<b>", "r0-questions-en", "kad nomainīs &lt;b&gt;"),
    ],
)
def test_a_new_one_begins_with_what_it_is_about(newsroom: Newsroom, address: str, field: str, shown: str) -> None:
    page = newsroom.editor.get(f"/announcements/new{address}").text
    (area,) = re.findall(rf'<textarea[^>]* name="{field}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert area.strip() == shown


def test_the_list_says_what_is_in_force_and_what_waits(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.proposed()
    anna = newsroom.approver
    assert ID in anna.get("/announcements?show=awaiting").text
    assert ID not in anna.get("/announcements?show=in_force").text
    assert (
        ID in anna.get("/announcements?find=CITS pec centri").text,
        ID in anna.get("/announcements?find=nekur").text,
    ) == (
        True,
        False,
    )
    as_page(anna, f"{ONE}/approve")
    followed(anna, as_page(anna, f"{ONE}/publish"))
    monkeypatch.setenv("BOT_AS_OF", "2020-05-20")
    assert ID in anna.get("/announcements?show=in_force").text


DRILL = """
events:
  - {id: drill, name: {lv: mācības, en: the drill}, cases: {genitive: mācību, accusative: mācības}}
"""  # an event on which no fact hangs: what its end changes is soon worked out


def test_an_event_ends_with_its_consequences_shown_first(newsroom: Newsroom) -> None:
    edite, anna = newsroom.editor, newsroom.approver
    newsroom.proposed({"id": "drill", "made_public": DAY, "more": DRILL})
    followed(anna, as_page(anna, "/announcements/drill/publish", {"emergency": "1", "why": "a drill"}))
    assert "/events/drill/change" in edite.get("/events").text
    given = {"act": "end", "day": "2020-05-15"}
    assert "the drill" in waited(edite, "/events/drill/change?act=end&day=2020-05-15").split('id="changes"')[1]
    answer = as_page(edite, "/events/drill/change", given)
    assert answer.headers["Location"] == "/announcements/end-drill-2"
    followed(anna, as_page(anna, "/events/drill/change-alone", {**given, "why": "nobody there"}))
    assert state("end-drill-2") is AnnouncementState.APPROVAL_PENDING
    assert edite.get("/events/drill/change?act=end&day=2020-05-16").status_code == 400
    answer = as_page(edite, "/events/drill/change", {"act": "reopen"})
    assert answer.headers["Location"] == "/announcements/reopen-drill-3"


def test_an_emergency_without_a_reason_leaves_nothing_behind(newsroom: Newsroom) -> None:
    answer = as_page(newsroom.approver, "/events/emergency/change-alone", {"act": "end", "day": "2020-06-09"})
    with session_scope() as session:
        assert (answer.status_code, log_of(session)) == (409, [])


TITLES = {"r0-title-lv": "Cits pēc cita", "r0-title-en": "One after another"}
ASKED = {"lv": "Vai centri atveras cits pēc cita", "en": "Do the centres open one after another"}
HOSTILE = "<img src=x onerror=alert(1)>"


def test_what_was_written_is_text_only(newsroom: Newsroom) -> None:
    page = newsroom.proposed({**small(), "r0-text-en": HOSTILE, "id": HOSTILE, "why": HOSTILE})
    assert HOSTILE not in page.text


@pytest.mark.espeak
def test_a_preview_can_be_heard(newsroom: Newsroom) -> None:
    newsroom.proposed()
    anna = newsroom.approver
    page = waited(anna, f"{ONE}/preview?channel=spoken")
    address = html.unescape(page.split("<audio controls")[1].split('src="')[1].split('"')[0])
    heard = anna.get(address)
    assert (heard.status_code, heard.headers["Content-Type"], heard.content[:4]) == (200, "audio/wav", b"RIFF")
    wrong = [anna.get(address.replace("number=0", f"number={one}")).status_code for one in ("-1000", "x", "99999")]
    assert wrong == [404, 404, 404]


def test_agents_have_the_topics_that_announcements_bring(newsroom: Newsroom) -> None:
    asked = {language: "\n".join(f"{words} {number}" for number in range(5)) for language, words in ASKED.items()}
    newsroom.proposed({**small(), **{f"r0-questions-{language}": text for language, text in asked.items()}, **TITLES})
    with session_scope() as session:
        assert "One after another" not in [one.title for one in canned_topics(session, "en")]
    followed(newsroom.approver, as_page(newsroom.approver, f"{ONE}/publish", {"emergency": "1", "why": "a test"}))
    with session_scope() as session:
        (brought,) = [one for one in canned_topics(session, "en") if one.title == "One after another"]
        assert canned_reply(session, brought.intent, "en") == "The centres open one after another."
