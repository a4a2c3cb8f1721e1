// The session, and what the browser stores: in localStorage what all tabs share, in sessionStorage what belongs to one.
import { problemIn } from "./server.js";

const ENDINGS = 5; // tries of signing a conversation out
const ENDING_PAUSE = 5_000; // milliseconds between them
const ENDING_PATIENCE = 1_000; // milliseconds that a new conversation waits for the sign-out of the one before

/**
 * A stored value; in memory only where the browser forbids storage.
 * @template T @param {"localStorage" | "sessionStorage"} where @param {string} key @param {T} initial
 * @returns {Kept<T>}
 */
export const kept = (where, key, initial) => {
  let value = initial;
  let isStored = false;
  return {
    get() {
      try {
        const text = window[where].getItem(key);
        // The website may clear the storage when somebody signs out.
        if (text !== null) value = JSON.parse(text) ?? value;
        else if (isStored) value = initial;
      } catch {
        // forbidden, or not JSON
      }
      return value;
    },
    set(now) {
      value = now;
      try {
        window[where].setItem(key, JSON.stringify(now));
        isStored = true;
      } catch {
        // forbidden or full
      }
    },
  };
};

/** @type {ShareState} */
export const shareState = (name, onTold) => {
  const state = kept("localStorage", name, /** @type {Shared} */ ({}));
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => {
    // Another tab's write to localStorage may not be readable here yet, so the message carries the value.
    state.set(data.shared);
    onTold(data);
  };
  return {
    now: state.get,
    change(changes, news) {
      const shared = { ...state.get(), ...changes };
      state.set(shared);
      channel.postMessage({ shared, news });
    },
    close: () => channel.close(),
  };
};

/** @type {Visiting} */
export const visiting = (server, shared, asker, name) => {
  /** The token that the server has accepted, or refused with a notice. @type {string | undefined} */
  let presented;
  /** Settles when the first try to sign the last conversation out has ended. @type {Promise<unknown>} */
  let ending = Promise.resolve();

  /** Sign out, with retries. Where all fail, accounts close by timeout; no session is stored for it. @param {string} over */
  const end = (over, tries = ENDINGS) => {
    ending = server.signOut(over).catch((problem) => {
      if (problemIn(problem).kind !== "unknown session" && tries > 1) setTimeout(end, ENDING_PAUSE, over, tries - 1);
    });
  };

  /** Whether the token was refused; it is not sent again once the customer was told. @param {unknown} problem @param {string} [token] */
  const refused = (problem, token) => {
    if (!token || problemIn(problem).kind !== "refused") return false;
    if (asker.onNotSignedIn()) presented = token;
    return true;
  };

  /** @param {string} current @param {string} token @returns {Promise<string>} the session to continue with */
  const signIn = async (current, token) => {
    const customer = asker.customer();
    try {
      await server.signIn(current, token);
      presented = token;
    } catch (problem) {
      if (problemIn(problem).kind === "somebody else") {
        asker.onSomebodyElse();
        return session();
      }
      if (refused(problem, token)) return current;
    }
    if (shared.now().session === current) shared.change({ customer });
    return current;
  };

  /** @returns {Promise<string>} */
  const session = async () => {
    const token = asker.token();
    let customer = asker.customer();
    const { session: current, epoch } = shared.now();
    if (current) return token && token !== presented ? signIn(current, token) : current;
    // A token is valid in one conversation at a time.
    if (token) await Promise.race([ending, new Promise((goOn) => setTimeout(goOn, ENDING_PATIENCE))]);
    const begun = await server.begin(asker.language(), token).catch((problem) => {
      if (!refused(problem, token)) throw problem;
      customer = undefined;
      return server.begin(asker.language());
    });
    if (shared.now().epoch !== epoch) {
      // The conversation was left meanwhile.
      end(begun.session);
      throw new Error("left");
    }
    if (begun.signedIn) presented = token;
    shared.change({ session: begun.session, customer });
    return begun.session;
  };

  return {
    // A lock, so that two tabs without a session do not begin one each. Without https there are no locks.
    session: () => (navigator.locks ? navigator.locks.request(name, session) : session()),
    end,
    lost(known) {
      // Another tab may have begun a new one already.
      if (shared.now().session === known) shared.change({ session: undefined });
    },
  };
};
