// Whose conversation it is, and what the browser keeps of it: in localStorage what all tabs share, in sessionStorage
// what belongs to one.
import { problemIn } from "./server.js";

/**
 * A value in a storage; in memory only where the browser forbids storing.
 * @template T @param {"localStorage" | "sessionStorage"} where @param {string} key @param {T} value
 * @returns {Kept<T>}
 */
export const kept = (where, key, value) => ({
  get() {
    try {
      value = JSON.parse(window[where].getItem(key) ?? "null") ?? value;
    } catch {
      // forbidden or spoiled
    }
    return value;
  },
  set(now) {
    value = now;
    try {
      window[where].setItem(key, JSON.stringify(now));
    } catch {
      // forbidden or full
    }
  },
});

/** @type {ShareState} */
export const shareState = (name, onTold) => {
  const state = kept("localStorage", name, /** @type {Shared} */ ({}));
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => {
    // What another tab has stored may not be readable here yet, so it comes along.
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
  /** The token that the server has seen. @type {string | undefined} */
  let presented;

  /** A refused token is not shown again; any other failure is no answer yet. @param {unknown} problem @param {string} [token] */
  const refused = (problem, token) => {
    if (!token || problemIn(problem).kind !== "refused") return false;
    presented = token;
    asker.onNotSignedIn();
    return true;
  };

  const session = async () => {
    const token = asker.token();
    const current = shared.now().session;
    if (current) {
      if (!token || token === presented) return current;
      await server.signIn(current, token).then(() => (presented = token), (problem) => refused(problem, token));
      return current;
    }
    const begun = await server.begin(asker.language(), token).catch((problem) => {
      if (refused(problem, token)) return server.begin(asker.language());
      throw problem;
    });
    if (begun.signedIn) presented = token;
    shared.change({ session: begun.session });
    return begun.session;
  };

  return {
    // Two tabs that find no session must not begin one each. Without https there are no locks, and they may.
    session: () => (navigator.locks ? navigator.locks.request(name, session) : session()),
    lost(known) {
      // Another tab may have begun a new one already.
      if (shared.now().session === known) shared.change({ session: undefined });
    },
  };
};
