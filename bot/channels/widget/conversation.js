// The state of the conversation on the screen: the server's messages, unanswered ones, and what went wrong.
import { newId, noticeOf, shownOf } from "./messages.js";
import { makeOutbox } from "./outbox.js";
import { watchAccounts, withhold } from "./privacy.js";
import { problemIn, serverAt } from "./server.js";
import { shareState, visiting } from "./session.js";
import { makeSignIn } from "./sign-in.js";

const TOKEN_PATIENCE = 5_000; // milliseconds to wait for the page to bring the token of the conversation's customer

/** @type {Converse} */
export const converse = (base, page) => {
  const name = `elektrum-chat ${base.href}`;
  const server = serverAt(base);
  const shared = shareState(name, (told) => hear(told));
  const signIn = makeSignIn(shared, page.token);
  const { onChange } = page;

  let pageLanguage = page.language;
  /** Messages of a conversation that the server no longer knows; they stay on the screen. @type {Shown[]} */
  let earlier = [];
  /** @type {Shown[]} */
  let present;
  /** @type {Trouble | undefined} */
  let historyTrouble;
  let session = shared.now().session; // whose messages are on the screen
  /** The last reply that this tab has shown. @type {string | undefined} */
  let shownLast;
  let { epoch } = shared.now();
  /** Ends the wait for a token, while there is one. @type {(() => void) | undefined} */
  let stopWaiting;
  let rested = false;
  let closed = false;
  if (!session) shared.change({ language: undefined }); // the language of a conversation that is over

  const language = () => shared.now().language ?? pageLanguage;
  const replies = () => present.filter(({ from }) => from === "assistant" || from === "person");
  const unsent = () => new Set(outbox.messages.map(({ id }) => id));

  const visit = visiting(server, shared, {
    language,
    ...signIn,
    onSomebodyElse() {
      const ids = unsent();
      const { session: left } = shared.now();
      shared.change({ session: undefined, seen: undefined, customer: undefined, epoch: (epoch = newId()) });
      earlier = [];
      present = present.filter(({ key }) => ids.has(key));
      session = undefined;
      outbox.save();
      if (left) visit.end(left);
      onChange();
    },
    onNotSignedIn() {
      if (!outbox.messages.length) return false; // nothing has been asked yet
      present.splice(-1, 0, noticeOf("notSignedIn")); // before the message that is being sent
      onChange();
      return true;
    },
  }, name);

  const outbox = makeOutbox(server, visit, {
    onReply({ id }, reply) {
      const question = present.find(({ key }) => key === id);
      if (!question) return; // its conversation was left
      question.language ??= reply.language;
      session = shared.now().session;
      put({ ...reply, key: reply.id, from: "assistant" });
      accounts.heard([reply]);
      if (reply.accountsClosed) close();
      if (reply.request) meet();
      speak(reply.language);
      onChange();
    },
    onAnswered({ id }, { number }) {
      const message = present.find(({ key }) => key === id);
      if (message && number) {
        message.number = number; // it went to a person
        meet();
      }
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
  }, `${name} unsent`, () => shared.now().epoch);

  present = signIn.isOver() ? [] : outbox.messages.map(shownOf);

  const close = () => {
    withhold([...earlier, ...present]);
    onChange();
    refresh(); // the server decides: the accounts may have been used in another tab
  };
  const accounts = watchAccounts(close);

  /** @param {Language | undefined} now */
  const speak = (now) => {
    if (now && now !== shared.now().language) shared.change({ language: now });
  };

  /** @type {Desk | undefined} */
  let desk;
  let complete = 0; // up to this number of the desk, everything is in `present`
  /** Load the part for talking with a person, and let it look who is there. */
  const meet = () => import("./desk.js").then(({ makeDesk }) => {
    desk ??= makeDesk({
      server,
      element: page.element,
      session: () => shared.now().session,
      language,
      complete: () => complete,
      heard(message) {
        put({ ...message, key: message.id });
        onChange();
      },
      refresh: () => refresh(),
    });
    desk.look();
  }).catch(() => {}); // the next answer tries it again

  /** Add or replace a message, after the others that belong to the same question, or by its number. @param {Shown} message */
  const put = (message) => {
    const { number } = message;
    const question = message.key.split("/")[0] ?? "";
    const same = present.findIndex(({ key }) => key === message.key);
    const last = present.findLastIndex(({ key }) => key.startsWith(question));
    if (same >= 0) present[same] = message;
    else if (number) {
      const ids = unsent();
      // A message may have its number before its acknowledgement is here.
      const next = present.findIndex((each) => (each.number ? each.number > number : ids.has(each.key)));
      present.splice(next < 0 ? present.length : next, 0, message);
    } else present.splice(last < 0 ? present.length : last + 1, 0, message);
  };

  /** @param {Past[]} past */
  const adopt = (past) => {
    const adopted = past.map((message, index) => ({
      ...message,
      key: message.id,
      language: message.language ?? past[index + 1]?.language,
    }));
    complete = Math.max(0, ...past.map(({ number }) => number ?? 0));
    const keys = new Set(adopted.map(({ key }) => key));
    // Messages that the server did not have yet when it was asked come last.
    present = [...adopted, ...present.filter(({ key }) => !keys.has(key))];
    accounts.heard(past);
    speak(past.at(-1)?.language);
  };

  const clear = () => {
    desk?.stop();
    earlier = [];
    present = [];
    complete = 0;
    session = historyTrouble = undefined;
    ({ epoch } = shared.now());
    signIn.settle();
    outbox.clear();
    page.onLeft();
  };

  /** Leave this conversation for good. @param {Shared} [changes] */
  const leave = (changes) => {
    const { session: left } = shared.now();
    shared.change({ session: undefined, seen: undefined, customer: undefined, epoch: newId(), ...changes });
    clear();
    if (left) visit.end(left);
    onChange();
  };

  const signOut = () => leave({ language: undefined, spent: signIn.spend() });

  const leaveBehind = () => {
    const ids = unsent();
    withhold(present);
    earlier.push(...present.filter(({ key }) => !ids.has(key)), noticeOf("sessionLost"));
    present = present.filter(({ key }) => ids.has(key));
    complete = 0;
  };

  /** @param {string} known the session that the server no longer knows */
  const lose = (known) => {
    visit.lost(known);
    leaveBehind();
    session = shared.now().session;
    onChange();
  };

  /** Read the conversation from the server. */
  const refresh = async () => {
    const current = shared.now().session;
    if (!current || stopWaiting) return;
    try {
      const past = await server.history(current);
      if (past.some(({ request, number }) => request || number)) await meet();
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
    if (now.epoch !== epoch) clear();
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
      return outbox.messages.length > 0 && !desk?.isHeld && (outbox.trouble?.name ?? "slow") === "slow";
    },
    get trouble() {
      return navigator.onLine ? outbox.trouble ?? historyTrouble : { name: "offline" };
    },
    get desk() {
      return desk;
    },
    get unread() {
      const { seen } = shared.now(); // reads the browser's storage: once, not for every reply
      return replies().length - 1 - replies().findIndex(({ key }) => key === seen);
    },
    markSeen() {
      const last = replies().at(-1)?.key;
      // Once only: a tab with an older state may send that, and the two must not overwrite each other for ever.
      if (last && last !== shownLast) shared.change({ seen: (shownLast = last) });
    },
    say(text, button) {
      if (signIn.isOver()) signOut();
      const message = { id: newId(), text, button, at: new Date().toISOString() };
      put(shownOf(message));
      outbox.add(message);
      onChange();
    },
    retry() {
      desk?.look();
      if (historyTrouble) refresh();
      outbox.retry();
    },
    startAnew: () => leave(),
    signOut,
    async resume() {
      if (signIn.isOver() && !page.token()) {
        await new Promise((resolve) => {
          stopWaiting = () => resolve(undefined);
          setTimeout(stopWaiting, TOKEN_PATIENCE);
        });
        stopWaiting = undefined;
      }
      if (closed) return;
      if (signIn.isOver()) signOut();
      else if (!present.length) present = outbox.messages.map(shownOf);
      const { session: current, customer } = shared.now();
      // The server decides whether the history may be shown to a customer who has signed in meanwhile.
      if (current && signIn.token() && customer === undefined) await visit.session().catch(() => {});
      await refresh();
      outbox.run();
    },
    heed() {
      const { session: now, epoch: another } = shared.now();
      if (another !== epoch || (session && !now)) clear();
      accounts.look();
      desk?.look();
      if (stopWaiting) {
        if (page.token()) stopWaiting();
      } else if (signIn.isOver()) signOut();
      else if (rested && !document.hidden) {
        // A page that unloads becomes hidden after `rest`.
        rested = false;
        refresh();
      }
      signIn.settle();
    },
    rest() {
      rested = true;
      desk?.stop();
      withhold([...earlier, ...present]);
      onChange();
    },
    close() {
      closed = true;
      desk?.stop();
      stopWaiting?.();
      shared.close();
      accounts.stop();
      outbox.stop();
    },
  };
};
