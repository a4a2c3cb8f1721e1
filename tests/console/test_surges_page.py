"""A surge from the counts to the console and to staff: once, with redacted sentences that can run nothing."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from colleagues import Colleague  # tests/console/colleagues.py

from bot.console.figures_worker import work
from bot.domain_names import Intent
from bot.figures.counted_things import Counted, key
from bot.figures.counting_rows import add_counts
from bot.rasa.conversation_models import ConversationEvent
from bot.staff.permissions import StaffRole
from bot.storage.engine import session_scope

NOW = datetime.now(UTC)
HOSTILE = "<script>alert(1)</script> kad nomainīs skaitītāju"


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What staff are told."""
    heard: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("BOT_DESK_WEBHOOK", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("BOT_DESK_ALERT_LANGUAGE", "en")
    yield heard
    server.shutdown()
    server.server_close()


def said(conversation: str, text: str, intent: str) -> ConversationEvent:
    event = {"event": "user", "timestamp": NOW.timestamp(), "text": text, "parse_data": {"intent": {"name": intent}}}
    columns = {"type_name": "user", "timestamp": NOW.timestamp(), "intent_name": intent}
    return ConversationEvent(sender_id=conversation, position=0, data=json.dumps(event), **columns)


@pytest.fixture
def rising(database: str) -> None:
    """A topic and a cluster of sentences that were not understood."""
    with session_scope() as session:
        add_counts(session, {key(NOW, Counted.TOPIC, "web", "lv", Intent.ASK_CONTACT): 40})
        session.add(said("asked", "Kāds ir jūsu numurs?", Intent.ASK_CONTACT))
        for number in range(8):
            session.add(said(f"unclear {number}", f"{HOSTILE} {'lūdzu ' * number}", Intent.NLU_FALLBACK))
        for number, other in enumerate(("laiks ir slikts", "hokeja rezultāti vakar", "pastāsti joku par lapsu")):
            session.add(said(f"other {number}", other, Intent.NLU_FALLBACK))


@pytest.mark.both_databases
@pytest.mark.usefixtures("rising")
def test_staff_are_told_once_and_the_console_shows_it_until_somebody_has_seen_to_it(
    colleague: Callable[..., Colleague], webhook: list[dict[str, Any]]
) -> None:
    for minutes in (0, 0, 1, 2):
        work(NOW + timedelta(minutes=minutes))
    assert [told["surge"]["kind"] for told in webhook] == ["of_topic", "of_sentences"]
    assert "Kāds ir jūsu numurs?" in webhook[0]["text"]
    editor, analyst = colleague("editor", StaffRole.EDITOR), colleague("analyst", StaffRole.ANALYST)
    page = editor.get("/surges").text
    assert ("<script>alert" in page, "&lt;script&gt;alert(1)" in page) == (False, True)
    assert "/announcements/new?intent=ask_contact" in page
    assert "/announcements/new" not in analyst.get("/surges").text
    statuses = [editor.post("/surges/dismiss", {"surge": number}).status_code for number in ("1", "1", "99", "x", "")]
    assert statuses == [204, 404, 404, 404, 404]
    assert "Dismissed by editor" in analyst.get("/surges").text


@pytest.mark.usefixtures("rising")
def test_without_a_way_to_tell_the_console_shows_it_all_the_same(colleague: Callable[..., Colleague]) -> None:
    work(NOW)
    assert colleague("lead", StaffRole.APPROVER).get("/surges").text.count('class="card"') == 2
