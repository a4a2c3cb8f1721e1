// The open chat: log, composer, notice and options.
import { button, create, setText, translate, withLinks } from "./elements.js";
import { makeLog } from "./log.js";
import { makeOptions } from "./options.js";
import { word } from "./texts.js";

const TOUCH = matchMedia("(pointer: coarse)");
const LIMIT = 2_000; // characters; the server's limit
const NEAR = 200;
const KNOWN_AFTER = 150; // milliseconds

const copying = () => import("./download.js");

/** @type {MakePanel} */
export const makePanel = (root, conversation, close) => {
  /** Focus the composer; not on a touch screen, where the keyboard would cover the messages. */
  const focus = () => (TOUCH.matches ? log.element : composer).focus();
  /** @param {string} text @param {string} [reference] */
  const say = (text, reference) => {
    conversation().say(text, reference);
    focus();
  };
  const composer = makeComposer((text) => conversation().say(text));
  const log = makeLog((choice) => say(choice.title, choice.button));
  const notice = makeNotice(() => {
    conversation().retry();
    focus();
  }, () => resized());
  let room = 0;
  /** Scroll again, since a notice below the messages takes room from them. */
  const resized = () => {
    if (room !== log.element.offsetHeight) log.scroll();
    room = log.element.offsetHeight;
  };
  const options = makeOptions(root, {
    person: () => say(word(conversation().language, "personMessage")),
    download: async () => (await copying()).download(conversation()),
    anew() {
      conversation().startAnew();
      focus();
    },
  });
  options.toggle.addEventListener("click", () => copying().catch(() => {})); // so that it is there when offline
  const bar = create("div", { class: "bar" }, create("h2", { id: "title", "data-word": "title" }), options.toggle);
  if (close) {
    const cross = { type: "button", class: "plain", "data-label": "close", click: close };
    bar.append(create("button", cross, "×"));
  }
  const element = create(/** @type {"section"} */ (close ? "dialog" : "section"), { class: "panel", "aria-labelledby": "title" });
  element.append(bar, options.element, log.element, notice.element, composer.element);

  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || !(close || options.isOpen())) return;
    event.preventDefault();
    if (options.isOpen()) {
      options.close();
      options.toggle.focus();
    } else close?.();
  });
  element.addEventListener("cancel", (event) => {
    event.preventDefault(); // the back gesture of a phone
    close?.();
  });

  return {
    element,
    focus,
    giveBack: composer.giveBack,
    clear: composer.clear,
    scroll: log.scroll,
    update() {
      const { messages, expecting, trouble, language, desk } = conversation();
      translate(bar, language);
      translate(options.element, language);
      log.update(messages, language, expecting);
      desk?.update(language);
      notice.update(trouble, language);
      composer.update(language);
      resized();
    },
  };
};

/** The field that messages are written in. @type {MakeComposer} */
const makeComposer = (send) => {
  /** @type {Language} */
  let language = "lv";
  const field = create("textarea", { id: "field", rows: "2", "aria-describedby": "left", autocomplete: "off" });
  const left = create("p", { id: "left" });
  const warning = create("p", { class: "spoken", role: "status" });
  const label = create("label", { for: "field", "data-word": "field" });
  const submit = create("button", { type: "submit", class: "send", "data-word": "send" });
  const element = create("form", { class: "composer" }, label, field, submit, left, warning);

  /** Show how many characters are left; returns whether the text is within the limit. */
  const count = () => {
    const rest = LIMIT - [...field.value.trim()].length; // characters as the server counts, not UTF-16 units
    const fits = rest >= 0;
    setText(left, rest > NEAR ? "" : word(language, fits ? "charactersLeft" : "charactersOver", Math.abs(rest)));
    field.setAttribute("aria-invalid", String(!fits));
    return fits;
  };

  element.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    const fits = count();
    setText(warning, fits ? "" : left.textContent ?? "");
    field.focus();
    if (!text || !fits) return;
    field.value = "";
    count();
    send(text);
  });
  field.addEventListener("input", count);
  field.addEventListener("keydown", (event) => {
    // During composition (IME), Enter belongs to the keyboard.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    element.requestSubmit();
  });

  return {
    element,
    focus: () => field.focus(),
    clear() {
      field.value = "";
      count();
    },
    giveBack(text) {
      field.value ||= text; // unless something else is being written
      count();
    },
    update(now) {
      language = now;
      translate(element, now);
      count();
    },
  };
};

/** The notice of what is wrong now. @type {MakeNotice} */
const makeNotice = (retry, onShown) => {
  let words = "";
  let known = false; // to the screen reader
  const text = create("p", { role: "status" });
  const again = button("retry", retry);
  const element = create("div", { class: "notice" }, text, again);
  const show = () => {
    known = element.checkVisibility();
    const isNew = known && words && text.textContent !== words;
    if (known && text.textContent !== words) text.replaceChildren(...withLinks(words));
    onShown();
    // Where the whole panel scrolls, the notice comes last.
    if (isNew) element.parentElement?.scrollTo(0, element.parentElement.scrollHeight);
  };
  return {
    element,
    update(trouble, language) {
      translate(element, language);
      again.hidden = !trouble?.retry;
      words = trouble ? word(language, trouble.name, trouble.n) : "";
      if (!element.checkVisibility()) text.replaceChildren();
      known &&= element.checkVisibility();
      // Screen readers announce changes only in a live region that they know, so it is empty for a moment first.
      if (known) show();
      else setTimeout(show, KNOWN_AFTER);
    },
  };
};
