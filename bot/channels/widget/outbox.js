// Sends the customer's messages, one after the other, with retries. A message keeps its id, an idempotency key, so that
// the server never runs it twice.
import { problemIn } from "./server.js";
import { kept } from "./session.js";

const ANSWER_PATIENCE = 3_000; // milliseconds without an answer, after which the customer is told
const PAUSES = [1, 3, 10, 30, 60, 60, 60, 60, 60]; // back-off: seconds before each automatic retry

/** @type {MakeOutbox} */
export const makeOutbox = (server, visit, { onReply, onAnswered, onRefused, onLost, onChange }, name, epoch) => {
  const storage = kept("sessionStorage", name, /** @type {Unsent} */ ({ messages: [] }));
  let { messages } = storage.get();
  /** @type {Trouble | undefined} */
  let trouble;
  let running = false;
  let failures = 0;
  let losses = 0;
  let attempt = new AbortController();
  let wake = () => {};

  /** @param {Outgoing[]} now */
  const keep = (now) => storage.set({ epoch: epoch(), messages: (messages = now) });

  // Messages written before another tab left the conversation do not belong to the new one.
  if (storage.get().epoch !== epoch() || !Array.isArray(messages)) keep([]);

  /** @param {Trouble} [now] */
  const say = (now) => {
    trouble = now;
    onChange();
  };

  /** Wait for `retry`, at most for the seconds if given. @param {Trouble} [now] @param {number} [seconds] */
  const pause = async (now, seconds) => {
    say(now);
    await new Promise((resolve) => {
      wake = () => resolve(undefined);
      if (seconds) setTimeout(wake, seconds * 1000);
    });
  };

  /** @param {Outgoing} message @param {string} why */
  const refuse = (message, why) => {
    keep(messages.slice(1));
    onRefused(message);
    say({ name: why });
  };

  /** A button is valid only in its conversation; its title can be sent as text in any. @param {Outgoing} message */
  const asText = (message) => {
    delete message.button;
    keep(messages);
  };

  /** Try once; returns what the server says at the end, or the problem. @param {Outgoing} message */
  const send = async (message) => {
    attempt = new AbortController();
    let session = "";
    let timer = 0;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => say(trouble ?? { name: "slow", retry: true }), ANSWER_PATIENCE);
    };
    wait();
    try {
      session = await visit.session();
      attempt.signal.throwIfAborted();
      return { done: await server.send(session, message, (reply) => {
        wait();
        trouble = undefined;
        onReply(message, reply);
      }, attempt.signal) };
    } catch (error) {
      return { problem: problemIn(error), session };
    } finally {
      clearTimeout(timer);
    }
  };

  /** @param {Outgoing} message @param {Problem} problem @param {string} session */
  const afterwards = async (message, { kind, seconds }, session) => {
    if (kind === "too many") return pause({ name: "tooMany", n: seconds }, seconds);
    if (kind === "too long") return refuse(message, "tooLong");
    // Only once: a server that forgets each new session is broken.
    if (kind === "unknown session" && losses++ === 0) {
      onLost(session);
      return asText(message);
    }
    if (kind === "refused") return message.button ? asText(message) : refuse(message, "notAccepted");
    if (attempt.signal.aborted || !navigator.onLine) return undefined;
    const next = PAUSES[failures++];
    // The first failure is not shown: it is retried in a moment.
    const now = trouble || seconds || failures > 1 ? { name: "failed", retry: true } : undefined;
    return pause(now, next && Math.max(next, seconds ?? 0));
  };

  const outbox = {
    get trouble() {
      return trouble;
    },
    get messages() {
      return messages;
    },
    /** @param {Outgoing} message */
    add(message) {
      if (!running) trouble = undefined;
      keep([...messages, message]);
      outbox.run();
    },
    retry() {
      failures = 0;
      attempt.abort();
      wake();
      say();
    },
    save: () => keep(messages),
    clear() {
      keep([]);
      outbox.retry();
    },
    stop() {
      messages = [];
      outbox.retry();
    },
    async run() {
      if (running) return;
      running = true;
      for (let message = messages[0]; message; message = messages[0]) {
        if (!navigator.onLine) {
          await pause({ name: "offline" });
          continue;
        }
        const { done, problem, session = "" } = await send(message);
        if (message !== messages[0]) continue; // a new conversation was begun meanwhile
        if (problem) await afterwards(message, problem, session);
        else {
          failures = losses = 0;
          trouble = undefined;
          keep(messages.slice(1));
          onAnswered(message, done);
        }
      }
      running = false;
      onChange();
    },
  };
  return outbox;
};
