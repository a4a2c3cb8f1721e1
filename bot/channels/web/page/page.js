// The page around the chat: its language, and the current facts. Texts are set as text, never as HTML.
import { linkTo, translate, withLinks } from "/chat/widget/elements.js";

const REFRESH = 60_000; // milliseconds
const asked = new URLSearchParams(location.search).get("lang");
const language = ["lv", "en"].includes(asked) ? asked : navigator.language.startsWith("lv") ? "lv" : "en";

document.documentElement.lang = language;
const chat = document.querySelector("elektrum-chat");
chat.setAttribute("lang", language);
document.querySelector(`.switch[lang="${language}"]`).setAttribute("aria-current", "true");

function line(tag, ...content) {
  const element = document.createElement(tag);
  element.append(...content);
  return element;
}

function block(content) {
  if (typeof content === "string") return line("p", ...withLinks(content));
  return line("ul", ...content.map((point) => line("li", ...withLinks(point))));
}

function source({ title, url }) {
  const element = line("p", linkTo(url ?? "", title));
  element.className = "source";
  return element;
}

async function show() {
  const answer = await fetch(`/chat/announcement?language=${language}`);
  if (!answer.ok) return; // keep what is shown
  const { title, parts } = await answer.json();
  document.querySelector("#title").replaceChildren(title);
  document.title = `Elektrum · ${title}`;
  for (const [part, { blocks, sources }] of Object.entries(parts)) {
    const facts = document.querySelector(`#${part} .facts`);
    facts.replaceChildren(...blocks.map(block), ...sources.map(source));
    translate(facts, language);
  }
}

// The address with #chat opens the chat; "bot serve" prints it.
const openIfAsked = () => location.hash === "#chat" && chat.setAttribute("open", "");
openIfAsked();
addEventListener("hashchange", openIfAsked);

const refresh = () => show().catch(() => {}); // offline: keep what is shown
refresh();
setInterval(refresh, REFRESH);
