import type {
  ChatAgentTyping,
  ChatAuth,
  ChatConversation,
  ChatHistory,
  ChatMessages,
  ChatSeen,
  ChatSettings,
  ChatWelcome,
} from '@tradewind/shared/chat/wire';
import { type ClientContext, KEYS } from '../common/contract.ts';
import { type Connection, type ConnectionState, createConnection, type Problem, ProblemError } from './connection.ts';
import { moveOutbox } from './outbox.ts';
import { createPassing, type Passing } from './passing.ts';
import { createReporter } from './reporter.ts';
import type { Session } from './session.ts';
import { addMessages, countUnread, noTalk, replaceByPage, setSeen, type Talk } from './talk.ts';
import { ANONYMOUS, forgetTalk, openVisit, type Visit } from './visit.ts';
import { keepToken, readToken } from './visitor.ts';

/** `lost` for so long that it is worth saying, `refused` by the desk, `slow` when it wants a pause. */
export type Trouble = 'lost' | 'refused' | 'slow';

export interface DeskLink {
  readonly connection: Connection;
  readonly trouble: Passing<Trouble>;
  /** Name of the agent who is writing. */
  readonly typing: Passing<string>;
  /** Brings this page up to what the desk has. */
  sync(): Promise<void>;
  setTalk(talk: Talk): void;
  /** Counts what is unread and tells the desk what is not. */
  report(): void;
  /** Goes on as the one this identity names; null for nobody in particular. */
  switchTo(jwt: string | null): void;
  /** Starts the visit of this owner anew, from what is stored. */
  reopen(): void;
}

interface Hooks {
  onChange: () => void;
  /** The draft belongs to another person now. */
  onPerson: () => void;
  /** In step with the desk: what waits may go out. */
  onSynced: () => void;
}

/** A short cut in the line is nobody's concern. */
const TROUBLE_AFTER_MS = 1_500;
const TYPING_ENDS_MS = 10_000;
const RETRY_MS = 5_000;

