import { z } from 'zod';

/**
 * What crosses the wire between the website widget and the server: Socket.IO namespace `/chat` and the routes below
 * `/chat/`. The widget imports the types alone; the server parses with the schemas.
 *
 * | direction | event | acknowledged with |
 * |--|--|--|
 * | server → widget | `welcome` {@link ChatWelcome}, `messages` {@link ChatMessages}, `conversation` {@link ChatConversation}, `typing` {@link ChatAgentTyping}, `seen` {@link ChatSeen}, `settings` {@link ChatSettings} | – |
 * | widget → server | `message` {@link chatMessageSchema} | {@link ChatAccepted} |
 * | | `history` {@link chatHistorySchema} | {@link ChatHistory} |
 * | | `profile` {@link chatProfileSchema}, `rate` {@link chatRatingSchema} | {@link ChatAccepted} |
 * | | `typing` {@link chatTypingSchema}, `receipt` {@link chatReceiptSchema} | – |
 *
 * An acknowledgement may be {@link ChatProblem} in place of what stands in the table.
 */

/** 32 random bytes in base64url: whoever has it is the visitor. Made by the widget, or by the server for a handshake without one. */
export const visitorTokenSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 random bytes in base64url');

export const chatLanguages = ['en', 'zh-CN'] as const;
export type ChatLanguage = (typeof chatLanguages)[number];

/** `auth` of the handshake. `identity` is a JWT (HS256) made by the shop with the account's `identitySecret`. */
export const chatAuthSchema = z.object({
  accountId: z.string().min(1).max(64),
  /** Any text: one that was never known is as good as none, and tells nobody anything. */
  visitorToken: z.string().max(200).nullish(),
  identity: z.string().max(4_000).nullish(),
  language: z.enum(chatLanguages).nullish(),
  /** Address of the page the visitor is on, for the agent. */
  page: z.string().max(2_000).nullish(),
});
export type ChatAuth = z.input<typeof chatAuthSchema>;

export const MAX_CHAT_TEXT = 10_000;
export const MAX_CHAT_FILES = 5;
export const MAX_CHAT_FILE_BYTES = 10 * 1024 * 1024;

/** The id is made by the widget; the same message again under it is the same message (R2). */
export const chatMessageSchema = z
  .object({
    id: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'must be 8 to 64 letters, digits, "-" or "_"'),
    text: z.string().max(MAX_CHAT_TEXT, `must be at most ${MAX_CHAT_TEXT} characters`).default(''),
    attachmentIds: z.array(z.string().max(64)).max(MAX_CHAT_FILES).default([]),
  })
  .refine((message) => message.text.trim() !== '' || message.attachmentIds.length > 0, {
    path: ['text'],
    message: 'must not be empty',
  });

/** Messages that changed after this position; absent, null or 0 gives the newest page. */
export const chatHistorySchema = z.object({
  after: z
    .union([
      z.number().int().nonnegative(),
      z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number),
    ])
    .nullish(),
  /** Older messages before this message, for scrolling back; `after` is not looked at then. */
  before: z.string().max(100).nullish(),
});

/** What the visitor typed about himself: shown to agents as claimed, joins nothing. */
export const chatProfileSchema = z.object({
  name: z.string().trim().max(200).optional(),
  email: z.union([z.email('must be a mail address such as name@example.com').max(320), z.literal('')]).optional(),
  phone: z.string().trim().max(40).optional(),
});
export type ChatProfile = z.input<typeof chatProfileSchema>;

export const chatRatingSchema = z.object({
  conversationId: z.string().max(64),
  score: z.number().int().min(1).max(5),
  comment: z.string().max(2_000).default(''),
});
export const chatTypingSchema = z.object({ typing: z.boolean() });
/** Ids of agents' messages that arrived here, and of those the visitor has had on screen. */
export const chatReceiptSchema = z.object({
  delivered: z.array(z.string().max(64)).max(200).default([]),
  read: z.array(z.string().max(64)).max(200).default([]),
});

export interface ChatAttachment {
  id: string;
  name: string;
  contentType: string;
  sizeBytes: number;
  /** Signed, good for this visitor and a limited time; relative to the server. Null until the file is here. */
  url: string | null;
}

export interface ChatMessage {
  /** The widget's own id for what the visitor wrote; ours for what agents wrote. */
  id: string;
  conversationId: string;
  author: 'visitor' | 'agent' | 'bot' | 'system';
  /** Shown above an agent's message. */
  authorName: string;
  text: string;
  attachments: ChatAttachment[];
  /** Epoch milliseconds, the server's. */
  at: number;
  /** Order of display within equal times; fixed. */
  order: number;
  recalled: boolean;
}

export interface ChatMessages {
  messages: ChatMessage[];
  /** For `history {after}`. */
  cursor: number;
}

export interface ChatConversation {
  id: string | null;
  state: 'none' | 'open' | 'resolved';
  /** The visitor may rate this resolved conversation; null where rating is off or done. */
  askRating: boolean;
  /** Newest message of the visitor that an agent has had on screen: its `order`, 0 for none. */
  seenOrder: number;
}

export interface ChatHistory extends ChatMessages {
  conversation: ChatConversation;
  /** More changed after `cursor` than fits into one answer: ask again with it. Never with `before`. */
  more: boolean;
  /** Older messages exist before the first one given; nothing new is said of it with `after`. */
  hasOlder: boolean;
}

export interface ChatAgentTyping {
  typing: boolean;
  name: string;
}

export interface ChatSeen {
  order: number;
}

export interface ChatAccepted {
  id: string;
  at: number;
}

export interface ChatProblem {
  problem: { type: string; title: string; retryAfterMs?: number; errors?: { path: string; message: string }[] };
}

export type PreChatField = 'off' | 'optional' | 'required';

/** Public settings of a chat account: `GET /chat/accounts/{accountId}`. */
export interface ChatSettings {
  accountId: string;
  name: string;
  /** `#rrggbb`; null takes the product's own. */
  accentColor: string | null;
  /** Null takes the widget's own words in the visitor's language. */
  greeting: string | null;
  preChat: { name: PreChatField; email: PreChatField };
  /** Within office hours now; without hours always. */
  open: boolean;
  /** Next change of `open`, epoch milliseconds; null when there is none. */
  changesAt: number | null;
  /** An agent is at the desk now. */
  agentsOnline: boolean;
  askRating: boolean;
}

export interface ChatWelcome {
  /** Set when the server made a new token: the widget keeps it from now on. */
  visitorToken: string | null;
  /** The shop vouches for this visitor. */
  identified: boolean;
  profile: { name: string; email: string };
  /** Authorises uploads of this connection: header `X-Chat-Key`. */
  uploadKey: string;
  settings: ChatSettings;
  serverTime: number;
}
