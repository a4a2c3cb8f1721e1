// What is still being worked out is asked for again until it is there; then it takes its place on the page.
import { ask, elements } from "./parts.js";

const EVERY = 1500; // milliseconds
const NOT_READY = 202;
const waiting = document.querySelector("[data-waiting]");
const told = document.querySelector("#told");

async function again() {
  const answer = await ask(location.pathname + location.search);
  if (answer?.status === NOT_READY || answer === null) {
    setTimeout(again, EVERY);
    return;
  }
  if (!answer.ok) {
    location.reload();
    return;
  }
  document.querySelector("#changes").replaceChildren(...elements(await answer.text()));
  told.textContent = told.dataset.done;
}

if (waiting?.dataset.waiting === "part") setTimeout(again, EVERY);
if (waiting?.dataset.waiting === "page") setTimeout(() => location.reload(), EVERY);
