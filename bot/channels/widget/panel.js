// Everything that is seen while the chat is open.
import { button, create, setText, translate, withLinks } from "./elements.js";
import { makeLog } from "./log.js";
import { makeOptions } from "./options.js";
import { dayOf, rigaTime, word } from "./texts.js";

const TOUCH = matchMedia("(pointer: coarse)");
const LIMIT = 2_000; // characters; the server takes no more
const NEAR = 200;

/** @type {MakePanel} */
export const makePanel = (root, conversation, close) => {
  /** To where one writes; on a touch screen the keyboard would cover what one is to read. */
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
  });
  const options = makeOptions(root, {
    person: () => say(word(conversation().language, "personMessage")),
    download: () => download(conversation()),
    anew() {
      conversation().startAnew();
      focus();
    },
  });
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
    event.preventDefault(); // the phone's way back
    close?.();
  });

  return {
    element,
    focus,
    giveBack: composer.giveBack,
    scroll: log.scroll,
    update() {
      const { messages, expecting, trouble, language } = conversation();
      translate(bar, language);
      translate(options.element, language);
      const room = log.element.offsetHeight;
      notice.update(trouble, language);
      log.update(messages, language, expecting, room !== log.element.offsetHeight);
      composer.update(language);
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

  /** Says how much may still be written; returns whether it is not too much. */
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
    // While a letter is being composed, Enter belongs to the keyboard.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    element.requestSubmit();
  });

  return {
    element,
    focus: () => field.focus(),
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

/** What is wrong now. @type {MakeNotice} */
const makeNotice = (retry) => {
  const text = create("p", { role: "status" });
  const again = button("retry", retry);
  const element = create("div", { class: "notice" }, text, again);
  return {
    element,
    update(trouble, language) {
      translate(element, language);
      again.hidden = !trouble?.retry;
      const words = trouble ? word(language, trouble.name, trouble.n) : "";
      if (text.textContent !== words) text.replaceChildren(...withLinks(words));
    },
  };
};

/** Give the conversation as a text file, to keep. @param {Conversation} conversation */
function download({ messages, language }) {
  const paragraphs = messages.map(({ from, text, sources, at }) => {
    if (from === "notice") return word(language, text);
    const who = `${word(language, from === "customer" ? "you" : "assistant")}, ${rigaTime(at, language)}`;
    return [who, text, ...sources.map(({ title, url }) => `${word(language, "sources")}: ${title} ${url}`)].join("\n");
  });
  const today = dayOf(new Date());
  const file = new Blob([[`${word(language, "title")}, ${today}`, ...paragraphs, ""].join("\n\n")], { type: "text/plain" });
  const href = URL.createObjectURL(file);
  create("a", { href, download: `${word(language, "downloadName")}-${today}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // the browser may still be reading
}
