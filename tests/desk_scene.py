"""A customer and two agents, each in a browser of their own, through the product as it is served."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from chat import Chat, new_chat  # tests/chat.py
from playwright.sync_api import Browser, Locator, Page, expect

PERSON = "Gribu runāt ar cilvēku"
REFERENCE = re.compile(r"EL-[0-9A-Z]{4}-[0-9A-Z]{4}")
PASSPHRASE = "three quiet lighthouses"
SEEN_WITHIN, LEASE_AND_MORE, PATIENCE = 2_000, 45_000, 60  # milliseconds twice; seconds
AT_THIS_MOMENT = """([reference, at]) => void setTimeout(
    () => document.querySelector(`[data-reference="${reference}"] [data-take]`).requestSubmit(), at - Date.now())"""
Accident = tuple[Callable[[], object], Callable[[], object]]  # something breaks, and is whole again


def nothing() -> None:
    """Nothing breaks."""


@dataclass
class Place:
    """Where it happens: the chat's page, the `bot` command there, and what breaks while they talk."""

    chat: str
    bot: Callable[..., str]
    accidents: tuple[Accident, ...] = ()


@dataclass
class AgentPage:
    """An agent's browser with one page."""

    name: str
    page: Page

    @property
    def field(self) -> Locator:
        return self.page.locator("#text")

    @property
    def said(self) -> Locator:
        return self.page.locator("#events :is(.customer_said, .agent_said) > .text")

    def says(self, text: str) -> None:
        """Write, and send until it has arrived."""
        self.field.fill(text)
        self.sends()

    def sends(self) -> None:
        """Send what is written until it has arrived; the page gives it the same id each time."""
        deadline = time.monotonic() + PATIENCE
        while self.field.input_value():
            assert time.monotonic() < deadline, self.page.locator("#problem").inner_text()
            self.field.press("Control+Enter")
            self.page.wait_for_timeout(100)

    def opens(self, reference: str) -> None:
        self.page.get_by_role("link", name=reference).click()
        self.page.wait_for_url(f"**/desk/{reference}")

    def dies(self) -> None:
        self.page.context.close()


def signed_in(browser: Browser, place: Place, name: str) -> AgentPage:
    """A new agent, from the administrator's link to the queue."""
    page = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900}).new_page()
    page.goto(place.bot("staff", "add", name.lower(), "--name", name).split()[-1])
    page.get_by_label("New passphrase").fill(PASSPHRASE)
    page.get_by_label("Once more").fill(PASSPHRASE)
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk")
    return AgentPage(name, page)


def said(chat: Chat) -> Locator:
    """What customer and people have said, as the customer sees it."""
    return chat.see(".message:is(.customer, .person) .bubble > p:not(.about)")


def notice(chat: Chat, text: str, timeout: float = 20_000) -> None:
    expect(chat.see(".message.notice").last).to_contain_text(text, timeout=timeout)


def both_take(agents: list[AgentPage], reference: str) -> list[AgentPage]:
    """Take it at the same moment; returns who has it first."""
    moment = time.time() * 1000 + 300
    for agent in agents:
        agent.page.evaluate(AT_THIS_MOMENT, [reference, moment])
    deadline = time.monotonic() + PATIENCE
    while not any(reference in agent.page.url for agent in agents):
        assert time.monotonic() < deadline, "Nobody has it."
        agents[0].page.wait_for_timeout(20)
    holder, other = sorted(agents, key=lambda agent: reference not in agent.page.url)
    expect(other.page.locator("#told")).to_have_text(
        f"Already taken. A colleague has taken this conversation: {holder.name}."
    )
    assert reference not in other.page.url
    return [holder, other]


def same_on_both_sides(chat: Chat, agent: AgentPage, texts: list[str]) -> None:
    """Each text is there once, and in the same order for both, also after both have loaded their pages anew."""
    for _ in range(2):
        expect(agent.said).to_have_count(len(texts))
        order = agent.said.all_inner_texts()
        assert sorted(order) == sorted(texts)
        expect(said(chat)).to_have_text([PERSON, *order])
        chat.page.reload()
        agent.page.reload()


