"""A page object for the widget, and the browser's errors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

expect.set_options(timeout=20_000)
Visit = Callable[..., "Chat"]


@dataclass
class Chat:
    """The widget on a page. Playwright's locators see into its shadow DOM."""

    page: Page

    def see(self, selector: str) -> Locator:
        return self.page.locator(f"elektrum-chat {selector}")

    def button(self, name: str) -> Locator:
        return self.page.locator("elektrum-chat").get_by_role("button", name=name)

    @property
    def launcher(self) -> Locator:
        return self.see(".launcher")

    @property
    def panel(self) -> Locator:
        return self.see(".panel")

    @property
    def field(self) -> Locator:
        return self.see("textarea")

    @property
    def log(self) -> Locator:
        return self.see("[role=log]")

    @property
    def status(self) -> Locator:
        """The error message that is shown."""
        return self.see(".panel > .notice [role=status]")

    def open(self) -> "Chat":
        self.launcher.click()
        return self

    def say(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def texts(self, who: str) -> list[str]:
        """What `customer`, `assistant` or `notice` has said."""
        inner = "p" if who == "notice" else ".bubble > p:not(.about)"
        return self.see(f".message.{who} {inner}").all_inner_texts()

    def hears(self, *texts: str) -> None:
        """Wait until the assistant has said exactly this."""
        expect(self.see(".message.assistant .bubble > p:not(.about)")).to_have_text(list(texts))

    def hears_about(self, text: str) -> None:
        """Wait until this is part of what the assistant said last."""
        expect(self.see(".message.assistant").last).to_contain_text(text)

    def said(self, *texts: str) -> None:
        """Wait until exactly this is shown as the customer's message."""
        expect(self.see(".message.customer .bubble > p:not(.about)")).to_have_text(list(texts))

    def focused(self) -> str:
        """The tag and class of the focused element, in the widget or on the page."""
        return str(
            self.page.evaluate(
                """() => {
                    const outer = document.activeElement;
                    const inner = outer.shadowRoot?.activeElement ?? outer;
                    return [inner.localName, ...inner.classList].join(".");
                }"""
            )
        )

    def sideways(self) -> list[Any]:
        """Elements that overflow horizontally: the page, the panel or anything in it."""
        return list(
            self.page.evaluate(
                """() => {
                    const root = document.querySelector("elektrum-chat").shadowRoot;
                    return [document.documentElement, ...root.querySelectorAll("*:not(.spoken)")]
                        .filter((each) => each.clientWidth && each.scrollWidth > each.clientWidth + 1)
                        .filter((each) => getComputedStyle(each).overflowX !== "visible" || !each.closest(".spoken"))
                        .map((each) => [each.localName, each.className, each.scrollWidth, each.clientWidth]);
                }"""
            )
        )


def new_chat(context: BrowserContext, complaints: list[str], url: str) -> Chat:
    """Open a page with the widget in a new tab.

    Args:
        complaints: gets the errors of scripts and the violations of the Content-Security-Policy.
    """
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.expose_function("complain", lambda complaint: complaints.append(str(complaint)))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', (event) =>"
        " complain(`${event.violatedDirective} ${event.blockedURI}`));"
    )
    page.goto(url)
    page.wait_for_function("document.querySelector('elektrum-chat').shadowRoot")
    return Chat(page)
