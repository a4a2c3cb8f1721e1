// Validates one answer of a webhook application as jambonz feature server does: normalizeJambones(), then
// validateVerb() for every verb (make_task.js does this before anything is run; one bad verb refuses the whole answer).
// stdin: a line of JSON for each, {"payload": <answer>}; stdout: a line of JSON for each, {"ok", "error",
// "verbs": [{"name", "data"}], "schemaNotes": [..]}.
// schemaNotes: what the newer, stricter package @jambonz/schema would say; for information, decides nothing.
import {createRequire} from 'module';
import {createInterface} from 'readline';
const require = createRequire(import.meta.url);
const specs = require('@jambonz/verb-specifications');
const quiet = {info() {}, debug() {}, error() {}, warn() {}};

for await (const text of createInterface({input: process.stdin})) {
  const {payload} = JSON.parse(text);
  const result = {ok: true, error: null, verbs: [], schemaNotes: []};
  try {
    for (const task of specs.normalizeJambones(quiet, payload)) {
      const name = Object.keys(task)[0];
      specs.validateVerb(name, task[name], quiet);
      result.verbs.push({name, data: task[name]});
    }
  } catch (err) {
    result.ok = false;
    result.error = err.message;
  }
  if (result.ok) {
    const schema = require('@jambonz/schema');
    for (const {name, data} of result.verbs) {
      try { schema.validateVerb(name, data, quiet); } catch (err) { result.schemaNotes.push(err.message); }
    }
  }
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
