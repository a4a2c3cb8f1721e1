// Makes the messages on the screen.

/** @param {Shown["from"]} from @param {string} text @param {string} [key] @param {string} [at] @returns {Shown} */
const shown = (from, text, key = newId(), at = "") => ({ key, from, text, at, buttons: [], sources: [] });

/** @param {Outgoing} message */
export const shownOf = ({ id, text, at }) => shown("customer", text, id, at);

/** @param {string} text its name */
export const noticeOf = (text) => shown("notice", text);

export const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
