// The part of the panel for talking with a person: who answers, the queue, a call back, the question whether the person
// may read what was written, and the rating.
import { deskStyles } from "./desk-styles.js";
import { moment } from "./desk-texts.js";
import { button, create, setAttribute, setText, translate } from "./elements.js";
import { kept } from "./session.js";
import { word } from "./texts.js";

const KNOWN_AFTER = 150; // milliseconds after which a screen reader knows a new live region
const OPEN = "open"; // the state of an availability with somebody there

/** @type {MakeDeskView} */
export const makeDeskView = (panel, tell, onTyping) => {
  /** What the customer has declined, by reference number. @type {Kept<Record<string, string[]>>} */
  const declined = kept("sessionStorage", "elektrum-chat desk", {});
  /** @type {DeskState | undefined} */
  let state;
  /** @type {Language} */
  let language = "lv";
  let thanks = false;

  const status = create("p", { role: "status" });
  const typist = create("p", { class: "about", "aria-hidden": "true" });
  const back = button("back", () => send("back"));
  const call = button("callBack", () => {
    form.hidden = !form.hidden;
    update(state, language, false);
    if (!form.hidden) number.focus();
  }, { "aria-expanded": "false", "aria-controls": "call-back" });
  const buttons = create("div", { class: "group" }, back, call);

  const number = create("input", { id: "call-number", type: "tel", autocomplete: "tel", required: "", "aria-describedby": "call-trouble" });
  const time = create("select", { id: "call-time" });
  const consent = create("input", { id: "call-consent", type: "checkbox", required: "", "aria-describedby": "call-trouble" });
  const trouble = create("p", { id: "call-trouble", role: "status" });
  const form = create("form", { id: "call-back", novalidate: "", hidden: "" },
    create("label", { for: "call-number", "data-word": "callNumber" }), number,
    create("label", { for: "call-time", "data-word": "callTime" }), time,
    create("div", { class: "consent" }, consent, create("label", { for: "call-consent", "data-word": "callConsent" })),
    trouble,
    create("button", { type: "submit", class: "send", "data-word": "callSend" }));

  const sharing = question("shareQuestion", button("yes", () => send("share")), button("no", () => decline("share")));
  const values = ["1", "2", "3", "4", "5"].map((value) =>
    create("button", { type: "button", "data-n": value, click: () => rate(Number(value)) }, value));
  const rating = question("", ...values, button("rateNot", () => send("rating", { about: asked(), value: null })));
  const scale = create("p", { class: "about", "data-word": "rateScale" });
  rating.firstElementChild?.after(scale);

  const element = create("section", { class: "desk", "data-label": "desk", hidden: "" }, status, typist, buttons, form, sharing, rating);
  const log = /** @type {HTMLElement} */ (panel.querySelector(".log"));
  log.before(element);
  const root = /** @type {ShadowRoot} */ (panel.getRootNode());
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, deskStyles];
  const field = /** @type {HTMLTextAreaElement} */ (panel.querySelector("textarea"));
  field.addEventListener("input", onTyping);

  /** Send something to the desk; what fails is said. @param {string} path @param {object} [body] */
  const send = async (path, body) => {
    setText(trouble, "");
    // The button that was pressed may go; the focus must not get lost with it.
    const focused = element.contains(root.activeElement);
    try {
      await tell(path, body);
    } catch {
      setText(trouble, word(language, "failed"));
      form.hidden = path !== "call-back";
      setText(status, word(language, "failed"));
      return false;
    }
    if (focused && !root.activeElement?.checkVisibility()) field.focus();
    return true;
  };

  const asked = () => state?.rate[0];
  /** @param {string} what */
  const isDeclined = (what) => (declined.get()[state?.reference ?? ""] ?? []).includes(what);
  /** @param {string} what */
  const decline = (what) => {
    const { reference } = /** @type {DeskState} */ (state);
    declined.set({ ...declined.get(), [reference ?? ""]: [...(declined.get()[reference ?? ""] ?? []), what] });
    update(state, language, false);
    field.focus();
  };
  /** @param {number} value */
  const rate = (value) => {
    thanks = true;
    send("rating", { about: asked(), value });
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = number.value.replace(/\D/g, "").length < 8;
    for (const [input, isWrong] of /** @type {const} */ ([[number, wrong], [consent, !consent.checked]])) {
      input.setAttribute("aria-invalid", String(isWrong));
    }
    setText(trouble, wrong ? word(language, "callWrong") : consent.checked ? "" : word(language, "callUnasked"));
    if (wrong || !consent.checked) return (wrong ? number : consent).focus();
    const [from, until] = time.value.split(" ");
    const sent = await send("call-back", { number: number.value, consent: true, ...(from && { from, until }) });
    if (!sent) return undefined;
    form.hidden = true;
    number.value = "";
    consent.checked = false;
    return field.focus();
  });

  const words = () => {
    if (!state) return "";
    const { reference, before, availability: { state: there, opens_at: opens, wait_minutes: minutes } } = state;
    if (state.state === "held") return word(language, "held", state.name ?? "");
    if (state.state !== "waiting") return thanks ? word(language, "rated") : "";
    const parts = [reference && word(language, "requested", reference)];
    if (state.call_back) parts.push(word(language, "callPlanned"));
    else if (state.kind === "person") {
      if (there !== OPEN) parts.push(word(language, there));
      if (opens) parts.push(word(language, "opens", moment(opens, language)));
      else {
        parts.push(before ? word(language, "before", before) : word(language, "beforeNobody"));
        if (minutes) parts.push(word(language, "waitMinutes", minutes[0] === minutes[1] ? minutes[0] : `${minutes[0]}–${minutes[1]}`));
      }
    }
    if (state.shared) parts.push(word(language, "shared"));
    return parts.filter(Boolean).join(" ");
  };

  /** @param {DeskState["times"]} times */
  const offer = (times) => {
    const chosen = time.value;
    const options = [["", word(language, "callAnyTime")], ...times.map(({ from, until }) =>
      [`${from} ${until}`, `${moment(from, language)}–${moment(until, language, true)}`])];
    if (time.textContent === options.map(([, text]) => text).join("")) return;
    time.replaceChildren(...options.map(([value, text]) => create("option", { value: value ?? "" }, text ?? "")));
    time.value = chosen;
  };

  /** @type {DeskView["update"]} */
  const update = (now, inLanguage, typing) => {
    const isNew = now?.state !== state?.state && now;
    if (now?.reference !== state?.reference) {
      thanks = false;
      form.hidden = true;
    }
    [state, language] = [now, inLanguage];
    const live = now?.state === "waiting" || now?.state === "held";
    const rated = now && !live && asked();
    element.hidden = !(live || rated || (now && thanks));
    translate(element, inLanguage);
    setText(typist, typing && now?.name ? word(inLanguage, "personTyping", now.name) : "");
    back.hidden = now?.state !== "held";
    call.hidden = now?.state !== "waiting" || now.call_back;
    if (call.hidden) form.hidden = true;
    setAttribute(call, "aria-expanded", String(!form.hidden));
    buttons.hidden = back.hidden && call.hidden;
    offer(now?.times ?? []);
    sharing.hidden = !live || now.kind !== "person" || now.shared || isDeclined("share");
    rating.hidden = !rated;
    const ask = rated === "person" ? "ratePerson" : "rateAssistant";
    setAttribute(rating, "aria-label", word(inLanguage, ask));
    setText(/** @type {Element} */ (rating.firstElementChild), word(inLanguage, ask));
    for (const each of values) setAttribute(each, "aria-label", word(inLanguage, "rateValue", each.textContent ?? ""));
    // Screen readers announce changes only in a live region that they know, so it is empty for a moment first.
    if (isNew && !status.textContent) setTimeout(() => setText(status, words()), KNOWN_AFTER);
    else setText(status, words());
  };

  return { element, update };
};

/** A question with its answers. @param {string} name of its text @param {HTMLElement[]} answers */
function question(name, ...answers) {
  return create("div", { class: "question", role: "group", "data-label": name, hidden: "" },
    create("p", { "data-word": name }), create("div", { class: "group" }, ...answers));
}
