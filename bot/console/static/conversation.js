// One conversation: what happens is appended as it happens; what is written is sent once, whatever the connection does.
import { alarm } from "./alarms.js";
import { ask, elements, me, paced, problemOf, tell } from "./parts.js";
import { listen, start } from "./stream.js";

const page = document.querySelector("#conversation");
const { reference } = page.dataset;
const address = `/desk/${encodeURIComponent(reference)}`;
const events = document.querySelector("#events");
const log = document.querySelector("#log");
const state = document.querySelector("#state");
const writing = document.querySelector("#writing");
const problem = document.querySelector("#problem");
const text = document.querySelector("#text");
const typing = document.querySelector("#typing");
const DRAFT = `draft-${reference}`;
const SAID = new Set(["customer_said", "agent_said", "note"]);
const TYPING_EVERY = 3000;
let number = Number(page.dataset.number);
let loading = Promise.resolve();

function append(html) {
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  for (const item of elements(html)) {
    if (item.nodeType !== Node.ELEMENT_NODE) continue;
    const own = Number(item.dataset.number);
    if (own <= number) continue;
    number = own;
    events.append(item);
  }
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

/** What happened since; asked one after the other, so that nothing is shown twice. */
function loadEvents() {
  loading = loading.then(async () => {
    const answer = await ask(`${address}/events?after=${number}`);
    if (answer?.ok) append(await answer.text());
  });
  return loading;
}

async function loadState() {
  const answer = await ask(`${address}/state`);
  if (!answer?.ok) return;
  const html = await answer.text();
  if (state.contains(document.activeElement) && document.activeElement.matches("select, textarea, input")) {
    const isMine = elements(html).some((one) => one.dataset?.mine === "1");
    if (isMine === !writing.hidden) return; // somebody is choosing an outcome
  }
  state.replaceChildren(...elements(html));
  showWriting();
}

function showWriting() {
  const facts = document.querySelector("#facts");
  writing.hidden = facts.dataset.mine !== "1";
  document.querySelector("#say").hidden = facts.dataset.canWrite !== "1";
}

async function loadMine() {
  const answer = await ask(`/desk/mine?current=${encodeURIComponent(reference)}`);
  if (answer?.ok) document.querySelector("#mine").replaceChildren(...elements(await answer.text()));
}

/** Send a form; the same text has the same id until it has arrived, so that it is said once. */
async function send(form) {
  const field = form.querySelector("textarea");
  const id = form.elements.client_id;
  const button = form.querySelector("button");
  if (!field.value.trim() || button.disabled) return;
  id.value ||= crypto.randomUUID();
  button.disabled = true;
  const told = await problemOf(await ask(form.action, { text: field.value, client_id: id.value }));
  button.disabled = false;
  tell(problem, told);
  if (told) return;
  field.value = id.value = "";
  if (form.id === "say") sessionStorage.removeItem(DRAFT);
  field.focus();
  await loadEvents();
}

for (const form of document.querySelectorAll("#say, #note")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send(form);
    }
  });
  form.addEventListener("input", () => (form.elements.client_id.value = "")); // another text is another message
}

let typedAt = 0;
text.addEventListener("input", () => {
  sessionStorage.setItem(DRAFT, text.value);
  if (Date.now() - typedAt < TYPING_EVERY) return;
  typedAt = Date.now();
  ask(`${address}/typing`, {});
});

function insert(content) {
  text.value = text.value.trim() ? `${text.value.trimEnd()}\n\n${content}` : content;
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
}

const drafted = document.querySelector("#drafted");

/** What the assistant would answer to what the customer wrote last; whoever is using the old one keeps it. */
async function loadDraft() {
  if (writing.hidden || drafted.contains(document.activeElement)) return;
  const answer = await ask(`${address}/drafted`);
  if (answer?.ok) drafted.replaceChildren(...elements(await answer.text()));
}

drafted.addEventListener("click", ({ target }) => {
  if (target.closest("[data-insert]")) insert(document.querySelector("#draft").textContent);
});
document.querySelector("#about").addEventListener("change", async ({ target }) => {
  if (!target.value) return;
  const answer = await ask(`${address}/draft?about=${encodeURIComponent(target.value)}`);
  tell(problem, await problemOf(answer));
  if (answer?.ok) insert((await answer.json()).text);
  target.value = "";
});

state.addEventListener("submit", async (event) => {
  const form = event.target;
  event.preventDefault();
  const given = Object.fromEntries(new FormData(form));
  const answer = await ask(form.action, given);
  const told = await problemOf(answer);
  tell(problem, told);
  if (told) {
    problem.scrollIntoView({ block: "nearest" });
  } else if (form.dataset.reveal) {
    document.querySelector(`#${form.dataset.reveal}`).replaceChildren(...elements(await answer.text()));
    return;
  } else if (form.dataset.act) {
    location.assign(form.dataset.act);
    return;
  }
  await Promise.all([loadState(), loadMine(), loadEvents()]);
  if (!told && !writing.hidden) text.focus();
});

const loadMineForNews = paced(loadMine);
listen(Number(page.dataset.number), (name, data) => {
  if (name === "typing") {
    typing.textContent = data.typing.includes(reference) ? typing.dataset.text : "";
  }
  if (name !== "desk") return;
  if (data.reference !== reference) {
    const link = document.querySelector(`[data-mine="${CSS.escape(data.reference ?? "")}"]`);
    if (data.kind === "customer_said") link?.classList.add("new");
    if (!SAID.has(data.kind) && (link || data.agent === me())) loadMineForNews();
    return;
  }
  loadEvents();
  if (data.kind === "customer_said") {
    loadDraft();
    if (document.hidden) alarm(reference, reference, data.urgent);
  } else if (!SAID.has(data.kind)) {
    loadState();
    loadMineForNews();
  }
});

text.value = sessionStorage.getItem(DRAFT) ?? "";
showWriting();
log.scrollTop = log.scrollHeight;
if (!writing.hidden) text.focus();
start();
