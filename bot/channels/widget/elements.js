// Builds elements. Texts become text nodes, never HTML (no XSS).
import { word } from "./texts.js";

/** @type {Create} */
export const create = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

/** @type {MakeButton} */
export const button = (name, click, attributes) =>
  create("button", { type: "button", "data-word": name, click, ...attributes });

/** @type {Spoken} */
export const spoken = (name) => create("span", { class: "spoken", "data-word": name });

/** @type {SetText} */
export const setText = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

/** @type {SetAttribute} */
export const setAttribute = (element, name, value) => {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
};

/** @type {Translate} */
export const translate = (root, language) => {
  for (const element of [root, ...root.querySelectorAll("[data-word], [data-label]")]) {
    const text = element.getAttribute("data-word");
    const label = element.getAttribute("data-label");
    if (text) setText(element, word(language, text, element.getAttribute("data-n") ?? undefined));
    if (label) setAttribute(element, "aria-label", word(language, label));
  }
};

// Other schemes (javascript:, data:) and a sentence's final punctuation stay text. Amounts and dates are not phone numbers.
const ADDRESS =
  /https?:\/\/[^\s<>"„“”]*[^\s<>"„“”.,;:!?)\]'’]|(?<![\w.@/-])(?:www\.)?(?:elektrum|latvenergo|sadalestikls)\.lv(?![\w/-]|\.\w)|(?<![\d.,])840[04](?![.,]?\d|\s?€)|(?<=zvaniet |call )112\b/gi;

/** @type {WithLinks} */
export const withLinks = (text) => {
  let end = 0;
  const parts = Array.from(text.matchAll(ADDRESS), ({ 0: address, index }) => {
    const before = text.slice(end, index);
    end = index + address.length;
    return [before, linkTo(/^\d/.test(address) ? `tel:${address}` : address.replace(/^(?!http)/i, "https://"), address)];
  });
  return [...parts.flat(), text.slice(end)];
};

/** @type {LinkTo} */
export const linkTo = (address, text) => {
  if (/^tel:\d+$/.test(address)) return create("a", { href: address }, text);
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return text;
  return create("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text, spoken("newTab"));
};
