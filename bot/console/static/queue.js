// The queue keeps itself up to date; new requests are heard; requests are taken with one key.
import { alarm } from "./alarms.js";
import { ask, elements, paced, problemOf, tell } from "./parts.js";
import { listen, start } from "./stream.js";
import { isOn } from "./switches.js";

const list = document.querySelector("#list");
const told = document.querySelector("#told");
const TEMPLATE = told.dataset.new;
const CHANGES = new Set(["requested", "taken", "handed_on", "agent_lost", "returned", "closed", "call_back_asked",
  "assigned", "reassigned", "unassigned", "settled"]);
const NEW = new Set(["requested", "agent_lost", "unassigned"]);
let isLoading = false;
let isStale = false;

async function load() {
  if (isLoading) {
    isStale = true;
    return;
  }
  isLoading = true;
  do {
    isStale = false;
    const answer = await ask(`/desk/list${location.search}`);
    if (answer?.ok) replace(await answer.text());
  } while (isStale);
  isLoading = false;
}

async function loadThere() {
  const answer = await ask("/desk/there");
  if (answer?.ok) document.querySelector("#there").replaceChildren(...elements(await answer.text()));
}

function replace(html) {
  // Who is in the list with the keyboard stays where they are.
  const row = document.activeElement?.closest?.("[data-reference]")?.dataset.reference;
  const isButton = document.activeElement?.tagName === "BUTTON";
  list.replaceChildren(...elements(html));
  if (row) focusOn(list.querySelector(`[data-reference="${row}"]`) ?? rows()[0], isButton);
}

const rows = () => [...list.querySelectorAll("[data-reference]")];

function focusOn(row, isButton = false) {
  (row?.querySelector(isButton ? "button" : "a") ?? row?.querySelector("a"))?.focus();
}

async function take(form) {
  form.querySelector("button").disabled = true;
  const answer = await ask(form.action, {});
  const problem = await problemOf(answer);
  if (!problem) {
    location.assign(form.action.replace(/\/take$/, ""));
    return;
  }
  tell(told, problem);
  await load();
}

list.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-take]")) return;
  event.preventDefault();
  take(event.target);
});

function key(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, select, textarea")) return;
  const all = rows();
  const current = document.activeElement?.closest("[data-reference]");
  const at = all.indexOf(current);
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (step) {
    event.preventDefault();
    focusOn(all[Math.min(Math.max(at + step, 0), all.length - 1)]);
  } else if (event.key.toLowerCase() === "t") {
    const form = (current ?? all[0])?.querySelector("[data-take]");
    if (form) {
      event.preventDefault();
      take(form);
    }
  }
}

// Single keys work in the list; on the whole page only for who wants it (WCAG 2.1.4).
list.addEventListener("keydown", key);
document.addEventListener("keydown", (event) => {
  if (isOn("keys") && !list.contains(event.target)) key(event);
});

const isOwnTab = new URLSearchParams(location.search).get("show") ?? "waiting";
const loadForNews = paced(load);
listen(Number(list.dataset.number), (name, data) => {
  if (name === "beat") loadThere();
  if (name !== "desk") return;
  if (NEW.has(data.kind)) {
    const text = TEMPLATE.replace("{reference}", data.reference ?? "");
    tell(told, text);
    alarm(text, data.reference, data.kind === "agent_lost");
  }
  if (CHANGES.has(data.kind) || data.urgent || isOwnTab === "mine") loadForNews();
});
setInterval(load, 60_000); // the ages
start();
if (rows().length && document.activeElement === document.body) focusOn(rows()[0]);
