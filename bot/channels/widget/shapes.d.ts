// What goes to and fro and what the modules offer each other: for the type checker and the reader, no browser loads it.
// The types are global, so that what browsers do load is small.

type Language = "lv" | "en";

interface Choice { title: string; button: string }
interface Source { title: string; url: string }

/** A reply as the server streams it. Its id begins with the message's. */
interface Reply { id: string; text: string; buttons: Choice[]; sources: Source[]; language?: Language; at: string }

/** A message of the history. */
interface Past extends Reply { from: "customer" | "assistant" }

/** A message on the screen; `key` is the id of what the server has. A notice's text is a name. */
interface Shown extends Omit<Reply, "id"> { key: string; from: Past["from"] | "notice"; state?: "waiting" | "refused" }

/** What a customer wrote or chose, and the server has not yet answered. */
interface Outgoing { id: string; text: string; button?: string; at: string }

/** What all tabs of a browser know of the conversation; `seen` is the key of the last reply that was on a screen. */
interface Shared { session?: string; language?: Language; seen?: string }

/** What is wrong now, by the name of its text. */
interface Trouble { name: string; n?: number; retry?: boolean }

/** `seconds` is how long the server asks to be left alone. */
interface Problem { kind: ProblemKind; seconds?: number | undefined }
type ProblemKind = "unreachable" | "unknown session" | "too many" | "too long" | "refused";

// server.js: what its methods throw, `problemIn` tells.
interface Server {
  /** A new session; `token` is the website's, of a signed-in customer. */
  begin(language: Language, token?: string): Promise<{ session: string; signedIn: boolean }>;
  signIn(session: string, token: string): Promise<void>;
  history(session: string): Promise<Past[]>;
  /** Resolves when everything has been answered; until then the same message may be sent again. */
  send(session: string, message: Outgoing, onReply: (reply: Reply) => void, signal: AbortSignal): Promise<void>;
}
type ServerAt = (base: URL) => Server;
type Ask = (path: string, session?: string, body?: object, signal?: AbortSignal) => Promise<Response>;

// session.js
interface Kept<T> { get(): T; set(value: T): void }

/** What tabs tell each other: what they share now, and whether the conversation has grown or was left for a new one. */
interface Told { shared: Shared; news?: "grown" | "anew" }

interface SharedState { now(): Shared; change(changes: Shared, news?: Told["news"]): void; close(): void }
type ShareState = (name: string, onTold: (told: Told) => void) => SharedState;

interface Visit {
  /** The session, begun if there is none. */
  session(): Promise<string>;
  /** The server no longer knows a session. */
  lost(session: string): void;
}
interface Asker { language(): Language; token(): string | undefined; onNotSignedIn(): void }
type Visiting = (server: Server, shared: SharedState, asker: Asker, name: string) => Visit;

// outbox.js
interface Outbox {
  /** What is wrong now. */
  readonly trouble: Trouble | undefined;
  readonly messages: Outgoing[];
  add(message: Outgoing): void;
  /** Try again at once, whatever is being waited for. */
  retry(): void;
  clear(): void;
  /** Leave what is unsent to the next page. */
  stop(): void;
  /** Send what there is to send. */
  run(): Promise<void>;
}
interface OutboxListener {
  onReply(message: Outgoing, reply: Reply): void;
  onAnswered(): void;
  /** It will not be sent again. */
  onRefused(message: Outgoing): void;
  /** The server no longer knows the session. */
  onLost(session: string): void;
  onChange(): void;
}
type MakeOutbox = (server: Server, visit: Visit, listener: OutboxListener, name: string) => Outbox;

// conversation.js
interface Conversation {
  /** The conversation's language; before it has one, the page's. */
  language: Language;
  readonly messages: Shown[];
  /** Whether an answer is on its way. */
  readonly expecting: boolean;
  readonly trouble: Trouble | undefined;
  readonly unread: number;
  /** Everything that there is has been on the screen. */
  markSeen(): void;
  /** `button` is the reference of what was chosen. */
  say(text: string, button?: string): void;
  retry(): void;
  /** Leave this conversation, in every tab. */
  startAnew(): void;
  /** Continue where the page was left. */
  resume(): Promise<void>;
  close(): void;
}
interface Page {
  language: Language;
  token(): string | undefined;
  onChange(): void;
  /** A text was not taken. */
  onRefused(text: string): void;
}
type Converse = (base: URL, page: Page) => Conversation;

// The views: `update` shows what is, and leaves alone what has not changed.
interface View<Arguments extends unknown[]> { element: HTMLElement; update(...now: Arguments): void }
type MessageView = View<[message: Shown, language: Language, choosable: boolean]>;
type MakeMessageView = (message: Shown, choose: (choice: Choice) => void) => MessageView;
type Log = View<[messages: Shown[], language: Language, expecting: boolean, resized: boolean]> & { scroll(): void };
type MakeLog = (choose: (choice: Choice) => void) => Log;
type Composer = View<[language: Language]> & { focus(): void; giveBack(text: string): void };
type MakeComposer = (send: (text: string) => void) => Composer;
type MakeNotice = (retry: () => void) => View<[trouble: Trouble | undefined, language: Language]>;
type MakeLauncher = (open: () => void) => View<[language: Language, unread: number]> & { news: HTMLElement };
interface Options { element: HTMLElement; toggle: HTMLElement; isOpen(): boolean; close(): void }
type MakeOptions = (root: HTMLElement, actions: Record<"person" | "download" | "anew", () => void>) => Options;
type Panel = Omit<View<[]>, "element"> & { element: HTMLDialogElement | HTMLElement } & { focus(): void; scroll(): void; giveBack(text: string): void };
type MakePanel = (root: HTMLElement, conversation: () => Conversation, close?: () => void) => Panel;

// elements.js
/** An attribute that is a function listens to the event of its name. */
type Attributes = Record<string, string | ((event: any) => void)>;
type Create = <T extends keyof HTMLElementTagNameMap>(
  tag: T, attributes?: Attributes, ...children: (Node | string)[]
) => HTMLElementTagNameMap[T];
/** A button with the text of that name. */
type MakeButton = (name: string, click: () => void, attributes?: Attributes) => HTMLButtonElement;
/** Words for those who hear the page. */
type Spoken = (name: string) => HTMLElement;
/** What is there already is not written again: a live region would be read again. */
type SetText = (element: Element, text: string) => void;
/** Put in every word of the widget's own: `data-word` names a text, `data-label` an `aria-label`. */
type Translate = (root: Element, language: Language) => void;
/** A text with its web addresses and phone numbers as links. */
type WithLinks = (text: string) => (Node | string)[];
/** A link, or the text where the address is none that may be followed. */
type LinkTo = (address: string, text: string) => Node | string;
