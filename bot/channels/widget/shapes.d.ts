// Types of the server's API and of the modules' interfaces, for the type checker and the reader; no browser loads them.
// They are global, so that the modules which browsers load need no imports of types.

type Language = "lv" | "en";

interface Choice { title: string; button: string }
interface Source { title: string; url: string }

/**
 * A reply as the server streams it. Its id has the message's id as prefix. `privateFor`: for how many seconds a reply
 * about an account may be shown (0 for others). `withheld`: the server gives no text any more. `accountsClosed`: all
 * replies about accounts are removed at once.
 */
interface Reply {
  id: string; text: string; buttons: Choice[]; sources: Source[]; language?: Language; at: string;
  privateFor?: number; withheld?: boolean; accountsClosed?: boolean;
  /** Whether it gives the number of a request for a person; a person may come. */
  request?: boolean;
}

/**
 * A message of the history, or of the desk. `number`: its place among the desk's events, for what was said to or by a
 * person. `name`: the person's; a notice's text is the name of a text.
 */
interface Past extends Reply { from: "customer" | "assistant" | "person" | "notice"; number?: number; name?: string | undefined }

/** What the server says of the desk in this conversation (GET desk); openapi.yml describes it. */
interface DeskState {
  state: "none" | "waiting" | "held" | "closed";
  reference: string | null; kind: string | null; name: string | null; before: number | null; call_back: boolean;
  availability: { state: string; opens_at: string | null; wait_minutes: [number, number] | null };
  times: { from: string; until: string }[];
  shared: boolean; rate: ("person" | "assistant")[];
}

/** A message on the screen; `key` is the server's id of it. A notice's text is the name of a text. */
interface Shown extends Omit<Past, "id"> { key: string; state?: "waiting" | "refused" }

/** A message that the customer wrote or chose, and that the server has not yet answered. */
interface Outgoing { id: string; text: string; button?: string; at: string }

/**
 * What all tabs of a browser share of the conversation. `seen`: the key of the last reply that was on a screen.
 * `customer`: who was signed in, where somebody was. `epoch`: changes whenever a conversation is left for good.
 * `spent`: tokens issued until then (seconds since 1970) are void. `latest`: when the newest token seen was issued.
 */
interface Shared {
  session?: string; language?: Language; seen?: string;
  customer?: string; epoch?: string; spent?: number; latest?: number;
}
/** The unanswered messages, of the conversation with that epoch. */
interface Unsent { epoch?: string | undefined; messages: Outgoing[] }

/** What is wrong now, by the name of its text. */
interface Trouble { name: string; n?: number; retry?: boolean }

/** `seconds`: how long the server asks to wait (Retry-After). */
interface Problem { kind: ProblemKind; seconds?: number | undefined }
type ProblemKind = "unreachable" | "unknown session" | "too many" | "too long" | "refused" | "somebody else";

// server.js: `problemIn` turns what its methods throw into a Problem.
interface Server {
  /** A new session; `token` is the website's, of a signed-in customer. */
  begin(language: Language, token?: string): Promise<{ session: string; signedIn: boolean }>;
  signIn(session: string, token: string): Promise<void>;
  /** End the conversation: nobody can read or continue it any more. */
  signOut(session: string): Promise<void>;
  history(session: string): Promise<Past[]>;
  /** Resolves when all replies have come; until then the same message may be sent again (idempotent). */
  send(session: string, message: Outgoing, onReply: (reply: Reply) => void, signal: AbortSignal): Promise<Done>;
  ask: Ask;
}
/** What the server says after its replies; `number`: the message was given to a person, with that number. */
interface Done { number?: number }
type ServerAt = (base: URL) => Server;
type Ask = (path: string, session?: string, body?: object, signal?: AbortSignal, headers?: Record<string, string>) => Promise<Response>;

// session.js
interface Kept<T> { get(): T; set(value: T): void }

/** The message between tabs: the new shared state, and whether the conversation has grown. */
interface Told { shared: Shared; news?: "grown" }

