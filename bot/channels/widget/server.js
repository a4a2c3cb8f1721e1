// The HTTP client of the server. Answers are validated here, so no other module has to doubt them.
import { known } from "./texts.js";

const SILENCE = 15_000; // milliseconds without a byte, after which an answer counts as lost

class Problem extends Error {
  /** @param {ProblemKind} kind @param {number} [seconds] */
  constructor(kind, seconds) {
    super(kind);
    this.kind = kind;
    this.seconds = seconds;
  }
}

/** The problem of any error; a network failure or a malformed answer is "unreachable". @param {unknown} error */
export const problemIn = (error) => (error instanceof Problem ? error : new Problem("unreachable"));

/** @type {ServerAt} */
export const serverAt = (base) => {
  /** @type {Ask} */
  const ask = async (path, session, body, signal = AbortSignal.timeout(SILENCE), more = {}) => {
    const headers = new Headers(more);
    if (session) headers.set("Authorization", `Bearer ${session}`);
    if (body) headers.set("Content-Type", "application/json");
    const answer = await fetch(new URL(path, base), {
      method: body ? "POST" : "GET",
      keepalive: path === "sign-out", // also while the page unloads
      headers,
      body: body && JSON.stringify(body),
      cache: "no-store",
      signal,
    });
    if (!answer.ok) throw problemOf(answer);
    return answer;
  };

  return {
    ask,

    async begin(language, token) {
      const { session, signed_in } = await (await ask("session", "", { language, token })).json();
      return { session, signedIn: signed_in };
    },

    async signIn(session, token) {
      await ask("sign-in", session, { token });
    },

    async signOut(session) {
      await ask("sign-out", session, {});
    },

    async history(session) {
      const { messages } = await (await ask("history", session)).json();
      return messages.map(pastOf);
    },

    async send(session, { id, text, button }, onReply, signal) {
      const silence = new AbortController();
      const lost = () => silence.abort();
      let timer = setTimeout(lost, SILENCE);
      signal.addEventListener("abort", lost);
      try {
        const answer = await ask("messages", session, button ? { id, button } : { id, text }, silence.signal);
        for await (const { event, data } of eventsOf(answer)) {
          clearTimeout(timer);
          timer = setTimeout(lost, SILENCE);
          if (event === "reply") onReply(replyOf(data));
          if (event !== "done") continue;
          if (data.again) break; // the server could store nothing of it
          return data;
        }
        throw new Problem("unreachable"); // cut off before the end
      } finally {
        clearTimeout(timer);
      }
    },
  };
};

/** @param {Response} answer */
function problemOf({ status, headers }) {
  const seconds = Math.min(Math.ceil(Number(headers.get("Retry-After"))), 600) || undefined;
  if (status === 401) return new Problem("unknown session");
  if (status === 409) return new Problem("somebody else");
  if (status === 413) return new Problem("too long");
  if (status === 429) return new Problem("too many", seconds ?? 10);
  return new Problem(status < 500 ? "refused" : "unreachable", seconds);
}

/** @param {any} raw @returns {Reply} */
function replyOf({ id, text, buttons, sources, language, at, private_for, withheld, accounts_closed, request }) {
  return {
    id: String(id),
    text: String(text ?? ""),
    buttons: Array.from(buttons ?? [], ({ title, button }) => ({ title: String(title), button: String(button) })),
    sources: Array.from(sources ?? [], ({ title, url }) => ({ title: String(title), url: String(url ?? "") })),
    language: known(language),
    at: String(at),
    privateFor: Math.min(Number(private_for) || 0, 86_400),
    withheld: Boolean(withheld),
    accountsClosed: Boolean(accounts_closed),
    request: Boolean(request),
  };
}

/** A notice's text is the name of a text. @param {any} raw @returns {Past} */
export const pastOf = (raw) => {
  const { from, name, number, event } = raw;
  return { ...replyOf(raw), ...(from === "notice" && { text: event }), from, name: name ?? undefined, number };
};

/**
 * Server-sent events. EventSource cannot be used: it only knows GET without headers.
 * @param {Response} answer
 */
export async function* eventsOf({ body }) {
  const reader = /** @type {ReadableStream<BufferSource>} */ (body).pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return; // an event left in `rest` was cut off
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = /^event: ?(.*)$/m.exec(block)?.[1];
        const data = Array.from(block.matchAll(/^data: ?(.*)$/gm), (found) => found[1]);
        if (event && data.length) yield { event, data: JSON.parse(data.join("\n")) };
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
