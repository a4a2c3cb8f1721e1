// The form of an announcement: what is wrong stands beside its field soon after it was typed; the check's result comes
// without loading the page anew.
import { ask, elements } from "./parts.js";

const AFTER = 800; // milliseconds without a key
const EVERY = 1500;
const NOT_READY = 202;
const form = document.querySelector("#announcement");
const found = document.querySelector("#found");
const told = document.querySelector("#told");
const CHECK = form.action;
let timer;
let latest = 0;

const given = (more) => ({ ...Object.fromEntries(new FormData(form)), ...more });

function show(problems) {
  for (const place of form.querySelectorAll("[data-wrong]")) {
    const text = problems[place.dataset.wrong] ?? "";
    place.textContent = text;
    place.hidden = !text;
    for (const field of form.querySelectorAll(`[aria-describedby="${CSS.escape(place.id)}"]`)) {
      if (text) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }
}

async function look() {
  const number = ++latest;
  const answer = await ask(CHECK, given());
  if (!answer?.ok || number !== latest) return;
  show((await answer.json()).problems);
}

form.addEventListener("input", ({ target }) => {
  if (target.name === "decide") return;
  clearTimeout(timer);
  timer = setTimeout(look, AFTER);
});

/** The check's result, asked for until it is there, unless something else is typed meanwhile. */
async function result(number) {
  const answer = await ask(CHECK, given({ full: "1" }));
  if (number !== latest || !answer) return;
  if (answer.status === NOT_READY) {
    setTimeout(() => number === latest && result(number), EVERY);
    return;
  }
  if (!answer.ok || answer.headers.get("Content-Type")?.startsWith("application/json")) return;
  found.replaceChildren(...elements(await answer.text()));
  told.textContent = told.dataset.done;
}

if (document.querySelector("[data-waiting]")) setTimeout(() => result(latest), EVERY);
