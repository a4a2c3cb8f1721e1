"""Who may what: every route of the console, tried by every role, and by somebody who is not signed in."""

import re
from collections.abc import Callable

import pytest
from colleagues import ADDRESS, FETCHED, Colleague  # tests/console/colleagues.py
from sqlalchemy import select
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.console.console_app import console_app
from bot.console.console_pages import PAGES, ROUTES
from bot.console.console_routes import ConsoleRoute
from bot.staff.models import StaffAudit
from bot.staff.permissions import PERMISSIONS, StaffAct, StaffRole, may
from bot.staff.staff_sessions import form_token
from bot.storage.engine import session_scope

# Without a session: signing in itself, the language, probes, and Chatwoot's webhook, which is signed.
OPEN = {
    ("POST", "/chatwoot/webhook"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("POST", "/sign-in/code"),
    ("POST", "/sign-out"),
    ("GET", "/link"),
    ("POST", "/link"),
    ("GET", "/sign-in/directory"),
    ("GET", "/sign-in/directory/back"),
    ("GET", "/language"),
}
# Written out by hand, not derived from the code's own table.
DESK_ONLY = {StaffRole.AGENT}
READING = {StaffRole.EDITOR, StaffRole.APPROVER, StaffRole.ADMINISTRATOR}  # announcements and events
EDITOR_ONLY, APPROVER_ONLY = {StaffRole.EDITOR}, {StaffRole.APPROVER}
LEADS = {StaffRole.EDITOR, StaffRole.APPROVER, StaffRole.ANALYST, StaffRole.ADMINISTRATOR}
EXPECTED: dict[tuple[str, str], set[StaffRole]] = {
    ("GET", "/desk"): DESK_ONLY,
    ("GET", "/desk/list"): DESK_ONLY,
    ("GET", "/desk/find"): DESK_ONLY,
    ("GET", "/desk/there"): DESK_ONLY,
    ("GET", "/desk/stream"): DESK_ONLY,
    ("POST", "/desk/beat"): DESK_ONLY,
    ("GET", "/desk/mine"): DESK_ONLY,
    ("GET", "/desk/{reference}"): DESK_ONLY,
    ("GET", "/desk/{reference}/state"): DESK_ONLY,
    ("GET", "/desk/{reference}/events"): DESK_ONLY,
    ("GET", "/desk/{reference}/draft"): DESK_ONLY,
    ("GET", "/desk/{reference}/drafted"): DESK_ONLY,
    ("POST", "/desk/{reference}/take"): DESK_ONLY,
    ("POST", "/desk/{reference}/say"): DESK_ONLY,
    ("POST", "/desk/{reference}/typing"): DESK_ONLY,
    ("POST", "/desk/{reference}/note"): DESK_ONLY,
    ("POST", "/desk/{reference}/hand-on"): DESK_ONLY,
    ("POST", "/desk/{reference}/give-back"): DESK_ONLY,
    ("POST", "/desk/{reference}/close"): DESK_ONLY,
    ("POST", "/desk/{reference}/clear-text"): DESK_ONLY,
    ("POST", "/desk/{reference}/number"): DESK_ONLY,
    ("GET", "/call-backs"): DESK_ONLY,
    ("GET", "/hours"): {StaffRole.AGENT, StaffRole.EDITOR, StaffRole.APPROVER, StaffRole.ADMINISTRATOR},
    ("POST", "/hours/set"): {StaffRole.APPROVER, StaffRole.ADMINISTRATOR},
    ("POST", "/hours/unset"): {StaffRole.APPROVER, StaffRole.ADMINISTRATOR},
    ("GET", "/announcements"): READING,
    ("GET", "/announcements/new"): EDITOR_ONLY,
    ("POST", "/announcements/new/form"): EDITOR_ONLY,
    ("POST", "/announcements/new/document"): EDITOR_ONLY,
    ("POST", "/announcements/new/check"): EDITOR_ONLY,
    ("POST", "/announcements/new/propose"): EDITOR_ONLY,
    ("POST", "/announcements/new/draft"): EDITOR_ONLY,
    ("GET", "/announcements/new/draft"): EDITOR_ONLY,
    ("GET", "/announcements/spoken"): READING,
    ("GET", "/announcements/{announcement}"): READING,
    ("GET", "/announcements/{announcement}/preview"): READING,
    ("POST", "/announcements/{announcement}/approve"): APPROVER_ONLY,
    ("POST", "/announcements/{announcement}/publish"): APPROVER_ONLY,
    ("GET", "/announcements/{announcement}/undo"): READING,
    ("POST", "/announcements/{announcement}/undo/propose"): {StaffRole.EDITOR, StaffRole.APPROVER},
    ("POST", "/announcements/{announcement}/undo/take-back"): {StaffRole.EDITOR, StaffRole.APPROVER},
    ("POST", "/announcements/{announcement}/undo"): APPROVER_ONLY,
    ("GET", "/events"): READING,
    ("GET", "/events/{event}/change"): READING,
    ("POST", "/events/{event}/change"): EDITOR_ONLY,
    ("POST", "/events/{event}/change-alone"): APPROVER_ONLY,
    ("GET", "/figures"): LEADS,
    ("GET", "/figures/file"): {StaffRole.ANALYST, StaffRole.ADMINISTRATOR},
    ("GET", "/surges"): LEADS,
    ("POST", "/surges/dismiss"): {StaffRole.EDITOR, StaffRole.APPROVER, StaffRole.ADMINISTRATOR},
    ("GET", "/audit"): {StaffRole.PRIVACY_OFFICER, StaffRole.ADMINISTRATOR},
    ("GET", "/staff"): {StaffRole.ADMINISTRATOR},
    ("POST", "/staff/add"): {StaffRole.ADMINISTRATOR},
    ("POST", "/staff/change"): {StaffRole.ADMINISTRATOR},
    ("POST", "/staff/link"): {StaffRole.ADMINISTRATOR},
    ("POST", "/staff/codes"): {StaffRole.ADMINISTRATOR},
    ("GET", "/account"): set(StaffRole),
    ("POST", "/account/codes/begin"): set(StaffRole),
    ("POST", "/account/codes/confirm"): set(StaffRole),
    ("POST", "/account/codes/recovery"): set(StaffRole),
    ("POST", "/account/codes/off"): set(StaffRole),
}
GUARDED = [(route.method, route.path) for route in ROUTES]


def test_every_route_is_in_the_table() -> None:
    assert sorted(GUARDED) == sorted(EXPECTED)


def test_nothing_else_is_served() -> None:
    routes = [route for route in console_app().routes if isinstance(route, Route)]
    served = {(method, route.path) for route in routes for method in (route.methods or set()) - {"HEAD"}}
    assert served == {*GUARDED, *OPEN, ("GET", "/")}


def test_every_act_has_its_roles() -> None:
    assert set(PERMISSIONS) == set(StaffAct)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_the_code_decides_as_the_table_says(route: ConsoleRoute) -> None:
    assert {role for role in StaffRole if may([role], route.act)} == EXPECTED[route.method, route.path]


def tried(browser: TestClient, method: str, path: str, form: dict[str, str], reference: str) -> int:
    address = path.replace("{reference}", reference)
    if method == "GET":
        return int(browser.get(address, headers=FETCHED, follow_redirects=False).status_code)
    sent = browser.post(address, data=form, headers={"Origin": ADDRESS, **FETCHED}, follow_redirects=False)
    return int(sent.status_code)


@pytest.mark.parametrize("role", [role for role in StaffRole if role is not StaffRole.AGENT])
def test_whoever_may_not_is_refused_by_every_route_and_that_is_recorded(
    colleague: Callable[..., Colleague], desk: dict[str, str], role: StaffRole
) -> None:
    one = colleague("one", role)
    closed = [route for route in GUARDED if role not in EXPECTED[route]]
    statuses = [
        one.get(path.replace("{reference}", desk["live"])).status_code
        if method == "GET"
        else one.post(path.replace("{reference}", desk["live"])).status_code
        for method, path in closed
    ]
    assert statuses == [403] * len(closed)
    with session_scope() as session:
        refusals = session.execute(select(StaffAudit.act).where(StaffAudit.account_id == one.id)).scalars().all()
    assert refusals == ["refused"] * len(closed)


def test_an_agent_is_refused_what_is_not_the_desks(colleague: Callable[..., Colleague]) -> None:
    agent = colleague("anna", StaffRole.AGENT)
    closed = [route for route in GUARDED if StaffRole.AGENT not in EXPECTED[route]]
    statuses = [(agent.get if method == "GET" else agent.post)(path).status_code for method, path in closed]
    assert statuses == [403] * len(closed)


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_nobody_comes_in_without_a_session(anonymous: TestClient, desk: dict[str, str], method: str, path: str) -> None:
    assert tried(anonymous, method, path, {"text": "x"}, desk["live"]) == 401


def test_a_page_leads_to_signing_in_and_back(anonymous: TestClient) -> None:
    answer = anonymous.get("/desk?show=mine", follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=%2Fdesk%3Fshow%3Dmine")


@pytest.mark.parametrize("role", StaffRole)
def test_the_navigation_shows_what_somebody_may(colleague: Callable[..., Colleague], role: StaffRole) -> None:
    one = colleague("one", role)
    shown = {page.path for page in PAGES if role in EXPECTED["GET", page.path]}
    start = one.get("/")
    page = one.get(start.headers["Location"]) if start.status_code == 303 else start
    (navigation,) = re.findall(r'<nav class="pages".*?</nav>', page.text, re.DOTALL)
    assert set(re.findall(r'href="([^"]+)"', navigation)) == shown


ATTACKS: dict[str, Callable[[Colleague, str], dict[str, object]]] = {
    "no token": lambda one, _: {"data": {"text": "x"}, "headers": {"Origin": ADDRESS}},
    "another token": lambda one, _: {"data": {"form_token": "0" * 64}, "headers": {"Origin": ADDRESS}},
    "another origin": lambda one, token: {"data": {"form_token": token}, "headers": {"Origin": "https://evil.example"}},
    "no origin": lambda one, token: {"data": {"form_token": token}, "headers": {}},
    "null origin": lambda one, token: {"data": {"form_token": token}, "headers": {"Origin": "null"}},
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_form_of_another_site_is_refused(
    colleague: Callable[..., Colleague], desk: dict[str, str], attack: str
) -> None:
    agent = colleague("anna", StaffRole.AGENT)
    sent = ATTACKS[attack](agent, form_token(agent.token))
    answer = agent.browser.post(f"/desk/{desk['live']}/take", **sent, follow_redirects=False)  # type: ignore[arg-type]
    assert answer.status_code == 403


def test_a_colleagues_form_token_is_of_no_use(colleague: Callable[..., Colleague], desk: dict[str, str]) -> None:
    anna, bruno = colleague("anna", StaffRole.AGENT), colleague("bruno", StaffRole.AGENT)
    answer = anna.post(f"/desk/{desk['live']}/take", {"form_token": form_token(bruno.token)})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/desk", "/nothing", "/static/console.css", "/sign-in", "/healthz"])
def test_every_answer_carries_the_headers(colleague: Callable[..., Colleague], path: str) -> None:
    headers = colleague("anna", StaffRole.AGENT).get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")


@pytest.mark.parametrize("host", ["evil.example", "assistant.example", "127.0.0.1.evil.example", "", "a b"])
def test_requests_for_another_host_are_refused(anonymous: TestClient, host: str) -> None:
    assert anonymous.get("/sign-in", headers={"Host": host}).status_code == 421


def test_with_an_address_of_its_own_only_that_host_is_answered(
    anonymous: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_CONSOLE_URL", "https://console.example")
    hosts = ["console.example", "CONSOLE.example", "127.0.0.1:5010", "localhost", "assistant.example"]
    statuses = [anonymous.get("/sign-in", headers={"Host": host}).status_code for host in hosts]
    assert statuses == [200, 200, 421, 421, 421]
