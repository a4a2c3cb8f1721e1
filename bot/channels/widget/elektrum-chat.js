// <elektrum-chat>: the assistant on any page. docs/widget.md tells how to put it there.
import { converse } from "./conversation.js";
import { create, setText, translate } from "./elements.js";
import { makePanel } from "./panel.js";
import { kept } from "./session.js";
import { styles } from "./styles.js";
import { known, word } from "./texts.js";

const SERVER = new URL("../", import.meta.url); // the folder above this file's
// Where there is little room the chat takes all of it, and the page behind is out of reach.
const SMALL = matchMedia("(max-width: 30rem), (max-height: 26rem)");

/** The button that opens the chat, with the count of what has come meanwhile. @type {MakeLauncher} */
const makeLauncher = (open) => {
  const count = create("span", { class: "count" });
  const element = create("button", { type: "button", class: "launcher", click: open });
  element.append(create("span", { "data-word": "launcher" }), count);
  const news = create("p", { class: "spoken", role: "status" });
  return {
    element,
    news,
    update(language, unread) {
      translate(element, language);
      const words = unread ? word(language, "unread", unread) : "";
      count.hidden = !unread;
      setText(count, String(unread));
      setText(news, words);
      element.setAttribute("aria-label", [word(language, "launcher"), words].filter(Boolean).join(", "));
    },
  };
};

class ElektrumChat extends HTMLElement {
  static observedAttributes = ["lang", "open"];
  /** @type {Conversation | undefined} */
  #conversation;
  /** @type {Panel | undefined} */
  #panel;
  #launcher = makeLauncher(() => (this.open = true));
  #root = create("div", { class: "chat" });
  #wasOpen = kept("sessionStorage", "elektrum-chat open", /** @type {boolean | null} */ (null));
  #gone = new AbortController();

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [styles];
    shadow.append(this.#root);
  }

  /** Whether the chat can be seen; always, where it stands inline. */
  get open() {
    return this.hasAttribute("open") || this.hasAttribute("inline");
  }

  set open(open) {
    this.toggleAttribute("open", open);
  }

  connectedCallback() {
    const floating = !this.hasAttribute("inline");
    const close = () => (this.open = false);
    const conversation = () => /** @type {Conversation} */ (this.#conversation);
    this.#panel = makePanel(this.#root, conversation, floating ? close : undefined);
    this.#root.replaceChildren(this.#panel.element);
    if (floating) {
      this.#root.prepend(this.#launcher.element, this.#launcher.news);
      this.open = this.#wasOpen.get() ?? this.open;
    }
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    addEventListener("online", () => this.#conversation?.retry(), { signal });
    addEventListener("offline", () => this.#show(), { signal });
    document.addEventListener("visibilitychange", () => this.#show(), { signal });
    SMALL.addEventListener("change", () => this.#present(), { signal });
    const src = this.getAttribute("src")?.replace(/\/*$/, "/");
    this.#conversation = converse(src ? new URL(src, document.baseURI) : SERVER, {
      language: this.#pageLanguage,
      token: () => this.getAttribute("token") ?? undefined,
      onChange: () => this.#show(),
      onRefused: (text) => this.#panel?.giveBack(text),
    });
    this.#conversation.resume();
    this.#present();
  }

  disconnectedCallback() {
    this.#gone.abort();
    const conversation = this.#conversation;
    this.#conversation = undefined;
    conversation?.close();
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (!this.#conversation || before === now) return;
    if (name === "lang") this.#conversation.language = this.#pageLanguage;
    if (name === "open") {
      const inside = this.shadowRoot?.activeElement;
      this.#present();
      if (this.open) this.#panel?.focus();
      else if (inside) this.#launcher.element.focus();
    }
  }

  /** The language of the page around the widget. */
  get #pageLanguage() {
    return known(this.closest("[lang]")?.getAttribute("lang")) ?? "lv";
  }

  #present() {
    const dialog = this.#panel?.element;
    if (dialog instanceof HTMLDialogElement) {
      const focused = /** @type {HTMLElement | null} */ (this.shadowRoot?.activeElement ?? document.activeElement);
      this.#wasOpen.set(this.open);
      this.#launcher.element.hidden = this.open;
      dialog.close();
      if (this.open && SMALL.matches) dialog.showModal();
      else dialog.open = this.open; // unlike show(), takes no focus from a page that only loads
      focused?.focus();
    }
    this.#show();
    this.#panel?.scroll();
  }

  #show() {
    if (!this.#conversation) return;
    const { language } = this.#conversation;
    this.#root.lang = language;
    if (this.open && !document.hidden) this.#conversation.markSeen();
    this.#launcher.update(language, this.open ? 0 : this.#conversation.unread);
    this.#panel?.update();
  }
}

customElements.define("elektrum-chat", ElektrumChat);
