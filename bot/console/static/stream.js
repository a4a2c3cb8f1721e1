// The desk's events. Of all open pages of a browser one has the connection (HTTP/1.1 allows six to a host); it passes
// everything on to the others. A sign of life goes out when the server's beat comes in, not by a timer, since browsers
// slow the timers of hidden pages down.
import { ask } from "./parts.js";
import { isOn } from "./switches.js";

const QUIET_AFTER = 12_000; // milliseconds without a beat after which the connection counts as lost
const ACTIVE_FOR = 60_000;
const others = new BroadcastChannel("desk");
const listeners = new Set();
let lastNumber = 0;
let lastActive = Date.now();
let lastBeat = Date.now();

for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => (lastActive = Date.now()), { passive: true });

/** Hear of everything after a number: `hear(name, data)`. */
export function listen(after, hear) {
  lastNumber = Math.max(lastNumber, after);
  listeners.add(hear);
}

function pass(name, data) {
  lastBeat = Date.now();
  if (name === "desk") {
    if (data.number <= lastNumber) return;
    lastNumber = data.number;
  }
  for (const hear of listeners) hear(name, data);
}

function connect() {
  const source = new EventSource(`/desk/stream?after=${lastNumber}`);
  for (const name of ["desk", "typing", "beat", "anew", "signed-out"]) {
    source.addEventListener(name, (event) => {
      const data = JSON.parse(event.data);
      pass(name, data);
      others.postMessage({ name, data });
      if (name === "beat") {
        ask("/desk/beat", { active: Date.now() - lastActive < ACTIVE_FOR ? "1" : "0", away: isOn("away") ? "1" : "0" });
      }
      if (name === "signed-out") source.close();
    });
  }
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return; // it comes back by itself
    setTimeout(connect, 2000);
  });
}

export function start() {
  others.addEventListener("message", ({ data }) => pass(data.name, data.data));
  // The lock is held until the page is closed; then another page of this browser gets it.
  navigator.locks.request("desk-stream", () => {
    connect();
    return new Promise(() => {});
  });
  const connection = document.querySelector("#connection");
  setInterval(() => {
    const isLost = Date.now() - lastBeat > QUIET_AFTER;
    if (connection && connection.hidden === isLost) connection.hidden = !isLost;
  }, 1000);
  listen(0, (name) => {
    if (name === "anew") location.reload();
    if (name === "signed-out") location.assign("/sign-in");
  });
}
