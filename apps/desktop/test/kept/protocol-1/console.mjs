import { z } from "zod";
import { createRxDatabase, removeRxDatabase } from "rxdb";
import { io } from "socket.io-client";
// packages/shared/src/commands/definition.ts
/** Fields every command has. The id is made by the caller; sending a command again under its id is always safe (R8). */
const envelopeSchema = z.object({
	id: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, "must be 8 to 64 letters, digits, \"-\" or \"_\" (a UUIDv7)"),
	/** When the agent acted, epoch milliseconds; the server's time is taken where it is missing. */
	at: z.number().int().nonnegative().optional(),
	/** Earlier commands without which this one makes no sense. */
	after: z.array(z.string()).max(50).optional()
});
function defineCommand(definition) {
	return definition;
}
const notFoundConversation = {
	ok: false,
	reason: {
		kind: "not-found",
		what: "conversation"
	}
};
const LONGEST_BEGINNING = 2e4;
/** How the message begins, in one line, for the conversation list: the greeting alone would say nothing. What it quotes is left out. */
function toPreview(text) {
	const lines = text.slice(0, LONGEST_BEGINNING).split("\n").map((line) => line.trim()).filter((line) => line !== "");
	const isQuoted = (line) => line.startsWith(">");
	const start = lines.findIndex((line) => !isQuoted(line));
	const quoteAt = lines.findIndex((line, index) => index > start && isQuoted(line));
	const own = start < 0 ? [] : lines.slice(start, quoteAt < 0 ? void 0 : quoteAt);
	if (quoteAt > 0 && own.length > 1 && /[:：]$/.test(own.at(-1) ?? "")) own.pop();
	return [...own.slice(0, 140).join(" ")].slice(0, 140).join("");
}
/** A message made by a command: it has the command's id, and its author is the agent. */
function toOwnMessage(fields, context) {
	return {
		direction: "out",
		urgency: "normal",
		authorType: "agent",
		authorId: context.agentId,
		from: null,
		to: [],
		cc: [],
		bcc: [],
		replyToAddresses: [],
		subject: "",
		html: null,
		attachments: [],
		mentions: [],
		failure: null,
		externalId: null,
		references: [],
		replyTo: null,
		sentAt: context.nowMs,
		receivedAt: context.nowMs,
		createdSeq: 0,
		deleted: false,
		edits: [],
		...fields
	};
}
const LONGEST_TEXT = 5e5;
/** Text an agent typed. U+0000 is dropped: databases refuse it and nobody means it. */
const bodyTextSchema = z.string().max(LONGEST_TEXT, `must be at most ${LONGEST_TEXT} characters`).transform((text) => text.replaceAll("\0", "")).refine((text) => text.trim() !== "", "must not be empty");
/** One mail address as agents type it. Line breaks are refused: they would end the header. */
const mailAddressSchema = z.string().trim().max(320).regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/, "must be a mail address such as name@example.com");
/** An address in a command: plain text or `{name, address}`. */
const recipientSchema = z.union([mailAddressSchema.transform((address) => ({
	name: "",
	address
})), z.object({
	name: z.string().max(200).regex(/^[^\r\n]*$/, "must be one line").default(""),
	address: mailAddressSchema
})], "must be a mail address such as name@example.com, or {name, address}");
// packages/shared/src/commands/assign.ts
const assignSchema = envelopeSchema.extend({
	type: z.literal("assign"),
	conversationId: z.string(),
	agentId: z.string().nullable().optional(),
	teamId: z.string().nullable().optional()
}).refine((command) => command.agentId !== void 0 || command.teamId !== void 0, {
	path: ["agentId"],
	message: "give agentId, teamId or both; null clears"
});
/** Gives the conversation to an agent, or to nobody. */
function assignTo(conversation, assigneeId) {
	return {
		...conversation,
		assigneeId,
		status: toAssignedStatus(conversation, assigneeId)
	};
}
/** Taking a pending conversation puts it in progress; giving back one that nobody has answered makes it pending again. */
function toAssignedStatus(conversation, assigneeId) {
	if (conversation.status === "pending" && assigneeId !== null) return "open";
	if (conversation.status === "open" && assigneeId === null && conversation.firstRepliedAt === null) return "pending";
	return conversation.status;
}
const assign = defineCommand({
	type: "assign",
	schema: assignSchema,
	apply(view, command) {
		const { conversation } = view;
		if (!conversation) return notFoundConversation;
		const assigned = command.agentId === void 0 ? conversation : assignTo(conversation, command.agentId);
		const teamId = command.teamId === void 0 ? conversation.teamId : command.teamId;
		return {
			ok: true,
			conversation: {
				...assigned,
				teamId
			}
		};
	}
});
/** Sends a failed message again, after the agent has seen why it failed. */
const retryMessage = defineCommand({
	type: "retry-message",
	schema: envelopeSchema.extend({
		type: z.literal("retry-message"),
		messageId: z.string()
	}),
	apply(view) {
		const { message } = view;
		if (!message) return {
			ok: false,
			reason: {
				kind: "not-found",
				what: "message"
			}
		};
		if (message.status !== "failed") return {
			ok: false,
			reason: {
				kind: "wrong-state",
				status: message.status
			}
		};
		return {
			ok: true,
			message: {
				...message,
				status: "queued",
				failure: null
			}
		};
	}
});
/** The agent's decision on a message whose outcome is unknown (R11), or to leave a failed one at that. */
const settleMessage = defineCommand({
	type: "settle-message",
	schema: envelopeSchema.extend({
		type: z.literal("settle-message"),
		messageId: z.string(),
		/** `resend` may reach the customer twice, and says so; `mark-sent` and `drop` send nothing. */
		choice: z.enum([
			"resend",
			"mark-sent",
			"drop"
		])
	}),
	apply(view, command) {
		const { message } = view;
		if (!message) return {
			ok: false,
			reason: {
				kind: "not-found",
				what: "message"
			}
		};
		if (!(message.status === "unknown" || message.status === "failed" && command.choice === "drop")) return {
			ok: false,
			reason: {
				kind: "wrong-state",
				status: message.status
			}
		};
		if (command.choice === "resend") return {
			ok: true,
			message: {
				...message,
				status: "queued",
				failure: null
			}
		};
		if (command.choice === "mark-sent") return {
			ok: true,
			message: {
				...message,
				status: "sent",
				failure: null
			}
		};
		return {
			ok: true,
			message: {
				...message,
				status: "failed",
				failure: {
					kind: "dropped",
					text: ""
				}
			}
		};
	}
});
/** An internal note: colleagues read it, the customer never does; the conversation's life is not touched. */
const note = defineCommand({
	type: "note",
	schema: envelopeSchema.extend({
		type: z.literal("note"),
		conversationId: z.string(),
		text: bodyTextSchema,
		/** Agent ids. */
		mentions: z.array(z.string()).max(50).optional()
	}),
	apply(view, command, context) {
		const { conversation } = view;
		if (!conversation) return notFoundConversation;
		return {
			ok: true,
			message: toOwnMessage({
				id: command.id,
				conversationId: conversation.id,
				channelAccountId: conversation.channelAccountId,
				kind: "note",
				text: command.text,
				mentions: command.mentions ?? [],
				status: "sent"
			}, context)
		};
	}
});
// packages/shared/src/channels.ts
const CHATS = /* @__PURE__ */ new Set(["web-chat"]);
function mediumOf(channelKind) {
	return CHATS.has(channelKind) ? "chat" : "mail";
}
// packages/shared/src/commands/reply.ts
const replySchema = envelopeSchema.extend({
	type: z.literal("reply"),
	conversationId: z.string(),
	text: bodyTextSchema,
	html: z.string().max(1e6).optional(),
	to: z.array(recipientSchema).max(50).optional(),
	cc: z.array(recipientSchema).max(50).optional(),
	bcc: z.array(recipientSchema).max(50).optional(),
	attachmentIds: z.array(z.string()).max(50).optional(),
	replyTo: z.string().optional(),
	/** Newest message painted when the agent pressed send (R10). */
	seenMessageId: z.string().nullable().optional(),
	sendAt: z.number().int().optional(),
	confirms: z.string().optional()
});
/** `Re: subject`, once, in the two languages' usual spellings. */
function toReplySubject(subject) {
	if (subject === "") return "";
	return /^\s*(re|回复|答复)\s*[:：]/i.test(subject) ? subject : `Re: ${subject}`;
}
function defaultRecipients(inbound) {
	if (!inbound) return [];
	if (inbound.replyToAddresses.length > 0) return inbound.replyToAddresses;
	return inbound.from ? [inbound.from] : [];
}
/**
* An answer to the customer. The first one takes a pending conversation into progress; every one ends the customer's
* waiting. A resolved or snoozed conversation keeps its status: a last "you are welcome" does not reopen it.
*/
const reply = defineCommand({
	type: "reply",
	schema: replySchema,
	apply(view, command, context) {
		const { conversation } = view;
		if (!conversation) return notFoundConversation;
		const isMail = mediumOf(conversation.channelKind) === "mail";
		const to = isMail && command.to && command.to.length > 0 ? command.to : defaultRecipients(view.lastInbound);
		const fallback = to.length === 0 ? conversation.participants.slice(0, 1).map((address) => ({
			name: "",
			address
		})) : to;
		if (fallback.length === 0) return {
			ok: false,
			reason: { kind: "no-recipient" }
		};
		const inbound = view.lastInbound;
		return {
			ok: true,
			message: toOwnMessage({
				id: command.id,
				conversationId: conversation.id,
				channelAccountId: conversation.channelAccountId,
				kind: "text",
				text: command.text,
				html: isMail ? command.html ?? null : null,
				status: "queued",
				from: view.channel ? {
					name: view.channel.name,
					address: view.channel.address
				} : null,
				to: fallback,
				cc: isMail ? command.cc ?? [] : [],
				bcc: isMail ? command.bcc ?? [] : [],
				subject: toReplySubject(conversation.subject),
				attachments: view.attachments,
				references: inbound && isMail ? [.../* @__PURE__ */ new Set([...inbound.references, ...inbound.externalId ? [inbound.externalId] : []])] : [],
				replyTo: command.replyTo ?? inbound?.id ?? null
			}, context),
			conversation: {
				...conversation,
				status: conversation.status === "pending" ? "open" : conversation.status,
				waitingSince: null,
				firstRepliedAt: conversation.firstRepliedAt ?? context.nowMs,
				lastMessageAt: Math.max(conversation.lastMessageAt, context.nowMs),
				preview: toPreview(command.text)
			}
		};
	}
});
const conversationStatusSchema = z.enum([
	"pending",
	"open",
	"snoozed",
	"resolved"
]);
z.object({
	id: z.string(),
	customerId: z.string(),
	channelAccountId: z.string(),
	/** Kind of the channel account (`mailgun`, …), so that a list can show its icon without a second look-up. */
	channelKind: z.string(),
	subject: z.string(),
	status: conversationStatusSchema,
	assigneeId: z.string().nullable(),
	teamId: z.string().nullable(),
	priority: z.enum([
		"low",
		"normal",
		"high",
		"urgent"
	]),
	tags: z.array(z.string()),
	/** Mail participants of this thread besides our own account, lower-cased (R14). */
	participants: z.array(z.string()),
	/** How the newest message begins, in one line of at most 140 characters, for the list. */
	preview: z.string(),
	lastMessageAt: z.number(),
	/** Receipt of the oldest customer message nobody has answered; null when nothing waits. */
	waitingSince: z.number().nullable(),
	firstRepliedAt: z.number().nullable(),
	resolvedAt: z.number().nullable(),
	snoozedUntil: z.number().nullable(),
	/** The resolved conversation this one follows, when it came after the reopening time. */
	previousId: z.string().nullable(),
	replyWindow: z.object({
		closesAt: z.number().nullable(),
		messagesLeft: z.number().nullable()
	}).nullable(),
	/** How the customer rated the resolved conversation, 1 to 5. */
	satisfaction: z.object({
		score: z.number(),
		comment: z.string(),
		at: z.number()
	}).nullable().optional(),
	createdAt: z.number(),
	createdSeq: z.number()
});
const setStatus = defineCommand({
	type: "set-status",
	schema: envelopeSchema.extend({
		type: z.literal("set-status"),
		conversationId: z.string(),
		status: conversationStatusSchema,
		/** Epoch milliseconds; needed for, and only for, `snoozed`. */
		snoozedUntil: z.number().int().positive().nullable().optional()
	}).refine((command) => command.status !== "snoozed" || typeof command.snoozedUntil === "number", {
		path: ["snoozedUntil"],
		message: "is needed with status \"snoozed\": the instant to wake, in epoch milliseconds"
	}),
	apply(view, command, context) {
		const { conversation } = view;
		if (!conversation) return notFoundConversation;
		const resolved = command.status === "resolved";
		return {
			ok: true,
			conversation: {
				...conversation,
				status: command.status,
				snoozedUntil: command.status === "snoozed" ? command.snoozedUntil ?? null : null,
				waitingSince: resolved ? null : conversation.waitingSince,
				resolvedAt: resolved ? conversation.status === "resolved" ? conversation.resolvedAt : context.nowMs : null
			}
		};
	}
});
/** A conversation begun by the agent. It has the command's id, as its first message does: both are made offline. */
const startConversation = defineCommand({
	type: "start-conversation",
	schema: envelopeSchema.extend({
		type: z.literal("start-conversation"),
		channelAccountId: z.string(),
		to: z.union([recipientSchema, z.array(recipientSchema).min(1, "needs at least one recipient").max(50)], "must be a mail address such as name@example.com, {name, address}, or a list of them"),
		subject: z.string().max(998).regex(/^[^\r\n]*$/, "must be one line").optional(),
		text: bodyTextSchema
	}),
	apply(view, command, context) {
		const { channel } = view;
		if (!channel) return {
			ok: false,
			reason: {
				kind: "not-found",
				what: "channel"
			}
		};
		if (mediumOf(channel.channelKind) === "chat") return {
			ok: false,
			reason: {
				kind: "unsupported",
				type: command.type
			}
		};
		const to = Array.isArray(command.to) ? command.to : [command.to];
		const contact = to[0];
		if (!contact) return {
			ok: false,
			reason: { kind: "no-recipient" }
		};
		return {
			ok: true,
			message: toOwnMessage({
				id: command.id,
				conversationId: command.id,
				channelAccountId: channel.id,
				kind: "text",
				text: command.text,
				subject: command.subject ?? "",
				status: "queued",
				from: {
					name: channel.name,
					address: channel.address
				},
				to
			}, context),
			contact,
			conversation: {
				id: command.id,
				customerId: "",
				channelAccountId: channel.id,
				channelKind: channel.channelKind,
				subject: command.subject ?? "",
				status: "open",
				assigneeId: context.agentId,
				teamId: null,
				priority: "normal",
				tags: [],
				participants: to.map((recipient) => recipient.address.toLowerCase()),
				preview: toPreview(command.text),
				lastMessageAt: context.nowMs,
				waitingSince: null,
				firstRepliedAt: context.nowMs,
				resolvedAt: null,
				snoozedUntil: null,
				previousId: null,
				replyWindow: null,
				createdAt: context.nowMs,
				createdSeq: 0
			}
		};
	}
});
// packages/shared/src/commands/tag.ts
const tagNameSchema = z.string().trim().min(1, "must not be empty").max(60, "must be at most 60 characters").transform((name) => name.replaceAll("\0", ""));
/** Adds and removes by name, so that two agents tagging at once both get what they meant. */
const tag = defineCommand({
	type: "tag",
	schema: envelopeSchema.extend({
		type: z.literal("tag"),
		conversationId: z.string(),
		add: z.array(tagNameSchema).max(50).default([]),
		remove: z.array(tagNameSchema).max(50).default([])
	}),
	apply(view, command) {
		const { conversation } = view;
		if (!conversation) return notFoundConversation;
		const removed = new Set(command.remove);
		const tags = [.../* @__PURE__ */ new Set([...conversation.tags, ...command.add])].filter((name) => !removed.has(name));
		return {
			ok: true,
			conversation: {
				...conversation,
				tags
			}
		};
	}
});
// packages/shared/src/commands/registry.ts
/** The one list of commands: adding one means a file and a line here. */
const commandDefinitions = {
	reply,
	note,
	"set-status": setStatus,
	assign,
	tag,
	"start-conversation": startConversation,
	"retry-message": retryMessage,
	"settle-message": settleMessage
};
const commandSchema = z.discriminatedUnion("type", [
	reply.schema,
	note.schema,
	setStatus.schema,
	assign.schema,
	tag.schema,
	startConversation.schema,
	retryMessage.schema,
	settleMessage.schema
]);
/** Runs the command's pure `apply`; the console does so for its overlay, the server for good (R9). */
function applyCommand(view, command, context) {
	return commandDefinitions[command.type].apply(view, command, context);
}
/** What a command touches: commands that name the same document keep their order. */
function commandTarget(command) {
	if (command.type === "start-conversation") return {
		conversationId: command.id,
		messageId: null
	};
	if ("messageId" in command) return {
		conversationId: null,
		messageId: command.messageId
	};
	return {
		conversationId: command.conversationId,
		messageId: null
	};
}
// packages/shared/src/ids.ts
/**
* Makes a UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then random bits, so that ids sort by time.
*
* @param nowMs - epoch milliseconds; clock and randomness are handed in so that tests can fix them.
* @param randomBytes - fills and returns an array of the given length.
*/
function createUuidV7(nowMs = Date.now(), randomBytes = (size) => crypto.getRandomValues(new Uint8Array(size))) {
	const bytes = randomBytes(16);
	let time = Math.floor(nowMs);
	for (let index = 5; index >= 0; index--) {
		bytes[index] = time % 256;
		time = Math.floor(time / 256);
	}
	bytes[6] = 112 | (bytes[6] ?? 0) & 15;
	bytes[8] = 128 | (bytes[8] ?? 0) & 63;
	let hex = "";
	for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
// apps/desktop/src/renderer/db/schemas.ts
const ID_LENGTH = 100;
/**
* A schema with the key and the indexed fields, nothing else: RxDB refuses to open a collection whose schema has
* changed under the same version, so naming every field would turn each field added to a document into a resync.
* The shape of documents is checked by zod where they enter; unknown fields are kept.
*
* @param indexes - names of string fields that `find` selects by.
*/
function toSchema(indexes = []) {
	const key = {
		type: "string",
		maxLength: ID_LENGTH
	};
	return {
		version: 0,
		primaryKey: "id",
		type: "object",
		properties: Object.fromEntries(["id", ...indexes].map((field) => [field, key])),
		required: ["id", ...indexes],
		indexes: ["id", ...indexes]
	};
}
const replicaSchemas = {
	customers: toSchema(),
	conversations: toSchema(["status"]),
	messages: toSchema(["conversationId", "status"]),
	orders: toSchema(["customerId"]),
	directory: toSchema(),
	commands: toSchema(),
	meta: toSchema()
};
const ownSchemas = {
	outbox: toSchema(),
	drafts: toSchema()
};
// apps/desktop/src/renderer/db/open-database.ts
function toReplicaName(name, version) {
	return `${name}/replica-${version}`;
}
/**
* RxDB hashes schemas to notice that one has changed. Its default needs `crypto.subtle`, which pages on a plain-http
* address do not have; nothing here depends on the hash being strong (FNV-1a).
*/
async function hashSchema(text) {
	let hash = 2166136261;
	for (const character of String(text)) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619);
	return (hash >>> 0).toString(16);
}
async function create({ storage, multiInstance }, name, addCollections) {
	const database = await createRxDatabase({
		name,
		storage,
		multiInstance,
		eventReduce: true,
		hashFunction: hashSchema
	});
	try {
		await addCollections(database);
		return database;
	} catch (error) {
		await database.close();
		throw error;
	}
}
/** Opens the copy of the server's documents. It can be lost and filled again at any time. */
function openReplicaDatabase(options) {
	return create(options, toReplicaName(options.name, 2), (database) => database.addCollections({
		customers: { schema: replicaSchemas.customers },
		conversations: { schema: replicaSchemas.conversations },
		messages: { schema: replicaSchemas.messages },
		orders: { schema: replicaSchemas.orders },
		directory: { schema: replicaSchemas.directory },
		commands: { schema: replicaSchemas.commands },
		meta: { schema: replicaSchemas.meta }
	}));
}
/**
* Opens what exists only on this device, commands and drafts. A database of its own, so that its storage can be told
* to flush every write to disk and so that nothing done to the replica can touch it.
*/
function openOwnDatabase(options) {
	return create(options, `${options.name}/own`, (database) => database.addCollections({
		outbox: { schema: ownSchemas.outbox },
		drafts: { schema: ownSchemas.drafts }
	}));
}
/** Removes the replicas that earlier versions of the console left behind. */
async function removeOldReplicas(options) {
	for (let version = 1; version < 2; version++) await removeRxDatabase(toReplicaName(options.name, version), options.storage, options.multiInstance);
}
// apps/desktop/src/renderer/replication/backoff.ts
/**
* Waiting times between attempts: doubling from `firstMs` to `longestMs`, each between half and the whole of it, so
* that consoles which lost the server together do not come back together.
*/
var Backoff = class {
	#attempt = 0;
	#random;
	#firstMs;
	#longestMs;
	constructor(random, firstMs = 1e3, longestMs = 3e4) {
		this.#random = random;
		this.#firstMs = firstMs;
		this.#longestMs = longestMs;
	}
	next() {
		const wholeMs = Math.min(this.#longestMs, this.#firstMs * 2 ** Math.min(this.#attempt, 16));
		this.#attempt += 1;
		return wholeMs * (.5 + this.#random() / 2);
	}
	reset() {
		this.#attempt = 0;
	}
};
/**
* Sends the queue, one batch at a time and in order. A command that may or may not have arrived is sent again under its
* id: the server applies it at most once (R8). There is one sender per device, in the leading tab.
*/
var CommandSender = class {
	#options;
	#abort = new AbortController();
	#unsubscribe;
	#running = null;
	#again = false;
	#stopped = false;
	#cancelRetry = null;
	/** Halved while a batch as a whole is refused, until the one command at fault is found. */
	#batchSize = 50;
	constructor(options) {
		this.#options = options;
		this.#unsubscribe = options.outbox.onChange(() => this.#wake());
	}
	/** Tries now, whatever wait is under way: contact is back, or the same agent has logged in again. */
	kick() {
		this.#stopped = false;
		this.#cancelRetry?.();
		this.#cancelRetry = null;
		this.#options.backoff.reset();
		this.#wake();
	}
	stop() {
		this.#stopped = true;
		this.#cancelRetry?.();
		this.#cancelRetry = null;
	}
	/** Resolves when nothing is being recorded any more. An answer under way is lost and asked for again next time. */
	async close() {
		this.stop();
		this.#unsubscribe();
		this.#abort.abort();
		await this.#running;
	}
	#wake() {
		if (this.#running) {
			this.#again = true;
			return;
		}
		if (this.#stopped || this.#cancelRetry) return;
		this.#running = this.#drain().catch(() => this.#retryIn(this.#options.backoff.next())).finally(() => {
			this.#running = null;
			if (this.#abort.signal.aborted) return;
			this.#options.onInFlight([]);
			if (!this.#again) return;
			this.#again = false;
			this.#wake();
		});
	}
	async #drain() {
		const { outbox, transport, backoff } = this.#options;
		await outbox.loaded;
		while (!this.#stopped && !this.#cancelRetry) {
			this.#again = false;
			const batch = outbox.waiting.slice(0, this.#batchSize);
			if (batch.length === 0) return;
			this.#options.onInFlight(batch.map(({ id }) => id));
			const answer = await transport.sendCommands(batch.map(({ command }) => command), this.#abort.signal);
			if (this.#abort.signal.aborted) return;
			if (!answer.ok) {
				await this.#handleFailure(answer.failure, batch);
				continue;
			}
			this.#options.onServerTime(answer.value.serverTime, answer.roundTripMs);
			await outbox.settle(answer.value.results, this.#options.epoch());
			const answered = new Set(answer.value.results.map(({ id }) => id));
			if (batch.some(({ id }) => !answered.has(id))) {
				this.#retryIn(backoff.next());
				continue;
			}
			backoff.reset();
			this.#batchSize = 50;
		}
	}
	async #handleFailure(failure, batch) {
		const { outbox, backoff } = this.#options;
		if (failure.kind === "unauthenticated" || failure.kind === "outdated") {
			this.stop();
			this.#options.onStopped(failure.kind);
		} else if (failure.kind === "refused") {
			const [only] = batch;
			if (only && batch.length === 1) {
				await outbox.settle([toRefusal(only.id, failure.errors)], this.#options.epoch());
				this.#batchSize = 50;
			} else this.#batchSize = Math.ceil(batch.length / 2);
		} else this.#retryIn(Math.max(backoff.next(), failure.kind === "busy" ? failure.retryAfterMs ?? 0 : 0));
	}
	#retryIn(delayMs) {
		if (this.#stopped) return;
		this.#options.onInFlight([]);
		this.#cancelRetry?.();
		this.#cancelRetry = this.#options.schedule(delayMs, () => {
			this.#cancelRetry = null;
			this.#wake();
		});
	}
};
/** The server could not even read this command; without this answer it would hold up all later ones for ever. */
function toRefusal(id, errors) {
	return {
		id,
		status: "rejected",
		seq: null,
		reason: {
			kind: "invalid",
			errors: errors.map(({ path, message }) => ({
				path,
				message
			}))
		}
	};
}
const collectionSchema = z.enum([
	"customer",
	"conversation",
	"message",
	"order",
	"directory",
	"command"
]);
const changeSchema = z.object({
	seq: z.number(),
	createdSeq: z.number(),
	collection: collectionSchema,
	id: z.string(),
	deleted: z.boolean().optional(),
	removed: z.boolean().optional(),
	doc: z.looseObject({ id: z.string() }).optional()
});
const changesPageSchema = z.object({
	changes: z.array(changeSchema),
	checkpoint: z.string(),
	upToDate: z.boolean(),
	accessVersion: z.number(),
	serverTime: z.number()
});
/** One live frame; `fromSeq` is the last `toSeq` sent on the same socket, so a gap shows (R7). */
const changesFrameSchema = z.object({
	fromSeq: z.number(),
	toSeq: z.number(),
	checkpoint: z.string(),
	accessVersion: z.number(),
	serverTime: z.number(),
	changes: z.array(changeSchema)
});
/**
* What a checkpoint says once decoded. Clients read `seq` and give the text back unchanged. `mark` is the random mark of
* the commit `seq` lies in: after a restore from a backup an equal number may mean other history, the mark tells.
*/
const checkpointSchema = z.object({
	deskId: z.string(),
	seq: z.number().int().nonnegative(),
	mark: z.string()
});
/** @returns null when the text is not a checkpoint. */
function decodeCheckpoint(text) {
	try {
		const parsed = checkpointSchema.safeParse(JSON.parse(atob(text.replaceAll("-", "+").replaceAll("_", "/"))));
		return parsed.success ? parsed.data : null;
	} catch {
		return null;
	}
}
/** The largest page `GET /api/sync/changes` serves. */
const MAX_CHANGES_PER_PAGE = 5e3;
// apps/desktop/src/renderer/replication/connection.ts
/** A socket that has not opened by then counts as failed: some networks swallow the handshake. */
const OPEN_TIMEOUT_MS = 2e4;
/** Frames kept while pages are pulled; beyond that one more pull at the end is cheaper than their memory. */
const MAX_KEPT_FRAMES = 100;
/**
* Keeps the replica at the head of the change log: subscribe first, then pull until up to date, then live frames, each
* of which must begin where the last one ended (R7). A gap, a doubt or a lost connection ends in a pull, never in a
* guess.
*/
var Connection = class {
	#options;
	#state = { kind: "starting" };
	#live = null;
	/** Counts attempts; what an earlier one still had under way is ignored. */
	#attempt = 0;
	#abort = new AbortController();
	#cancelTimer = null;
	/** Frames that came while pages were being pulled; most of them are in the pages already. */
	#frames = [];
	#working = false;
	#mustPull = false;
	#mustRenew = false;
	#offlineSince = null;
	#closed = false;
	constructor(options) {
		this.#options = options;
	}
	get state() {
		return this.#state;
	}
	/** Connects, or tries again at once whatever wait is under way. Also how a locked console begins anew. */
	connect() {
		if (this.#closed) return;
		this.#disconnect();
		const attempt = this.#attempt;
		if (this.#state.kind !== "offline") this.#setState({
			kind: "syncing",
			received: 0
		});
		const { checkpoint, accessVersion } = this.#options.replica.position;
		const ifCurrent = (handle) => {
			if (attempt === this.#attempt) handle();
		};
		this.#live = this.#options.transport.openLive({
			checkpoint,
			accessVersion
		}, {
			onOpen: () => ifCurrent(() => this.#handleOpen()),
			onFrame: (frame) => ifCurrent(() => this.#handleFrame(frame)),
			onResync: () => ifCurrent(() => this.#requestRenewal()),
			onAccessChanged: () => ifCurrent(() => this.#requestRenewal()),
			onPresence: (agents) => ifCurrent(() => this.#options.onPresence(agents)),
			onTyping: (news) => ifCurrent(() => this.#options.onTyping(news)),
			onClose: (reason) => ifCurrent(() => this.#handleLost(reason))
		});
		this.#cancelTimer = this.#options.schedule(OPEN_TIMEOUT_MS, () => ifCurrent(() => this.#handleLost("timeout")));
	}
	say(word) {
		this.#live?.say(word);
	}
	/** The network went away, as far as this device can tell. */
	markOffline(reason) {
		if (this.#state.kind !== "online" && this.#state.kind !== "syncing") return;
		this.#fail({
			kind: "unreachable",
			reason
		});
	}
	/** The device may have slept or changed networks: ask the server instead of trusting an old socket. */
	check() {
		if (this.#state.kind === "online") this.#pullSoon();
		else if (this.#state.kind === "offline") this.connect();
	}
	/** The session ended; nothing is sent or asked until `connect`. */
	lock(kind) {
		this.#disconnect();
		this.#setState({ kind });
	}
	close() {
		this.#closed = true;
		this.#disconnect();
	}
	#handleOpen() {
		this.#cancelTimer?.();
		this.#cancelTimer = null;
		this.#live?.say(this.#options.greeting());
		this.#setState({
			kind: "syncing",
			received: 0
		});
		this.#pullSoon();
	}
	/** Without frames there is no telling why a socket was refused; a pull has a status that tells. */
	#handleLost(reason) {
		if (this.#cancelTimer !== null) this.#askWhy(reason);
		else this.#fail({
			kind: "unreachable",
			reason
		});
	}
	async #askWhy(reason) {
		const attempt = this.#attempt;
		const { checkpoint, accessVersion } = this.#options.replica.position;
		const answer = await this.#options.transport.pull({
			checkpoint,
			accessVersion,
			limit: 1
		}, this.#abort.signal);
		if (attempt !== this.#attempt) return;
		if (!answer.ok && needsRenewal(answer.failure) && checkpoint !== null) {
			await this.#options.replica.beginRenewal();
			if (attempt === this.#attempt) this.connect();
			return;
		}
		this.#fail(answer.ok ? {
			kind: "unreachable",
			reason
		} : answer.failure);
	}
	#handleFrame(frame) {
		if (this.#frames.length < MAX_KEPT_FRAMES) this.#frames.push(frame);
		else this.#frames = [];
		if (this.#frames.length === 0) this.#mustPull = true;
		this.#work();
	}
	#requestRenewal() {
		this.#mustRenew = true;
		this.#pullSoon();
	}
	#pullSoon() {
		this.#mustPull = true;
		this.#work();
	}
	/** Does what is due, one thing at a time: renewal, pull, frames. */
	async #work() {
		if (this.#working) return;
		const attempt = this.#attempt;
		this.#working = true;
		try {
			while (attempt === this.#attempt) if (this.#mustPull) {
				this.#mustPull = false;
				await this.#pullToHead(attempt);
			} else {
				const frame = this.#frames.shift();
				if (!frame) break;
				await this.#applyFrame(frame);
			}
		} catch (error) {
			if (attempt === this.#attempt) this.#fail({
				kind: "unreachable",
				reason: String(error)
			});
		} finally {
			if (attempt === this.#attempt) this.#working = false;
		}
	}
	/**
	* A frame that begins before our checkpoint and ends after it holds all that lies between and is applied: a pull
	* often lands inside the range of the next frame, and pulling again for it would never end under load.
	*/
	async #applyFrame(frame) {
		const { replica, clock } = this.#options;
		clock.correct(frame.serverTime);
		const { seq, accessVersion } = replica.position;
		if (frame.accessVersion !== accessVersion || frame.fromSeq > seq) this.#pullSoon();
		else if (frame.toSeq > seq) await replica.applyChanges(frame.changes, {
			...toBatch(frame),
			clockOffsetMs: clock.offsetMs
		});
	}
	async #pullToHead(attempt) {
		const { replica, transport, clock } = this.#options;
		if (this.#mustRenew) {
			this.#mustRenew = false;
			this.#setState({
				kind: "syncing",
				received: 0
			});
			await replica.beginRenewal();
		}
		const ask = () => transport.pull(toPull(replica.position), this.#abort.signal);
		let asked = ask();
		for (;;) {
			const answer = await asked;
			if (attempt !== this.#attempt) return;
			if (!answer.ok) {
				if (needsRenewal(answer.failure) && replica.position.checkpoint !== null) this.#requestRenewal();
				else this.#fail(answer.failure);
				return;
			}
			const { value: page, roundTripMs } = answer;
			clock.observe(page.serverTime, roundTripMs);
			if (!page.upToDate) asked = transport.pull({
				checkpoint: page.checkpoint,
				accessVersion: page.accessVersion,
				limit: MAX_CHANGES_PER_PAGE
			}, this.#abort.signal);
			await replica.applyChanges(page.changes, {
				...toBatch(page),
				clockOffsetMs: clock.offsetMs
			});
			if (attempt !== this.#attempt) return;
			if (this.#state.kind === "syncing") this.#setState({
				kind: "syncing",
				received: this.#state.received + page.changes.length
			});
			if (page.upToDate) break;
		}
		await replica.finishRenewal();
		if (attempt !== this.#attempt) return;
		this.#options.backoff.reset();
		this.#offlineSince = null;
		if (this.#state.kind !== "online") this.#setState({ kind: "online" });
		this.#options.onOnline();
	}
	#fail(failure) {
		if (failure.kind === "unauthenticated" || failure.kind === "outdated") {
			this.lock(failure.kind === "outdated" ? "outdated" : "locked");
			return;
		}
		this.#disconnect();
		this.#offlineSince ??= this.#options.now();
		const reason = "reason" in failure ? failure.reason : failure.kind;
		this.#setState({
			kind: "offline",
			sinceMs: this.#offlineSince,
			reason
		});
		const askedMs = failure.kind === "busy" ? failure.retryAfterMs ?? 0 : 0;
		const delayMs = Math.max(this.#options.backoff.next(), askedMs);
		this.#cancelTimer = this.#options.schedule(delayMs, () => this.connect());
	}
	#disconnect() {
		this.#attempt += 1;
		this.#abort.abort();
		this.#abort = new AbortController();
		this.#cancelTimer?.();
		this.#cancelTimer = null;
		this.#live?.close();
		this.#live = null;
		this.#options.onPresence(null);
		this.#frames = [];
		this.#working = false;
		this.#mustPull = false;
		this.#mustRenew = false;
	}
	#setState(state) {
		this.#state = state;
		this.#options.onState(state);
	}
};
function toPull({ checkpoint, accessVersion }) {
	return {
		checkpoint,
		accessVersion,
		limit: MAX_CHANGES_PER_PAGE
	};
}
function toBatch({ checkpoint, accessVersion }) {
	return {
		checkpoint,
		accessVersion
	};
}
function needsRenewal(failure) {
	return failure.kind === "resync" || failure.kind === "access-changed";
}
// apps/desktop/src/renderer/db/documents.ts
/** Which local collection holds which replicated one. */
const localCollections = {
	customer: "customers",
	conversation: "conversations",
	message: "messages",
	order: "orders",
	directory: "directory",
	command: "commands"
};
// apps/desktop/src/renderer/db/live-set.ts
function revisionHeight(doc) {
	return Number.parseInt(doc._rev, 10);
}
/** One plain query over the storage: building an RxDocument per result is most of a large query's time. */
async function queryDocs(collection, selector) {
	const prepared = collection.find({ selector }).getPreparedQuery();
	return (await collection.storageInstance.query(prepared)).documents;
}
/** Every document. Read by key, because a document with null in an indexed field is in no other index. */
async function queryAllDocs(collection) {
	const prepared = collection.find({
		selector: {},
		index: [collection.schema.primaryPath]
	}).getPreparedQuery();
	return (await collection.storageInstance.query(prepared)).documents;
}
/**
* The documents of a collection that meet a condition, in memory and kept up to date from the collection's change
* events. Unlike a query's observable it tells which documents changed, and never walks the whole result for one.
*/
var LiveSet = class {
	docs = /* @__PURE__ */ new Map();
	/** Resolves when every selector has been loaded; rejects when the store could not be read. */
	loaded;
	#loadedCount = 0;
	#closed = false;
	/** Newest revision seen per document while loading: a query's answer may be older than an event. */
	#seen = /* @__PURE__ */ new Map();
	#options;
	#subscription;
	constructor(options) {
		this.#options = options;
		this.#subscription = options.collection.eventBulks$.subscribe((bulk) => {
			this.#accept(bulk.events.map((event) => event.documentData));
		});
		this.loaded = this.#load();
		this.loaded.catch((error) => {
			if (!this.#closed && !options.collection.closed) console.error("the local store could not be read", error);
		});
	}
	/** How many of the selectors have been loaded. */
	get loadedCount() {
		return this.#loadedCount;
	}
	get isLoaded() {
		return this.#loadedCount === this.#options.selectors.length;
	}
	close() {
		this.#closed = true;
		this.#subscription.unsubscribe();
	}
	async #load() {
		for (const selector of this.#options.selectors) {
			const docs = await queryDocs(this.#options.collection, selector);
			if (this.#closed) return;
			this.#loadedCount += 1;
			const seen = this.#seen;
			this.#accept(docs.filter((doc) => revisionHeight(doc) > (seen?.get(doc.id) ?? 0)));
		}
		this.#seen = null;
	}
	#accept(docs) {
		const changed = [];
		for (const doc of docs) {
			const known = this.docs.get(doc.id);
			if (known && revisionHeight(known) > revisionHeight(doc)) continue;
			this.#seen?.set(doc.id, revisionHeight(doc));
			if (!doc._deleted && this.#options.matches(doc)) this.docs.set(doc.id, doc);
			else if (!this.docs.delete(doc.id)) continue;
			changed.push(doc.id);
		}
		this.#options.onChange(changed);
	}
};
// apps/desktop/src/renderer/replication/write-changes.ts
const CONTEXT = "tradewind-replication";
function isNewer(seq, epoch, stored) {
	return epoch > stored.replicaEpoch || epoch === stored.replicaEpoch && seq > stored.replicaSeq;
}
/**
* Writes the server's documents into one local collection: each only if its position is greater than the stored one's.
*
* It remembers the revisions written last, because an update must name its predecessor: with them a live frame is one
* storage operation, and a document it does not remember costs a second one (the storage answers with what it holds).
*/
var ChangeWriter = class {
	#collection;
	#keptFields;
	#recent = /* @__PURE__ */ new Map();
	#recentLimit;
	#subscription;
	constructor(collection, recentLimit = 2e3) {
		this.#collection = collection;
		this.#recentLimit = recentLimit;
		this.#keptFields = ["id", ...(collection.schema.jsonSchema.indexes ?? []).flat()].map(String);
		this.#subscription = collection.eventBulks$.subscribe((bulk) => {
			for (const event of bulk.events) this.#remember(event.documentData);
		});
	}
	close() {
		this.#subscription.unsubscribe();
	}
	/** @param incoming - at most one per id. */
	async write(incoming) {
		await this.#recallRemoved(incoming);
		let rows = incoming.flatMap((change) => this.#toRow(change, this.#recent.get(change.id)) ?? []);
		while (rows.length > 0) {
			const { error: errors } = await this.#collection.storageInstance.bulkWrite(rows, CONTEXT);
			const retries = [];
			for (const error of errors) {
				if (error.status !== 409 || !error.documentInDb) throw new Error(`the local store refused ${error.documentId}`);
				const stored = error.documentInDb;
				const document = error.writeRow.document;
				if (isNewer(document.replicaSeq, document.replicaEpoch, stored)) retries.push({
					previous: stored,
					document
				});
			}
			rows = retries;
		}
	}
	/** Removing needs the document as it is, and nothing at all is written for one that was never here. */
	async #recallRemoved(incoming) {
		const unknown = incoming.filter((change) => change.doc === null && !this.#recent.has(change.id));
		if (unknown.length === 0) return;
		const ids = unknown.map((change) => change.id);
		for (const doc of await this.#collection.storageInstance.findDocumentsById(ids, true)) this.#remember(doc);
	}
	#toRow(change, previous) {
		if (previous && !isNewer(change.seq, change.epoch, previous)) return null;
		if (change.doc === null && (!previous || previous._deleted)) return null;
		const document = {
			...change.doc ?? this.#withoutContent(previous),
			id: change.id,
			replicaSeq: change.seq,
			replicaEpoch: change.epoch,
			_deleted: change.doc === null,
			_attachments: {},
			_rev: previous?._rev ?? "",
			_meta: previous?._meta ?? { lwt: 1 }
		};
		return previous ? {
			previous,
			document
		} : { document };
	}
	/** RxDB marks documents as deleted and keeps them for a while; what an agent may no longer see must not stay in them. */
	#withoutContent(previous) {
		return Object.fromEntries(Object.entries(previous ?? {}).filter(([field]) => this.#keptFields.includes(field)));
	}
	#remember(doc) {
		this.#recent.delete(doc.id);
		this.#recent.set(doc.id, doc);
		if (this.#recent.size <= this.#recentLimit) return;
		const oldest = this.#recent.keys().next();
		if (!oldest.done) this.#recent.delete(oldest.value);
	}
};
// apps/desktop/src/renderer/replication/replica.ts
const POSITION_ID = "position";
const startPosition = {
	id: POSITION_ID,
	checkpoint: null,
	seq: 0,
	accessVersion: null,
	epoch: 1,
	renewing: false,
	clockOffsetMs: 0
};
/**
* The writing side of the local copy. One instance writes at a time (the leading tab); calls run one after another.
*/
var Replica = class {
	#collections;
	#writers;
	#position;
	#turn = Promise.resolve();
	constructor(collections, position) {
		this.#collections = collections;
		this.#position = position;
		this.#writers = new Map(replicatedEntries(collections).map(([name, collection]) => [name, new ChangeWriter(collection)]));
	}
	get position() {
		return this.#position;
	}
	/**
	* Applies one page or one live frame: documents first, the checkpoint after, so that a crash in between only repeats
	* work that changes nothing the second time.
	*
	* @throws Error when the checkpoint cannot be read; nothing is written then.
	*/
	applyChanges(changes, batch) {
		return this.#inTurn(async () => {
			const checkpoint = decodeCheckpoint(batch.checkpoint);
			if (!checkpoint) throw new Error("the server sent a checkpoint that cannot be read");
			await Promise.all([...this.#newestPerDocument(changes)].map(([name, incoming]) => this.#writers.get(name)?.write(incoming)));
			await this.#savePosition({
				...this.#position,
				...batch,
				seq: checkpoint.seq
			});
		});
	}
	/**
	* Begins again from the start of the log, after a `resync` or when access changed. What is here stays on the screen
	* until `finishRenewal` removes what the new pull did not bring.
	*/
	beginRenewal() {
		return this.#inTurn(() => {
			const { epoch, clockOffsetMs } = this.#position;
			return this.#savePosition({
				...startPosition,
				clockOffsetMs,
				epoch: epoch + 1,
				renewing: true
			});
		});
	}
	/** Called at the head of the log. Removes documents of earlier epochs, if a renewal is under way. */
	finishRenewal() {
		return this.#inTurn(async () => {
			const { epoch, renewing, seq } = this.#position;
			if (!renewing) return;
			for (const [name, collection] of replicatedEntries(this.#collections)) {
				const stale = (await queryAllDocs(collection)).filter((doc) => doc.replicaEpoch < epoch);
				await this.#writers.get(name)?.write(stale.map(({ id }) => ({
					id,
					seq,
					epoch,
					doc: null
				})));
				await collection.storageInstance.cleanup(0);
			}
			await this.#savePosition({
				...this.#position,
				renewing: false
			});
		});
	}
	/** Resolves when nothing is being written any more. */
	async close() {
		await this.#inTurn(async () => void 0);
		for (const writer of this.#writers.values()) writer.close();
	}
	#inTurn(work) {
		const result = this.#turn.then(work);
		this.#turn = result.catch(() => void 0);
		return result;
	}
	/** What the checkpoint has passed is here already: a page or frame that comes twice costs nothing. */
	#newestPerDocument(changes) {
		const { seq: reached, epoch } = this.#position;
		const byCollection = /* @__PURE__ */ new Map();
		for (const { collection, id, seq, doc, deleted, removed } of changes) {
			if (seq <= reached) continue;
			const ofCollection = byCollection.get(collection) ?? /* @__PURE__ */ new Map();
			byCollection.set(collection, ofCollection);
			if ((ofCollection.get(id)?.seq ?? 0) >= seq) continue;
			ofCollection.set(id, {
				id,
				seq,
				epoch,
				doc: deleted || removed ? null : doc ?? null
			});
		}
		return new Map([...byCollection].map(([name, incoming]) => [name, [...incoming.values()]]));
	}
	async #savePosition(position) {
		await this.#collections.meta.incrementalUpsert(position);
		this.#position = position;
	}
};
function replicatedEntries(collections) {
	return Object.entries(localCollections).map(([name, local]) => [name, collections[local]]);
}
/**
* Reads where this device stands and returns the replica's writing side. Works on any RxStorage, in Node too.
*/
async function createReplica(collections) {
	const stored = (await collections.meta.findOne(POSITION_ID).exec())?.toMutableJSON();
	return new Replica(collections, stored ?? startPosition);
}
// apps/desktop/src/renderer/replication/transport.ts
const scheduleWithTimers = (delayMs, run) => {
	const timer = setTimeout(run, delayMs);
	return () => clearTimeout(timer);
};
// apps/desktop/src/renderer/replication/device-sync.ts
/** Everything that runs in the leading tab alone: keeping the replica at the head, and sending what waits. */
async function startDeviceSync(options) {
	const { collections, outbox, transport, clock } = options;
	const { random = Math.random, now = Date.now, schedule = scheduleWithTimers } = options;
	const replica = await createReplica(collections);
	await outbox.loaded;
	const sender = new CommandSender({
		outbox,
		transport,
		schedule,
		backoff: new Backoff(random),
		epoch: () => replica.position.epoch,
		onInFlight: options.onInFlight,
		onServerTime: (serverTime, roundTripMs) => clock.observe(serverTime, roundTripMs),
		onStopped: (kind) => connection.lock(kind === "outdated" ? "outdated" : "locked")
	});
	const connection = new Connection({
		replica,
		transport,
		clock,
		schedule,
		now,
		backoff: new Backoff(random),
		onState(state) {
			if (state.kind === "locked" || state.kind === "outdated") sender.stop();
			options.onState(state);
		},
		greeting: options.greeting,
		onPresence: options.onPresence,
		onTyping: options.onTyping,
		onOnline: () => sender.kick()
	});
	const inBackground = (work) => void work.catch(() => void 0);
	const subscriptions = [
		collections.commands.eventBulks$.subscribe((bulk) => {
			const docs = bulk.events.filter(({ operation }) => operation !== "DELETE").map((event) => event.documentData);
			inBackground(outbox.settle(docs, replica.position.epoch));
		}),
		collections.meta.eventBulks$.subscribe((bulk) => {
			const position = bulk.events.at(-1)?.documentData;
			if (position) inBackground(outbox.forgetReplicated(position));
		}),
		{ unsubscribe: outbox.onChange(() => inBackground(outbox.forgetReplicated(replica.position))) }
	];
	connection.connect();
	sender.kick();
	return {
		reconnect() {
			connection.connect();
			sender.kick();
		},
		check: () => connection.check(),
		markOffline: (reason) => connection.markOffline(reason),
		say: (word) => connection.say(word),
		lock: () => connection.lock("locked"),
		async close() {
			connection.close();
			for (const subscription of subscriptions) subscription.unsubscribe();
			await sender.close();
			await replica.close();
		}
	};
}
// apps/desktop/src/renderer/replication/leader.ts
/**
* Runs `lead` in one tab of this browser at a time: the lock passes to another tab when this one closes or crashes.
*
* @param locks - null where there are none (tests, a plain-http address): then this instance leads.
* @param lead - starts the work and returns what ends it.
*/
function leadWhenAlone(locks, name, lead) {
	const abort = new AbortController();
	const closing = new Promise((resolve) => abort.signal.addEventListener("abort", () => resolve()));
	const work = async () => {
		if (abort.signal.aborted) return;
		const end = await lead();
		await closing;
		await end();
	};
	const done = locks ? locks.request(name, { signal: abort.signal }, work) : work();
	const ended = Promise.resolve(done).catch((error) => {
		if (!abort.signal.aborted) throw error;
	});
	return { async close() {
		abort.abort();
		await ended;
	} };
}
// apps/desktop/src/renderer/replication/outbox.ts
const byOrder = (left, right) => left.order - right.order || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);
/** The durable command queue of this device, shared by its tabs. */
var Outbox = class {
	loaded;
	#collection;
	#set;
	#listeners = /* @__PURE__ */ new Set();
	#sorted = null;
	#lastOrder = 0;
	constructor(collection) {
		this.#collection = collection;
		this.#set = new LiveSet({
			collection,
			selectors: [{}],
			matches: () => true,
			onChange: () => {
				this.#sorted = null;
				for (const listener of this.#listeners) listener();
			}
		});
		this.loaded = this.#set.loaded;
	}
	/** Every entry, in the order the commands were made. The same array until something changes. */
	get entries() {
		this.#sorted ??= [...this.#set.docs.values()].sort(byOrder);
		return this.#sorted;
	}
	get waiting() {
		return this.entries.filter((entry) => entry.status === "waiting");
	}
	onChange(listener) {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}
	/** Stores a command behind all others. Resolves once it is durable. */
	async add(command, conversationId) {
		await this.loaded;
		this.#lastOrder = Math.max(this.#lastOrder, this.entries.at(-1)?.order ?? 0) + 1;
		const order = this.#lastOrder;
		await this.#collection.insert({
			id: command.id,
			order,
			command,
			conversationId,
			status: "waiting",
			result: null,
			epoch: 0
		});
	}
	/** Records the server's answers. A result for a command that is not here, or already answered, changes nothing. */
	async settle(results, epoch) {
		const news = results.filter(({ id }) => this.#set.docs.get(id)?.status === "waiting");
		await Promise.all(news.map((result) => this.#patch(result.id, {
			status: result.status,
			result,
			epoch
		})));
	}
	/** Forgets applied commands whose effects the replica holds. */
	async forgetReplicated(position) {
		const done = this.entries.filter((entry) => isReplicated(entry, position)).map(({ id }) => id);
		if (done.length > 0) await this.#remove(done);
	}
	/** Gives up one command: a rejected one the agent has answered. */
	forget(id) {
		return this.#remove([id]);
	}
	close() {
		this.#set.close();
	}
	async #patch(id, change) {
		await (await this.#collection.findOne(id).exec())?.incrementalPatch(change);
	}
	async #remove(ids) {
		await this.#collection.bulkRemove(ids);
		await this.#collection.storageInstance.cleanup(0);
	}
};
/**
* True once the command's effects are in the replica, so that the overlay must not show them any more. Asked with the
* checkpoint as it is stored, this turns in the very moment the checkpoint moves.
*/
function isReplicated(entry, { seq, epoch, renewing }) {
	if (entry.status !== "applied") return false;
	if (entry.epoch < epoch) return !renewing;
	return (entry.result?.seq ?? 0) <= seq;
}
// apps/desktop/src/renderer/replication/server-clock.ts
/** How late a live frame may be without anything being wrong with the clock. */
const MAX_FRAME_DELAY_MS = 5e3;
/**
* The server's clock as this device knows it: every answer carries `serverTime`, and instants made here (a command's
* `at`, a snooze) use it, so that a wrong local clock changes nothing.
*/
var ServerClock = class {
	#now;
	#offsetMs;
	/** @param offsetMs - what was known when this device last had contact. */
	constructor(now = Date.now, offsetMs = 0) {
		this.#now = now;
		this.#offsetMs = offsetMs;
	}
	get offsetMs() {
		return this.#offsetMs;
	}
	now() {
		return Math.round(this.#now() + this.#offsetMs);
	}
	/** @param roundTripMs - how long the answer took; half of it is taken as the way back. */
	observe(serverTime, roundTripMs) {
		this.#offsetMs = serverTime + roundTripMs / 2 - this.#now();
	}
	/** A frame waits in queues for an unknown time, so it only counts where it contradicts what was measured before. */
	correct(serverTime) {
		if (Math.abs(serverTime - this.now()) > MAX_FRAME_DELAY_MS) this.observe(serverTime, 0);
	}
	/** Takes over what another tab has measured. */
	adopt(offsetMs) {
		this.#offsetMs = offsetMs;
	}
};
// packages/shared/src/protocol/live.ts
/**
* What consoles and server say beside the change log, on the socket's namespace `/`: it is true for a moment, kept
* nowhere, and lost without harm. Events are named `typing`, `seen` and `presence` in both directions.
*/
const presenceSchema = z.enum(["online", "away"]);
/** Console → server: this agent is writing to the visitor. Server → console: the visitor is writing. */
const liveTypingSchema = z.object({
	conversationId: z.string().max(100),
	typing: z.boolean()
});
/** Console → server: the newest message of the visitor that this agent has had on screen. */
const liveSeenSchema = z.object({
	conversationId: z.string().max(100),
	messageId: z.string().max(100)
});
/** Console → server: what this agent chose. Said anew on every connection. */
const livePresenceSchema = z.object({ state: presenceSchema });
/** Server → console: everybody who is at the desk, by agent id; absent means offline. On connection and on change. */
const livePresencesSchema = z.object({ agents: z.record(z.string(), presenceSchema) });
// apps/desktop/src/renderer/replication/tab-link.ts
const statusSchema = z.object({
	connection: z.discriminatedUnion("kind", [
		z.object({ kind: z.literal("starting") }),
		z.object({
			kind: z.literal("syncing"),
			received: z.number()
		}),
		z.object({ kind: z.literal("online") }),
		z.object({
			kind: z.literal("offline"),
			sinceMs: z.number(),
			reason: z.string()
		}),
		z.object({ kind: z.literal("locked") }),
		z.object({ kind: z.literal("outdated") })
	]),
	inFlight: z.array(z.string()),
	clockOffsetMs: z.number(),
	presences: z.record(z.string(), presenceSchema).nullable().default(null),
	typing: z.array(z.string()).default([])
});
const liveWordSchema = z.discriminatedUnion("word", [
	liveTypingSchema.extend({ word: z.literal("typing") }),
	liveSeenSchema.extend({ word: z.literal("seen") }),
	livePresenceSchema.extend({ word: z.literal("presence") })
]);
/** Tabs of different versions may talk to each other for a while after an update. */
const wordSchema = z.discriminatedUnion("word", [
	z.object({
		word: z.literal("status"),
		status: statusSchema
	}),
	z.object({ word: z.literal("hello") }),
	z.object({ word: z.literal("reconnect") }),
	z.object({ word: z.literal("logged-out") }),
	z.object({
		word: z.literal("say"),
		live: liveWordSchema
	})
]);
/** The few words tabs of one agent say to each other; documents and commands travel through the shared store. */
var TabLink = class {
	#channel;
	/** @param name - null: there are no other tabs. */
	constructor(name, handlers) {
		this.#channel = name === null ? null : new BroadcastChannel(name);
		this.#channel?.addEventListener("message", (event) => {
			const { data: heard } = wordSchema.safeParse(event.data);
			if (heard?.word === "status") handlers.onStatus(heard.status);
			else if (heard?.word === "hello") handlers.onHello();
			else if (heard?.word === "reconnect") handlers.onReconnect();
			else if (heard?.word === "logged-out") handlers.onLoggedOut();
			else if (heard?.word === "say") handlers.onSay(heard.live);
		});
	}
	sayHello() {
		this.#say({ word: "hello" });
	}
	sayStatus(status) {
		this.#say({
			word: "status",
			status: {
				...status,
				inFlight: [...status.inFlight],
				typing: [...status.typing]
			}
		});
	}
	askReconnect() {
		this.#say({ word: "reconnect" });
	}
	sayLoggedOut() {
		this.#say({ word: "logged-out" });
	}
	pass(live) {
		this.#say({
			word: "say",
			live
		});
	}
	close() {
		this.#channel?.close();
	}
	#say(word) {
		this.#channel?.postMessage(word);
	}
};
// apps/desktop/src/renderer/desk/types.ts
/** The queues of the left column. `mine` is every unresolved conversation assigned to this agent. */
const queueIds = [
	"mine",
	"unassigned",
	"pending",
	"open",
	"snoozed",
	"resolved",
	"all"
];
// apps/desktop/src/renderer/desk/conversation-index.ts
/** A bigger batch is sorted as a whole; below it each row is put in its place. */
const SORT_ALL_FROM = 200;
function newestFirst(left, right) {
	const byTime = right.conversation.lastMessageAt - left.conversation.lastMessageAt;
	if (byTime !== 0) return byTime;
	return left.conversation.id < right.conversation.id ? -1 : left.conversation.id > right.conversation.id ? 1 : 0;
}
/** Whether a conversation stands in a queue, seen by one agent. */
function isInQueue(queue, { status, assigneeId }, agentId) {
	if (queue === "all") return true;
	if (queue === "mine") return status !== "resolved" && assigneeId === agentId;
	if (queue === "unassigned") return status !== "resolved" && assigneeId === null;
	return status === queue;
}
function isSameRow(left, right) {
	if (!left || !right) return !left && !right;
	return left.conversation === right.conversation && left.customerName === right.customerName && left.trouble === right.trouble && left.pending === right.pending;
}
/**
* The conversations of this device as lists and counts, in memory: one sorted array, changed in place by the rows that
* changed; a queue's list is cut out of it when somebody asks, and is the same array until one of its rows changes.
*/
var ConversationIndex = class {
	#agentId;
	#byId = /* @__PURE__ */ new Map();
	#byCustomer = /* @__PURE__ */ new Map();
	#sorted = [];
	#counts = Object.fromEntries(queueIds.map((queue) => [queue, 0]));
	#countsView = null;
	#lists = /* @__PURE__ */ new Map();
	#customerLists = /* @__PURE__ */ new Map();
	constructor(agentId) {
		this.#agentId = agentId;
	}
	get(id) {
		return this.#byId.get(id);
	}
	get counts() {
		this.#countsView ??= { ...this.#counts };
		return this.#countsView;
	}
	list(queue) {
		let list = this.#lists.get(queue);
		if (!list) {
			list = this.#sorted.filter((row) => isInQueue(queue, row.conversation, this.#agentId));
			this.#lists.set(queue, list);
		}
		return list;
	}
	idsOfCustomer(customerId) {
		return this.#byCustomer.get(customerId) ?? [];
	}
	ofCustomer(customerId) {
		let list = this.#customerLists.get(customerId);
		if (!list) {
			list = [...this.idsOfCustomer(customerId)].flatMap((id) => this.#byId.get(id) ?? []).sort(newestFirst).map((row) => row.conversation);
			this.#customerLists.set(customerId, list);
		}
		return list;
	}
	/**
	* @param changes - the rows as they are now, by conversation id; null removes.
	* @returns false when nothing differs from before.
	*/
	update(changes) {
		const real = [...changes].filter(([id, row]) => !isSameRow(this.#byId.get(id), row));
		if (real.length === 0) return false;
		if (real.length >= SORT_ALL_FROM) this.#replaceAll(real);
		else for (const [id, row] of real) this.#replaceOne(id, row);
		this.#countsView = null;
		return true;
	}
	#replaceAll(changes) {
		for (const [id, row] of changes) this.#record(id, row);
		this.#sorted = [...this.#byId.values()].sort(newestFirst);
	}
	#replaceOne(id, row) {
		const before = this.#byId.get(id);
		if (before) this.#sorted.splice(this.#placeOf(before), 1);
		if (row) this.#sorted.splice(this.#placeOf(row), 0, row);
		this.#record(id, row);
	}
	/** Where the row stands, or belongs. */
	#placeOf(row) {
		let low = 0;
		let high = this.#sorted.length;
		while (low < high) {
			const middle = low + high >>> 1;
			const other = this.#sorted[middle];
			if (other && newestFirst(other, row) < 0) low = middle + 1;
			else high = middle;
		}
		return low;
	}
	#record(id, row) {
		const before = this.#byId.get(id);
		if (before) this.#count(before, -1);
		if (row) this.#count(row, 1);
		if (row) this.#byId.set(id, row);
		else this.#byId.delete(id);
	}
	#count({ conversation }, step) {
		for (const queue of queueIds) {
			if (!isInQueue(queue, conversation, this.#agentId)) continue;
			this.#counts[queue] += step;
			this.#lists.delete(queue);
		}
		const { id, customerId } = conversation;
		this.#customerLists.delete(customerId);
		const ids = this.#byCustomer.get(customerId) ?? /* @__PURE__ */ new Set();
		this.#byCustomer.set(customerId, ids);
		if (step === 1) ids.add(id);
		else ids.delete(id);
	}
};
// apps/desktop/src/renderer/desk/customer-label.ts
/** The best that is known of a customer to call him by; '' for nothing. The participants of a chat are no names. */
function findName({ channelKind, participants }, customer) {
	return customer?.name || customer?.emails[0] || (mediumOf(channelKind) === "mail" ? participants[0] ?? "" : "");
}
// apps/desktop/src/renderer/desk/customer-names.ts
/** Names for list rows: only the names, and only of customers whose conversations are listed. */
var CustomerNames = class {
	#collection;
	#onChange;
	#subscription;
	/** '' for a customer who is not here (yet). */
	#names = /* @__PURE__ */ new Map();
	constructor(collection, onChange) {
		this.#collection = collection;
		this.#onChange = onChange;
		this.#subscription = collection.eventBulks$.subscribe((bulk) => {
			this.#accept(bulk.events.map((event) => event.documentData));
		});
	}
	get(customerId) {
		return this.#names.get(customerId) ?? "";
	}
	/** Loads the names that are not known yet; later changes come by themselves. */
	async load(customerIds) {
		const unknown = [...new Set(customerIds)].filter((id) => !this.#names.has(id));
		if (unknown.length === 0) return;
		for (const id of unknown) this.#names.set(id, "");
		const docs = await this.#collection.storageInstance.findDocumentsById(unknown, false);
		this.#accept(docs.filter((doc) => this.#names.get(doc.id) === ""));
	}
	close() {
		this.#subscription.unsubscribe();
	}
	#accept(docs) {
		const changed = [];
		for (const { id, name, _deleted } of docs) {
			const known = this.#names.get(id);
			const next = _deleted ? "" : name ?? "";
			if (known === void 0 || known === next) continue;
			this.#names.set(id, next);
			changed.push(id);
		}
		if (changed.length > 0) this.#onChange(changed);
	}
};
// apps/desktop/src/renderer/desk/emitter.ts
/** Listeners of one thing that changes. */
var Emitter = class {
	#listeners = /* @__PURE__ */ new Set();
	/** Bound, so that React may hold it as a `subscribe` function. */
	subscribe = (listener) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};
	emit() {
		for (const listener of [...this.#listeners]) listener();
	}
};
// apps/desktop/src/renderer/desk/overlay.ts
const parsed = /* @__PURE__ */ new WeakMap();
/** A command an earlier version of the console wrote may not parse any more; then only the server can judge it. */
function parseOnce(input) {
	let command = parsed.get(input);
	if (command === void 0) {
		const result = commandSchema.safeParse(input);
		command = result.success ? result.data : null;
		parsed.set(input, command);
	}
	return command;
}
function findLastInbound(messages) {
	let last = null;
	for (const message of messages.values()) {
		if (message.direction !== "in" || message.deleted) continue;
		if (!last || message.createdSeq > last.createdSeq) last = message;
	}
	return last;
}
/** `queued` until its batch leaves; once answered it stays `sending` until the server's own document is here. */
function toLocalStatus({ entry, inFlight }) {
	return inFlight || entry.status === "applied" ? "sending" : "queued";
}
/**
* Lays pending commands over one conversation with the `apply` the server runs too (R9).
*
* A message the server's documents already hold is shown as they tell it: a command's effects may arrive before its
* answer, and a message must neither double nor vanish in between.
*
* @param pending - the conversation's commands, in the order they will be carried out.
* @param agentId - the author of all of them.
*/
function overlayConversation(base, pending, agentId) {
	let conversation = base.conversation;
	const local = /* @__PURE__ */ new Map();
	const changed = /* @__PURE__ */ new Map();
	const lastInbound = findLastInbound(base.messages);
	for (const command of pending) {
		const parsedCommand = parseOnce(command.entry.command);
		if (!parsedCommand) continue;
		const messageId = "messageId" in parsedCommand ? parsedCommand.messageId : null;
		const target = messageId === null ? null : changed.get(messageId) ?? local.get(messageId) ?? base.messages.get(messageId);
		const channelId = "channelAccountId" in parsedCommand ? parsedCommand.channelAccountId : null;
		const channel = base.directory.get(channelId ?? conversation?.channelAccountId ?? "");
		const outcome = applyCommand({
			conversation,
			message: target ?? null,
			lastInbound,
			attachments: [],
			channel: channel?.kind === "channel" ? channel : null
		}, parsedCommand, {
			agentId,
			nowMs: parsedCommand.at ?? 0
		});
		if (!outcome.ok) continue;
		const startsKnown = parsedCommand.type === "start-conversation" && base.conversation !== null;
		if (outcome.conversation && !startsKnown) conversation = outcome.conversation;
		if (!outcome.message) continue;
		const { message } = outcome;
		if (messageId !== null) changed.set(messageId, {
			...message,
			status: message.status === "queued" ? toLocalStatus(command) : message.status
		});
		else if (!base.messages.has(message.id)) local.set(message.id, {
			...message,
			status: toLocalStatus(command),
			local: true
		});
	}
	return {
		conversation,
		local: [...local.values()],
		changed
	};
}
const bySentAt = (left, right) => left.sentAt - right.sentAt || left.createdSeq - right.createdSeq;
const shown = /* @__PURE__ */ new WeakMap();
/** The same object for the same document, so that a row of the thread is painted again only when it changed. */
function toThreadMessage(message) {
	let row = shown.get(message);
	if (!row) {
		row = {
			...message,
			local: false
		};
		shown.set(message, row);
	}
	return row;
}
/** A thread in its order of display: (`sentAt`, `createdSeq`), messages of this device last. */
function toThread(messages, overlay) {
	const rows = [...messages.values()].filter((message) => !message.deleted).sort(bySentAt).map((message) => toThreadMessage(overlay?.changed.get(message.id) ?? message));
	return overlay ? [...rows, ...overlay.local.filter((message) => !messages.has(message.id))] : rows;
}
// apps/desktop/src/renderer/desk/send-troubles.ts
/** What of a message needs the agent; a message somebody has given up needs nobody. */
function toSendTrouble({ status, failure }) {
	if (status === "unknown") return "unknown";
	return status === "failed" && failure?.kind !== "dropped" ? "failed" : null;
}
/** Which conversations have a message that was not sent, for the marks in the list. */
var SendTroubles = class {
	#set;
	/** Message → conversation, for messages that are in trouble or were a moment ago. */
	#conversationOf = /* @__PURE__ */ new Map();
	#byConversation = /* @__PURE__ */ new Map();
	/** @param onChange - called with the conversations whose mark may have changed. */
	constructor(collection, onChange) {
		this.#set = new LiveSet({
			collection,
			selectors: [{ status: "failed" }, { status: "unknown" }],
			matches: (message) => toSendTrouble(message) !== null,
			onChange: (ids) => onChange(this.#record(ids))
		});
	}
	/** @param changed - messages as pending commands of this device leave them, by id. */
	get(conversationId, changed) {
		let trouble = null;
		for (const id of this.#byConversation.get(conversationId) ?? []) {
			const message = changed?.get(id) ?? this.#set.docs.get(id);
			const found = message ? toSendTrouble(message) : null;
			if (found === "failed") return found;
			trouble ??= found;
		}
		return trouble;
	}
	close() {
		this.#set.close();
	}
	#record(ids) {
		const touched = /* @__PURE__ */ new Set();
		for (const id of ids) {
			const message = this.#set.docs.get(id);
			const conversationId = message?.conversationId ?? this.#conversationOf.get(id);
			if (conversationId === void 0) continue;
			touched.add(conversationId);
			const ofConversation = this.#byConversation.get(conversationId) ?? /* @__PURE__ */ new Set();
			if (message) {
				this.#conversationOf.set(id, conversationId);
				this.#byConversation.set(conversationId, ofConversation.add(id));
			} else {
				this.#conversationOf.delete(id);
				ofConversation.delete(id);
				if (ofConversation.size === 0) this.#byConversation.delete(conversationId);
			}
		}
		return [...touched];
	}
};
// apps/desktop/src/renderer/desk/view-cache.ts
/** How long a view nobody looks at is kept: going back to a conversation shows it at once. */
const LINGER_MS = 3e4;
/** Views by key, opened when first asked for and closed a while after the last user left. */
var ViewCache = class {
	#entries = /* @__PURE__ */ new Map();
	#closed = false;
	#open;
	/** @param open - calls `onChange` after every change of the view. */
	constructor(open) {
		this.#open = open;
	}
	/** The view, opened if need be; it stays for a while even if nobody subscribes. None after `closeAll`. */
	get(key) {
		return this.#entry(key)?.view;
	}
	/** The view if it is open. */
	peek(key) {
		return this.#entries.get(key)?.view;
	}
	subscribe(key, listener) {
		const entry = this.#entry(key);
		if (!entry) return () => void 0;
		entry.users += 1;
		entry.cancelClose?.();
		entry.cancelClose = null;
		const unsubscribe = entry.changed.subscribe(listener);
		let subscribed = true;
		return () => {
			if (!subscribed) return;
			subscribed = false;
			unsubscribe();
			entry.users -= 1;
			if (entry.users === 0) this.#closeLater(key, entry);
		};
	}
	/** Tells the users of a view that what they see of it has changed for another reason than its documents. */
	touch(key) {
		this.#entries.get(key)?.changed.emit();
	}
	closeAll() {
		this.#closed = true;
		for (const entry of this.#entries.values()) {
			entry.cancelClose?.();
			entry.view.close();
		}
		this.#entries.clear();
	}
	#entry(key) {
		const known = this.#entries.get(key);
		if (known || this.#closed) return known;
		const changed = new Emitter();
		const entry = {
			view: this.#open(key, () => changed.emit()),
			changed,
			users: 0,
			cancelClose: null
		};
		this.#entries.set(key, entry);
		this.#closeLater(key, entry);
		return entry;
	}
	#closeLater(key, entry) {
		const timer = setTimeout(() => {
			this.#entries.delete(key);
			entry.view.close();
		}, LINGER_MS);
		entry.cancelClose = () => clearTimeout(timer);
	}
};
// apps/desktop/src/renderer/desk/desk-model.ts
const STATUSES = [
	"pending",
	"open",
	"snoozed",
	"resolved"
];
/** The first three are all a desk's daily queues need; they are shown before the resolved ones have been read. */
const UNRESOLVED_STATUSES = 3;
/**
* What the screens of one agent show: the replica's documents with this device's pending commands laid over them. All
* reads are synchronous and return the same object until it has changed; lists and counts see pending commands too.
*/
var DeskModel = class {
	conversationsChanged = new Emitter();
	outboxChanged = new Emitter();
	directoryChanged = new Emitter();
	/** Resolves when pending commands are laid over; before that every read answers "loading". */
	ready;
	#agentId;
	#collections;
	#outbox;
	#index;
	#names;
	#troubles;
	#conversations;
	#directory;
	#position;
	#threads;
	#customers;
	#orders;
	#unsubscribe;
	#isReady = false;
	/** Stages of conversations whose customers' names are here as well. */
	#listedStages = 0;
	#naming = Promise.resolve();
	#inFlight = /* @__PURE__ */ new Set();
	#pending = /* @__PURE__ */ new Map();
	#overlays = /* @__PURE__ */ new Map();
	/** Threads held open because a command on them is pending: a reply answers their newest message. */
	#heldThreads = /* @__PURE__ */ new Map();
	#directoryView = null;
	#problems = null;
	constructor(agentId, collections, outbox) {
		this.#agentId = agentId;
		this.#collections = collections;
		this.#outbox = outbox;
		this.#index = new ConversationIndex(agentId);
		this.#names = new CustomerNames(collections.customers, (ids) => {
			this.#updateRows(ids.flatMap((id) => [...this.#index.idsOfCustomer(id)]));
		});
		this.#troubles = new SendTroubles(collections.messages, (ids) => this.#updateRows(ids));
		this.#threads = new ViewCache((id, onChange) => this.#openThread(id, onChange));
		this.#customers = new ViewCache((id, onChange) => openSet(collections.customers, "id", id, onChange));
		this.#orders = new ViewCache((customerId, onChange) => {
			const set = openSet(collections.orders, "customerId", customerId, () => {
				view.rows = null;
				onChange();
			});
			const view = {
				set,
				rows: null,
				close: () => set.close()
			};
			return view;
		});
		this.#directory = new LiveSet({
			collection: collections.directory,
			selectors: [{}],
			matches: () => true,
			onChange: () => this.#handleDirectory()
		});
		this.#position = new LiveSet({
			collection: collections.meta,
			selectors: [{}],
			matches: () => true,
			onChange: () => this.#refreshPending()
		});
		this.#conversations = new LiveSet({
			collection: collections.conversations,
			selectors: STATUSES.map((status) => ({ status })),
			matches: () => true,
			onChange: (ids) => this.#handleConversations(ids)
		});
		this.#unsubscribe = outbox.onChange(() => {
			this.#problems = null;
			this.#refreshPending();
			this.outboxChanged.emit();
		});
		this.ready = this.#prepare();
	}
	get pendingCount() {
		return this.#outbox.entries.reduce((count, { status }) => count + (status === "waiting" ? 1 : 0), 0);
	}
	get queueCounts() {
		return this.#isListed("all") ? this.#index.counts : void 0;
	}
	get problems() {
		this.#problems ??= this.#outbox.entries.flatMap((entry) => toProblem(entry) ?? []);
		return this.#problems;
	}
	get directory() {
		this.#directoryView ??= toDirectory(this.#directory.docs);
		return this.#directoryView;
	}
	threads = { subscribe: (id, listener) => this.#threads.subscribe(id, listener) };
	customers = { subscribe: (id, listener) => this.#customers.subscribe(id, listener) };
	orders = { subscribe: (customerId, listener) => this.#orders.subscribe(customerId, listener) };
	conversationList(queue) {
		return this.#isListed(queue) ? this.#index.list(queue) : void 0;
	}
	conversation(id) {
		const row = this.#index.get(id);
		if (row) return row.conversation;
		return this.#isListed("all") ? null : void 0;
	}
	/** As the lists show it; undefined where it is not here. */
	row(id) {
		return this.#index.get(id);
	}
	conversationsOf(customerId) {
		return this.#isListed("all") ? this.#index.ofCustomer(customerId) : void 0;
	}
	messages(conversationId) {
		const view = this.#threads.get(conversationId);
		if (!view?.set.isLoaded || !this.#isReady) return void 0;
		view.rows ??= toThread(view.set.docs, this.#overlays.get(conversationId));
		return view.rows;
	}
	customer(id) {
		const set = this.#customers.get(id);
		return set?.docs.get(id) ?? (set?.isLoaded ? null : void 0);
	}
	ordersOf(customerId) {
		const view = this.#orders.get(customerId);
		if (!view?.set.isLoaded) return void 0;
		view.rows ??= [...view.set.docs.values()].filter((order) => !order.deleted).sort((left, right) => right.placedAt - left.placedAt || right.createdSeq - left.createdSeq);
		return view.rows;
	}
	/** The conversation a message belongs to, if this device holds it. */
	async findConversationOf(messageId) {
		const [message] = await this.#collections.messages.storageInstance.findDocumentsById([messageId], false);
		return message?.conversationId ?? null;
	}
	/** @param ids - commands whose batch is on the way to the server. */
	setInFlight(ids) {
		if (ids.length === 0 && this.#inFlight.size === 0) return;
		this.#inFlight = new Set(ids);
		this.#refreshPending();
	}
	close() {
		this.#unsubscribe();
		for (const set of [
			this.#directory,
			this.#position,
			this.#conversations
		]) set.close();
		this.#names.close();
		this.#troubles.close();
		for (const cache of [
			this.#threads,
			this.#customers,
			this.#orders
		]) cache.closeAll();
	}
	async #prepare() {
		await Promise.all([
			this.#outbox.loaded,
			this.#directory.loaded,
			this.#position.loaded
		]);
		this.#refreshPending();
		await Promise.all([...this.#heldThreads.keys()].map((id) => this.#threads.get(id)?.set.loaded));
		this.#isReady = true;
		this.conversationsChanged.emit();
		for (const id of this.#heldThreads.keys()) this.#threads.touch(id);
	}
	#isListed(queue) {
		const needed = queue === "resolved" || queue === "all" ? STATUSES.length : UNRESOLVED_STATUSES;
		return this.#isReady && this.#listedStages >= needed;
	}
	#openThread(conversationId, onChange) {
		const set = openSet(this.#collections.messages, "conversationId", conversationId, () => {
			view.rows = null;
			if (this.#pending.has(conversationId)) {
				this.#overlay(conversationId);
				this.#updateRows([conversationId]);
			}
			onChange();
		});
		const view = {
			set,
			rows: null,
			close: () => set.close()
		};
		return view;
	}
	#handleDirectory() {
		this.#directoryView = null;
		for (const id of this.#pending.keys()) this.#overlay(id);
		this.#updateRows(this.#pending.keys());
		this.directoryChanged.emit();
	}
	#handleConversations(ids) {
		for (const id of ids) if (this.#pending.has(id)) this.#overlay(id);
		this.#updateRows(ids);
		const stage = this.#conversations.loadedCount;
		const customerIds = ids.flatMap((id) => this.#conversations.docs.get(id)?.customerId ?? []);
		this.#naming = Promise.all([this.#naming, this.#names.load(customerIds)]);
		if (stage === this.#listedStages) return;
		this.#naming.then(() => {
			this.#listedStages = Math.max(this.#listedStages, stage);
			this.conversationsChanged.emit();
		});
	}
	/** Finds out which commands the documents do not show yet, and lays anew what that changes. */
	#refreshPending() {
		const reached = this.#position.docs.get("position") ?? {
			seq: 0,
			epoch: 0,
			renewing: false
		};
		const before = this.#pending;
		this.#pending = /* @__PURE__ */ new Map();
		for (const entry of this.#outbox.entries) {
			if (entry.conversationId === null || !isShown(entry) || isReplicated(entry, reached)) continue;
			const commands = this.#pending.get(entry.conversationId) ?? [];
			commands.push({
				entry,
				inFlight: this.#inFlight.has(entry.id)
			});
			this.#pending.set(entry.conversationId, commands);
		}
		const touched = [.../* @__PURE__ */ new Set([...before.keys(), ...this.#pending.keys()])].filter((id) => !isSamePending(before.get(id), this.#pending.get(id)));
		for (const id of touched) this.#overlay(id);
		this.#updateRows(touched);
	}
	#overlay(conversationId) {
		const pending = this.#pending.get(conversationId);
		if (pending) {
			this.#holdThread(conversationId);
			const base = {
				conversation: this.#conversations.docs.get(conversationId) ?? null,
				messages: this.#threads.get(conversationId)?.set.docs ?? /* @__PURE__ */ new Map(),
				directory: this.#directory.docs
			};
			this.#overlays.set(conversationId, overlayConversation(base, pending, this.#agentId));
		} else {
			this.#overlays.delete(conversationId);
			this.#heldThreads.get(conversationId)?.();
			this.#heldThreads.delete(conversationId);
		}
		const thread = this.#threads.peek(conversationId);
		if (thread) thread.rows = null;
		this.#threads.touch(conversationId);
	}
	#holdThread(conversationId) {
		if (this.#heldThreads.has(conversationId)) return;
		this.#heldThreads.set(conversationId, this.#threads.subscribe(conversationId, () => void 0));
	}
	#updateRows(ids) {
		const rows = /* @__PURE__ */ new Map();
		for (const id of ids) rows.set(id, this.#toRow(id));
		if (this.#index.update(rows)) this.conversationsChanged.emit();
	}
	#toRow(id) {
		const overlay = this.#overlays.get(id);
		const conversation = overlay ? overlay.conversation : this.#conversations.docs.get(id) ?? null;
		if (!conversation) return null;
		return {
			conversation,
			customerName: findName(conversation, {
				name: this.#names.get(conversation.customerId),
				emails: []
			}),
			trouble: this.#troubles.get(id, overlay?.changed),
			pending: overlay !== void 0
		};
	}
};
function openSet(collection, field, value, onChange) {
	return new LiveSet({
		collection,
		selectors: [{ [field]: value }],
		matches: (doc) => doc[field] === value,
		onChange
	});
}
/** Refused commands show in the list of problems, not in the documents. */
function isShown(entry) {
	return entry.status === "waiting" || entry.status === "applied";
}
function isSamePending(left = [], right = []) {
	return left.length === right.length && left.every((command, index) => {
		const other = right[index];
		return command.entry === other?.entry && command.inFlight === other.inFlight;
	});
}
function toProblem(entry) {
	if (entry.status !== "rejected" && entry.status !== "held") return null;
	const { command } = entry;
	return {
		commandId: entry.id,
		type: command.type,
		conversationId: entry.conversationId,
		reason: entry.result?.reason ?? {
			kind: "internal",
			errorId: ""
		},
		text: "text" in command ? command.text : null,
		at: command.at ?? 0
	};
}
function toDirectory(byId) {
	const entries = [...byId.values()].sort((left, right) => left.name.localeCompare(right.name));
	return {
		byId: new Map(byId),
		agents: entries.filter((entry) => entry.kind === "agent"),
		teams: entries.filter((entry) => entry.kind === "team"),
		channels: entries.filter((entry) => entry.kind === "channel"),
		stores: entries.filter((entry) => entry.kind === "store")
	};
}
// apps/desktop/src/renderer/desk/drafts.ts
const WRITE_AFTER_MS = 250;
const leftBehindSchema = z.array(z.object({
	id: z.string(),
	text: z.string(),
	updatedAt: z.number()
}));
/**
* What agents have begun to write. Memory answers at once; the store follows at most 250 ms behind. What it has not taken
* yet lies in the last resort with every letter, and is taken up at the next start: a page may die without a word.
*/
var Drafts = class {
	changed = new Emitter();
	loaded;
	#collection;
	#set;
	#lastResort;
	#now;
	/** Typed here and not in the store yet. */
	#unsaved = /* @__PURE__ */ new Map();
	#timer = null;
	constructor(collection, lastResort, now) {
		this.#collection = collection;
		this.#lastResort = lastResort;
		this.#now = now;
		this.#set = new LiveSet({
			collection,
			selectors: [{}],
			matches: () => true,
			onChange: () => this.changed.emit()
		});
		this.loaded = this.#load();
	}
	get(id) {
		return (this.#unsaved.get(id) ?? this.#set.docs.get(id))?.text ?? "";
	}
	set(id, text) {
		if (text === this.get(id)) return;
		this.#unsaved.set(id, {
			id,
			text,
			updatedAt: this.#now()
		});
		this.#timer ??= setTimeout(() => this.#saveQuietly(), WRITE_AFTER_MS);
		this.#keepUnsaved();
		this.changed.emit();
	}
	/** Writes what the store does not have yet. A failed write leaves it unsaved, to be tried with the next one. */
	async save() {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		const drafts = [...this.#unsaved.values()];
		if (drafts.length === 0) return;
		await this.#collection.bulkUpsert(drafts);
		for (const draft of drafts) if (this.#unsaved.get(draft.id) === draft) this.#unsaved.delete(draft.id);
		this.#keepUnsaved();
	}
	/** The page may go away now (`pagehide`, hidden): the store is given what it lacks while there may be time. */
	keepSafe() {
		this.#saveQuietly();
	}
	async close() {
		await this.save();
		this.#set.close();
	}
	/** What a failing store did not take stays unsaved and is tried again with the next letter. */
	#saveQuietly() {
		this.save().catch(() => void 0);
	}
	#keepUnsaved() {
		const drafts = [...this.#unsaved.values()];
		try {
			this.#lastResort.write(drafts.length === 0 ? null : JSON.stringify(drafts));
		} catch {}
	}
	async #load() {
		await this.#set.loaded;
		const left = this.#lastResort.read();
		if (left === null) return;
		for (const draft of parseLeftBehind(left)) {
			const stored = this.#set.docs.get(draft.id);
			if (!stored || stored.updatedAt < draft.updatedAt) this.#unsaved.set(draft.id, draft);
		}
		this.changed.emit();
		await this.save();
		this.#lastResort.write(null);
	}
};
function parseLeftBehind(text) {
	try {
		return leftBehindSchema.safeParse(JSON.parse(text)).data ?? [];
	} catch {
		return [];
	}
}
// apps/desktop/src/renderer/desk/whereabouts.ts
/** A visitor's page says so again while he goes on; without that, or when its network is gone, he has stopped. */
const TYPING_LASTS_MS = 8e3;
/** What the server last told about people, and what this agent chose. True for a moment; nothing of it is replicated. */
var Whereabouts = class {
	changed = new Emitter();
	#own;
	#presences = null;
	/** Conversations whose visitor is writing, and what ends that. */
	#typing = /* @__PURE__ */ new Map();
	#schedule;
	constructor(own, schedule = scheduleWithTimers) {
		this.#own = own;
		this.#schedule = schedule;
	}
	/** What this agent wants colleagues and visitors to see. */
	get own() {
		return this.#own;
	}
	/** By agent id; absent means offline. Null while nobody can tell. */
	get presences() {
		return this.#presences;
	}
	get typing() {
		return [...this.#typing.keys()];
	}
	isTyping(conversationId) {
		return this.#typing.has(conversationId);
	}
	choose(own) {
		if (own === this.#own) return;
		this.#own = own;
		this.changed.emit();
	}
	/** Without a connection nobody is known to be writing either. */
	acceptPresence(agents) {
		if (agents === null && this.#presences === null && this.#typing.size === 0) return;
		this.#presences = agents && new Map(Object.entries(agents));
		if (agents === null) for (const conversationId of this.typing) this.#end(conversationId);
		this.changed.emit();
	}
	acceptTyping({ conversationId, typing }) {
		const before = this.isTyping(conversationId);
		this.#end(conversationId);
		if (typing) {
			const expire = () => this.acceptTyping({
				conversationId,
				typing: false
			});
			this.#typing.set(conversationId, this.#schedule(TYPING_LASTS_MS, expire));
		}
		if (before !== typing) this.changed.emit();
	}
	/** As the leading tab tells it; its clock ends the typing. */
	mirror(agents, typing) {
		for (const conversationId of this.typing) this.#end(conversationId);
		for (const conversationId of typing) this.#typing.set(conversationId, () => void 0);
		this.#presences = agents && new Map(Object.entries(agents));
		this.changed.emit();
	}
	close() {
		for (const conversationId of this.typing) this.#end(conversationId);
	}
	#end(conversationId) {
		this.#typing.get(conversationId)?.();
		this.#typing.delete(conversationId);
	}
};
// apps/desktop/src/renderer/desk/desk-runtime.ts
/** One agent's desk on this device: stores, replication, and what the screens read. */
var DeskRuntime = class {
	agent;
	model;
	drafts;
	whereabouts;
	connectionChanged = new Emitter();
	#connection = { kind: "starting" };
	#inFlight = [];
	#sync = null;
	#closing = null;
	#clock;
	#databases;
	#endSession;
	#onClosing;
	#leadership;
	#link;
	#outbox;
	#keepPresence;
	#stopListening;
	constructor(options, databases, clockOffsetMs) {
		const { replica, own } = databases;
		this.agent = options.agent;
		this.#databases = databases;
		this.#endSession = () => options.endSession();
		this.#onClosing = () => options.onClosing?.();
		this.#clock = new ServerClock(options.now, clockOffsetMs);
		this.#outbox = new Outbox(own.collections.outbox);
		this.model = new DeskModel(options.agent.id, replica.collections, this.#outbox);
		this.drafts = new Drafts(own.collections.drafts, options.lastResort, options.now ?? Date.now);
		this.whereabouts = new Whereabouts(options.presence.read(), options.schedule);
		this.#keepPresence = (presence) => options.presence.write(presence);
		this.#link = new TabLink(options.multiTab ? options.name : null, {
			onStatus: ({ connection, inFlight, clockOffsetMs: offsetMs, presences, typing }) => {
				if (this.#sync) return;
				this.#clock.adopt(offsetMs);
				this.whereabouts.mirror(presences, typing);
				this.#show(connection, inFlight);
			},
			onHello: () => this.#tell(),
			onReconnect: () => this.#sync?.reconnect(),
			onLoggedOut: () => this.lock(),
			onSay: (word) => this.#hear(word)
		});
		this.#stopListening = options.listenToDevice({
			onOnline: () => this.#sync?.reconnect(),
			onOffline: () => this.#sync?.markOffline("offline"),
			onWake: () => this.#sync?.check(),
			onLeave: () => this.drafts.keepSafe()
		});
		this.#leadership = leadWhenAlone(options.locks, options.name, () => this.#lead(options));
		this.#link.sayHello();
	}
	get connection() {
		return this.#connection;
	}
	now() {
		return this.#clock.now();
	}
	/** @throws Error naming the field when the command is not one the server would accept. */
	async send(draft) {
		const at = this.now();
		const input = {
			...draft,
			id: createUuidV7(at),
			at
		};
		const parsed = commandSchema.safeParse(input);
		if (!parsed.success) {
			const [issue] = parsed.error.issues;
			throw new Error(`this ${draft.type} cannot be sent: ${issue?.path.join(".")} ${issue?.message}`);
		}
		const { conversationId, messageId } = commandTarget(parsed.data);
		const shownIn = messageId === null ? conversationId : await this.model.findConversationOf(messageId);
		await this.#outbox.add(input, shownIn);
		return input.id;
	}
	sayTyping(conversationId, typing) {
		this.#say({
			word: "typing",
			conversationId,
			typing
		});
	}
	saySeen(conversationId, messageId) {
		this.#say({
			word: "seen",
			conversationId,
			messageId
		});
	}
	setPresence(state) {
		if (state === this.whereabouts.own) return;
		this.#keepPresence(state);
		this.#hear({
			word: "presence",
			state
		});
		this.#link.pass({
			word: "presence",
			state
		});
	}
	dismissProblem(commandId) {
		return this.#outbox.forget(commandId);
	}
	retryNow() {
		if (this.#sync) this.#sync.reconnect();
		else this.#link.askReconnect();
	}
	/** Stops sending and reading in this agent's name; what is on the device stays. */
	lock() {
		this.#sync?.lock();
		this.#show({ kind: "locked" }, []);
	}
	async logOut({ erase }) {
		this.#link.sayLoggedOut();
		this.lock();
		await this.#endSession();
		await this.#shutDown(erase);
	}
	close() {
		return this.#shutDown(false);
	}
	#shutDown(erase) {
		this.#closing ??= this.#end(erase);
		return this.#closing;
	}
	async #end(erase) {
		this.#onClosing();
		this.#stopListening();
		await this.#leadership.close();
		this.#link.close();
		await this.drafts.close();
		this.model.close();
		this.whereabouts.close();
		this.#outbox.close();
		const databases = [this.#databases.replica, this.#databases.own];
		await Promise.all(databases.map((database) => erase ? database.remove() : database.close()));
	}
	async #lead(options) {
		const { collections } = this.#databases.replica;
		const stopWatching = options.whileLeading?.({
			agentId: this.agent.id,
			collections,
			model: this.model,
			connection: () => this.#connection,
			onConnection: (listener) => this.connectionChanged.subscribe(listener)
		});
		const sync = await startDeviceSync({
			collections,
			outbox: this.#outbox,
			transport: options.transport,
			clock: this.#clock,
			onState: (state) => {
				this.#show(state, this.#inFlight);
				this.#tell();
			},
			onInFlight: (ids) => {
				this.#show(this.#connection, ids);
				this.#tell();
			},
			greeting: () => ({
				word: "presence",
				state: this.whereabouts.own
			}),
			onPresence: (agents) => this.whereabouts.acceptPresence(agents),
			onTyping: (news) => this.whereabouts.acceptTyping(news),
			...options.schedule ? { schedule: options.schedule } : {},
			...options.now ? { now: options.now } : {}
		});
		this.#sync = sync;
		const stopTelling = this.whereabouts.changed.subscribe(() => this.#tell());
		this.#tell();
		return async () => {
			this.#sync = null;
			stopTelling();
			stopWatching?.();
			await sync.close();
		};
	}
	#show(connection, inFlight) {
		this.#inFlight = inFlight;
		this.model.setInFlight(inFlight);
		if (connection === this.#connection) return;
		this.#connection = connection;
		this.connectionChanged.emit();
	}
	#tell() {
		if (!this.#sync) return;
		this.#link.sayStatus({
			connection: this.#connection,
			inFlight: this.#inFlight,
			clockOffsetMs: this.#clock.offsetMs,
			presences: this.whereabouts.presences && Object.fromEntries(this.whereabouts.presences),
			typing: this.whereabouts.typing
		});
	}
	/** Only the leading tab has a connection. */
	#say(word) {
		if (this.#sync) this.#sync.say(word);
		else this.#link.pass(word);
	}
	/** From this tab or another one. What the agent chose is told to every tab, the rest is the leader's to pass on. */
	#hear(word) {
		if (word.word === "presence") this.whereabouts.choose(word.state);
		this.#sync?.say(word);
	}
};
/** Opens the stores and starts the desk. Resolves when everything local can be shown; the network is not waited for. */
async function startDesk(options) {
	const { name, replicaStorage, ownStorage, multiTab: multiInstance } = options;
	const [replica, own] = await Promise.all([
		openReplicaDatabase({
			name,
			storage: replicaStorage,
			multiInstance
		}),
		openOwnDatabase({
			name,
			storage: ownStorage,
			multiInstance
		}),
		removeOldReplicas({
			name,
			storage: replicaStorage,
			multiInstance
		})
	]);
	const position = await replica.collections.meta.findOne("position").exec();
	const desk = new DeskRuntime(options, {
		replica,
		own
	}, position?.clockOffsetMs ?? 0);
	await Promise.all([desk.model.ready, desk.drafts.loaded]);
	return desk;
}
// packages/shared/src/protocol/commands.ts
/** Why a command was not carried out; `kind` is stable, the console words it for people in their language. */
const commandReasonSchema = z.discriminatedUnion("kind", [
	z.object({
		kind: z.literal("invalid"),
		errors: z.array(z.object({
			path: z.string(),
			message: z.string()
		}))
	}),
	z.object({
		kind: z.literal("not-found"),
		what: z.enum([
			"conversation",
			"message",
			"agent",
			"team",
			"channel",
			"attachment",
			"command"
		])
	}),
	z.object({ kind: z.literal("forbidden") }),
	z.object({ kind: z.literal("id-reused") }),
	z.object({ kind: z.literal("no-recipient") }),
	z.object({
		kind: z.literal("wrong-state"),
		status: z.string()
	}),
	z.object({ kind: z.literal("agent-disabled") }),
	z.object({
		kind: z.literal("after-failed"),
		commandId: z.string()
	}),
	z.object({
		kind: z.literal("too-old"),
		at: z.number()
	}),
	z.object({
		kind: z.literal("unsupported"),
		type: z.string()
	}),
	z.object({
		kind: z.literal("internal"),
		errorId: z.string()
	})
]);
const commandResultSchema = z.object({
	id: z.string(),
	status: z.enum([
		"applied",
		"rejected",
		"held"
	]),
	/** Where in the change log the effects lie; an overlay is dropped once the checkpoint has passed it. Null if none. */
	seq: z.number().nullable(),
	messageId: z.string().optional(),
	conversationId: z.string().optional(),
	reason: commandReasonSchema.optional()
});
commandResultSchema.extend({
	type: z.string(),
	agentId: z.string(),
	at: z.number(),
	receivedAt: z.number()
});
const commandsResponseSchema = z.object({
	results: z.array(commandResultSchema),
	serverTime: z.number()
});
// apps/desktop/src/renderer/replication/http-transport.ts
const PULL_TIMEOUT_MS = 6e4;
const COMMANDS_TIMEOUT_MS = 3e4;
const problemSchema = z.looseObject({
	errors: z.array(z.object({
		path: z.string(),
		message: z.string()
	})).optional(),
	retryAfterMs: z.number().nonnegative().optional()
});
/** Reads a problem document; servers in between answer with other bodies, which say nothing to us. */
async function readProblem(response) {
	const body = await response.json().catch(() => null);
	return problemSchema.safeParse(body).data ?? {};
}
function readRetryAfterMs(response, problem) {
	if (problem.retryAfterMs !== void 0) return problem.retryAfterMs;
	const seconds = Number(response.headers.get("retry-after") ?? NaN);
	return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1e3 : null;
}
async function toFailure(response) {
	const { status } = response;
	if (status === 401) return { kind: "unauthenticated" };
	if (status === 409) return { kind: "access-changed" };
	if (status === 410) return { kind: "resync" };
	if (status === 426) return { kind: "outdated" };
	const problem = await readProblem(response);
	if (status === 400 || status === 413 || status === 422) return {
		kind: "refused",
		status,
		errors: problem.errors ?? []
	};
	return {
		kind: "busy",
		reason: `HTTP ${status}`,
		retryAfterMs: readRetryAfterMs(response, problem)
	};
}
function createHttpTransport(options) {
	const send = options.fetch ?? fetch;
	const headers = {
		"x-tradewind-protocol": String(1),
		"x-tradewind-agent": options.agentId,
		...options.token === void 0 ? {} : { authorization: `Bearer ${options.token}` }
	};
	async function request(path, init, schema, limits) {
		const startedAt = performance.now();
		try {
			const response = await send(options.origin + path, {
				...init,
				headers: {
					...headers,
					...init.headers
				},
				credentials: "same-origin",
				cache: "no-store",
				signal: AbortSignal.any([limits.signal, AbortSignal.timeout(limits.timeoutMs)])
			});
			if (!response.ok) return {
				ok: false,
				failure: await toFailure(response)
			};
			const body = schema.safeParse(await response.json());
			if (!body.success) return {
				ok: false,
				failure: {
					kind: "busy",
					reason: "unreadable answer",
					retryAfterMs: null
				}
			};
			return {
				ok: true,
				value: body.data,
				roundTripMs: performance.now() - startedAt
			};
		} catch (error) {
			return {
				ok: false,
				failure: {
					kind: "unreachable",
					reason: error instanceof Error ? error.name : "unknown"
				}
			};
		}
	}
	return {
		pull({ checkpoint, accessVersion, limit }, signal) {
			const query = new URLSearchParams({ limit: String(limit) });
			if (checkpoint !== null) query.set("checkpoint", checkpoint);
			if (accessVersion !== null) query.set("accessVersion", String(accessVersion));
			return request(`/api/sync/changes?${query}`, {}, changesPageSchema, {
				signal,
				timeoutMs: PULL_TIMEOUT_MS
			});
		},
		sendCommands(commands, signal) {
			return request("/api/commands", {
				method: "POST",
				headers: {
					"content-type": "application/json",
					"x-tradewind-csrf": "1"
				},
				body: JSON.stringify({ commands })
			}, commandsResponseSchema, {
				signal,
				timeoutMs: COMMANDS_TIMEOUT_MS
			});
		},
		openLive({ checkpoint, accessVersion }, handlers) {
			const socket = io(`${options.origin}/`, {
				auth: {
					...options.token === void 0 ? {} : { token: options.token },
					agentId: options.agentId,
					checkpoint,
					accessVersion,
					protocol: 1
				},
				forceNew: true,
				reconnection: false,
				transports: ["websocket", "polling"]
			});
			let closed = false;
			const close = (reason) => {
				if (closed) return;
				closed = true;
				socket.close();
				if (reason !== null) handlers.onClose(reason);
			};
			const whileOpen = (handle) => () => {
				if (!closed) handle();
			};
			socket.on("connect", whileOpen(handlers.onOpen));
			socket.on("resync", whileOpen(handlers.onResync));
			socket.on("access-changed", whileOpen(handlers.onAccessChanged));
			socket.on("changes", (payload) => {
				if (closed) return;
				const frame = changesFrameSchema.safeParse(payload);
				if (frame.success) handlers.onFrame(frame.data);
				else close("unreadable frame");
			});
			socket.on("presence", (payload) => {
				const news = livePresencesSchema.safeParse(payload);
				if (news.success && !closed) handlers.onPresence(news.data.agents);
			});
			socket.on("typing", (payload) => {
				const news = liveTypingSchema.safeParse(payload);
				if (news.success && !closed) handlers.onTyping(news.data);
			});
			socket.on("disconnect", (reason) => close(reason));
			socket.on("connect_error", (error) => close(error.message));
			return {
				say({ word, ...payload }) {
					if (socket.connected) socket.emit(word, payload);
				},
				close: () => close(null)
			};
		}
	};
}
export { createHttpTransport, startDesk };
