// A company's directory: npm's oidc-provider, certified by the OpenID Foundation, with its own pages to sign in. Whoever
// signs in as "anna" has the roles of ROLES_anna. Prints a line when it listens.
import { Provider } from "oidc-provider";

const { PORT, CALLBACK, SECRET, ROLES } = process.env;
const roles = JSON.parse(ROLES);
const provider = new Provider(`http://127.0.0.1:${PORT}`, {
  clients: [{
    client_id: "console", client_secret: SECRET, redirect_uris: [CALLBACK], response_types: ["code"],
    grant_types: ["authorization_code"], token_endpoint_auth_method: "client_secret_basic",
  }],
  claims: { openid: ["sub"], email: ["email"], profile: ["given_name", "groups"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  cookies: { keys: ["of this test"] },
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.lv`, given_name: id[0].toUpperCase() + id.slice(1), groups: roles[id] }),
  }),
});
provider.listen(Number(PORT), "127.0.0.1", () => console.log("listening"));
