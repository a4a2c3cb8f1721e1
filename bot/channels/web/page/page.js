// The page around the chat: its language, and the facts as they stand. Texts are set as text, never as HTML.
const REFRESH = 60_000; // milliseconds
const asked = new URLSearchParams(location.search).get("lang");
const language = ["lv", "en"].includes(asked) ? asked : navigator.language.startsWith("lv") ? "lv" : "en";

document.documentElement.lang = language;
document.querySelector("elektrum-chat").setAttribute("lang", language);
document.querySelector(`.switch[lang="${language}"]`).setAttribute("aria-current", "true");

function paragraph(text, className = "") {
  const line = document.createElement("p");
  line.textContent = text;
  line.className = className;
  return line;
}

function block(content) {
  if (typeof content === "string") return paragraph(content);
  const list = document.createElement("ul");
  for (const point of content) {
    const item = document.createElement("li");
    item.textContent = point;
    list.append(item);
  }
  return list;
}

function source({ title, url }) {
  const line = paragraph(url ? "" : title, "source");
  if (url) {
    const link = document.createElement("a");
    link.href = url;
    link.textContent = title;
    line.append(link);
  }
  return line;
}

async function show() {
  const answer = await fetch(`/chat/announcement?language=${language}`);
  if (!answer.ok) return; // what stands there stays
  const { parts } = await answer.json();
  for (const [part, { blocks, sources }] of Object.entries(parts)) {
    document.querySelector(`#${part} .facts`).replaceChildren(...blocks.map(block), ...sources.map(source));
  }
}

const refresh = () => show().catch(() => {}); // offline: what stands there stays
refresh();
setInterval(refresh, REFRESH);
