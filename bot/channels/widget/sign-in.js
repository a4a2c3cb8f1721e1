// The customer whom the website has signed in. The server verifies the token, not the widget; but whose it claims to be
// must be known before anything is shown: the previous customer may have left the computer.

/** @param {string} token a JWT; anything else has no claims @returns {{ customer: string, issued: number }} */
const claimsOf = (token) => {
  try {
    const payload = atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(payload, (character) => character.charCodeAt(0));
    const { iss, sub, iat } = JSON.parse(new TextDecoder().decode(bytes));
    return { customer: JSON.stringify([iss, sub]), issued: Number(iat) || 0 };
  } catch {
    return { customer: "", issued: 0 };
  }
};

/** @type {MakeSignIn} */
export const makeSignIn = (shared, given) => {
  /** Tokens issued before a sign-out are void, in whatever tab or old page they are still used. */
  const token = () => {
    const { latest = 0, spent = -1 } = shared.now();
    const found = given();
    const issued = found ? claimsOf(found).issued : -1;
    if (issued > latest) shared.change({ latest: issued });
    return issued > spent ? found : undefined;
  };
  const customer = () => {
    const found = token();
    return found && claimsOf(found).customer;
  };

  let before = customer();
  /** The customer of the conversation; until it has a session, only this page knows. */
  const whose = () => shared.now().customer ?? before;

  return {
    token,
    customer,
    settle() {
      before = customer();
    },
    isOver: () => whose() !== undefined && whose() !== customer(),
    spend() {
      const found = token();
      // The customer who is signed in now keeps the token.
      return found && customer() !== whose() ? claimsOf(found).issued - 1 : shared.now().latest ?? 0;
    },
  };
};