interface SharedState { now(): Shared; change(changes: Shared, news?: Told["news"]): void; close(): void }
type ShareState = (name: string, onTold: (told: Told) => void) => SharedState;

interface Visit {
  /** The current session; a new one if there is none. */
  session(): Promise<string>;
  /** Sign a session out on the server. */
  end(session: string): void;
  /** Forget a session that the server no longer knows. */
  lost(session: string): void;
}
interface Asker {
  language(): Language; token(): string | undefined; customer(): string | undefined;
  /** Returns whether the customer has been told. */
  onNotSignedIn(): boolean;
  /** The conversation belongs to another customer: it must be left before anything is sent. */
  onSomebodyElse(): void;
}
type Visiting = (server: Server, shared: SharedState, asker: Asker, name: string) => Visit;

// sign-in.js
interface SignIn {
  /** The website's token, unless it is void. */
  token(): string | undefined;
  /** The customer whom the token claims; "" where it claims none. */
  customer(): string | undefined;
  /** Until the conversation has a session, it belongs to the customer who is signed in now. */
  settle(): void;
  /** Whether the conversation belongs to a customer other than the one who is signed in now. */
  isOver(): boolean;
  /** The `spent` of a conversation that is left now. */
  spend(): number;
}
type MakeSignIn = (shared: SharedState, given: () => string | undefined) => SignIn;

// privacy.js
interface Accounts {
  /** Check whether the accounts have been closed meanwhile. */
  look(): void;
  /** Take note of new messages. */
  heard(messages: Pick<Reply, "privateFor">[]): void;
  stop(): void;
}
type WatchAccounts = (onClosed: () => void) => Accounts;

// outbox.js
interface Outbox {
  /** What is wrong now. */
  readonly trouble: Trouble | undefined;
  readonly messages: Outgoing[];
  add(message: Outgoing): void;
  /** Retry at once, whatever is being waited for. */
  retry(): void;
  /** Store the unsent messages under the current epoch. */
  save(): void;
  clear(): void;
  /** Stop, and leave the unsent messages stored for the next page. */
  stop(): void;
  /** Send all unsent messages. */
  run(): Promise<void>;
}
interface OutboxListener {
  onReply(message: Outgoing, reply: Reply): void;
  onAnswered(message: Outgoing, done: Done): void;
  /** The server refused the message; it will not be sent again. */
  onRefused(message: Outgoing): void;
  /** The server no longer knows the session. */
  onLost(session: string): void;
  onChange(): void;
}
type MakeOutbox = (server: Server, visit: Visit, listener: OutboxListener, name: string, epoch: () => string | undefined) => Outbox;

// conversation.js
interface Conversation {
  /** The conversation's language; before it has one, the page's. */
  language: Language;
  readonly messages: Shown[];
  /** Whether an answer is on its way. */
  readonly expecting: boolean;
  readonly trouble: Trouble | undefined;
  readonly unread: number;
  /** Once a person was asked for. */
  readonly desk: Desk | undefined;
  /** All replies have been on the screen. */
  markSeen(): void;
  /** `button`: the reference of the chosen button. */
  say(text: string, button?: string): void;
  retry(): void;
  /** Leave this conversation for good, in every tab and on the server. */
  startAnew(): void;
  /** As `startAnew`, and the website's token becomes void. */
  signOut(): void;
  /** The token has changed, or the page is visible again: check whether the conversation is still this customer's. */
  heed(): void;
  /** The page is hidden and may be restored later (back-forward cache). */
  rest(): void;
  /** Continue where the page was left. */
  resume(): Promise<void>;
  close(): void;
}
interface Page {
  language: Language;
  token(): string | undefined;
  /** Of the open chat. */
  element: HTMLElement;
  onChange(): void;
  /** The server refused a text. */
  onRefused(text: string): void;
  /** The conversation was left for good; nothing of it may stay on the screen. */
  onLeft(): void;
}
type Converse = (base: URL, page: Page) => Conversation;

