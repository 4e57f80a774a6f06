import type { ChatAccepted, ChatAttachment, ChatHistory, ChatSettings } from '@tradewind/shared/chat/wire';
import { type ClientContext, type Identity, KEYS } from '../common/contract.ts';
import type { Problem } from './connection.ts';
import { createDeskLink, type Trouble } from './desk-link.ts';
import { MEMORY_KEYS } from './memory.ts';
import { OUTBOX, type Waiting } from './outbox.ts';
import { type Answers, asksAnything } from './pre-chat.ts';
import { createExclusion, createSender } from './sender.ts';
import { startSession } from './session.ts';
import { addAccepted, addOlder, type Talk, UNPLACED } from './talk.ts';
import { createTypingNotice } from './typing.ts';
import { createUploads, type Upload, type Uploads } from './uploads.ts';
import { ANONYMOUS } from './visit.ts';
import { createId, isTokenKey, renewToken } from './visitor.ts';
import { watchWaking } from './wake.ts';

/** Everything the panel shows and does; knows no element. */
export interface Chat {
  readonly settings: ChatSettings;
  readonly talk: Talk;
  readonly waiting: readonly Waiting[];
  readonly online: boolean;
  readonly trouble: Trouble | null;
  /** False where the browser keeps nothing. */
  readonly durable: boolean;
  /** There is something to show: the desk's messages, a copy of them, or the reason why there is none. */
  readonly loaded: boolean;
  readonly loadingOlder: boolean;
  /** Name of the agent who is writing. */
  readonly typing: string | null;
  /** Whether the pre-chat form is shown; `again` when the desk did not take the answers. */
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
  loadOlder(): Promise<void>;
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

const PROFILE = 'profile';

export function createChat(context: ClientContext, { onChange, onDraft, onUploadEnd }: Hooks): Chat {
  const { config, store } = context;
  const session = startSession(context);
  const link = createDeskLink(context, session, { onChange, onPerson: handlePerson, onSynced: handleSynced });
  const { connection, trouble, typing } = link;
  const flush = createSender({
    outbox: () => session.visit.outbox,
    request: (event, body) => connection.request<ChatAccepted>(event, body),
    isOnline: () => session.synced && connection.state === 'online',
    exclusively: createExclusion(`tradewind ${config.server} ${config.accountId}`),
    onAccepted: handleAccepted,
    onRefused: handleRefused,
    onPause: (delayMs) => trouble.set('slow', delayMs),
  });
  const uploads = createUploads({
    server: config.server,
    readKey: () => (connection.state === 'online' ? (session.welcome?.uploadKey ?? null) : null),
    createId,
    onChange,
    onStaleKey: connection.reconnect,
    onEnd: onUploadEnd,
  });
  const noticeTyping = createTypingNotice((value) => connection.notify('typing', { typing: value }));
  let open = false;
  let loadingOlder = false;
  let profileRefused = false;
  let ratedNow: string | null = null;

  /** Without panel and without a conversation nobody needs a connection. */
  const isWanted = () => open || store.get(KEYS.talk) !== null;

  function handlePerson(): void {
    uploads.clear();
    profileRefused = false;
    onDraft();
  }

  function handleSynced(): void {
    flush();
    uploads.start();
  }

  function handleAccepted(entry: Waiting, { at }: ChatAccepted): void {
    if (entry.kind === 'message') {
      const { id, text, attachments } = entry;
      const rest = { conversationId: '', author: 'visitor', authorName: '', recalled: false } as const;
      link.setTalk(addAccepted(session.visit.talk, { ...rest, id, text, attachments, at, order: UNPLACED }));
    } else onChange();
  }

  function handleRefused(entry: Waiting, problem: Problem): void {
    console.warn(`[tradewind chat] ${entry.kind}: ${problem.title}`);
    const { outbox, memory } = session.visit;
    if (entry.kind !== 'message') outbox.remove(entry.id);
    if (entry.kind === 'profile') {
      profileRefused = true;
      memory.setAsked(false);
    }
    onChange();
  }

  function readAsks(): Chat['asks'] {
    if (!asksAnything(session.settings.preChat)) return 'no';
    if (profileRefused) return 'again';
    const { identity, welcome, visit } = session;
    const unknown = identity === null || welcome?.identified === false;
    const started = visit.talk.messages.length > 0 || visit.outbox.all().length > 0;
    return unknown && !started && !visit.memory.asked() ? 'first' : 'no';
  }

  function readRating(): Chat['rating'] {
    const { talk, memory } = session.visit;
    const { id, state, askRating } = talk.conversation;
    if (id === null || state !== 'resolved') return null;
    if (ratedNow === id) return { conversationId: id, done: true };
    return askRating && !memory.rated(id) ? { conversationId: id, done: false } : null;
  }

  function wake(): void {
    if (connection.state === 'online') link.sync();
    else if (isWanted()) connection.connect();
  }

  /** Another tab sent, wrote, read, or became somebody else. */
  function handleStored(key: string): void {
    const { owner } = session.visit;
    if (isTokenKey(key) && owner === ANONYMOUS) {
      link.reopen();
      connection.reconnect();
    }
    if (!key.startsWith(owner)) return;
    const own = key.slice(owner.length);
    if (own === MEMORY_KEYS.draft) onDraft();
    else if (own === MEMORY_KEYS.read) link.report();
    else if (own.startsWith(OUTBOX)) {
      onChange();
      flush();
    }
  }

  watchWaking({ wake, leave: connection.disconnect });
  store.subscribe(handleStored);
  if (isWanted()) connection.connect();

  return {
    uploads,
    get settings() {
      return session.settings;
    },
    get talk() {
      return session.visit.talk;
    },
    get waiting() {
      return session.visit.outbox.all();
    },
    get online() {
      return connection.state === 'online';
    },
    get trouble() {
      return trouble.value;
    },
    get durable() {
      return store.durable;
    },
    get loaded() {
      return session.synced || session.visit.talk.messages.length > 0 || trouble.value !== null;
    },
    get loadingOlder() {
      return loadingOlder;
    },
    get typing() {
      return typing.value;
    },
    get asks() {
      return readAsks();
    },
    get rating() {
      return readRating();
    },
    get draft() {
      return session.visit.memory.draft();
    },
    setOpen(value) {
      open = value;
      if (isWanted()) connection.connect();
      else connection.disconnect();
    },
    keepDraft(text) {
      session.visit.memory.setDraft(text);
      noticeTyping(text.trim() !== '');
    },
    send(text, attachments) {
      const { outbox, memory } = session.visit;
      outbox.add({ kind: 'message', id: createId(), text, attachments, writtenAt: Date.now() });
      if (store.get(KEYS.talk) === null) store.set(KEYS.talk, '1');
      memory.setDraft('');
      noticeTyping(false);
      onChange();
      flush();
    },
    sendAgain(id) {
      session.visit.outbox.setFailed(id, null);
      onChange();
      flush();
    },
    discard(id) {
      session.visit.outbox.remove(id);
      onChange();
    },
    answerForm(answers) {
      const { outbox, memory } = session.visit;
      const name = answers.name.trim();
      const email = answers.email.trim();
      profileRefused = false;
      memory.setAsked(true);
      if (name !== '' || email !== '') outbox.add({ kind: 'profile', id: PROFILE, name, email });
      onChange();
      flush();
    },
    rate(score, comment) {
      const { talk, memory, outbox } = session.visit;
      const { id } = talk.conversation;
      if (id === null) return;
      ratedNow = id;
      memory.setRated(id);
      outbox.add({ kind: 'rating', id: `rating-${id}`, conversationId: id, score, comment });
      onChange();
      flush();
    },
    passOverRating() {
      const { talk, memory } = session.visit;
      if (talk.conversation.id !== null) memory.setRated(talk.conversation.id);
      onChange();
    },
    async loadOlder() {
      const { visit } = session;
      const [first] = visit.talk.messages;
      if (loadingOlder || first === undefined || connection.state !== 'online') return;
      loadingOlder = true;
      onChange();
      try {
        const page = await connection.request<ChatHistory>('history', { before: first.id });
        visit.talk = addOlder(visit.talk, page);
      } catch {
        // The button is there again.
      }
      loadingOlder = false;
      onChange();
    },
    markRead() {
      const { talk, memory } = session.visit;
      const newest = talk.messages.findLast(({ order, author }) => order !== UNPLACED && author !== 'visitor');
      if (newest === undefined || newest.order <= memory.readOrder()) return;
      memory.setReadOrder(newest.order);
      link.report();
    },
    identify(identity) {
      const { owner } = session.visit;
      session.identity = identity;
      if (typeof identity === 'string') link.switchTo(identity);
      // Pages say who is there on every view. A newer word about the same person is for the next connection.
      const known = connection.state === 'online' && session.welcome?.identified;
      if (isWanted() && !(known && typeof identity === 'string' && owner === session.visit.owner))
        connection.reconnect();
    },
    logOut() {
      connection.disconnect();
      session.identity = null;
      session.jwt = null;
      session.token = null;
      session.welcome = null;
      for (const key of store.keys('')) if (key !== KEYS.settings) store.remove(key);
      renewToken(store);
      link.reopen();
    },
  };
}
