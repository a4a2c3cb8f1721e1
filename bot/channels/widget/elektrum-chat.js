// <elektrum-chat>: a custom element with the assistant, for any page. docs/widget.md tells how to embed it.
import { converse } from "./conversation.js";
import { create, setAttribute, setText, translate } from "./elements.js";
import { givePlace, parentOf, riseAbove, takePlace } from "./floating.js";
import { makePanel } from "./panel.js";
import { kept } from "./session.js";
import { styles } from "./styles.js";
import { known, word } from "./texts.js";

const SERVER = new URL("../", import.meta.url); // the folder above this file's
// On a small viewport the chat fills it as a modal dialog, and the page behind it is inert.
const SMALL = matchMedia("(max-width: 30rem), (max-height: 26rem)");

/** The button that opens the chat, with the count of unread replies. @type {MakeLauncher} */
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
  static observedAttributes = ["lang", "open", "token"];
  /** @type {Conversation | undefined} */
  #conversation;
  /** @type {Panel | undefined} */
  #panel;
  #launcher = makeLauncher(() => (this.open = true));
  #root = create("div", { class: "chat" });
  #wasOpen = kept("sessionStorage", "elektrum-chat open", /** @type {boolean | null} */ (null));
  #gone = new AbortController();
  #printing = false;
  #shown = false; // whether the page's CSS lets it be visible
  /** The root is as large as the window, unless the page hides, zooms or transforms it. */
  #sight = new ResizeObserver(() => this.#look());

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [styles];
    shadow.append(this.#root);
    // Typing here must not trigger the page's keyboard shortcuts.
    for (const name of ["keydown", "keypress", "keyup"]) shadow.addEventListener(name, (event) => event.stopPropagation());
  }

  /** Whether the chat is open; always for an inline one. */
  get open() {
    return this.hasAttribute("open") || this.hasAttribute("inline");
  }

  set open(open) {
    this.toggleAttribute("open", open);
  }

  /** The website's token of the customer who is signed in. @returns {string | null} */
  get token() {
    return this.getAttribute("token");
  }

  set token(token) {
    if (token) this.setAttribute("token", token);
    else this.removeAttribute("token");
  }

  /** The customer has signed out: leave the conversation, close the accounts, and accept no token issued until now. */
  signOut() {
    this.#conversation?.signOut();
  }

  connectedCallback() {
    if (!takePlace(this)) return;
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
    document.addEventListener("visibilitychange", () => this.#wake(), { signal });
    addEventListener("pageshow", () => this.#wake(), { signal });
    addEventListener("pagehide", () => this.#conversation?.rest(), { signal });
    SMALL.addEventListener("change", () => this.#present(), { signal });
    // In print there is no window: what floats is printed in its place in the page.
    for (const [name, printing] of Object.entries({ beforeprint: true, afterprint: false })) {
      addEventListener(name, () => {
        this.#printing = printing;
        this.#present();
      }, { signal });
    }
    visualViewport?.addEventListener("resize", () => this.#makeRoom(), { signal });
    visualViewport?.addEventListener("scroll", () => this.#makeRoom(), { signal });
    if (floating) this.#sight.observe(this.#root);
    const src = this.getAttribute("src")?.replace(/\/*$/, "/");
    this.#conversation = converse(src ? new URL(src, document.baseURI) : SERVER, {
      language: this.#pageLanguage,
      token: () => this.token ?? undefined,
      element: this.#panel.element,
      onChange: () => this.#show(),
      onRefused: (text) => this.#panel?.giveBack(text),
      onLeft: () => this.#panel?.clear(),
    });
    this.#conversation.resume();
    this.#present();
  }

  disconnectedCallback() {
    this.#sight.disconnect();
    this.#gone.abort();
    const conversation = this.#conversation;
    this.#conversation = undefined;
    conversation?.close();
    givePlace(this);
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (!this.#conversation || before === now) return;
    if (name === "token") this.#conversation.heed();
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
    /** @type {Element | null} */
    let around = this;
    while (around && !around.hasAttribute("lang")) around = parentOf(around);
    return known(around?.getAttribute("lang")) ?? "lv";
  }

  #look() {
    if (this.#shown !== this.#root.checkVisibility()) this.#present();
    else riseAbove(this, this.#root);
  }

  /** Fit the panel above an on-screen keyboard, which covers the window; pinch zoom changes nothing. */
  #makeRoom() {
    const { scale, height, offsetTop } = /** @type {VisualViewport} */ (visualViewport);
    const near = Math.abs(scale - 1) > 0.01;
    this.#root.style.setProperty("--seen", near ? "" : `${height}px`);
    this.#root.style.setProperty("--above", near ? "" : `${offsetTop}px`);
    this.#panel?.scroll();
  }

  #present() {
    this.#shown = this.#root.checkVisibility();
    const dialog = this.#panel?.element;
    if (dialog instanceof HTMLDialogElement) {
      const focused = /** @type {HTMLElement | null} */ (this.shadowRoot?.activeElement ?? document.activeElement);
      this.#wasOpen.set(this.open);
      this.#launcher.element.hidden = this.open;
      dialog.close();
      if (this.#printing) this.#root.removeAttribute("popover");
      else riseAbove(this, this.#root);
      // An invisible dialog must not make the page inert.
      if (this.open && SMALL.matches && this.#shown && !this.#printing) dialog.showModal();
      else dialog.open = this.open; // unlike show(), does not take the focus from a page that is loading
      focused?.focus();
    }
    this.#show();
    this.#panel?.scroll();
  }

  #wake() {
    this.#conversation?.heed();
    this.#show();
  }

  #show() {
    if (!this.#conversation) return;
    const { language } = this.#conversation;
    setAttribute(this.#root, "lang", language);
    if (this.open && !document.hidden) this.#conversation.markSeen();
    this.#launcher.update(language, this.open ? 0 : this.#conversation.unread);
    this.#panel?.update();
  }
}

if (!customElements.get("elektrum-chat")) customElements.define("elektrum-chat", ElektrumChat);
else console.warn(`<elektrum-chat> was loaded before; ${import.meta.url} does nothing.`);
