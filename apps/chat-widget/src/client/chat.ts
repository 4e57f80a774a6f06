import type {
  ChatAccepted,
  ChatAgentTyping,
  ChatAttachment,
  ChatAuth,
  ChatConversation,
  ChatHistory,
  ChatMessages,
  ChatSeen,
  ChatSettings,
  ChatWelcome,
} from '@tradewind/shared/chat/wire';
import { type ClientContext, type Identity, KEYS } from '../common/contract.ts';
import { createConnection, type Problem } from './connection.ts';
import { MEMORY_KEYS } from './memory.ts';
import { moveOutbox, OUTBOX, type Waiting } from './outbox.ts';
import type { Answers } from './pre-chat.ts';
import { findReceipt, type Reported } from './receipts.ts';
import { createExclusion, createSender } from './sender.ts';
import {
  addAccepted,
  addMessages,
  addOlder,
  countUnread,
  noTalk,
  replaceByPage,
  setSeen,
  type Talk,
  UNPLACED,
} from './talk.ts';
import { createTypingNotice } from './typing.ts';
import { createUploads, type Upload, type Uploads } from './uploads.ts';
import { ANONYMOUS, forgetTalk, openVisit } from './visit.ts';
import { createId, isTokenKey, keepToken, readToken } from './visitor.ts';
import { watchWaking } from './wake.ts';

/** Everything the panel shows and does; knows no element. */
export interface Chat {
  readonly settings: ChatSettings;
  readonly talk: Talk;
  readonly waiting: readonly Waiting[];
  readonly online: boolean;
  /** Not online for so long that it is worth saying; `refused` when the desk said no, `slow` when it wants a pause. */
  readonly trouble: 'lost' | 'refused' | 'slow' | null;
  readonly durable: boolean;
  /** The desk has been asked for the messages, or there is a copy of them. */
  readonly loaded: boolean;
  readonly loadingOlder: boolean;
  /** Name of the agent who is writing. */
  readonly typing: string | null;
  /** Whether the pre-chat form may be shown; `again` when the desk did not take the answers. */
  readonly asks: 'no' | 'first' | 'again';
  /** The resolved conversation to be rated, and whether that was just done. */
  readonly rating: { conversationId: string; done: boolean } | null;
  readonly uploads: Uploads;
  readonly draft: string;
  setOpen(open: boolean): void;
  keepDraft(text: string): void;
  send(text: string, attachments: ChatAttachment[]): void;
  sendAgain(id: string): void;
  discard(id: string): void;
  answerForm(answers: Answers): void;
  rate(score: number, comment: string): void;
  passOverRating(): void;
  loadOlder(): void;
  markRead(): void;
  identify(identity: Identity): void;
  logOut(): void;
}

interface Hooks {
  onChange: () => void;
  /** The draft was changed in another tab, or belongs to another person now. */
  onDraft: () => void;
  onUploadEnd: (upload: Upload) => void;
}

/** A short cut in the line is nobody's concern. */
const TROUBLE_AFTER_MS = 1_500;
const TYPING_ENDS_MS = 10_000;
const PROFILE = 'profile';

