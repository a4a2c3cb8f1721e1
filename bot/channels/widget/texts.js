// The widget's own texts, as JSON that other programs can read; and times in Riga's zone. {n} is a number, {noun} a
// word of `nouns` in the plural form for that number.

/** @type {Record<string, {lv: string, en: string}>} */
export const texts = {
  "title": { "lv": "Elektrum asistents", "en": "Elektrum assistant" },
  "launcher": { "lv": "Jautājiet mums", "en": "Ask us" },
  "unread": { "lv": "{n} {noun}", "en": "{n} {noun}" },
  "close": { "lv": "Aizvērt sarunu", "en": "Close the chat" },
  "options": { "lv": "Iespējas", "en": "Options" },
  "conversation": { "lv": "Saruna", "en": "Conversation" },
  "greeting": {
    "lv": "Labdien! Šeit varat jautāt latviski vai angliski par savu kontu, maksājumiem, elektroapgādes pārtraukumiem un klientu apkalpošanu. Personas kodu un bankas datus, lūdzu, nerakstiet.",
    "en": "Hello! You can ask here, in Latvian or English, about your account, payments, power cuts and customer service. Please do not write your personal code or bank details."
  },
  "field": { "lv": "Jūsu ziņa", "en": "Your message" },
  "send": { "lv": "Sūtīt", "en": "Send" },
  "charactersLeft": { "lv": "Vēl var ierakstīt {n} {noun}", "en": "{n} {noun} left" },
  "charactersOver": { "lv": "Ziņa ir par {n} {noun} garāka, nekā atļauts", "en": "The message is {n} {noun} too long" },
  "you": { "lv": "Jūs", "en": "You" },
  "assistant": { "lv": "Asistents", "en": "Assistant" },
  "typing": { "lv": "Asistents raksta", "en": "The assistant is typing" },
  "sources": { "lv": "Avots", "en": "Source" },
  "newTab": { "lv": "(atvērsies jaunā cilnē)", "en": "(opens in a new tab)" },
  "waiting": { "lv": "vēl nav nosūtīta", "en": "not sent yet" },
  "refused": { "lv": "netika nosūtīta", "en": "was not sent" },
  "size": { "lv": "Teksta lielums", "en": "Text size" },
  "sizeNormal": { "lv": "Parasts teksts", "en": "Normal text" },
  "sizeLarge": { "lv": "Lielāks teksts", "en": "Larger text" },
  "sizeLargest": { "lv": "Vislielākais teksts", "en": "Largest text" },
  "contrast": { "lv": "Kontrasts", "en": "Contrast" },
  "contrastNormal": { "lv": "Parastas krāsas", "en": "Normal colours" },
  "contrastLight": { "lv": "Melns uz balta", "en": "Black on white" },
  "contrastDark": { "lv": "Dzeltens uz melna", "en": "Yellow on black" },
  "person": { "lv": "Runāt ar cilvēku", "en": "Talk to a person" },
  "personMessage": { "lv": "Gribu runāt ar cilvēku", "en": "I want to talk to a person" },
  "download": { "lv": "Lejupielādēt sarunu", "en": "Download the conversation" },
  "downloadName": { "lv": "elektrum-saruna", "en": "elektrum-conversation" },
  "anew": { "lv": "Sākt jaunu sarunu", "en": "Start a new conversation" },
  "anewQuestion": {
    "lv": "Sākt jaunu sarunu? Līdzšinējo sarunu vairs nevarēsiet atvērt.",
    "en": "Start a new conversation? You will not be able to open the present one again."
  },
  "anewYes": { "lv": "Sākt jaunu", "en": "Start a new one" },
  "cancel": { "lv": "Atcelt", "en": "Cancel" },
  "offline": {
    "lv": "Nav interneta savienojuma. Ziņas nosūtīsim, kad tas atjaunosies. Steidzamos gadījumos zvaniet 8400.",
    "en": "You are offline. Messages will be sent when the connection is back. If it is urgent, call 8400."
  },
  "slow": {
    "lv": "Atbilde kavējas. Mēģiniet vēlreiz vai zvaniet 8400.",
    "en": "The answer is late. Try again or call 8400."
  },
  "failed": {
    "lv": "Neizdevās sazināties ar asistentu. Mēģiniet vēlreiz vai zvaniet 8400.",
    "en": "The assistant cannot be reached. Try again or call 8400."
  },
  "tooMany": {
    "lv": "Ziņu ir pārāk daudz. Nākamo nosūtīsim pēc {n} {noun}. Steidzamos gadījumos zvaniet 8400.",
    "en": "There are too many messages. The next one will be sent in {n} {noun}. If it is urgent, call 8400."
  },
  "tooLong": {
    "lv": "Ziņa ir par garu. Saīsiniet to, lūdzu, un sūtiet vēlreiz vai zvaniet 8400.",
    "en": "The message is too long. Please shorten it and send it again, or call 8400."
  },
  "notAccepted": {
    "lv": "Šo ziņu neizdevās nosūtīt. Uzrakstiet to, lūdzu, citādi vai zvaniet 8400.",
    "en": "This message could not be sent. Please write it in another way or call 8400."
  },
  "retry": { "lv": "Mēģināt vēlreiz", "en": "Try again" },
  "sessionLost": {
    "lv": "Iepriekšējā saruna ir beigusies, tāpēc sākta jauna.",
    "en": "The earlier conversation has ended, so a new one has begun."
  },
  "withheld": {
    "lv": "Jūsu drošībai atbilde par kontu vairs nav redzama. Ja vēlaties, jautājiet vēlreiz.",
    "en": "For your security, the answer about the account is no longer shown. Ask again if you need it."
  },
  "notSignedIn": {
    "lv": "Neizdevās pārbaudīt Jūsu pieslēgšanos portālā. Saruna turpinās bez tās.",
    "en": "Your sign-in could not be checked. The conversation goes on without it."
  }
};

