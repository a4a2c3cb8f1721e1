"""Stand-in for graph.facebook.com as a customer-service page app uses it.

    with GraphApi(page_token="PT", app_secret="S", app_id="1", page_id="2") as graph:
        graph.wrote("100"); requests.post(f"{graph.url}/v26.0/me/messages", ...)

Rules and sources: rules.py (Send API), page.py (windows, thread control),
profile.py, errors.py; NOTES.md says for each whether it is certain or assumed.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from graph.answering import Handler, Server
from graph.errors import METHOD, GraphError, bad
from graph.faults import HTML, Fault, Faults, Kind
from graph.known import CONTROL, KNOWN, PAGE_FIELDS, PSID_FIELDS, SUBSCRIBABLE
from graph.page import PAGE_INBOX, ControlChange, Page, Person, Sent
from graph.profile import Profile
from graph.rules import COMMON, check_send
from graph.token import Tokens, proof_of

__all__ = ["GraphApi", "Record", "proof_of", "PAGE_INBOX", "Person", "Sent", "ControlChange"]
Json = dict[str, Any]


@dataclass
class Record:
    """One request, in order of arrival.  ``accepted``: it took effect; ``answered``: the client got it."""

    number: int
    at: float
    method: str
    path: str
    query: Json
    headers: dict[str, str]
    raw: bytes
    params: Json = field(default_factory=dict)
    status: int | None = None
    response: Json | None = None
    accepted: bool = False
    answered: bool = True
    error: tuple[int, int | None] | None = None
    fault: Fault | None = None


class GraphApi:
    """HTTP server in a thread on 127.0.0.1; see the module docstring."""

    def __init__(
        self,
        page_token: str,
        app_secret: str,
        app_id: str,
        page_id: str,
        *,
        clock: Callable[[], float] = time.time,
        require_proof: bool = False,
        require_messaging_type: bool = True,
        strict: bool = True,
        cut_titles: bool = False,
        default_app: str | None = None,
        may_take: bool = False,
        human_agent: bool = True,
        page_name: str = "Cisco Dog Page",
        profile_rate_limit: int | None = 10,
        scopes: tuple[str, ...] = ("pages_messaging", "pages_manage_metadata", "pages_show_list"),
        newest: str = "v26.0",
    ) -> None:
        self.clock, self.app_id, self.page_id, self.page_name = clock, app_id, page_id, page_name
        self.need_type, self.strict, self.cut_titles = require_messaging_type, strict, cut_titles
        self.newest = newest
        self.tokens = Tokens(page_token, app_secret, app_id, page_id, require_proof, scopes, clock)
        self.page = Page(page_id, app_id, clock, default_app, may_take, human_agent)
        self.profile = Profile(profile_rate_limit)
        self.faults = Faults()
        self.requests: list[Record] = []
        self.subscribed: list[str] | None = None
        self.listeners: list[Callable[[Sent], None]] = []
        self.stopping = threading.Event()
        self.lock = threading.RLock()
        self.person, self.wrote, self.set_owner = self.page.person, self.page.wrote, self.page.set_owner
        self.inbox_replied = self.page.inbox_replied
        self._server: Server | None = None

    # -- life -----------------------------------------------------------------------------------
    def __enter__(self) -> "GraphApi":
        handler = type("BoundHandler", (Handler,), {"graph": self})
        self._server = Server(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    @property
    def url(self) -> str:
        """Address without version, like https://graph.facebook.com."""
        assert self._server is not None, "use with GraphApi(...) as graph"
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    # -- what a test asks and orders ---------------------------------------------------------------
    @property
    def sent(self) -> list[Sent]:
        """Messages accepted, in order."""
        return self.page.sent

    @property
    def control(self) -> list[ControlChange]:
        """Changes of thread control, to be told with webhooks."""
        return self.page.control

    @property
    def accepted(self) -> list[Record]:
        """Requests that took effect."""
        return [r for r in self.requests if r.accepted]

    @property
    def refused(self) -> list[Record]:
        """Requests that did not."""
        return [r for r in self.requests if not r.accepted]

    def fail(
        self,
        code: int = 1,
        subcode: int | None = None,
        *,
        status: int | None = None,
        message: str | None = None,
        accept: bool = False,
        **limits: Any,
    ) -> Fault:
        """Queue a Graph error.  limits: times=1, seconds=None, edge="messages"|None, method, headers."""
        return self._fault("error", accept, code=code, subcode=subcode, status=status, message=message, **limits)

    def garble(
        self, *, empty: bool = False, accept: bool = True, body: bytes = HTML, status: int = 200, **limits: Any
    ) -> Fault:
        """Queue a 200 whose body is no JSON (or is empty); the request was carried out unless accept=False."""
        return self._fault("empty" if empty else "not_json", accept, body=body, status=status, **limits)

    def cut(self, *, accept: bool, **limits: Any) -> Fault:
        """Queue a connection cut before (accept=False) or after (accept=True) the request took effect."""
        return self._fault("cut", accept, **limits)

    def slow(self, seconds_each: float, *, accept: bool = True, **limits: Any) -> Fault:
        """Queue a slow answer (real seconds).  accept=False: the effect comes only after the delay."""
        return self._fault("slow", accept, delay=seconds_each, **limits)

    def _fault(
        self,
        kind: Kind,
        accept: bool,
        *,
        times: int | None = 1,
        seconds: float | None = None,
        edge: str | None = None,
        **rest: Any,
    ) -> Fault:
        until = None if seconds is None else self.clock() + seconds
        if seconds is not None and times == 1:
            times = None
        return self.faults.add(Fault(kind, accept, times=times, until=until, edge=edge, **rest))

    # -- the API --------------------------------------------------------------------------------------
    def version_of(self, path: str) -> tuple[str, list[str]]:
        """Split the version off.  Expired versions are served by the oldest usable one (Graph versioning
        guide); an unknown one is no version at all: "Unknown path components" 2500 (observed)."""
        parts = [part for part in path.split("/") if part]
        if not parts or not re.fullmatch(r"v\d+(\.\d+)?", parts[0]):
            return KNOWN[0], parts
        asked, rest = parts[0], parts[1:]
        major = float(asked[1:])
        if not re.fullmatch(r"v\d+\.\d+", asked) or major > float(self.newest[1:]):
            raise GraphError(2500, path="/" + "/".join(rest))
        return (asked if asked in KNOWN or asked == self.newest else KNOWN[0]), rest

    def carry_out(self, record: Record) -> Json:
        """Version, token, proof, then the route.  Raises GraphError for every refusal."""
        _, parts = self.version_of(record.path)
        params, method = record.params, record.method
        kind = self.tokens.check(params, record.headers, me=parts[:1] == ["me"])
        if not parts:
            raise GraphError(100, message="Unsupported get request.", subcode=33, kind=METHOD)
        node, edge = parts[0], "/".join(parts[1:])
        if node == "debug_token" and not edge and method == "GET":
            return self.tokens.debug(params)
        if node not in ("me", self.page_id):
            if not edge and method == "GET" and node in self.page.people:
                return self._psid(self.page.people[node], params)
            if node.isdigit():
                raise GraphError(100, subcode=33, kind=METHOD, id=node)
            raise GraphError(2500, path=f"/{node}")
        if kind == "APP":  # an app token has no page behind "me"; wording assumed
            raise GraphError(190, "A page access token is required to request this resource.")
        return self._page_edge(method, edge, params)

    def _page_edge(self, method: str, edge: str, params: Json) -> Json:  # noqa: PLR0911 (one return for each edge)
        route = (method, edge)
        if route == ("POST", "messages"):
            check_send(params, self.clock(), self.need_type, self.strict, self.cut_titles)
            return self.page.send(params)
        if edge == "messenger_profile" and method in ("GET", "POST", "DELETE"):
            self.profile.count(self.clock())
            if method == "POST":
                return self.profile.post(params, COMMON)
            return self.profile.get(params) if method == "GET" else self.profile.delete(params)
        if edge == "subscribed_apps" and method in ("GET", "POST", "DELETE"):
            return self._subscribed(method, params)
        if method == "POST" and edge in CONTROL:
            return self.page.change_control(edge, params)
        if route == ("GET", "thread_owner"):
            return self.page.thread_owner(params)
        if route == ("GET", "permissions"):  # user edge; that a page token may read it is assumed
            return {"data": [{"permission": s, "status": "granted"} for s in self.tokens.scopes]}
        if route == ("GET", ""):
            return self._fields("Page", params, PAGE_FIELDS, ["name", "id"], self._page_values())
        if edge in (*CONTROL, "messages", "messenger_profile", "subscribed_apps", "thread_owner", "", "permissions"):
            raise GraphError(100, f"Unsupported {method.lower()} request.", 33, kind=METHOD)
        raise GraphError(2500, path=f"/{edge}")

    def _page_values(self) -> Json:
        status = {"hop_v2": False, "msgr_multi_app": self.page.default_app is not None, "ig_multi_app": False}
        return {
            "id": self.page_id,
            "name": self.page_name,
            "category": "Pet Service",
            "username": "page",
            "link": f"https://www.facebook.com/{self.page_id}",
            "access_token": self.tokens.page_token,
            "messaging_feature_status": status,
        }

    @staticmethod
    def _fields(node: str, params: Json, allowed: tuple[str, ...], default: list[str], values: Json) -> Json:
        asked = [f.strip() for f in str(params.get("fields") or ",".join(default)).split(",") if f.strip()]
        for name in asked:
            if name not in allowed:
                raise bad(f"Tried accessing nonexisting field ({name}) on node type ({node})")
        return {name: values[name] for name in dict.fromkeys([*asked, "id"]) if name in values}

    def _psid(self, who: Person, params: Json) -> Json:
        """User Profile API.  Fields a person lacks are left out (assumed)."""
        if not who.profile:
            raise GraphError(100, subcode=2018218)
        values = {
            "id": who.psid,
            "first_name": who.first_name,
            "last_name": who.last_name,
            "name": f"{who.first_name} {who.last_name}",
            "profile_pic": who.profile_pic,
            **who.extra,
        }
        return self._fields("User", params, PSID_FIELDS, ["first_name", "last_name", "profile_pic"], values)

    def _subscribed(self, method: str, params: Json) -> Json:
        if method == "GET":
            app = {
                "link": "https://www.facebook.com/games/?app_id=" + self.app_id,
                "name": "App",
                "id": self.app_id,
                "subscribed_fields": self.subscribed,
            }
            return {"data": [] if self.subscribed is None else [app]}
        if method == "DELETE":
            self.subscribed = None
            return {"success": True}
        names = params.get("subscribed_fields")
        names = [n.strip() for n in names.split(",")] if isinstance(names, str) else names
        if not isinstance(names, list) or not names or not all(names):
            raise bad("The parameter subscribed_fields is required")
        for number, name in enumerate(names):
            if name not in SUBSCRIBABLE:
                raise bad(
                    f'Param subscribed_fields[{number}] must be one of {{{", ".join(SUBSCRIBABLE)}}} - got "{name}".'
                )
        self.subscribed = list(names)
        return {"success": True}
