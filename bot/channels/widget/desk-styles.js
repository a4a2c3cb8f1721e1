// The style sheet of talking with a person; it follows styles.js.

export const deskStyles = new CSSStyleSheet();
deskStyles.replaceSync(`
.panel > .desk {
  display: block; max-height: 55%; overflow-y: auto; padding: .5em 1em; border-bottom: 1px solid var(--line); background: var(--mist);
}
.panel > .desk[hidden] { display: none; }
.desk > * + * { margin-top: .5em; }
.desk > p:empty { margin: 0; }
.desk .group { margin-top: .25em; }
.desk .question .group { gap: .35em; }
.desk form { position: static; display: block; padding: .5em 0 0; border-top: 1px solid var(--line); background: none; }
.desk label { display: block; }
input, select {
  width: 100%; min-height: var(--touch); padding: .3em .6em; font: inherit; color: inherit; background: var(--paper);
  border: 1px solid var(--line); border-radius: var(--radius);
}
.desk form > * { margin-bottom: .35em; }
.consent { display: flex; gap: .5em; align-items: center; }
.consent input { flex: none; width: 28px; min-height: 28px; height: 28px; margin: 4px; }
.person .bubble { border: 1px solid var(--brand); }
.person .bubble > .about:first-child { margin: 0; font-weight: 600; }
@container (max-height: 21em) {
  .panel > .desk { max-height: none; overflow: visible; }
  .desk label { position: static; clip-path: none; }
}
@media print { .desk { display: none !important; } }
`);