/** @type {Record<string, {lv: Record<string, string>, en: Record<string, string>}>} */
export const nouns = {
  "unread": {
    "lv": { "zero": "jaunu ziņu", "one": "jauna ziņa", "other": "jaunas ziņas" },
    "en": { "one": "new message", "other": "new messages" }
  },
  "charactersLeft": {
    "lv": { "zero": "rakstzīmju", "one": "rakstzīmi", "other": "rakstzīmes" },
    "en": { "one": "character", "other": "characters" }
  },
  "charactersOver": {
    "lv": { "zero": "rakstzīmēm", "one": "rakstzīmi", "other": "rakstzīmēm" },
    "en": { "one": "character", "other": "characters" }
  },
  "tooMany": {
    "lv": { "zero": "sekundēm", "one": "sekundes", "other": "sekundēm" },
    "en": { "one": "second", "other": "seconds" }
  }
};

/**
 * @param {unknown} code a language tag such as `en-GB`
 * @returns {Language | undefined} the language that the widget speaks, if it is one
 */
export function known(code) {
  const primary = String(code ?? "").toLowerCase().split("-")[0];
  return primary === "lv" || primary === "en" ? primary : undefined;
}

/**
 * @param {Language} language
 * @param {string} name a key of `texts`
 * @param {number | string} [n] the value of {n}
 */
export function word(language, name, n) {
  const text = texts[name]?.[language] ?? name;
  if (n === undefined) return text;
  const forms = nouns[name]?.[language] ?? {};
  const form = new Intl.PluralRules(language).select(+n);
  return text.replace("{n}", String(n)).replace("{noun}", forms[form] ?? forms.other ?? "");
}

const ZONE = { timeZone: "Europe/Riga" };

/** A cache: making a format is slow. @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {string} locale @param {Intl.DateTimeFormatOptions} [options] */
const formatOf = (locale, options) => {
  const key = locale + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, { ...ZONE, ...options });
  formats.set(key, format);
  return format;
};

/** @param {Date} day as in 2020-03-25 */
export const dayOf = (day) => formatOf("sv").format(day);

/** The time where it is today, else the day and the time. @param {string} at @param {Language} language */
export function rigaTime(at, language) {
  const moment = new Date(at);
  if (Number.isNaN(+moment)) return "";
  const dateStyle = dayOf(moment) === dayOf(new Date()) ? undefined : "long";
  return formatOf(language === "en" ? "en-GB" : "lv", { dateStyle, timeStyle: "short" }).format(moment);
}
