// The texts of talking with a person; {n} is a name, a number, a time, or a reference number.
import { nouns as allNouns, texts as allTexts } from "./texts.js";

/** @type {typeof allTexts} */
const texts = {
  "desk": { "lv": "Saruna ar darbinieku", "en": "Talking with our colleague" },
  "taken": { "lv": "Tagad Jums atbild {n}.", "en": "{n} is answering you now." },
  "handed_on": { "lv": "Turpmāk Jums atbild {n}.", "en": "From now on {n} is answering you." },
  "agent_lost": {
    "lv": "Savienojums ar darbinieku pārtrūka. Jūsu ziņas ir saglabātas. Tiklīdz kāds būs brīvs, Jums atbildēs.",
    "en": "The connection to our colleague was lost. Your messages are kept, and somebody will answer as soon as possible."
  },
  "returned": { "lv": "Tagad atkal atbild asistents.", "en": "The assistant is answering again." },
  "closed": {
    "lv": "Saruna ar darbinieku ir pabeigta. Tālāk atbild asistents.",
    "en": "The conversation with our colleague is finished. The assistant is answering again."
  },
  "held": { "lv": "Jums atbild {n}", "en": "{n} is answering you" },
  "personTyping": { "lv": "{n} raksta …", "en": "{n} is typing …" },
  "back": { "lv": "Atpakaļ pie asistenta", "en": "Back to the assistant" },
  "requested": { "lv": "Jūsu lūguma numurs ir {n}.", "en": "The number of your request is {n}." },
  "before": { "lv": "Pirms Jums gaida {n} {noun}.", "en": "{n} {noun} waiting before you." },
  "beforeNobody": { "lv": "Pirms Jums neviens negaida.", "en": "Nobody is waiting before you." },
  "waitMinutes": { "lv": "Gaidīšanas laiks pēdējā laikā: {n} min.", "en": "Waiting time lately: {n} min." },
  "before_hours": { "lv": "Mūsu darba laiks vēl nav sācies.", "en": "Our working hours have not begun yet." },
  "after_hours": { "lv": "Mūsu darba laiks šodien ir beidzies.", "en": "Our working hours are over for today." },
  "weekend": { "lv": "Brīvdienās mūsu darbinieki šeit neatbild.", "en": "Our colleagues do not answer here at the weekend." },
  "holiday": {
    "lv": "Šodien ir svētku diena, un mūsu darbinieki neatbild.",
    "en": "Today is a public holiday, and our colleagues do not answer."
  },
  "closed_today": { "lv": "Šodien mūsu darbinieki šeit neatbild.", "en": "Our colleagues do not answer here today." },
  "nobody_there": { "lv": "Šobrīd neviens darbinieks nav pieejams.", "en": "None of our colleagues is available right now." },
  "all_busy": { "lv": "Visi darbinieki šobrīd ir aizņemti.", "en": "All our colleagues are busy right now." },
  "opens": { "lv": "Tuvākais darba laiks: {n}.", "en": "Next working hours: {n}." },
  "callPlanned": { "lv": "Jums atzvanīs.", "en": "We will call you back." },
  "callBack": { "lv": "Lūdzu, atzvaniet man", "en": "Please call me back" },
  "callNumber": { "lv": "Tālruņa numurs", "en": "Phone number" },
  "callTime": { "lv": "Kad zvanīt", "en": "When to call" },
  "callAnyTime": { "lv": "Jebkurā darba laikā", "en": "At any time in working hours" },
  "callConsent": {
    "lv": "Piekrītu, ka šo numuru glabājat un izmantojat tikai tādēļ, lai man atzvanītu.",
    "en": "I agree that you keep this number and use it only to call me back."
  },
  "callSend": { "lv": "Pieteikt zvanu", "en": "Ask for the call" },
  "callWrong": { "lv": "Pārbaudiet, lūdzu, tālruņa numuru.", "en": "Please check the phone number." },
  "callUnasked": {
    "lv": "Lai varētu Jums atzvanīt, vajadzīga Jūsu piekrišana.",
    "en": "To call you back, we need your agreement."
  },
  "shareQuestion": {
    "lv": "Vai darbinieks drīkst izlasīt, ko šeit rakstījāt iepriekš? Atbildes par Jūsu kontu netiks rādītas.",
    "en": "May our colleague read what you wrote here before? Answers about your account will not be shown."
  },
  "yes": { "lv": "Jā, drīkst", "en": "Yes" },
  "no": { "lv": "Nē", "en": "No" },
  "shared": { "lv": "Darbinieks drīkst izlasīt iepriekš rakstīto.", "en": "Our colleague may read what you wrote before." },
  "ratePerson": { "lv": "Vai saruna ar darbinieku Jums palīdzēja?", "en": "Did talking with our colleague help you?" },
  "rateAssistant": { "lv": "Vai asistents Jums palīdzēja?", "en": "Did the assistant help you?" },
  "rateScale": { "lv": "1 – nemaz, 5 – ļoti", "en": "1 – not at all, 5 – very much" },
  "rateValue": { "lv": "{n} no 5", "en": "{n} of 5" },
  "rateNot": { "lv": "Nevērtēt", "en": "No answer" },
  "rated": { "lv": "Paldies par atbildi!", "en": "Thank you for your answer!" }
};

/** @type {typeof allNouns} */
const nouns = {
  "before": {
    "lv": { "zero": "cilvēku", "one": "cilvēks", "other": "cilvēki" },
    "en": { "one": "person is", "other": "people are" }
  }
};

Object.assign(allTexts, texts);
Object.assign(allNouns, nouns);

/** A time in Riga, with its day unless `short`. @param {string} at @param {Language} language */
export const moment = (at, language, short = false) =>
  new Intl.DateTimeFormat(language === "en" ? "en-GB" : "lv", {
    timeZone: "Europe/Riga", hour: "2-digit", minute: "2-digit", ...(!short && { weekday: "long", day: "numeric", month: "long" }),
  }).format(new Date(at));
