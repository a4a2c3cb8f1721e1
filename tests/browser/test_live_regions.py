"""Screen readers announce changes of existing live regions only: each exists, and is empty, before its first text."""

from typing import Any

import pytest
from chat import Chat, Visit
from playwright.sync_api import Page, expect
from standin import Fault, StandIn

# Records the name of a live region whose text appears when it did not exist, or was not empty, before.
LISTEN = """() => {
    window.missed = [];
    const root = document.querySelector("elektrum-chat").shadowRoot;
    const known = new Map(); // what a reader knows, at each frame
    const look = () => {
        for (const each of root.querySelectorAll("[role=status], [role=log]")) {
            if (!each.checkVisibility()) { known.delete(each); continue; }
            if (!known.has(each) && each.role === "status" && each.textContent) missed.push(each.textContent);
            known.set(each, true);
        }
        requestAnimationFrame(look);
    };
    look();
}"""


def live_regions(page: Page) -> list[tuple[str, str]]:
    """Role and text of the live regions in the browser's accessibility tree."""
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}

    def text(node: dict[str, Any]) -> str:
        own = node.get("name", {}).get("value", "") if node["role"]["value"] == "StaticText" else ""
        return own + "".join(text(nodes[each]) for each in node["childIds"] if each in nodes)

    return [
        (node["role"]["value"], text(node))
        for node in nodes.values()
        if not node["ignored"] and node["role"]["value"] in ("status", "log", "alert")
    ]


def test_a_closed_chat_has_its_region_for_news(visit: Visit) -> None:
    assert live_regions(visit(language="en").page) == [("status", "")]


@pytest.mark.parametrize("attributes", ["", "inline"])
def test_an_open_chat_has_all_its_regions(visit: Visit, attributes: str) -> None:
    chat = visit(language="en", attributes=attributes)
    if not attributes:
        chat.open()
    roles = sorted(live_regions(chat.page))
    assert [role for role, text in roles if role == "status" and not text] == ["status"] * (2 if attributes else 3)
    assert [role for role, _ in roles if role == "log"] == ["log"]


def test_trouble_is_said_in_a_region_that_was_there(chat: Chat, server: StandIn) -> None:
    chat.page.evaluate(LISTEN)
    server.faults = [Fault(status=429, headers={"Retry-After": "60"})]
    chat.say("Hello")
    expect(chat.status).to_contain_text("too many messages")
    assert chat.page.evaluate("missed") == []


def test_trouble_that_began_before_it_was_opened_is_said_too(chat: Chat, server: StandIn) -> None:
    server.faults = [Fault(status=429, headers={"Retry-After": "60"})]
    chat.say("Hello")
    expect(chat.status).to_contain_text("too many messages")
    chat.page.keyboard.press("Escape")
    chat.page.evaluate(LISTEN)
    chat.open()
    expect(chat.status).to_contain_text("too many messages")
    assert chat.page.evaluate("missed") == []