// desk.js, desk-view.js: loaded when a person is asked for
interface Desk {
  /** Whether a person answers now, and not the assistant. */
  isHeld: boolean;
  /** Follow the desk's events from now on, if that makes sense; connect at once where a connection was lost. */
  look(): void;
  stop(): void;
  update(language: Language): void;
}
interface DeskHost {
  server: Server; element: HTMLElement;
  session(): string | undefined; language(): Language;
  /** The number up to which everything at the desk is shown. */
  complete(): number;
  /** Something that was said, by whomever. */
  heard(message: Past): void;
  refresh(): void;
}
type MakeDesk = (host: DeskHost) => Desk;
type DeskView = View<[state: DeskState | undefined, language: Language, typing: boolean]>;
/** `tell` sends something to a path below the desk's. */
type MakeDeskView = (panel: HTMLElement, tell: (path: string, body?: object) => Promise<void>, onTyping: () => void) => DeskView;

// The views: `update` shows the current state, and leaves alone what has not changed.
interface View<Arguments extends unknown[]> { element: HTMLElement; update(...now: Arguments): void }
type MessageView = View<[message: Shown, language: Language, choosable: boolean]>;
type MakeMessageView = (message: Shown, choose: (choice: Choice) => void) => MessageView;
type Log = View<[messages: Shown[], language: Language, expecting: boolean]> & { scroll(): void };
type MakeLog = (choose: (choice: Choice) => void) => Log;
type Composer = View<[language: Language]> & { focus(): void; giveBack(text: string): void; clear(): void };
type MakeComposer = (send: (text: string) => void) => Composer;
type MakeNotice = (retry: () => void, onShown: () => void) => View<[trouble: Trouble | undefined, language: Language]>;
type MakeLauncher = (open: () => void) => View<[language: Language, unread: number]> & { news: HTMLElement };
interface Options { element: HTMLElement; toggle: HTMLElement; isOpen(): boolean; close(): void }
type MakeOptions = (root: HTMLElement, actions: Record<"person" | "download" | "anew", () => void>) => Options;
type Panel = Omit<View<[]>, "element"> & { element: HTMLDialogElement | HTMLElement } & { focus(): void; scroll(): void; giveBack(text: string): void; clear(): void };
type MakePanel = (root: HTMLElement, conversation: () => Conversation, close?: () => void) => Panel;

// floating.js
/** The parent element, also across shadow roots. */
type ParentOf = (element: Element) => Element | null;
/** Put the chat into the browser's top layer where an ancestor would confine it, and undo the page's CSS zoom. */
type RiseAbove = (host: Element, root: HTMLElement) => void;
interface Taking extends Element { connectedCallback(): void }
/** Whether the element is the first on the page; if not, it is connected again once it is. */
type TakePlace = (element: Taking) => boolean;
type GivePlace = (element: Taking) => void;

// elements.js
/** An attribute whose value is a function is a listener of the event of that name. */
type Attributes = Record<string, string | ((event: any) => void)>;
type Create = <T extends keyof HTMLElementTagNameMap>(
  tag: T, attributes?: Attributes, ...children: (Node | string)[]
) => HTMLElementTagNameMap[T];
/** A button with the text of that name. */
type MakeButton = (name: string, click: () => void, attributes?: Attributes) => HTMLButtonElement;
/** A text for screen readers only. */
type Spoken = (name: string) => HTMLElement;
/** Does nothing where the text is there already: a live region would be read out again. */
type SetText = (element: Element, text: string) => void;
type SetAttribute = (element: Element, name: string, value: string) => void;
/** Set the widget's own texts: `data-word` names a text, `data-label` an `aria-label`. */
type Translate = (root: Element, language: Language) => void;
/** A text with its web addresses and phone numbers as links. */
type WithLinks = (text: string) => (Node | string)[];
/** A link, or plain text where the address must not be followed. */
type LinkTo = (address: string, text: string) => Node | string;
