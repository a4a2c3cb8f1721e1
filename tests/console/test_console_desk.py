"""The desk in the console: taking, writing, reading, handing on, giving back, closing, calling back."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from colleagues import Colleague  # tests/console/colleagues.py
from sqlalchemy import select

from bot.clock import today
from bot.console.console_texts import console_texts
from bot.desk.call_backs import call_back_of
from bot.desk.desk_events import customer_said, events_after
from bot.desk.desk_requests import by_reference, open_request
from bot.desk.hours_exceptions import exceptions
from bot.desk.kinds import About, DeskEventKind, RequestKind
from bot.desk.origin import Origin
from bot.desk.ratings import rate
from bot.desk.sharing import share
from bot.domain_names import Intent
from bot.knowledge.topics import topics
from bot.rasa.conversation_models import ConversationEvent
from bot.staff.models import StaffAudit
from bot.staff.permissions import StaffRole
from bot.staff.staff_accounts import account_named, everybody
from bot.storage.engine import session_scope
from bot.words.reference import Reference

HOSTILE = (
    "<img src=x onerror=alert(1)> {{ 7*7 }} \" ' </textarea><script>alert(2)</script> \u202e \x0b javascript:alert(3)"
)


@pytest.fixture
def anna(colleague: Callable[..., Colleague]) -> Colleague:
    return colleague("anna", StaffRole.AGENT)


@pytest.fixture
def bruno(colleague: Callable[..., Colleague]) -> Colleague:
    return colleague("bruno", StaffRole.AGENT)


def audited(person: Colleague) -> list[tuple[str, str | None]]:
    with session_scope() as session:
        row = StaffAudit
        found = select(row.act, row.about).where(row.account_id == person.id).order_by(row.number)
        return [tuple(each) for each in session.execute(found).all()]


def state_of(number: str) -> tuple[str, str | None, int | None]:
    with session_scope() as session:
        found = by_reference(session, number)
        assert found is not None
        return found.state.value, found.outcome.value if found.outcome else None, found.agent_id


def kinds_of(conversation: str) -> list[str]:
    with session_scope() as session:
        return [event.kind.value for event in events_after(session, 0, conversation_id=conversation)]


def test_of_two_who_take_it_one_gets_it_and_the_other_hears_who(
    anna: Colleague, bruno: Colleague, desk: dict[str, str]
) -> None:
    first, second = (one.post(f"/desk/{desk['live']}/take") for one in (anna, bruno))
    assert (first.status_code, second.status_code) == (204, 409)
    assert second.json()["detail"] == "A colleague has taken this conversation: Anna."
    assert state_of(desk["live"]) == ("held", None, anna.id)


def test_the_queue_shows_who_is_there_now(anna: Colleague) -> None:
    away = f"Anna ({console_texts()['en']('queue.away')})"
    before = anna.get("/desk/there").text
    anna.post("/desk/beat", {"active": "1", "away": "1"})
    assert ("Anna" in before, away in before, away in anna.get("/desk/there").text) == (True, False, True)


def test_what_is_sent_again_is_said_once(anna: Colleague, desk: dict[str, str]) -> None:
    anna.post(f"/desk/{desk['live']}/take")
    sent = {"text": "Labdien!\r\nKā varu palīdzēt?", "client_id": "one"}
    assert [anna.post(f"/desk/{desk['live']}/say", sent).status_code for _ in range(2)] == [204, 204]
    with session_scope() as session:
        said = events_after(session, 0, conversation_id="talk", kinds=[DeskEventKind.AGENT_SAID])
    assert [(one.text, one.agent_name) for one in said] == [("Labdien!\nKā varu palīdzēt?", "Anna")]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"text": "", "client_id": "x"}, 400),
        ({"text": "  \n ", "client_id": "x"}, 400),
        ({"text": "x" * 2001, "client_id": "x"}, 413),
        ({"text": "x", "client_id": ""}, 400),
        ({"text": "x", "client_id": "x" * 65}, 400),
        ({"text": "x\0y", "client_id": "x"}, 204),
    ],
)
def test_what_can_be_said(anna: Colleague, desk: dict[str, str], form: dict[str, str], status: int) -> None:
    anna.post(f"/desk/{desk['live']}/take")
    assert anna.post(f"/desk/{desk['live']}/say", form).status_code == status


OF_THE_HOLDER = {
    "say": {"text": "x", "client_id": "x"},
    "hand-on": {"to": "1"},
    "give-back": {},
    "close": {"outcome": "answered"},
    "clear-text": {},
    "number": {},
}


@pytest.mark.parametrize("act", OF_THE_HOLDER)
def test_what_only_the_holder_may(anna: Colleague, bruno: Colleague, desk: dict[str, str], act: str) -> None:
    anna.post(f"/desk/{desk['live']}/take")
    form = {**OF_THE_HOLDER[act], **({"to": str(anna.id)} if act == "hand-on" else {})}
    assert bruno.post(f"/desk/{desk['live']}/{act}", form).status_code == 409


@pytest.mark.parametrize("act", ["take", "say", "note", "typing", "hand-on", "give-back", "close", "number"])
def test_there_is_no_such_request(anna: Colleague, act: str) -> None:
    assert anna.post(f"/desk/EL-AAAA-AAAA/{act}", {"text": "x", "client_id": "x"}).status_code == 404


def test_a_note_is_kept_from_the_customer(anna: Colleague, desk: dict[str, str]) -> None:
    anna.post(f"/desk/{desk['live']}/note", {"text": "Klients steidzas.", "client_id": "n"})
    assert kinds_of("talk") == ["requested", "note"]
    assert "Klients steidzas." in anna.get(f"/desk/{desk['live']}").text


def test_handing_on(anna: Colleague, bruno: Colleague, desk: dict[str, str]) -> None:
    anna.post(f"/desk/{desk['live']}/take")
    assert anna.post(f"/desk/{desk['live']}/hand-on", {"to": str(bruno.id)}).status_code == 204
    assert state_of(desk["live"]) == ("held", None, bruno.id)


def test_nobody_is_handed_anything_who_is_not_there(anna: Colleague, desk: dict[str, str]) -> None:
    anna.post(f"/desk/{desk['live']}/take")
    assert anna.post(f"/desk/{desk['live']}/hand-on", {"to": "1"}).status_code == 409


@pytest.mark.parametrize(
    ("act", "form", "outcome"),
    [("give-back", {}, "returned"), ("close", {"outcome": "answered", "note": "Done."}, "answered")],
)
def test_how_it_ends(anna: Colleague, desk: dict[str, str], act: str, form: dict[str, str], outcome: str) -> None:
    anna.post(f"/desk/{desk['live']}/take")
    assert anna.post(f"/desk/{desk['live']}/{act}", form).status_code == 204
    assert state_of(desk["live"])[:2] == ("closed", outcome)
    assert anna.post(f"/desk/{desk['live']}/take").status_code == 409


@pytest.mark.parametrize("outcome", ["", "returned", "nonsense"])
def test_what_is_no_outcome(anna: Colleague, desk: dict[str, str], outcome: str) -> None:
    anna.post(f"/desk/{desk['live']}/take")
    assert anna.post(f"/desk/{desk['live']}/close", {"outcome": outcome}).status_code == 400


def test_a_number_is_shown_to_the_holder_recorded_and_erased(anna: Colleague, desk: dict[str, str]) -> None:
    number = desk["call"]
    assert "37120000001" not in anna.get(f"/desk/{number}").text + anna.get("/call-backs").text
    anna.post(f"/desk/{number}/take")
    assert "+37120000001" in anna.post(f"/desk/{number}/number").text
    anna.post(f"/desk/{number}/close", {"outcome": "called_back"})
    with session_scope() as session:
        call = call_back_of(session, Reference(number))
    assert (call and call.number, state_of(number)[1]) == (None, "called_back")
    acts = [act for act, about in audited(anna) if about == number]
    assert acts == ["conversation-read", "taken", "number-read", "closed", "call-back-done"]


def test_clear_text_is_shown_to_the_holder_and_recorded(anna: Colleague, desk: dict[str, str]) -> None:
    with session_scope() as session:
        share(session, "talk", [("customer", "Mans līgums 90010000011", datetime.now(UTC))])
    assert "90010000011" not in anna.get(f"/desk/{desk['live']}").text
    anna.post(f"/desk/{desk['live']}/take")
    assert "90010000011" in anna.post(f"/desk/{desk['live']}/clear-text").text
    assert ("clear-text-read", desk["live"]) in audited(anna)


def test_reading_a_conversation_is_recorded(anna: Colleague, desk: dict[str, str]) -> None:
    anna.get(f"/desk/{desk['live']}")
    assert audited(anna) == [("conversation-read", desk["live"])]


def test_what_happened_after_a_number_and_nothing_else(anna: Colleague, desk: dict[str, str]) -> None:
    with session_scope() as session:
        numbers = [customer_said(session, "talk", f"Ziņa {number}", f"id{number}") for number in range(3)]
        customer_said(session, "angry", "Another conversation.", "id")
    part = anna.get(f"/desk/{desk['live']}/events?after={numbers[0]}").text
    assert re.findall(r"Ziņa \d", part) == ["Ziņa 1", "Ziņa 2"]
    assert re.findall(r'data-number="(\d+)"', part) == [str(number) for number in numbers[1:]]
    assert "Another" not in part


def conversation(turns: list[dict[str, object]]) -> None:
    """Store what was said to the assistant in the conversation `talk`."""
    with session_scope() as session:
        for position, event in enumerate(turns):
            kind, at = str(event["event"]), 1_700_000_000.0 + position
            row = {"position": position, "type_name": kind, "timestamp": at, "data": json.dumps(event)}
            session.add(ConversationEvent(sender_id="talk", **row))


def test_the_transcript_and_a_draft_of_what_the_assistant_would_answer(anna: Colleague, desk: dict[str, str]) -> None:
    intent = {"name": Intent.ASK_CONTACT.value, "confidence": 0.9}
    parsed = {"text": "Kā ar Jums sazināties?", "intent": intent}
    conversation(
        [
            {"event": "user", "text": "Kā ar Jums sazināties?", "parse_data": parsed},
            {"event": "bot", "text": "Tālrunis ir 8400.", "data": {}, "metadata": {}},
        ]
    )
    page = anna.get(f"/desk/{desk['live']}").text
    assert [text in page for text in ("Kā ar Jums sazināties?", "Tālrunis ir 8400.", "ask_contact")] == [True] * 3
    (draft,) = re.findall(r'id="draft" lang="lv">([^<]+)<', page)
    assert "8400" in draft


def parsed(intent: str, text: str) -> dict[str, object]:
    """A message as Rasa understands it."""
    return {"text": text, "intent": {"name": intent, "confidence": 0.9}}


BEFORE: list[dict[str, object]] = [
    {
        "event": "user",
        "text": "Kā ar Jums sazināties?",
        "message_id": "in-flight",
        "parse_data": parsed(Intent.ASK_CONTACT, "Kā ar Jums sazināties?"),
    },
    {"event": "bot", "text": "Tālrunis ir 8400.", "data": {}, "metadata": {}},
]


@pytest.mark.parametrize(
    ("message_id", "understood", "drafted"),
    [
        ("later", None, None),
        ("later", parsed(Intent.GREET, "Labdien"), None),
        ("later", parsed(Intent.ASK_CONTACT, "Kāds ir tālrunis?"), "8400"),
        ("in-flight", None, "8400"),
    ],
    ids=["not understood", "no topic", "a topic", "understood before a person came"],
)
def test_a_draft_answers_what_was_written_last(
    anna: Colleague,
    desk: dict[str, str],
    message_id: str,
    understood: dict[str, object] | None,
    drafted: str | None,
) -> None:
    conversation(BEFORE)
    with session_scope() as session:
        kept = json.dumps(understood) if understood else None
        customer_said(session, "talk", "Kāds ir tālrunis?", message_id, understood=kept)
    found = re.findall(r'id="draft" lang="lv">([^<]+)<', anna.get(f"/desk/{desk['live']}/drafted").text)
    assert [bool(drafted and drafted in text) for text in found] == ([True] if drafted else [])


@pytest.mark.parametrize(("message_id", "is_told"), [("in-flight", True), ("another", False)])
def test_what_the_customer_never_saw_is_marked(
    anna: Colleague, desk: dict[str, str], message_id: str, is_told: bool
) -> None:
    conversation(BEFORE)
    with session_scope() as session:
        customer_said(session, "talk", "Kā ar Jums sazināties?", message_id)
    told = console_texts()["en"]("conversation.not_seen")
    assert (told in anna.get(f"/desk/{desk['live']}").text) is is_told


def test_ratings_stand_with_the_conversation(anna: Colleague, desk: dict[str, str]) -> None:
    state = f"/desk/{desk['live']}/state"
    with session_scope() as session:
        rate(session, Reference(desk["live"]), About.PERSON, 4)
    assert re.findall(r"<dt>(Rating[^<]+)</dt><dd>([^<]+)<", anna.get(state).text) == [
        ("Rating of the person", "4 of 5")
    ]


@pytest.mark.parametrize("intent", sorted(topics())[:8])
def test_a_ready_answer_is_in_the_customers_language(anna: Colleague, desk: dict[str, str], intent: str) -> None:
    latvian = anna.get(f"/desk/{desk['live']}/draft?about={intent}").json()["text"]
    english = anna.get(f"/desk/{desk['complaint']}/draft?about={intent}").json()["text"]
    assert (bool(latvian), bool(english), latvian != english) == (True, True, True)


def test_there_is_no_ready_answer_about_nothing(anna: Colleague, desk: dict[str, str]) -> None:
    assert anna.get(f"/desk/{desk['live']}/draft?about=nonsense").status_code == 404


def test_what_others_write_is_text_on_every_page(
    anna: Colleague, colleague: Callable[..., Colleague], desk: dict[str, str]
) -> None:
    conversation(
        [
            {"event": "user", "text": HOSTILE, "parse_data": {"text": HOSTILE}},
            {"event": "bot", "text": HOSTILE, "data": {}, "metadata": {}},
        ]
    )
    with session_scope() as session:
        customer_said(session, "talk", HOSTILE, "h")
        open_request(session, RequestKind.COMPLAINT, Origin("h", "<b>channel</b>", "lv"), details=HOSTILE)
        share(session, "talk", [(HOSTILE, HOSTILE, datetime.now(UTC))])
    anna.post(f"/desk/{desk['live']}/take")
    anna.post(f"/desk/{desk['live']}/note", {"text": HOSTILE, "client_id": "n"})
    one = f"/desk/{desk['live']}"
    pages = [anna.get(path).text for path in ("/desk", "/desk/list", one, f"{one}/events", f"{one}/state")]
    pages.append(anna.post(f"{one}/clear-text").text)
    boss = colleague("boss", StaffRole.ADMINISTRATOR)
    boss.post("/hours/set", {"day": today().isoformat(), "hours": "", "note": HOSTILE})
    boss.post("/staff/add", {"login": "carl", "name": "<b>Carl</b>", "roles": "agent", "languages": "lv"})
    pages += [boss.get(path).text for path in ("/hours", "/staff", "/audit")]
    live = ("<img", "<script>alert", "<b>channel", "<b>Carl", "</textarea><script", " 49 ")
    assert [word for page in pages for word in live if word in page] == []
    assert all("&lt;img src=x onerror=alert(1)&gt;" in page for page in (pages[0], *pages[2:4], pages[5], pages[6]))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["complaint", "live", "call"]),
        ("?kind=person", ["live"]),
        ("?channel=phone", ["call"]),
        ("?lang=en", ["complaint"]),
        ("?show=mine", []),
        ("?show=nonsense&kind=person", ["live"]),
    ],
)
def test_what_the_queue_shows(anna: Colleague, desk: dict[str, str], query: str, shown: list[str]) -> None:
    listed = re.findall(r'<li class="request[^>]*data-reference="([^"]+)"', anna.get(f"/desk/list{query}").text)
    assert listed == [desk[name] for name in shown]


@pytest.mark.parametrize(("typed", "status"), [("{}", 303), (" el {} ", 303), ("EL-AAAA-AAAA", 404), ("?", 404)])
def test_a_request_is_found_by_its_number(anna: Colleague, desk: dict[str, str], typed: str, status: int) -> None:
    number = desk["live"] if "el" not in typed else desk["live"].lower().removeprefix("el-").replace("-", " ")
    answer = anna.browser.get("/desk/find", params={"reference": typed.format(number)}, follow_redirects=False)
    assert answer.status_code == status


def test_hours_of_a_day_and_back(colleague: Callable[..., Colleague]) -> None:
    boss, day = colleague("boss", StaffRole.APPROVER), today() + timedelta(days=3)
    sent = {"day": day.isoformat(), "hours": "8:00-12:00, 13:00–17:30", "note": "Apmācība"}
    assert boss.post("/hours/set", sent).status_code == 204
    with session_scope() as session:
        (set_by_hand,) = exceptions(session, day, day)
    assert [f"{one.begins:%H:%M}-{one.ends:%H:%M}" for one in set_by_hand.intervals] == ["08:00-12:00", "13:00-17:30"]
    boss.post("/hours/unset", {"day": day.isoformat()})
    with session_scope() as session:
        assert exceptions(session, day, day) == []
    assert audited(boss) == [("hours-changed", day.isoformat())] * 2


@pytest.mark.parametrize("hours", ["8-12", "08:00-25:00", "08:00-12:00, 11:00-13:00", "abc", "8:00–"])
def test_what_is_no_time_is_refused(colleague: Callable[..., Colleague], hours: str) -> None:
    boss = colleague("boss", StaffRole.APPROVER)
    assert boss.post("/hours/set", {"day": today().isoformat(), "hours": hours}).status_code == 400


@pytest.mark.parametrize("day", ["", "2020-01-01", "2026-02-30", "9999-12-31"])
def test_what_is_no_day_is_refused(colleague: Callable[..., Colleague], day: str) -> None:
    assert colleague("boss", StaffRole.APPROVER).post("/hours/set", {"day": day, "hours": ""}).status_code == 400


def test_accounts_are_made_changed_and_disabled(colleague: Callable[..., Colleague]) -> None:
    boss = colleague("boss", StaffRole.ADMINISTRATOR)
    page = boss.browser.post(
        "/staff/add",
        data={
            "form_token": re.findall(r'form-token" content="([^"]+)"', boss.get("/staff").text)[0],
            **{"login": "dora", "name": "Dora", "roles": ["agent", "analyst"], "languages": "lv"},
        },
        headers={"Origin": "http://127.0.0.1:5010"},
    )
    assert re.search(r"http://127\.0\.0\.1:5010/link#[\w-]{40,}", page.text)
    with session_scope() as session:
        dora = account_named(session, "dora").id
    boss.post("/staff/change", {"account": str(dora), "name": "Dora", "roles": "editor", "languages": "lv en"})
    boss.post("/staff/change", {"account": str(dora), "disabled": "1"})
    with session_scope() as session:
        (found,) = [one for one in everybody(session) if one.id == dora]
    assert (found.roles, found.languages, found.is_disabled) == ({StaffRole.EDITOR}, ("lv", "en"), True)
    acts = [act for act, about in audited(boss) if about == f"staff:{dora}"]
    assert acts == ["account-added", "link-made", "account-changed", "account-disabled"]


def test_the_audit_is_shown_and_its_reading_recorded(colleague: Callable[..., Colleague]) -> None:
    officer = colleague("officer", StaffRole.PRIVACY_OFFICER)
    officer.get("/audit")
    assert "Read the audit" in officer.get(f"/audit?who={officer.id}&act=audit-read").text
    assert audited(officer) == [("audit-read", None)] * 2


@pytest.mark.parametrize("query", ["?who=x", "?before=-1", "?who=99999999999999999999", "?act=%27", "?before=1"])
def test_odd_filters_of_the_audit(colleague: Callable[..., Colleague], query: str) -> None:
    assert colleague("officer", StaffRole.PRIVACY_OFFICER).get(f"/audit{query}").status_code == 200
