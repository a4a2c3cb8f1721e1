// Parts of pages that the server sends: its templates escape everything, and nothing else becomes HTML here.
const policy = globalThis.trustedTypes?.createPolicy("console", { createHTML: (text) => text });

/** The elements of a part of a page. */
export function elements(html) {
  const trusted = policy ? policy.createHTML(html) : html;
  return [...new DOMParser().parseFromString(trusted, "text/html").body.childNodes];
}

const given = (name) => document.querySelector(`meta[name="${name}"]`).content;
export const formToken = () => given("form-token");
/** The id of the person who is signed in. */
export const me = () => Number(given("person"));

/** Ask for a part of a page; null where it cannot be had now. Signed out: the page shows where to sign in. */
export async function ask(address, form) {
  const headers = { "X-Fetched": "1" };
  const how = form ? { method: "POST", body: new URLSearchParams({ form_token: formToken(), ...form }), headers } : { headers };
  let answer;
  try {
    answer = await fetch(address, how);
  } catch {
    return null;
  }
  if (answer.status === 401) location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  return answer;
}

/** What a refusal says, or null where the answer is none. */
export async function problemOf(answer) {
  if (answer?.ok) return null;
  const lost = document.querySelector("#connection")?.textContent ?? "";
  if (!answer) return lost;
  try {
    const { title, detail } = await answer.json();
    return `${title}. ${detail}`;
  } catch {
    return lost;
  }
}

/** Show or hide a text. */
export function tell(element, text) {
  if (!element) return;
  element.textContent = text ?? "";
  element.hidden = !text;
}

/** `work` for news: at once, then at most once in `every` milliseconds, never twice at a time. Of all that is asked for
 *  meanwhile the last is done, so that many agents with many customers do not ask for the same part again and again. */
export function paced(work, every = 1000) {
  let isRunning = false;
  let isAsked = false;
  return async () => {
    isAsked = true;
    if (isRunning) return;
    isRunning = true;
    try {
      while (isAsked) {
        isAsked = false;
        await work();
        await new Promise((resolve) => setTimeout(resolve, every));
      }
    } finally {
      isRunning = false;
    }
  };
}
