// What is done seldom: how things look, a person, a copy of the conversation, a new conversation.
import { button, create, spoken } from "./elements.js";
import { kept } from "./session.js";

/** What may be chosen, by the names of texts. @type {Record<string, string[]>} */
const LOOKS = {
  size: ["sizeNormal", "sizeLarge", "sizeLargest"],
  contrast: ["contrastNormal", "contrastLight", "contrastDark"],
};

/** @type {MakeOptions} */
export const makeOptions = (root, { person, download, anew }) => {
  const show = (/** @type {boolean} */ open) => {
    element.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    ask(false);
  };
  const ask = (/** @type {boolean} */ asking) => {
    question.hidden = !asking;
    begin.setAttribute("aria-expanded", String(asking));
  };
  const close = () => show(false);
  const yes = button("anewYes", () => {
    close();
    anew();
  });
  const no = button("cancel", () => {
    ask(false);
    begin.focus();
  });
  const begin = button("anew", () => {
    ask(true);
    yes.focus();
  });
  const toPerson = button("person", () => {
    close();
    person();
  });
  const question = create("div", {}, create("p", { "data-word": "anewQuestion" }), groupOf(yes, no));
  const actions = groupOf(toPerson, button("download", download), begin);
  const element = create("div", { class: "options", id: "options" }, ...looks(root), actions, question);
  const toggle = create("button", { type: "button", class: "plain", "data-label": "options", "aria-controls": "options" }, "⋮");
  toggle.addEventListener("click", () => show(element.hidden === true));
  close();
  return { element, toggle, close, isOpen: () => !element.hidden };
};

/** @param {HTMLElement[]} buttons */
const groupOf = (...buttons) => create("div", { class: "group", role: "group" }, ...buttons);

/**
 * Text sizes and contrasts: chosen once, kept for every page of the website.
 * @param {HTMLElement} root the style sheet goes by its `data-size` and `data-contrast`
 */
function looks(root) {
  const contrast = matchMedia("(prefers-contrast: more)").matches ? "contrastLight" : "contrastNormal";
  const chosen = kept("localStorage", "elektrum-chat looks", /** @type {DOMStringMap} */ ({ size: "sizeNormal", contrast }));
  const show = () => {
    Object.assign(root.dataset, chosen.get());
    for (const each of buttons.flat()) {
      each.setAttribute("aria-pressed", String(Object.values(chosen.get()).includes(each.dataset.look)));
    }
  };
  const buttons = Object.entries(LOOKS).map(([look, names]) =>
    names.map((name) => {
      const choose = () => {
        chosen.set({ ...chosen.get(), [look]: name });
        show();
      };
      const each = button(look === "size" ? "" : name, choose, { "data-look": name });
      if (look === "size") each.append("A ", spoken(name));
      return each;
    }),
  );
  show();
  return buttons.map((each, index) => {
    const group = groupOf(...each);
    group.dataset.label = Object.keys(LOOKS)[index];
    return group;
  });
}
