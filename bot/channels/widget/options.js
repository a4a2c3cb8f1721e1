// The options menu: appearance, a person, a copy of the conversation, a new conversation.
import { button, create, spoken } from "./elements.js";
import { kept } from "./session.js";

/** The settings and their values, by the names of texts. @type {Record<string, string[]>} */
const LOOKS = {
  size: ["sizeNormal", "sizeLarge", "sizeLargest"],
  contrast: ["contrastNormal", "contrastLight", "contrastDark"],
};

/** @type {MakeOptions} */
export const makeOptions = (root, { person, download, anew }) => {
  const show = (/** @type {boolean} */ open) => {
    element.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    question.hidden = true;
    if (open) element.parentElement?.scrollTo(0, 0); // on a small viewport, where the whole panel scrolls
  };
  const close = () => show(false);
  const yes = button("anewYes", () => {
    close();
    anew();
  });
  const no = button("cancel", () => {
    question.hidden = true;
    begin.focus();
  });
  const begin = button("anew", () => {
    question.hidden = false;
    yes.focus();
  });
  const question = create("div", {}, create("p", { "data-word": "anewQuestion" }), groupOf("", yes, no));
  const actions = groupOf("", button("person", () => {
    close();
    person();
  }), button("download", download), begin);
  const element = create("div", { class: "options", id: "options" }, ...looks(root), actions, question);
  const toggle = create("button", { type: "button", class: "plain", "data-label": "options", "aria-controls": "options" }, "⋮");
  toggle.onclick = () => show(element.hidden === true);
  close();
  return { element, toggle, close, isOpen: () => !element.hidden };
};

/** @param {string} label the name of a text, or "" @param {HTMLElement[]} buttons */
const groupOf = (label, ...buttons) => create("div", { class: "group", role: "group", "data-label": label }, ...buttons);

/**
 * Text sizes and contrasts: chosen once, kept for every page of the website.
 * @param {HTMLElement} root the style sheet goes by its `data-size` and `data-contrast`
 */
function looks(root) {
  const contrast = matchMedia("(prefers-contrast: more)").matches ? "contrastLight" : "contrastNormal";
  const chosen = kept("localStorage", "elektrum-chat looks", /** @type {DOMStringMap} */ ({ size: "sizeNormal", contrast }));
  const groups = Object.entries(LOOKS).map(([look, names]) => {
    const choices = names.map((name) => {
      const each = button(look === "size" ? "" : name, () => {
        chosen.set({ ...chosen.get(), [look]: name });
        show();
      }, { "data-look": name });
      if (look === "size") each.append("A ", spoken(name));
      return each;
    });
    return groupOf(look, ...choices);
  });
  const show = () => {
    const values = Object.values(Object.assign(root.dataset, chosen.get()));
    for (const each of groups.flatMap(({ children }) => [...children])) {
      each.setAttribute("aria-pressed", String(values.includes(each.getAttribute("data-look") ?? "")));
    }
  };
  show();
  return groups;
}