/** Keeps a session in step with the desk: handshake, history, news. */
export function createDeskLink(context: ClientContext, session: Session, hooks: Hooks): DeskLink {
  const { config, store } = context;
  const { onChange, onPerson, onSynced } = hooks;
  const trouble = createPassing<Trouble>(onChange);
  const typing = createPassing<string>(onChange);
  const warn = (sentence: string) => console.warn(`[tradewind chat] ${sentence}`);
  const connection = createConnection({
    server: config.server,
    readAuth,
    onEvent: handleEvent,
    onState: handleState,
    onRefused: handleRefusal,
  });
  const reporter = createReporter(connection, () => session.visit);

  /** Asks the shop who this is, where it gave a way to; while it cannot say, nothing is sent under another name. */
  async function readAuth(): Promise<ChatAuth> {
    const asked = session.identity;
    const jwt = typeof asked === 'function' ? await asked() : asked;
    if (asked === session.identity) switchTo(jwt);
    const { accountId, language } = config;
    // Without query and fragment: pages put secrets there.
    const page = window.location.origin + window.location.pathname;
    const token = readToken(store);
    // The page cleared what it keeps: somebody else begins.
    if (session.token !== null && session.token !== token) reopen();
    session.token = token;
    return { accountId, language, page, visitorToken: token, identity: session.jwt };
  }

  function switchTo(jwt: string | null): void {
    session.jwt = jwt;
    const opened = openVisit(store, jwt);
    if (opened.owner !== session.visit.owner) start(opened);
  }

  function start(visit: Visit): void {
    session.visit = visit;
    session.synced = false;
    onPerson();
    onChange();
  }

  function handleState(state: ConnectionState): void {
    if (state === 'online') trouble.set(null);
    else {
      session.synced = false;
      typing.set(null);
      if (!navigator.onLine) trouble.set('lost');
      else if (trouble.value === null) trouble.setLater('lost', TROUBLE_AFTER_MS);
    }
    onChange();
  }

  function handleRefusal(problem: Problem): void {
    warn(problem.title);
    if (problem.errors?.some(({ path }) => path === 'identity')) {
      // The shop's word was not accepted: the visitor goes on as nobody in particular.
      session.identity = null;
      connection.reconnect();
    } else if (problem.retryAfterMs === undefined) trouble.set('refused');
  }

  function handleEvent(event: string, body: unknown): void {
    const { talk } = session.visit;
    if (event === 'welcome') handleWelcome(body as ChatWelcome);
    else if (event === 'messages') handleNews(body as ChatMessages);
    else if (event === 'conversation') setTalk({ ...talk, conversation: body as ChatConversation });
    else if (event === 'seen') setTalk(setSeen(talk, (body as ChatSeen).order));
    else if (event === 'typing') handleTyping(body as ChatAgentTyping);
    else if (event === 'settings') handleSettings(body as ChatSettings);
  }

  function handleWelcome(welcome: ChatWelcome): void {
    const { visit } = session;
    session.welcome = welcome;
    if (welcome.visitorToken !== null) {
      keepToken(store, welcome.visitorToken);
      session.token = welcome.visitorToken;
      if (visit.owner === ANONYMOUS) forgetTalk(visit);
    }
    if (welcome.identified) takeOverAnonymous(visit);
    reporter.begin();
    handleSettings(welcome.settings);
    sync();
  }

  /** Who has just signed in goes on with what he was writing. */
  function takeOverAnonymous(visit: Visit): void {
    if (visit.owner === ANONYMOUS) return;
    const before = openVisit(store, null);
    moveOutbox(before.outbox, visit.outbox);
    forgetTalk(before);
    const draft = before.memory.draft();
    before.memory.setDraft('');
    if (draft === '' || visit.memory.draft() !== '') return;
    visit.memory.setDraft(draft);
    onPerson();
  }

  async function sync(): Promise<void> {
    const { visit } = session;
    try {
      const after = visit.talk.cursor;
      const page = await connection.request<ChatHistory>('history', { after });
      if (visit !== session.visit) return;
      // A desk that was set back to an earlier state gives its newest page: what it knows counts.
      if (after === null || page.cursor < after) setTalk(replaceByPage(visit.talk, page));
      else setTalk({ ...addMessages(visit.talk, page), conversation: page.conversation });
      if (page.more) return sync();
      session.synced = true;
      onSynced();
      onChange();
    } catch (error) {
      if (visit !== session.visit || connection.state !== 'online') return;
      const waitMs = error instanceof ProblemError ? (error.problem.retryAfterMs ?? RETRY_MS) : null;
      if (waitMs === null) connection.reconnect();
      else setTimeout(sync, waitMs);
    }
  }

  function handleNews(news: ChatMessages): void {
    if (news.messages.some(({ author }) => author !== 'visitor')) typing.set(null);
    setTalk(addMessages(session.visit.talk, news));
  }

  function handleTyping({ typing: on, name }: ChatAgentTyping): void {
    typing.set(on ? name : null, TYPING_ENDS_MS);
  }

  function handleSettings(settings: ChatSettings): void {
    session.settings = settings;
    context.keepSettings(settings);
    onChange();
  }

  function setTalk(talk: Talk): void {
    session.visit.talk = talk;
    session.visit.memory.keepTalk(talk);
    if (talk.messages.length > 0 && store.get(KEYS.talk) === null) store.set(KEYS.talk, '1');
    report();
    onChange();
  }

  function report(): void {
    const { visit } = session;
    context.showUnread(countUnread(visit.talk, visit.memory.readOrder()));
    reporter.report();
  }

  function reopen(): void {
    start({ ...openVisit(store, session.jwt), talk: noTalk });
    report();
  }

  return { connection, trouble, typing, sync, setTalk, report, switchTo, reopen };
}
