// The list of messages. Those that are there already stay untouched, so a screen reader hears only what is new.
import { create, linkTo, setText, spoken, translate, withLinks } from "./elements.js";
import { rigaTime, word } from "./texts.js";

/** @type {MakeLog} */
export const makeLog = (choose) => {
  const greeting = create("div", { class: "message" });
  greeting.append(create("div", { class: "bubble" }, create("p", { "data-word": "greeting" })));
  const typing = create("div", { class: "typing", "aria-hidden": "true", hidden: "" });
  typing.append(create("i"), create("i"), create("i"), create("span", { "data-word": "typing" }));
  const element = create("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" }, greeting, typing);
  /** @type {Map<string, MessageView & {text: string}>} */
  const views = new Map();

  return {
    element,
    /** Show the newest, but not so far that the question which it answers is out of sight. */
    scroll() {
      const question = [...element.querySelectorAll(".customer")].at(-1);
      const top = question instanceof HTMLElement ? question.offsetTop - element.offsetTop - 8 : Infinity;
      element.scrollTop = Math.min(top, element.scrollHeight);
    },
    update(messages, language, expecting, resized) {
      for (const part of [greeting, typing]) translate(part, language);
      element.setAttribute("aria-label", word(language, "conversation"));
      const wanted = new Map(messages.map((message) => [message.key, textOf(message)]));
      for (const [key, view] of views) {
        if (wanted.get(key) === view.text) continue;
        view.element.remove();
        views.delete(key);
      }
      const last = messages.findLastIndex(({ from }) => from !== "assistant");
      let grown = resized || typing.hidden === expecting;
      /** @type {Element} */
      let before = greeting;
      messages.forEach((message, index) => {
        const view = views.get(message.key) ?? { ...messageView(message, choose), text: textOf(message) };
        if (!views.has(message.key)) grown = true;
        views.set(message.key, view);
        view.update(message, language, index > last);
        if (before.nextElementSibling !== view.element) before.after(view.element);
        before = view.element;
      });
      typing.hidden = !expecting;
      if (grown) this.scroll();
    },
  };
};

/** By which a message is known to have changed; a customer's never does. @param {Shown} message */
const textOf = ({ from, text }) => (from === "customer" ? "" : text);

/** @type {MakeMessageView} */
const messageView = (message, choose) => {
  const element = create("div", { class: `message ${message.from}` });
  if (message.from === "notice") {
    element.append(create("p", { "data-word": message.text }));
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
      spoken(message.from === "customer" ? "you" : "assistant"),
      create("p", {}, ...(message.from === "customer" ? [message.text] : withLinks(message.text))),
      ...message.sources.map(sourceOf),
      create("p", { class: "about" }, time, state),
    ),
    choices,
  );
  return {
    element,
    /** What is around the text is in the text's language. */
    update(now, interfaceLanguage, choosable) {
      const language = now.language ?? interfaceLanguage;
      element.lang = language;
      translate(element, language);
      setText(time, rigaTime(now.at, language));
      setText(state, now.state ? ` · ${word(language, now.state)}` : "");
      // A choice belongs to the last thing that was said.
      if (!choosable || !message.buttons.length) choices.remove();
    },
  };
};

/** @param {Shown["sources"][0]} source */
const sourceOf = ({ title, url }) =>
  create("p", { class: "about" }, create("span", { "data-word": "sources" }), ": ", linkTo(url, title || url));
