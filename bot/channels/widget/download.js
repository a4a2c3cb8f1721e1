// A copy of the conversation as a text file; loaded when the options are opened.
import { create } from "./elements.js";
import { dayOf, rigaTime, word } from "./texts.js";

/** Download the conversation as a text file. @param {Conversation} conversation */
export function download({ messages, language }) {
  const paragraphs = messages.map(({ from, text, name, sources, at, withheld }) => {
    if (from === "notice") return word(language, text, name ?? "");
    const who = `${name ?? word(language, from === "customer" ? "you" : "assistant")}, ${rigaTime(at, language)}`;
    return [who, withheld ? word(language, "withheld") : text, ...sources.map(({ title, url }) => `${word(language, "sources")}: ${title} ${url}`)].join("\n");
  });
  const today = dayOf(new Date());
  const file = new Blob([[`${word(language, "title")}, ${today}`, ...paragraphs, ""].join("\n\n")], { type: "text/plain" });
  const href = URL.createObjectURL(file);
  create("a", { href, download: `${word(language, "downloadName")}-${today}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // the browser may still be reading
}
