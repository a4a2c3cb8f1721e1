// The conversation as it is to be seen: what the server has, what it has not answered yet, and what went wrong.
import { makeOutbox } from "./outbox.js";
import { problemIn, serverAt } from "./server.js";
import { shareState, visiting } from "./session.js";

/** @type {Converse} */
export const converse = (base, page) => {
  const name = `elektrum-chat ${base.href}`;
  const server = serverAt(base);
  const shared = shareState(name, (told) => hear(told));
  const { onChange } = page;

  let pageLanguage = page.language;
  /** Of a conversation that the server no longer knows; stays on the screen. @type {Shown[]} */
  let earlier = [];
  /** @type {Shown[]} */
  let present;
  /** @type {Trouble | undefined} */
  let historyTrouble;
  let session = shared.now().session; // whose messages are on the screen
  /** The last reply that this tab has shown. @type {string | undefined} */
  let shownLast;
  if (!session) shared.change({ language: undefined }); // of a conversation that is over

  const language = () => shared.now().language ?? pageLanguage;
  const replies = () => present.filter(({ from }) => from === "assistant");
  const unsent = () => new Set(outbox.messages.map(({ id }) => id));

  const visit = visiting(server, shared, {
    language,
    token: page.token,
    onNotSignedIn() {
      present.splice(-1, 0, noticeOf("notSignedIn")); // before the message that is being sent
      onChange();
    },
  }, name);

  const outbox = makeOutbox(server, visit, {
    onReply({ id }, reply) {
      const question = present.find(({ key }) => key === id);
      if (!question) return; // of a conversation that was left
      question.language ??= reply.language;
      session = shared.now().session;
      put({ ...reply, key: reply.id, from: "assistant" });
      speak(reply.language);
      onChange();
    },
    onAnswered() {
      shared.change({}, "grown");
      if (historyTrouble) refresh();
      onChange();
    },
    onRefused({ id, text }) {
      const message = present.find(({ key }) => key === id);
      if (message) message.state = "refused";
      page.onRefused(text);
    },
    onLost: (known) => lose(known),
    onChange,
  }, `${name} unsent`);

  present = outbox.messages.map(shownOf);

  /** @param {Language | undefined} now */
  const speak = (now) => {
    if (now && now !== shared.now().language) shared.change({ language: now });
  };

  /** Show once, after what belongs to the same question. @param {Shown} message */
  const put = (message) => {
    const question = message.key.split("/")[0] ?? "";
    const same = present.findIndex(({ key }) => key === message.key);
    const last = present.findLastIndex(({ key }) => key.startsWith(question));
    if (same >= 0) present[same] = message;
    else present.splice(last < 0 ? present.length : last + 1, 0, message);
  };

  /** @param {Past[]} past */
  const adopt = (past) => {
    const adopted = past.map((message, index) => ({
      ...message,
      key: message.id,
      language: message.language ?? past[index + 1]?.language,
    }));
    const keys = new Set(adopted.map(({ key }) => key));
    // What the server did not have yet when it was asked comes last.
    present = [...adopted, ...present.filter(({ key }) => !keys.has(key))];
    speak(past.at(-1)?.language);
  };

  const clear = () => {
    earlier = [];
    present = [];
    session = historyTrouble = undefined;
    outbox.clear();
  };

  const leaveBehind = () => {
    const ids = unsent();
    earlier.push(...present.filter(({ key }) => !ids.has(key)), noticeOf("sessionLost"));
    present = present.filter(({ key }) => ids.has(key));
  };

  /** @param {string} known that the server no longer knows */
  const lose = (known) => {
    visit.lost(known);
    leaveBehind();
    session = shared.now().session;
    onChange();
  };

  /** Read the conversation from the server. */
  const refresh = async () => {
    const current = shared.now().session;
    if (!current) return;
    try {
      const past = await server.history(current);
      if (shared.now().session !== current) return;
      historyTrouble = undefined;
      session = current;
      adopt(past);
    } catch (problem) {
      if (problemIn(problem).kind === "unknown session") return lose(current);
      historyTrouble = { name: "failed", retry: true };
    }
    onChange();
  };

  /** @param {Told} told by another tab */
  const hear = ({ shared: now, news }) => {
    if (news === "anew") clear();
    else if (session && session !== now.session) leaveBehind();
    session = now.session;
    if (news === "grown") refresh();
    onChange();
  };

  return {
    get language() {
      return language();
    },
    set language(now) {
      if (now === pageLanguage) return;
      pageLanguage = now;
      speak(now);
      onChange();
    },
    get messages() {
      const held = outbox.trouble && outbox.trouble.name !== "slow" ? unsent() : new Set();
      return [...earlier, ...present.map((each) => (held.has(each.key) ? { ...each, state: /** @type {const} */ ("waiting") } : each))];
    },
    get expecting() {
      return outbox.messages.length > 0 && (outbox.trouble?.name ?? "slow") === "slow";
    },
    get trouble() {
      return navigator.onLine ? outbox.trouble ?? historyTrouble : { name: "offline" };
    },
    get unread() {
      return replies().length - 1 - replies().findIndex(({ key }) => key === shared.now().seen);
    },
    markSeen() {
      const last = replies().at(-1)?.key;
      // Said once: a tab that knows less may say something older, and the two must not go on disputing.
      if (last && last !== shownLast) shared.change({ seen: (shownLast = last) });
    },
    say(text, button) {
      const message = { id: newId(), text, button, at: new Date().toISOString() };
      put(shownOf(message));
      outbox.add(message);
      onChange();
    },
    retry() {
      if (historyTrouble) refresh();
      outbox.retry();
    },
    startAnew() {
      shared.change({ session: undefined, seen: undefined }, "anew");
      clear();
    },
    async resume() {
      await refresh();
      outbox.run();
    },
    close() {
      shared.close();
      outbox.stop();
    },
  };
};

/** @param {Shown["from"]} from @param {string} text @param {string} [key] @param {string} [at] @returns {Shown} */
const shown = (from, text, key = newId(), at = "") => ({ key, from, text, at, buttons: [], sources: [] });

/** @param {Outgoing} message */
const shownOf = ({ id, text, at }) => shown("customer", text, id, at);

/** @param {string} text its name */
const noticeOf = (text) => shown("notice", text);

const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
