// Talking with a person: follows the desk's events and its state. Loaded only when a person is asked for.
import { makeDeskView } from "./desk-view.js";
import { eventsOf, pastOf, problemIn } from "./server.js";

const SILENCE = 25_000; // milliseconds without an event, after which the connection counts as lost; the server beats
const PAUSES = [0.5, 1, 3, 10, 15]; // back-off: seconds before the connection is made again; the last one stays
const TYPING_TOLD = 3_000; // milliseconds between two notes that the customer is typing
const TYPING_LASTS = 6_000; // milliseconds that the person counts as typing after the last note

/** @type {MakeDesk} */
export const makeDesk = ({ server, element, session, language, complete, heard, refresh }) => {
  /** @type {DeskState | undefined} */
  let state;
  /** @type {AbortController | undefined} */
  let following;
  let followed = ""; // the session whose events are followed
  let wake = () => {};
  let typingTimer = 0;
  let typing = false;
  let toldTyping = 0;
  let followedTo = 0; // the number up to which the events have been taken

  const show = () => view.update(state, language(), typing);
  const isLive = () => state?.state === "waiting" || state?.state === "held";

  /** @param {string} path below the desk's @param {object} [body] */
  const tell = async (path, body = {}) => {
    const current = session();
    if (!current) return;
    const answer = await server.ask(`desk/${path}`, current, body);
    if (answer.status === 204) return;
    learn(await answer.json());
    look();
  };

  /** @param {DeskState} now */
  const learn = (now) => {
    const wasHeld = desk.isHeld;
    state = now;
    desk.isHeld = now.state === "held";
    if (!desk.isHeld) typing = false;
    show();
    if (wasHeld !== desk.isHeld) refresh();
  };

  /** @param {{ event: string, data: any }} message */
  const take = ({ event, data }) => {
    if (event === "state") learn(data);
    if (event === "said") {
      if (data.from === "person") typing = false;
      followedTo = Math.max(followedTo, data.number ?? 0);
      heard(pastOf(data));
      show();
    }
    if (event === "typing") {
      typing = true;
      clearTimeout(typingTimer);
      typingTimer = setTimeout(() => {
        typing = false;
        show();
      }, TYPING_LASTS);
      show();
    }
  };

  /** Read the events until the connection ends. @param {string} current @param {AbortSignal} signal */
  const listen = async (current, signal) => {
    const silence = new AbortController();
    const lost = () => silence.abort();
    signal.addEventListener("abort", lost);
    let timer = setTimeout(lost, SILENCE);
    try {
      // Not the highest number that is shown: an own message is acknowledged with its number, also while what came
      // before it from the person is still to be heard.
      const last = Math.max(followedTo, complete());
      const answer = await server.ask("desk/events", current, undefined, silence.signal, { "Last-Event-ID": String(last) });
      for await (const message of eventsOf(answer)) {
        clearTimeout(timer);
        timer = setTimeout(lost, SILENCE);
        if (signal.aborted) return;
        wake = () => {};
        take(message);
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", lost);
    }
  };

  /** Follow the desk's events for as long as somebody is waited for, or there. @param {string} current */
  const follow = async (current) => {
    const { signal } = (following = new AbortController());
    followed = current;
    for (let failures = 0; !signal.aborted; failures++) {
      const began = Date.now();
      try {
        await listen(current, signal);
        if (!isLive()) break;
      } catch (error) {
        const { kind } = problemIn(error);
        if (kind === "unknown session") refresh();
        if (kind === "unknown session" || kind === "refused") break;
      }
      if (Date.now() - began > SILENCE) failures = 0;
      const seconds = PAUSES[Math.min(failures, PAUSES.length - 1)] ?? 1;
      if (!signal.aborted) {
        await new Promise((resolve) => {
          wake = () => resolve(undefined);
          signal.addEventListener("abort", wake);
          setTimeout(wake, seconds * 1000);
        });
      }
    }
    if (following?.signal === signal) following = undefined;
  };

  const look = () => {
    const current = session();
    if (current !== followed) stop();
    if (document.hidden) {
      following?.abort();
      following = undefined;
    } else if (current && !following) follow(current);
    else wake();
  };

  const stop = () => {
    following?.abort();
    following = undefined;
    followed = "";
    followedTo = 0;
    state = undefined;
    desk.isHeld = typing = false;
    show();
  };

  const view = makeDeskView(element, tell, () => {
    if (!desk.isHeld || Date.now() - toldTyping < TYPING_TOLD) return;
    toldTyping = Date.now();
    tell("typing").catch(() => {});
  });

  /** @type {Desk} */
  const desk = { isHeld: false, look, stop, update: show };
  return desk;
};
