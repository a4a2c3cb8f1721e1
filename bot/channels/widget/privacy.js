// Replies about an account are on the screen only while the account is open: the server says for how many seconds.

/** Remove the content of such messages; an empty message stays. @param {Shown[]} messages */
export const withhold = (messages) => {
  for (const message of messages) {
    if (message.privateFor) Object.assign(message, { text: "", buttons: [], sources: [], withheld: true, privateFor: undefined });
  }
};

/** @type {WatchAccounts} */
export const watchAccounts = (onClosed) => {
  let timer = 0;
  let until = Infinity; // checked by the clock too, since timers stand still while the computer sleeps
  const look = () => {
    if (Date.now() < until) return;
    until = Infinity;
    onClosed();
  };
  return {
    look,
    heard(messages) {
      // Using one account keeps the others open.
      const seconds = Math.max(0, ...messages.map(({ privateFor }) => privateFor ?? 0));
      if (!seconds) return;
      clearTimeout(timer);
      until = Date.now() + seconds * 1000;
      timer = setTimeout(look, seconds * 1000);
    },
    stop: () => clearTimeout(timer),
  };
};
