// The widget's style sheet. Sizes are in em, so that the chosen text size scales everything, and never in rem, which
// depends on the page; docs/widget.md describes the colours.

export const styles = new CSSStyleSheet();
styles.replaceSync(`
/* The page's rules may match the host element: a floating chat ignores them all, an inline one takes only its box. */
:host { all: initial; font-size: var(--elektrum-chat-font-size, medium) !important; }
:host([inline]) { display: block; height: 36em; max-height: 100%; }
:host(:not([inline])) {
  all: initial !important; display: contents !important; font-size: var(--elektrum-chat-font-size, medium) !important;
}
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
p, h2 { margin: 0; overflow-wrap: anywhere; }
::selection { color: HighlightText; background: Highlight; }
.chat {
  all: initial; direction: ltr; unicode-bidi: isolate; -webkit-user-select: text; user-select: text; color-scheme: only light;
  --brand: var(--elektrum-chat-brand, #00605a); --on-brand: var(--elektrum-chat-on-brand, #fff);
  --ink: var(--elektrum-chat-ink, #1c2430); --paper: var(--elektrum-chat-paper, #fff);
  --mist: var(--elektrum-chat-mist, #eef2f6); --line: var(--elektrum-chat-line, #6b7785);
  --alert: var(--elektrum-chat-alert, #fff3d6); --focus: var(--elektrum-chat-focus, #b35900);
  --radius: var(--elektrum-chat-radius, .75em); --touch: 44px; --scale: 1;
  --gap: var(--elektrum-chat-gap, calc(1em / var(--scale)));
  --right: var(--elektrum-chat-right, var(--gap)); --bottom: var(--elektrum-chat-bottom, var(--gap));
  display: block; height: 100%; container-type: size; color: var(--ink);
  font: calc(1em * var(--scale))/1.5 var(--elektrum-chat-font, system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif);
}
.chat[data-size=sizeLarge] { --scale: 1.25; }
.chat[data-size=sizeLargest] { --scale: 1.5; }
/* Covers the window, or what an on-screen keyboard leaves of it; its children are above the page. */
:host(:not([inline])) .chat {
  position: fixed; inset: var(--above, 0) 0 auto; height: var(--seen, 100%); pointer-events: none;
  z-index: var(--elektrum-chat-z-index, 99999);
}
.chat > * { pointer-events: auto; }
.chat[data-contrast=contrastLight] {
  --brand: #000; --on-brand: #fff; --ink: #000; --paper: #fff; --mist: #fff; --line: #000; --alert: #fff; --focus: #00d;
}
.chat[data-contrast=contrastDark] {
  color-scheme: only dark;
  --brand: #ff0; --on-brand: #000; --ink: #ff0; --paper: #000; --mist: #000; --line: #ff0; --alert: #000; --focus: #fff;
}

button {
  min-width: var(--touch); min-height: var(--touch); padding: .4em 1em; font: inherit; color: var(--brand);
  overflow-wrap: anywhere; background: var(--paper); border: 1px solid var(--brand);
  border-radius: 1.4em; cursor: pointer;
}
button:hover { text-decoration: underline; }
button[aria-pressed=true], .send, .launcher { color: var(--on-brand); background: var(--brand); }
button[aria-pressed=true] { border: 3px double var(--on-brand); }
[data-look=sizeLarge] { font-size: 1.2em; }
[data-look=sizeLargest] { font-size: 1.4em; }
.plain { padding: 0; font-size: 1.5em; line-height: 1; color: inherit; background: none; border-color: transparent; }
a { color: inherit; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.log:focus-visible { outline-offset: -3px; }
.bar :focus-visible { outline-color: var(--on-brand); outline-offset: -4px; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher, dialog { position: absolute; box-shadow: 0 .2em 1em #0005; }
.launcher {
  right: var(--right); bottom: var(--bottom); display: flex; align-items: center; gap: .5em; padding: .6em 1.2em;
  max-width: calc(100% - var(--right) - var(--gap)); font-weight: 600; border-color: var(--on-brand);
}
.launcher::before { content: ""; width: 1.2em; height: .9em; border: .15em solid; border-radius: .3em .3em .3em 0; }
.count { padding: 0 .6em; border-radius: 1em; color: var(--brand); background: var(--on-brand); }

.panel {
  flex-direction: column; height: 100%; padding: 0; overflow: hidden auto; color: inherit; background: var(--paper);
  border: 1px solid var(--line); border-radius: var(--radius); overscroll-behavior: contain;
  scroll-padding: var(--touch) 0 calc(var(--touch) + 1em);
}
section, dialog[open] { display: flex; }
dialog.panel {
  inset: auto var(--right) var(--bottom) auto; max-width: none; max-height: none; margin: 0;
  width: min(var(--elektrum-chat-width, 24em), 100cqw - var(--right) - var(--gap));
  height: min(var(--elektrum-chat-height, calc(38em / var(--scale))), 100cqh - var(--bottom) - var(--gap));
}
.panel > * { flex: none; }
/* Whatever scrolls, the close button and the field stay visible. */
.bar, form { position: sticky; z-index: 1; }
.bar { top: 0; display: flex; align-items: center; padding: .2em .2em .2em 1em; color: var(--on-brand); background: var(--brand); }
h2 { flex: 1; font-size: 1.1em; line-height: 1.3; }
.options { max-height: 60%; overflow-y: auto; padding: .75em 1em; border-bottom: 1px solid var(--line); background: var(--mist); }
.group, .choices { display: flex; flex-wrap: wrap; gap: .5em; }
.options > * + *, .options p, .choices { margin-top: .5em; }

.panel > .log { flex: 1 1 8em; min-height: 8em; overflow-y: auto; padding: 1em; overscroll-behavior: contain; }
/* Texts for screen readers stay within their message, or the panel would have to scroll to them. */
.message { position: relative; margin-bottom: .75em; }
.bubble, .message.notice {
  width: fit-content; max-width: 92%; padding: .6em .9em; border: 1px solid var(--mist); border-radius: var(--radius);
  background: var(--mist); white-space: pre-wrap;
}
.customer .bubble { margin-left: auto; color: var(--on-brand); background: var(--brand); }
.chat:not([data-contrast=contrastNormal]) .bubble, .message.notice { border-color: var(--line); }
.notice { background: var(--alert) !important; }
.about, .typing, label, #left { font-size: .875em; }
.about { margin-top: .3em; }
.typing { display: flex; align-items: center; gap: .3em; }
i { width: .5em; height: .5em; border-radius: 50%; background: currentColor; animation: beat 1.2s infinite; }
i + i { animation-delay: .2s; }
i + i + i { animation-delay: .4s; }
@keyframes beat { 50% { opacity: .25; } }

.panel > .notice { max-height: 45%; overflow-y: auto; padding: 0 1em; }
.panel > .notice > * { margin: .5em 0; }
.panel > .notice > p:empty { margin: 0; }
form { bottom: 0; background: var(--paper); display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .25em .5em; padding: .5em 1em .75em; border-top: 1px solid var(--line); }
label, #left { grid-column: 1 / -1; }
label { font-weight: 600; }
textarea {
  min-height: var(--touch); max-height: 8em; padding: .5em .7em; resize: none; field-sizing: content; font: inherit;
  color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: var(--radius);
}
[aria-invalid=true] { border-width: 3px; }
.send { align-self: end; }

@media (max-width: 30rem), (max-height: 26rem) {
  dialog.panel { inset: var(--above, 0) 0 auto; width: 100%; height: 100cqh; border: 0; border-radius: 0; }
  dialog:modal { position: fixed; }
}
/* On a small viewport for the chosen text size, everything between the bar and the field scrolls together. */
@container (max-height: 21em) {
  section, dialog[open] { display: block; }
  .panel > *, .panel > .log, .panel > .notice { max-height: none; min-height: 0; overflow: visible; }
  .panel > .log { padding: .5em; }
  .bubble { max-width: 100%; padding: .3em .6em; }
  .bar { font-size: calc(1em / var(--scale)); padding-block: 0; }
  form { gap: 0 .4em; padding: .4em .5em; }
  label { position: absolute; clip-path: inset(50%); }
  textarea { max-height: 35cqh; padding: .2em .4em; }
  .send { padding: .2em .6em; }
}
@media (prefers-reduced-motion: reduce) { i { animation: none; } }
@media (forced-colors: active) {
  .bubble, i, .bar { border: 1px solid; }
  [aria-pressed=true] { forced-color-adjust: none; color: HighlightText; background: Highlight; }
}
/* In print, the page comes as if there was no chat, then the whole conversation if it is open. */
@media print {
  :host { height: auto !important; max-height: none !important; }
  .chat.chat {
    position: static !important; height: auto !important; container-type: normal; color-scheme: only light;
    --ink: #000; --paper: #fff; --mist: #fff; --alert: #fff; --line: #000; --brand: #fff; --on-brand: #000;
  }
  .launcher, .options, .bar button, .panel > .notice, .choices, .typing, form { display: none !important; }
  section.panel, dialog.panel[open] {
    display: block; position: static; width: auto; height: auto; border: 0; box-shadow: none; overflow: visible;
    break-before: page;
  }
  .panel > .log { overflow: visible; }
  .bubble { border-color: var(--line); }
  .bubble > .spoken { position: static; clip-path: none; font-weight: 600; }
  .about a::after { content: " " attr(href); }
  a > .spoken { display: none; }
}
`);
