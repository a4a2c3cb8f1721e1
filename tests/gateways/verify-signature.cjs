// Asks the vendor's own SDK (@jambonz/sdk, WebhookResponse.verifySignature) whether it takes a Jambonz-Signature.
// It re-serialises the parsed body, as an express application does. stdin: {"body", "header", "secret"}.
let sdk;
try { sdk = require('@jambonz/sdk/webhook'); } catch { sdk = require('@jambonz/sdk'); }
let text = '';
process.stdin.on('data', (c) => text += c).on('end', () => {
  const {body, header, secret} = JSON.parse(text);
  const req = {headers: {'jambonz-signature': header}, body: JSON.parse(body), get: () => header};
  sdk.WebhookResponse.verifySignature(secret)(req, {}, (err) => process.stdout.write(err ? `refused: ${err.message}` : 'accepted'));
});