export function createChat(context: ClientContext, { onChange, onDraft, onUploadEnd }: Hooks): Chat {
  const { config, store } = context;
  let { settings, identity } = context;
  /** The identity of this connection, as the shop signed it. */
  let jwt: string | null = typeof identity === 'string' ? identity : null;
  let visit = openVisit(store, jwt);
  let welcome: ChatWelcome | null = null;
  let synced = false;
  let trouble: Chat['trouble'] = null;
  let troubleTimer: ReturnType<typeof setTimeout> | undefined;
  let typing: string | null = null;
  let typingTimer: ReturnType<typeof setTimeout> | undefined;
  let loadingOlder = false;
  let profileRefused = false;
  let ratedNow: string | null = null;
  let reportedBefore: Reported | null = null;

  const warn = (sentence: string) => console.warn(`[tradewind chat] ${sentence}`);

  const connection = createConnection({
    server: config.server,
    readAuth,
    onEvent: handleEvent,
    onState: handleState,
    onRefused: handleRefusal,
  });
  const flush = createSender({
    outbox: () => visit.outbox,
    request: (event, body) => connection.request<ChatAccepted>(event, body),
    isOnline: () => synced && connection.state === 'online',
    exclusively: createExclusion(`tradewind ${config.server} ${config.accountId}`),
    onAccepted: handleAccepted,
    onRefused(entry, problem) {
      warn(`${entry.kind} was not accepted: ${problem.title}`);
      if (entry.kind !== 'message') visit.outbox.remove(entry.id);
      if (entry.kind === 'profile') {
        profileRefused = true;
        visit.memory.setAsked(false);
      }
      onChange();
    },
    onPause(delayMs) {
      setTrouble('slow');
      troubleTimer = setTimeout(() => setTrouble(null), delayMs);
    },
  });
  const uploads = createUploads({
    server: config.server,
    readKey: () => (connection.state === 'online' ? (welcome?.uploadKey ?? null) : null),
    createId,
    onChange,
    onStaleKey: () => connection.reconnect(),
    onEnd: onUploadEnd,
  });
  const noticeTyping = createTypingNotice((value) => connection.notify('typing', { typing: value }));

  /** Asks the shop who this is, where it gave a way to; while it cannot say, nothing is sent under another name. */
  async function readAuth(): Promise<ChatAuth> {
    const asked = identity;
    const current = typeof asked === 'function' ? await asked() : asked;
    if (asked === identity) switchTo(current);
    const { origin, pathname } = window.location;
    // Without query and fragment: pages put secrets there.
    const page = origin + pathname;
    return {
      accountId: config.accountId,
      visitorToken: readToken(store),
      identity: jwt,
      language: config.language,
      page,
    };
  }

  function switchTo(next: string | null): void {
    jwt = next;
    const opened = openVisit(store, next);
    if (opened.owner === visit.owner) return;
    visit = opened;
    synced = false;
    uploads.clear();
    onDraft();
    onChange();
  }

  function handleState(state: 'connecting' | 'online' | 'offline'): void {
    clearTimeout(troubleTimer);
    if (state === 'online') trouble = null;
    else {
      synced = false;
      setTyping(null);
      if (reportedBefore !== null) visit.memory.setReported(reportedBefore);
      reportedBefore = null;
      if (!navigator.onLine) trouble = 'lost';
      else troubleTimer = setTimeout(() => setTrouble('lost'), TROUBLE_AFTER_MS);
    }
    onChange();
  }

  function setTrouble(value: Chat['trouble']): void {
    clearTimeout(troubleTimer);
    trouble = value;
    onChange();
  }

  function handleRefusal(problem: Problem): void {
    warn(problem.title);
    if (problem.retryAfterMs !== undefined) return;
    if (!problem.errors?.some(({ path }) => path === 'identity')) {
      setTrouble('refused');
      return;
    }
    // The shop's word was not accepted: the visitor goes on as nobody in particular.
    identity = null;
    connection.reconnect();
  }

  function handleEvent(event: string, body: unknown): void {
    if (event === 'welcome') handleWelcome(body as ChatWelcome);
    else if (event === 'messages') takeNews(body as ChatMessages);
    else if (event === 'conversation') setTalk({ ...visit.talk, conversation: body as ChatConversation });
    else if (event === 'seen') setTalk(setSeen(visit.talk, (body as ChatSeen).order));
    else if (event === 'typing') setTyping((body as ChatAgentTyping).typing ? (body as ChatAgentTyping).name : null);
    else if (event === 'settings') takeSettings(body as ChatSettings);
  }

  function handleWelcome(value: ChatWelcome): void {
    welcome = value;
    if (value.visitorToken !== null) {
      keepToken(store, value.visitorToken);
      if (!value.identified) forgetTalk(visit);
    }
    if (value.identified) takeOverAnonymous();
    reportedBefore = visit.memory.reported();
    takeSettings(value.settings);
    sync();
  }

  /** Who has just signed in goes on with what he was writing. */
  function takeOverAnonymous(): void {
    const before = openVisit(store, null);
    if (visit.owner === ANONYMOUS) return;
    moveOutbox(before.outbox, visit.outbox);
    forgetTalk(before);
    if (visit.memory.draft() === '' && before.memory.draft() !== '') {
      visit.memory.setDraft(before.memory.draft());
      onDraft();
    }
    before.memory.setDraft('');
  }

  /** Brings this page up to what the desk has, then sends what waits. */
  async function sync(): Promise<void> {
    const now = visit;
    try {
      const after = now.talk.cursor;
      const page = await connection.request<ChatHistory>('history', { after });
      if (now !== visit) return;
      // A desk that was set back to an earlier state gives its newest page: what it knows counts.
      if (after === null || page.cursor < after) setTalk(replaceByPage(now.talk, page));
      else setTalk({ ...addMessages(now.talk, page), conversation: page.conversation });
      if (page.more) return sync();
      synced = true;
      flush();
      uploads.start();
    } catch {
      if (now === visit && connection.state === 'online') connection.reconnect();
    }
  }

  function takeNews(page: ChatMessages): void {
    if (page.messages.some(({ author }) => author !== 'visitor')) setTyping(null);
    setTalk(addMessages(visit.talk, page));
  }

  function setTalk(talk: Talk): void {
    visit.talk = talk;
    visit.memory.keepTalk(talk);
    if (talk.messages.length > 0 && store.get(KEYS.talk) === null) store.set(KEYS.talk, '1');
    report();
    onChange();
  }

  function report(): void {
    context.showUnread(countUnread(visit.talk, visit.memory.readOrder()));
    if (connection.state !== 'online') return;
    const found = findReceipt(visit.talk.messages, visit.memory.readOrder(), visit.memory.reported());
    if (found === null) return;
    connection.notify('receipt', found.receipt);
    visit.memory.setReported(found.reported);
  }

  function setTyping(name: string | null): void {
    clearTimeout(typingTimer);
    if (name !== null) typingTimer = setTimeout(() => setTyping(null), TYPING_ENDS_MS);
    typing = name;
    onChange();
  }

  function takeSettings(value: ChatSettings): void {
    settings = value;
    context.keepSettings(value);
    onChange();
  }

  function handleAccepted(entry: Waiting, accepted: ChatAccepted): void {
    if (entry.kind === 'profile') profileRefused = false;
    if (entry.kind !== 'message') {
      onChange();
      return;
    }
    const { id, text, attachments } = entry;
    const rest = { conversationId: '', author: 'visitor', authorName: '', recalled: false } as const;
    setTalk(addAccepted(visit.talk, { ...rest, id, text, attachments, at: accepted.at, order: UNPLACED }));
  }

  function isAsking(): Chat['asks'] {
    if (profileRefused) return 'again';
    const settled = identity === null ? true : welcome !== null && !welcome.identified;
    const started = visit.talk.messages.length > 0 || visit.outbox.all().length > 0;
    return settled && !started && !visit.memory.asked() ? 'first' : 'no';
  }

  function findRating(): Chat['rating'] {
    const { id, state, askRating } = visit.talk.conversation;
    if (id === null || state !== 'resolved') return null;
    if (ratedNow === id) return { conversationId: id, done: true };
    return askRating && !visit.memory.rated(id) ? { conversationId: id, done: false } : null;
  }

  function wake(): void {
    if (connection.state === 'online') sync();
    else if (isWanted()) connection.connect();
  }

  let open = false;
  /** Without panel and without a conversation nobody needs a connection. */
  const isWanted = () => open || store.get(KEYS.talk) !== null;

  watchWaking({ wake, leave: () => connection.disconnect() });
  store.subscribe((key) => {
    if (isTokenKey(key)) {
      if (visit.owner !== ANONYMOUS) return;
      // Another tab got another visitor's token, or this person logged out there.
      visit = openVisit(store, null);
      visit.talk = noTalk;
      synced = false;
      onDraft();
      onChange();
      connection.reconnect();
      return;
    }
    if (!key.startsWith(visit.owner)) return;
    const own = key.slice(visit.owner.length);
    if (own === MEMORY_KEYS.draft) onDraft();
    else if (own === MEMORY_KEYS.read) report();
    else if (own.startsWith(OUTBOX)) {
      onChange();
      flush();
    }
  });
  if (isWanted()) connection.connect();

  return {
    get settings() {
      return settings;
    },
    get talk() {
      return visit.talk;
    },
    get waiting() {
      return visit.outbox.all();
    },
    get online() {
      return connection.state === 'online';
    },
    get trouble() {
      return trouble;
    },
    get durable() {
      return store.durable;
    },
    get loaded() {
      return synced || visit.talk.messages.length > 0 || trouble !== null;
    },
    get loadingOlder() {
      return loadingOlder;
    },
    get typing() {
      return typing;
    },
    get asks() {
      return isAsking();
    },
    get rating() {
      return findRating();
    },
    get draft() {
      return visit.memory.draft();
    },
    uploads,
    setOpen(value) {
      open = value;
      if (isWanted()) connection.connect();
      else connection.disconnect();
    },
    keepDraft(text) {
      visit.memory.setDraft(text);
      noticeTyping(text.trim() !== '');
    },
    send(text, attachments) {
      const id = createId();
      visit.outbox.add({ kind: 'message', id, text, attachments, writtenAt: Date.now() });
      if (store.get(KEYS.talk) === null) store.set(KEYS.talk, '1');
      visit.memory.setDraft('');
      noticeTyping(false);
      onChange();
      flush();
    },
    sendAgain(id) {
      visit.outbox.setFailed(id, null);
      onChange();
      flush();
    },
    discard(id) {
      visit.outbox.remove(id);
      onChange();
    },
    answerForm({ name, email }) {
      profileRefused = false;
      visit.memory.setAsked(true);
      if (name.trim() !== '' || email.trim() !== '') {
        visit.outbox.add({ kind: 'profile', id: PROFILE, name: name.trim(), email: email.trim() });
      }
      onChange();
      flush();
    },
    rate(score, comment) {
      const { id } = visit.talk.conversation;
      if (id === null) return;
      ratedNow = id;
      visit.memory.setRated(id);
      visit.outbox.add({ kind: 'rating', id: `rating-${id}`, conversationId: id, score, comment });
      onChange();
      flush();
    },
    passOverRating() {
      const { id } = visit.talk.conversation;
      if (id !== null) visit.memory.setRated(id);
      onChange();
    },
    async loadOlder() {
      const now = visit;
      const [first] = now.talk.messages;
      if (loadingOlder || first === undefined || connection.state !== 'online') return;
      loadingOlder = true;
      onChange();
      try {
        const page = await connection.request<ChatHistory>('history', { before: first.id });
        if (now === visit) now.talk = addOlder(now.talk, page);
      } catch {
        // The button is there again.
      } finally {
        loadingOlder = false;
        onChange();
      }
    },
    markRead() {
      const newest = visit.talk.messages.findLast(({ order, author }) => order !== UNPLACED && author !== 'visitor');
      if (newest === undefined || newest.order <= visit.memory.readOrder()) return;
      visit.memory.setReadOrder(newest.order);
      report();
    },
    identify(value) {
      identity = value;
      if (typeof value === 'string') switchTo(value);
      if (isWanted()) connection.reconnect();
    },
    logOut() {
      connection.disconnect();
      identity = null;
      jwt = null;
      welcome = null;
      for (const key of store.keys('')) if (key !== KEYS.settings) store.remove(key);
      keepToken(store, createId(32));
      visit = openVisit(store, null);
      uploads.clear();
      profileRefused = false;
      context.showUnread(0);
      onDraft();
      onChange();
    },
  };
}
