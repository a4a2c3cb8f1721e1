// The list of messages, a live region. Existing elements stay untouched, so screen readers announce only new ones.
import { create, linkTo, setAttribute, setText, spoken, translate, withLinks } from "./elements.js";
import { dayOf, rigaTime, word } from "./texts.js";

/** @type {MakeLog} */
export const makeLog = (choose) => {
  const greeting = create("div", { class: "message" });
  greeting.append(create("div", { class: "bubble" }, create("p", { "data-word": "greeting" })));
  const typing = create("div", { class: "typing", "aria-hidden": "true", hidden: "" });
  typing.append(create("i"), create("i"), create("i"), create("span", { "data-word": "typing" }));
  const element = create("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" }, greeting, typing);
  /** @type {Map<string, MessageView & {text: string, look?: string}>} */
  const views = new Map();

  return {
    element,
    /** Scroll to the newest message, but keep the question that it answers in sight. */
    scroll() {
      const panel = element.parentElement;
      if (!panel) return;
      let shown = element.lastElementChild;
      while (shown && !shown.matches(".customer, .person")) shown = shown.previousElementSibling;
      const answer = shown?.nextElementSibling;
      // A long question must not push its answer out of sight either.
      if (shown && answer?.matches(".assistant") && shown.clientHeight * 3 > panel.clientHeight) shown = answer;
      for (const [box, above] of /** @type {const} */ ([[element, 0], [panel, panel.firstElementChild?.clientHeight ?? 0]])) {
        if (shown) box.scrollTop += shown.getBoundingClientRect().top - box.getBoundingClientRect().top - above - 8;
        else box.scrollTop = box.scrollHeight;
      }
    },
    update(messages, language, expecting) {
      for (const part of [greeting, typing]) translate(part, language);
      setAttribute(element, "aria-label", word(language, "conversation"));
      const today = dayOf(new Date());
      const wanted = new Map(messages.map((message) => [message.key, textOf(message)]));
      for (const [key, view] of views) {
        if (wanted.get(key) === view.text) continue;
        view.element.remove();
        views.delete(key);
      }
      const last = messages.findLastIndex(({ from }) => from !== "assistant");
      let grown = typing.hidden === expecting;
      /** @type {Element} */
      let before = greeting;
      messages.forEach((message, index) => {
        const view = views.get(message.key) ?? { ...messageView(message, choose), text: textOf(message) };
        if (!views.has(message.key)) grown = true;
        views.set(message.key, view);
        // Unchanged ones are skipped: the cost of a message must not grow with the conversation.
        const look = [message.language ?? language, message.state, index > last, today].join();
        if (view.look !== look) view.update(message, language, index > last);
        view.look = look;
        if (before.nextElementSibling !== view.element) before.after(view.element);
        before = view.element;
      });
      typing.hidden = !expecting;
      if (grown) this.scroll();
    },
  };
};

/** The text that tells whether a message has changed; a customer's never does. @param {Shown} message */
const textOf = ({ from, text }) => (from === "customer" ? "" : text);

/** @type {MakeMessageView} */
const messageView = (message, choose) => {
  const element = create("div", { class: `message ${message.from}` });
  if (message.from === "notice") {
    element.append(create("p", { "data-word": message.text, "data-n": message.name ?? "" }));
    return { element, update: (_, language) => translate(element, language) };
  }
  const time = create("time", { datetime: message.at });
  const state = create("span");
  const choices = create("div", { class: "choices" });
  for (const choice of message.buttons) {
    choices.append(create("button", { type: "button", click: () => choose(choice) }, choice.title));
  }
  element.append(
    create(
      "div",
      { class: "bubble" },
      message.name ? create("p", { class: "about" }, message.name) : spoken(message.from === "customer" ? "you" : "assistant"),
      message.withheld
        ? create("p", { "data-word": "withheld" })
        : create("p", {}, ...(message.from === "customer" ? [message.text] : withLinks(message.text))),
      ...message.sources.map(sourceOf),
      create("p", { class: "about" }, time, state),
    ),
    choices,
  );
  return {
    element,
    /** The labels around the text are in the text's language. */
    update(now, interfaceLanguage, choosable) {
      const language = now.language ?? interfaceLanguage;
      element.lang = language;
      translate(element, language);
      setText(time, rigaTime(now.at, language));
      setText(state, now.state ? ` · ${word(language, now.state)}` : "");
      // Only the latest message keeps its choices.
      if (!choosable || !message.buttons.length) choices.remove();
    },
  };
};

/** @param {Shown["sources"][0]} source */
const sourceOf = ({ title, url }) =>
  create("p", { class: "about" }, create("span", { "data-word": "sources" }), ": ", linkTo(url, title || url));