def they_talk(chat: Chat, agent: AgentPage, accidents: tuple[Accident, ...]) -> list[str]:
    """By turns, both at once, and while something breaks; returns what was said."""
    texts = []
    for number in range(2):
        texts += [f"Jautājums {number}", f"Atbilde {number}"]
        chat.say(texts[-2])
        expect(agent.said).to_have_text(texts[:-1])
        agent.says(texts[-1])
        expect(said(chat)).to_have_text([PERSON, *texts])
    for breaks, is_whole_again in ((nothing, nothing), *accidents):
        own = [f"{who} {len(texts)}.{number}" for number in range(3) for who in ("Klients", "Darbinieks")]
        breaks()
        for asked in own[::2]:
            chat.say(asked)
        agent.field.fill(own[1])
        agent.field.press("Control+Enter")
        is_whole_again()
        agent.sends()
        for answer in own[3::2]:
            agent.says(answer)
        texts += own
        same_on_both_sides(chat, agent, texts)
    return texts


def they_see_each_other_type(chat: Chat, agent: AgentPage) -> None:
    agent.field.press_sequentially("Es")
    expect(chat.see(".desk")).to_contain_text(f"{agent.name} raksta …")
    chat.field.press_sequentially("Es")
    expect(agent.page.locator("#typing")).to_have_text("The customer is typing …")
    agent.field.fill("")
    chat.field.fill("")


def play(browser: Browser, place: Place, complaints: list[str]) -> None:
    """The whole scene: asked for, seen, taken, talked, handed on, lost, taken again, back to the assistant."""
    try:
        _play(browser, place, complaints)
    finally:
        for context in browser.contexts:  # or the agents stay at the desk
            context.close()


def _play(browser: Browser, place: Place, complaints: list[str]) -> None:
    agents = [signed_in(browser, place, name) for name in ("Anna", "Bruno")]
    chat = new_chat(browser.new_context(locale="lv-LV"), complaints, f"{place.chat}?lang=lv").open()
    status = chat.see(".desk > [role=status]")
    chat.say(PERSON)
    expect(status).to_contain_text(REFERENCE)
    found = REFERENCE.search(status.inner_text())
    assert found
    reference = found.group()
    for agent in agents:
        expect(agent.page.get_by_role("link", name=reference)).to_be_visible(timeout=SEEN_WITHIN)
    anna, bruno = both_take(agents, reference)  # whoever was first is called Anna here
    expect(status).to_have_text(f"Jums atbild {anna.name}")
    texts = they_talk(chat, anna, place.accidents)
    expect(status).to_have_text(f"Jums atbild {anna.name}")
    they_see_each_other_type(chat, anna)
    anna.page.get_by_label("To", exact=True).select_option(label=bruno.name)
    anna.page.get_by_role("button", name="Hand on").click()
    anna.page.wait_for_url("**/desk")
    notice(chat, f"Turpmāk Jums atbild {bruno.name}.")
    bruno.page.goto(f"{bruno.page.url.partition('/desk')[0]}/desk/{reference}")
    bruno.says("Labdien!")
    same_on_both_sides(chat, bruno, [*texts, "Labdien!"])
    bruno.dies()
    chat.say("Vai Jūs tur esat?")
    notice(chat, "Savienojums ar darbinieku pārtrūka.", LEASE_AND_MORE)
    anna.opens(reference)
    anna.page.locator("#state [data-take] button").click()
    expect(status).to_have_text(f"Jums atbild {anna.name}")
    expect(anna.said.last).to_have_text("Vai Jūs tur esat?")
    answered = chat.see(".message.assistant").count()
    chat.button("Atpakaļ pie asistenta").click()
    notice(chat, "Tagad atkal atbild asistents.")
    expect(anna.page.locator("#writing")).to_be_hidden()
    chat.say("Vai mani atslēgs?")
    expect(chat.see(".message.assistant")).to_have_count(answered + 1)
