"""The work per message does not grow with the conversation: counted here, timed in `benchmarks`."""

from chat import Chat
from playwright.sync_api import expect
from standin import Conversation, StandIn

# What was slow with 300 messages: each was rendered again, with its date formatted and the storage read for it.
COUNT = """() => {
    const names = ["changes to the page", "reads of the storage", "dates formatted", "elements asked for"];
    window.counted = Object.fromEntries(names.map((name) => [name, 0]));
    const count = (prototype, method, name) => {
        const original = prototype[method];
        prototype[method] = function (...given) {
            counted[name] += 1;
            return original.apply(this, given);
        };
    };
    count(Storage.prototype, "getItem", "reads of the storage");
    count(Date.prototype, "toLocaleString", "dates formatted");
    const { get } = Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, "format");
    Object.defineProperty(Intl.DateTimeFormat.prototype, "format", {
        get() {
            counted["dates formatted"] += 1;
            return get.call(this);
        },
    });
    count(Element.prototype, "querySelectorAll", "elements asked for");
    const root = document.querySelector("elektrum-chat").shadowRoot;
    new MutationObserver((changes) => (counted["changes to the page"] += changes.length))
        .observe(root, { childList: true, subtree: true, characterData: true, attributes: true });
}"""


def grow(conversation: Conversation, messages: int) -> None:
    """Insert so many earlier messages into a conversation that has one and its answer."""
    (first,) = conversation.messages.values()
    for n in range(messages // 2 - 1):
        customer = {**first["customer"], "id": f"earlier-{n}"}
        replies = [{**first["replies"][0], "id": f"earlier-{n}/0"}]
        conversation.messages[f"earlier-{n}"] = {"id": f"earlier-{n}", "customer": customer, "replies": replies}


def counted(chat: Chat, server: StandIn, messages: int) -> dict[str, int]:
    """The work for the next message and its answer after so many."""
    chat.say("Hello")
    chat.hears("You said: Hello")
    (conversation,) = server.conversations.values()
    grow(conversation, messages)
    chat.page.reload()
    expect(chat.see(".message.customer, .message.assistant")).to_have_count(messages)
    chat.page.evaluate(COUNT)
    chat.say("Next")
    chat.hears_about("You said: Next")
    expect(chat.see(".typing")).to_be_hidden()
    return dict(chat.page.evaluate("counted"))


def test_a_message_takes_the_same_in_a_long_conversation(chat: Chat, server: StandIn) -> None:
    few = counted(chat, server, 10)
    server.conversations.clear()
    chat.page.evaluate("localStorage.clear(); sessionStorage.setItem('elektrum-chat open', 'true')")
    chat.page.reload()
    many = counted(chat, server, 300)
    assert {name: number - few[name] for name, number in many.items() if number > few[name] + 10} == {}
