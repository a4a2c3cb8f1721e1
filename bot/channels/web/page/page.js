// The plain page: one conversation with the assistant. Texts are set as text, never as HTML.
const log = document.getElementById("log");
const form = document.getElementById("form");
const field = document.getElementById("text");
const submit = form.querySelector("button");
const APOLOGY =
  "Savienojums neizdevās; Jūsu ziņa ir saglabāta ievades laukā. Mēģiniet vēlreiz vai zvaniet 8400.\n" +
  "The connection failed; your message is kept in the field below. Try again or call 8400.";

let session = sessionStorage.getItem("session");

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${session}` },
    body: JSON.stringify(body),
  });
  if (!answer.ok) {
    const error = new Error(String(answer.status));
    error.status = answer.status;
    throw error;
  }
  return answer;
}

async function newSession() {
  ({ session } = await (await post("/chat/session", {})).json());
  sessionStorage.setItem("session", session);
}

// The replies of a streamed answer.
async function send(message) {
  const body = { id: crypto.randomUUID(), ...message };
  if (!session) await newSession();
  let answer;
  try {
    answer = await post("/chat/messages", body);
  } catch (error) {
    if (error.status !== 401) throw error;
    await newSession(); // the server has a new key: begin anew
    answer = await post("/chat/messages", body);
  }
  return (await answer.text())
    .split("\n\n")
    .filter((event) => event.startsWith("event: reply\n"))
    .map((event) => JSON.parse(event.slice(event.indexOf("data: ") + 6)));
}

function add(text, kind) {
  const bubble = document.createElement("div");
  bubble.className = `message ${kind}`;
  bubble.textContent = text;
  log.append(bubble);
  bubble.scrollIntoView({ block: "nearest" });
  return bubble;
}

function show(reply) {
  const bubble = add(reply.text, "bot");
  for (const source of reply.sources) {
    const line = document.createElement("p");
    line.className = "sources";
    if (source.url) {
      const link = document.createElement("a");
      link.href = source.url;
      link.rel = "noopener noreferrer";
      link.target = "_blank";
      link.textContent = source.title;
      line.append(link);
    } else {
      line.textContent = source.title;
    }
    bubble.append(line);
  }
  if (!reply.buttons.length) return;
  const choices = document.createElement("div");
  choices.className = "choices";
  for (const { title, button } of reply.buttons) {
    const choice = document.createElement("button");
    choice.type = "button";
    choice.textContent = title;
    choice.addEventListener("click", () => turn(title, { button }));
    choices.append(choice);
  }
  log.append(choices);
  choices.scrollIntoView({ block: "nearest" });
}

async function turn(shown, message) {
  submit.disabled = true;
  const mine = add(shown, "you");
  try {
    const replies = await send(message);
    if (field.value === shown) field.value = "";
    replies.forEach(show);
  } catch {
    mine.remove();
    add(APOLOGY, "error");
  } finally {
    submit.disabled = false;
    field.focus();
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!submit.disabled) turn(field.value, { text: field.value });
});
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    form.requestSubmit();
  }
});
