import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { createCipheriv, createDecipheriv, createHash, createHmac, hash, hkdfSync, randomBytes, randomInt, randomUUID, scrypt, timingSafeEqual } from "node:crypto";
import { createServer, request } from "node:http";
import { fileURLToPath } from "node:url";
import { Kysely, PostgresDialect, sql } from "kysely";
import { EventEmitter } from "node:events";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { constants } from "node:fs";
import { access, mkdir, open, readFile, readdir, rename, rm, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import parseMailboxes from "nodemailer/lib/addressparser";
import { isUtf8 } from "node:buffer";
import { lookup } from "node:dns/promises";
import { request as request$1 } from "node:https";
import sanitize from "sanitize-html";
import { simpleParser } from "mailparser";
import express, { Router } from "express";
import { isDeepStrictEqual, promisify } from "node:util";
import { brotliCompress, constants as constants$1, gzip } from "node:zlib";
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import pg from "pg";
import { Server } from "socket.io";
import pino from "pino";
// apps/sync-server/src/config/flags.ts
const KNOWN = "known flags are --port N, --data DIR, --no-demo and --headless";
const NPM_TAKES_FLAGS = "npm keeps flags to itself unless they follow a \"--\": npm start -- --port 8080";
/**
* Reads the flags behind `npm start --`; values may follow as the next argument or after `=`.
*
* @returns the flags and a sentence for each one that cannot be read.
*/
function parseFlags(argv) {
	const flags = {
		noDemo: false,
		headless: false
	};
	const problems = [];
	for (let index = 0; index < argv.length; index++) {
		const argument = argv[index] ?? "";
		const [name = "", inline] = splitOnce(argument);
		if (name === "--port" || name === "--data") {
			const value = inline ?? argv[++index];
			if (value === void 0 || value === "" || value.startsWith("--")) problems.push(`${name}: needs a value`);
			else flags[name === "--port" ? "port" : "data"] = value;
		} else if (argument === "--no-demo") flags.noDemo = true;
		else if (argument === "--headless") flags.headless = true;
		else if (!argument.startsWith("-")) problems.push(`${argument}: is no flag; ${NPM_TAKES_FLAGS}`);
		else problems.push(`${argument}: unknown flag; ${KNOWN}`);
	}
	return {
		flags,
		problems
	};
}
function splitOnce(argument) {
	const at = argument.indexOf("=");
	return at === -1 ? [argument] : [argument.slice(0, at), argument.slice(at + 1)];
}
// apps/sync-server/src/config/variables.ts
const MAX_HOPS = 10;
const RANGE = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i;
const RANGE_NAMES = /* @__PURE__ */ new Set([
	"loopback",
	"linklocal",
	"uniquelocal"
]);
const booleanSchema = z.enum(["true", "false"], "must be true or false").transform((text) => text === "true");
function integerSchema(min, max) {
	return z.string().regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`).transform(Number).refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);
}
function isHttpUrl(text) {
	const url = URL.parse(text);
	return url !== null && (url.protocol === "http:" || url.protocol === "https:") && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
}
function isTrustedRange(text) {
	const name = text.trim();
	const [, address = "", prefix = "0"] = RANGE.exec(name) ?? [];
	const family = isIP(address);
	return RANGE_NAMES.has(name) || family !== 0 && Number(prefix) <= (family === 4 ? 32 : 128);
}
/**
* `false`, `true`, a number of proxies, or a list of their addresses; handed to Express as it is.
*
* @see https://expressjs.com/en/guide/behind-proxies.html
*/
const trustProxySchema = z.string().refine((text) => text === "true" || text === "false" || /^\d{1,2}$/.test(text) && Number(text) <= MAX_HOPS || text.split(",").every(isTrustedRange), `must be true, false, a number of proxies up to ${MAX_HOPS}, or a comma-separated list of their addresses or networks`).transform((text) => {
	if (text === "true" || text === "false") return text === "true";
	return /^\d+$/.test(text) ? Number(text) : text;
});
/**
* Every variable the server reads, as text from the environment. The descriptions are printed in `.env.example` and in
* `docs/configuration.md`; an empty value counts as not set.
*/
const variables = {
	PORT: integerSchema(0, 65535).default(7373).describe("Port to listen on; 0 takes a free one. `--port` wins.").meta({ shown: "7373" }),
	TRADEWIND_BIND: z.string().refine((text) => text === "localhost" || isIP(text) !== 0, "must be an IP address, such as 127.0.0.1 or 0.0.0.0").default("127.0.0.1").describe("Address to listen on. The demo listens on this machine only.").meta({ shown: "127.0.0.1" }),
	TRADEWIND_DATA: z.string().optional().describe("Folder for the database, files and the secret key. `--data` wins.").meta({ shown: "./data/demo or ./data/desk" }),
	DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\/\S+$/, "must be a PostgreSQL address such as postgres://user:password@host:5432/name").optional().describe("PostgreSQL 15 or newer to use in place of the embedded one; direct (session) connections.").meta({ shown: "embedded PostgreSQL" }),
	TRADEWIND_PUBLIC_URL: z.string().refine(isHttpUrl, "must be an http or https address without query, such as https://desk.example.com").transform((text) => text.replace(/\/+$/, "")).optional().describe("Address under which platforms and agents reach this server; webhook addresses are made from it.").meta({ shown: "the address listened on" }),
	TRADEWIND_TRUST_PROXY: trustProxySchema.default(false).describe("Whose X-Forwarded-* headers to believe: true, false, a number of proxies, or their addresses. Only behind a proxy.").meta({ shown: "false" }),
	TRADEWIND_ADMIN_EMAIL: z.email("must be a mail address").transform((text) => text.toLowerCase()).optional().describe("With TRADEWIND_ADMIN_PASSWORD: makes the first admin of a desk that has no agents."),
	TRADEWIND_ADMIN_PASSWORD: z.string().min(8, "must have at least 8 characters").max(256, "must have at most 256 characters").optional().describe("Password of the first admin, at least 8 characters. Not read again once there is an agent."),
	TRADEWIND_SECRET_KEY: z.string().regex(/^([0-9a-fA-F]{64}|[A-Za-z0-9+/_-]{43}=?)$/, "must be 32 bytes in base64 or hex, as `openssl rand -base64 32` prints").optional().describe("Key that encrypts the secrets of connected accounts: 32 bytes in base64 or hex. Keep a copy apart from backups.").meta({ shown: "{data}/secret.key, made at the first start" }),
	TRADEWIND_STRICT_EGRESS: booleanSchema.default(false).describe("`true` refuses outgoing requests to private addresses even where an admin configured them.").meta({ shown: "false" }),
	TRADEWIND_TOMBSTONE_DAYS: integerSchema(1, 3650).default(180).describe("Days for which deletions are remembered; a console away for longer starts over.").meta({ shown: "180" }),
	TRADEWIND_LOG_LEVEL: z.enum([
		"debug",
		"info",
		"warn",
		"error",
		"silent"
	], "must be debug, info, warn, error or silent").default("info").describe("Least important log lines to write.").meta({ shown: "info" })
};
const variablesSchema = z.object(variables);
// apps/sync-server/src/config/config.ts
/** Everything that is wrong with the configuration, one sentence each, named by variable or flag. */
var ConfigError = class extends Error {
	problems;
	constructor(problems) {
		super(`The configuration has ${problems.length === 1 ? "a problem" : "problems"}:\n${problems.map((one) => `  ${one}`).join("\n")}`);
		this.name = "ConfigError";
		this.problems = problems;
	}
};
const LOOPBACK = /* @__PURE__ */ new Set([
	"127.0.0.1",
	"::1",
	"localhost"
]);
/**
* Reads environment and flags. The only place in the server that knows variable names; flags win over variables.
*
* @param argv - arguments after the program's own, such as `['--port', '8080']`.
* @throws ConfigError with every problem at once.
*/
function parseConfig(env, argv = []) {
	const { flags, problems } = parseFlags(argv);
	const parsed = variablesSchema.safeParse(withFlags(env, flags));
	if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => toSentence(issue, flags)));
	else problems.push(...findContradictions(parsed.data, flags));
	if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
	return toConfig(parsed.data, flags);
}
function withFlags(env, flags) {
	const set = Object.entries(env).filter((entry) => entry[1] !== void 0 && entry[1] !== "");
	return {
		...Object.fromEntries(set),
		...flags.port === void 0 ? {} : { PORT: flags.port },
		...flags.data === void 0 ? {} : { TRADEWIND_DATA: flags.data }
	};
}
function toSentence(issue, flags) {
	const variable = String(issue.path[0]);
	return `${variable === "PORT" && flags.port !== void 0 ? "--port" : variable}: ${issue.message}`;
}
function findContradictions(values, flags) {
	const problems = [];
	const { TRADEWIND_ADMIN_EMAIL: email, TRADEWIND_ADMIN_PASSWORD: password } = values;
	if (email === void 0 !== (password === void 0)) {
		const missing = email === void 0 ? "TRADEWIND_ADMIN_EMAIL" : "TRADEWIND_ADMIN_PASSWORD";
		problems.push(`${missing}: must be set too; the first admin needs both mail address and password`);
	}
	if (email !== void 0 && password?.toLowerCase() === email) problems.push("TRADEWIND_ADMIN_PASSWORD: must not be the mail address");
	if (!flags.noDemo && !LOOPBACK.has(values.TRADEWIND_BIND)) problems.push("TRADEWIND_BIND: the demo listens on 127.0.0.1 only; start a real desk with --no-demo");
	return problems;
}
function toConfig(values, flags) {
	const { TRADEWIND_ADMIN_EMAIL: email, TRADEWIND_ADMIN_PASSWORD: password } = values;
	return {
		mode: flags.noDemo ? "desk" : "demo",
		port: values.PORT,
		bind: values.TRADEWIND_BIND,
		dataDir: values.TRADEWIND_DATA ?? null,
		databaseUrl: values.DATABASE_URL ?? null,
		publicUrl: values.TRADEWIND_PUBLIC_URL ?? null,
		trustProxy: values.TRADEWIND_TRUST_PROXY,
		strictEgress: values.TRADEWIND_STRICT_EGRESS,
		tombstoneDays: values.TRADEWIND_TOMBSTONE_DAYS,
		admin: email !== void 0 && password !== void 0 ? {
			email,
			password
		} : null,
		secretKey: values.TRADEWIND_SECRET_KEY ?? null,
		headless: flags.headless,
		logLevel: values.TRADEWIND_LOG_LEVEL
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
// packages/shared/src/protocol/errors.ts
/** Every way a request can fail that crosses a boundary. `type` of the problem document is `urn:tradewind:{kind}`. */
const ERROR_STATUS = {
	"bad-input": 400,
	"bad-signature": 401,
	unauthenticated: 401,
	/** The password is right; a code of the authenticator app or a recovery code is needed too. */
	"code-required": 401,
	forbidden: 403,
	replayed: 403,
	stale: 403,
	"not-found": 404,
	"method-not-allowed": 405,
	"access-changed": 409,
	conflict: 409,
	resync: 410,
	"too-large": 413,
	"unsupported-media-type": 415,
	"upgrade-required": 426,
	"rate-limited": 429,
	internal: 500,
	unavailable: 503
};
/** The one error class that crosses boundaries inside the server; edges translate it by `kind`. */
var AppError = class extends Error {
	kind;
	errors;
	retryAfterMs;
	data;
	constructor(kind, message, options = {}) {
		super(message, options.cause === void 0 ? void 0 : { cause: options.cause });
		this.name = "AppError";
		this.kind = kind;
		this.errors = options.errors;
		this.retryAfterMs = options.retryAfterMs;
		this.data = options.data ?? {};
	}
	toProblem() {
		return {
			type: `urn:tradewind:${this.kind}`,
			title: this.message,
			status: ERROR_STATUS[this.kind],
			...this.errors ? { errors: this.errors } : {},
			...this.retryAfterMs === void 0 ? {} : { retryAfterMs: this.retryAfterMs },
			...this.data
		};
	}
};
/**
* Lays a change over a stored configuration: a key left out stays, `null` clears, `"set"` keeps a stored secret.
*
* @throws AppError `bad-input` when `"set"` is given for a secret that is not stored.
*/
function mergeConfig(stored, patch, secretKeys) {
	const merged = {
		...stored.config,
		...stored.secrets
	};
	const errors = [];
	for (const [key, value] of Object.entries(patch)) if (value === null) delete merged[key];
	else if (!secretKeys.includes(key) || value !== "set") merged[key] = value;
	else if (!Object.hasOwn(stored.secrets, key)) errors.push({
		path: `config.${key}`,
		message: "\"set\" keeps a stored secret, and none is stored: give the secret itself"
	});
	if (errors.length > 0) throw new AppError("bad-input", "The configuration is not valid.", { errors });
	return merged;
}
/**
* Checks a configuration with the connector's schema.
*
* @returns what the connector works with: defaults filled in, secrets included.
* @throws AppError `bad-input` naming every field that is wrong and every key that is unknown; never a value.
*/
function parseAccountConfig(connector, config) {
	const parsed = connector.configSchema.safeParse(config);
	if (parsed.success) return parsed.data;
	throw new AppError("bad-input", "The configuration is not valid.", { errors: parsed.error.issues.flatMap((issue) => toFieldErrors$1(issue, config)) });
}
function toFieldErrors$1(issue, config) {
	const path = ["config", ...issue.path.map(String)].join(".");
	if (issue.path.length === 1 && config[String(issue.path[0])] === void 0) return [{
		path,
		message: "is required"
	}];
	if (issue.code !== "unrecognized_keys") return [{
		path,
		message: issue.message
	}];
	return issue.keys.map((key) => ({
		path: `${path}.${key}`,
		message: "unknown key"
	}));
}
function splitConfig(config, secretKeys) {
	const isSecret = ([key]) => secretKeys.includes(key);
	const entries = Object.entries(config);
	return {
		config: Object.fromEntries(entries.filter((entry) => !isSecret(entry))),
		secrets: Object.fromEntries(entries.filter(isSecret))
	};
}
/** The configuration for people: secrets read back as `"set"`, or not at all when there is none (R16). */
function toShownConfig(stored) {
	return {
		...stored.config,
		...Object.fromEntries(Object.keys(stored.secrets).map((key) => [key, "set"]))
	};
}
// apps/sync-server/src/db/json-text.ts
const REFUSED = /\\u0000|\\ud[89a-f]/;
/** JSON for a jsonb column. Characters the database refuses are dropped (U+0000) or replaced (half a surrogate pair). */
function toJsonText(value) {
	const text = JSON.stringify(value);
	return REFUSED.test(text) ? JSON.stringify(value, (_key, inner) => typeof inner === "string" ? toStorableText(inner) : inner) : text;
}
/** Text that any text column takes. */
function toStorableText(text) {
	return text.replaceAll("\0", "").toWellFormed();
}
/** The same JSON value without what the database refuses; the value itself where there is nothing to drop. */
function toStorable(value) {
	const text = JSON.stringify(value) ?? "null";
	return REFUSED.test(text) ? JSON.parse(toJsonText(value)) : value;
}
// apps/sync-server/src/accounts/account-counters.ts
const FLUSH_MS = 500;
/**
* Counts what webhooks of each account bring. Numbers are gathered in memory and written together, so that a flood of
* forged requests costs two small statements a second, not one each.
*/
var AccountCounters = class {
	#db;
	#log;
	#pending = /* @__PURE__ */ new Map();
	#timer = null;
	#flushing = Promise.resolve();
	constructor(db, log) {
		this.#db = db;
		this.#log = log;
	}
	countRejection(accountId, reason, atMs) {
		const pending = this.#get(accountId);
		pending.rejected += 1;
		pending.lastRejectedAt = Math.max(pending.lastRejectedAt ?? 0, atMs);
		pending.reason = toStorableText(reason);
	}
	countEvent(accountId, atMs) {
		const pending = this.#get(accountId);
		pending.lastEventAt = Math.max(pending.lastEventAt ?? 0, atMs);
	}
	#get(accountId) {
		const pending = this.#pending.get(accountId) ?? {
			rejected: 0,
			lastRejectedAt: null,
			reason: null,
			lastEventAt: null
		};
		this.#pending.set(accountId, pending);
		this.#timer ??= setTimeout(() => void this.#flushQuietly(), FLUSH_MS);
		return pending;
	}
	/** Writes everything counted so far; call before reading the numbers, and at the end. */
	flush() {
		this.#flushing = this.#flushing.catch(() => void 0).then(() => this.#write());
		return this.#flushing;
	}
	async #flushQuietly() {
		try {
			await this.flush();
		} catch (error) {
			this.#log.warn({
				event: "accounts.counters-wait",
				err: error
			}, "account counters wait until the database answers");
		}
	}
	async #write() {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		const taken = this.#pending;
		if (taken.size === 0) return;
		this.#pending = /* @__PURE__ */ new Map();
		try {
			await this.#add([...taken]);
		} catch (error) {
			for (const [accountId, one] of taken) this.#giveBack(accountId, one);
			throw error;
		}
	}
	#giveBack(accountId, taken) {
		const pending = this.#get(accountId);
		pending.rejected += taken.rejected;
		pending.reason ??= taken.reason;
		pending.lastRejectedAt = laterOf(pending.lastRejectedAt, taken.lastRejectedAt);
		pending.lastEventAt = laterOf(pending.lastEventAt, taken.lastEventAt);
	}
	async #add(rows) {
		await sql`
      with given as (
        select * from unnest(${rows.map(([id]) => id)}::text[], ${rows.map(([, one]) => one.rejected)}::bigint[],
          ${rows.map(([, one]) => one.lastRejectedAt)}::bigint[], ${rows.map(([, one]) => one.reason)}::text[],
          ${rows.map(([, one]) => one.lastEventAt)}::bigint[]) as g (id, rejected, rejected_at, reason, event_at)
      ), locked as materialized (
        select a.id from accounts a where a.id in (select id from given) order by a.id for update
      )
      update accounts a set rejected = a.rejected + given.rejected,
        last_rejected_reason = case when given.rejected_at >= coalesce(a.last_rejected_at, 0) then given.reason else a.last_rejected_reason end,
        last_rejected_at = greatest(a.last_rejected_at, given.rejected_at),
        last_event_at = greatest(a.last_event_at, given.event_at)
      from given where a.id = given.id and a.id in (select id from locked)`.execute(this.#db);
	}
};
function laterOf(a, b) {
	return a === null || b === null ? a ?? b : Math.max(a, b);
}
// apps/sync-server/src/accounts/connected-account.ts
/**
* Binds a connector to an account's configuration, which stays inside the closures.
*
* @param config - as the connector's own schema parsed it.
*/
function connectAccount(found, facts, config, strictEgress) {
	const { connector } = found;
	const common = {
		...facts,
		ownAddress: connector.displayAddress(config),
		maxBodyBytes: connector.maxBodyBytes,
		acceptedReply: connector.acceptedReply ?? null,
		verify: (request, nowMs) => connector.verify(request, config, nowMs),
		parse: (request, receivedAtMs) => connector.parse(request, config, receivedAtMs)
	};
	if (found.family === "store") {
		const store = found.connector;
		return {
			...common,
			family: "store",
			capabilities: null,
			chat: null,
			maySend: false,
			createExternalId: () => null,
			send: () => Promise.reject(/* @__PURE__ */ new Error(`${store.kind} is a store: it sends no messages`)),
			fetchFile: () => Promise.reject(/* @__PURE__ */ new Error(`${store.kind} is a store: it keeps no files for us`)),
			orderStatus: (order) => store.orderStatus(order),
			readOrder: store.mayReadOrders?.(config) ? async (externalId, signal) => await store.readOrder?.(externalId, {
				config,
				signal,
				strictEgress
			}) ?? null : null
		};
	}
	const channel = found.connector;
	return {
		...common,
		family: "channel",
		capabilities: channel.capabilities,
		chat: connectChat(channel, config),
		maySend: channel.maySend?.(config) ?? true,
		createExternalId: (messageId) => channel.createExternalId(messageId, config),
		send: (message, signal) => channel.send(message, {
			config,
			signal,
			strictEgress
		}),
		fetchFile: (url, signal) => channel.fetchFile ? channel.fetchFile(url, {
			config,
			signal,
			strictEgress
		}) : Promise.reject(/* @__PURE__ */ new Error(`${channel.kind} keeps no files`)),
		orderStatus: (order) => order.status,
		readOrder: null
	};
}
function connectChat({ hostedChat: chat }, config) {
	if (!chat) return null;
	return {
		allowsOrigin: (origin) => chat.allowsOrigin(origin, config),
		verifyIdentity: (token, nowMs) => chat.verifyIdentity(token, config, nowMs),
		settings: chat.settings(config)
	};
}
// apps/sync-server/src/accounts/account-directory.ts
const REFRESH_MS = 2e3;
/** All connected accounts in memory, so that a webhook is verified without a query. */
var AccountDirectory = class {
	#deps;
	#counters;
	#accounts = /* @__PURE__ */ new Map();
	#refreshing = Promise.resolve();
	#timer = null;
	constructor(deps) {
		this.#deps = deps;
		this.#counters = new AccountCounters(deps.db, deps.log);
	}
	/** Reads all accounts and keeps them fresh until `close`. */
	async start() {
		await this.refresh();
		this.#timer = setInterval(() => {
			this.refresh().catch((error) => {
				this.#deps.log.warn({
					event: "accounts.refresh-failed",
					err: error
				}, "accounts are refreshed when the database answers");
			});
		}, REFRESH_MS);
	}
	async close() {
		if (this.#timer) clearInterval(this.#timer);
		await this.#refreshing.catch(() => void 0);
		await this.#counters.flush().catch((error) => {
			this.#deps.log.warn({
				event: "accounts.counters-lost",
				err: error
			}, "the last counters could not be written");
		});
	}
	get(id) {
		return this.#accounts.get(id)?.account ?? void 0;
	}
	/** All accounts in service. */
	list() {
		return [...this.#accounts.values()].flatMap(({ account }) => account ?? []);
	}
	/** As `get`; an account that is not known yet may just have been made on another node, so the database is asked. */
	async find(id) {
		if (!this.get(id)) await this.refresh();
		return this.get(id);
	}
	/** Looks again now; call after a change in this process. */
	refresh() {
		this.#refreshing = this.#refreshing.catch(() => void 0).then(() => this.#read());
		return this.#refreshing;
	}
	async #read() {
		const rows = await this.#deps.db.selectFrom("accounts").select([
			"id",
			"family",
			"kind",
			"name",
			"config",
			"secrets",
			"team_ids",
			"lane_no"
		]).execute();
		const next = /* @__PURE__ */ new Map();
		for (const row of rows) {
			const digest = createHash("sha256").update(JSON.stringify(row)).digest("base64");
			const known = this.#accounts.get(row.id);
			next.set(row.id, known?.digest === digest ? known : {
				digest,
				account: this.#connect(row)
			});
		}
		this.#accounts = next;
	}
	/** Null when this server has no such connector or cannot read the configuration: the account is out of service. */
	#connect(row) {
		const { connectors, secrets, log, strictEgress } = this.#deps;
		try {
			const found = connectors.find(row.family, row.kind);
			if (!found) throw new Error(`there is no ${row.family} connector of this kind`);
			const config = parseAccountConfig(found.connector, {
				...row.config,
				...secrets.open(row.id, row.secrets)
			});
			return connectAccount(found, {
				id: row.id,
				kind: row.kind,
				name: row.name,
				teamIds: row.team_ids,
				laneNo: row.lane_no
			}, config, strictEgress);
		} catch (error) {
			log.error({
				event: "accounts.unusable",
				accountId: row.id,
				kind: row.kind,
				err: error
			}, "an account cannot be used");
			return null;
		}
	}
	/** Counts a refused webhook; exact, and in the database within a second. */
	countRejection(accountId, reason, atMs) {
		this.#counters.countRejection(accountId, reason, atMs);
	}
	countEvent(accountId, atMs) {
		this.#counters.countEvent(accountId, atMs);
	}
	/** Writes the counters, so that what is read next is exact. */
	flushCounters() {
		return this.#counters.flush();
	}
};
// apps/sync-server/src/audit/audit.ts
const ROWS_PER_STATEMENT = 5e3;
/** Adds rows to the append-only audit log, in the transaction of what they tell about (R17). */
async function writeAudit(tx, ...entries) {
	const rows = entries.map((entry) => ({
		at: entry.at,
		actor: entry.actor,
		action: entry.action,
		target: entry.target,
		before: entry.before ? toJsonText(entry.before) : null,
		after: entry.after ? toJsonText(entry.after) : null
	}));
	for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) await tx.insertInto("audit").values(rows.slice(start, start + ROWS_PER_STATEMENT)).execute();
}
/** The fields in which two states differ, for `before` and `after`. */
function diffFields(before, after) {
	const changed = Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
	return {
		before: Object.fromEntries(changed.map((key) => [key, before[key]])),
		after: Object.fromEntries(changed.map((key) => [key, after[key]]))
	};
}
// apps/sync-server/src/db/queries/cursor.ts
const MAX_LENGTH = 2e3;
const contentSchema = z.tuple([z.string(), z.array(z.union([z.string(), z.int()]))]);
/** Binds a cursor to its list, order and filters: with others it would skip or repeat rows without a word. */
function toBinding(list) {
	return createHash("sha256").update(JSON.stringify(list)).digest("base64url").slice(0, 12);
}
/** @param list - everything that decides which rows come in which order; any JSON. */
function encodeCursor(keys, list) {
	return Buffer.from(JSON.stringify([toBinding(list), keys])).toString("base64url");
}
/**
* @param types - what each key must be.
* @throws AppError `bad-input` for what is not a cursor of this list.
*/
function decodeCursor(text, list, types) {
	const [binding, keys] = parseContent(text) ?? ["", []];
	const fits = keys.length === types.length && keys.every((key, index) => typeof key === types[index]);
	if (binding === toBinding(list) && fits) return keys;
	throw new AppError("bad-input", "The cursor cannot be used.", { errors: [{
		path: "cursor",
		message: "must be the nextCursor of the page before, with the same filters and order"
	}] });
}
function parseContent(text) {
	if (text.length > MAX_LENGTH) return null;
	try {
		const parsed = contentSchema.safeParse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
		return parsed.success && !JSON.stringify(parsed.data).includes("\\u0000") ? parsed.data : null;
	} catch {
		return null;
	}
}
// apps/sync-server/src/db/queries/page.ts
/**
* One page by keyset: rows after the cursor's keys, however many were inserted or deleted before them meanwhile.
*
* @throws AppError `bad-input` for a cursor of another list.
*/
async function readPage(db, request, query) {
	const list = {
		name: query.name,
		order: request.order,
		filters: query.filters
	};
	const columns = query.keys.map((key) => sql.ref(key.column));
	const conditions = [...query.conditions];
	if (request.cursor !== null) {
		const after = decodeCursor(request.cursor, list, query.keys.map((key) => key.type));
		const comparison = request.order === "asc" ? sql.raw(">") : sql.raw("<");
		conditions.push(sql`(${sql.join(columns)}) ${comparison} (${sql.join(after.map((value) => sql`${value}`))})`);
	}
	const where = conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``;
	const direction = sql.raw(request.order);
	const result = await sql`
    select ${query.select}, jsonb_build_array(${sql.join(columns)}) as page_keys
    from ${query.from} ${where}
    order by ${sql.join(columns.map((column) => sql`${column} ${direction}`))}
    limit ${request.limit + 1}`.execute(db);
	const shown = result.rows.slice(0, request.limit);
	const last = shown.at(-1);
	const more = result.rows.length > request.limit && last !== void 0;
	return {
		items: shown.map(({ page_keys: _keys, ...row }) => row),
		nextCursor: more ? encodeCursor(last.page_keys, list) : null
	};
}
// apps/sync-server/src/db/prepared.ts
/** Begins a statement that is worth preparing: run all the time, with a text that hardly varies. */
const PREPARED = "/* prepared */";
const names = /* @__PURE__ */ new Map();
/**
* Lets a connection keep the plans of statements marked with `PREPARED`. Planning the statements behind one event costs
* more than running them; Kysely knows no prepared statements, so the mark travels in the text.
*/
function keepPlans(client) {
	const query = client.query.bind(client);
	const queryKeepingPlans = (...args) => {
		const [text, values] = args;
		if (typeof text !== "string" || !text.includes("/* prepared */")) return query(...args);
		return query({
			name: nameOf(text),
			text,
			values
		});
	};
	client.query = queryKeepingPlans;
}
/** A name PostgreSQL takes (63 bytes at most), the same for the same text. */
function nameOf(text) {
	const known = names.get(text) ?? createHash("sha256").update(text).digest("base64url");
	names.set(text, known);
	return known;
}
// apps/sync-server/src/replication/change-log.ts
/**
* Gives every changed document its place in the change log (R5). Call it once per transaction, after all other work, as
* the last statement before commit: it takes the change-log lock, which is held until the commit is on disk.
*
* @param entries - one per document; a document named twice is written once, with the later entry.
* @returns the new positions; `createdSeq` is the document's first one.
*/
async function appendChanges(tx, entries, nowMs) {
	const unique = new Map(entries.map((entry) => [`${entry.collection}:${entry.id}`, entry]));
	if (unique.size === 0) return [];
	const rows = [...unique.values()];
	return (await sql`
    ${sql.raw(PREPARED)} select * from append_changes(
      ${rows.map((row) => row.collection)}::text[], ${rows.map((row) => row.id)}::text[],
      ${rows.map((row) => row.scopes?.join(",") ?? null)}::text[], ${rows.map((row) => row.deleted ?? false)}::boolean[],
      ${randomBytes(9).toString("base64url")}, ${nowMs})`.execute(tx)).rows.map((row) => ({
		collection: row.o_collection,
		id: row.o_id,
		seq: row.o_seq,
		createdSeq: row.o_created_seq
	}));
}
/** The head a commit reached: what `changeBus.announce` wants after the transaction. */
function headOf(appended) {
	return appended.reduce((head, change) => Math.max(head, change.seq), 0);
}
/**
* Tells this process that the change log has grown, right after a commit. A lost hint costs time, never data: readers
* also look by themselves, and other nodes hear of it through the database.
*/
var ChangeBus = class extends EventEmitter {
	announce(seq) {
		if (seq > 0) this.emit("head", seq);
	}
};
// apps/sync-server/src/db/scope-lock.ts
/**
* Held by whoever writes documents with the scopes that accounts' teams give them, while nobody may change those teams;
* else a batch under way could write rows with scopes that were just taken away (R15). One lock for all accounts: a
* customer is read by those of every account he wrote to. It comes before any row lock.
*/
const heldScopes = sql`pg_advisory_xact_lock_shared(7204, 0)`;
async function holdScopes(tx) {
	await sql`select ${heldScopes}`.execute(tx);
}
/** Taken before an account's teams are changed: waits for writers under way, and makes new ones wait. */
async function lockScopes(tx) {
	await sql`select pg_advisory_xact_lock(7204, 0)`.execute(tx);
}
// apps/sync-server/src/domain/scopes.ts
/** Who may read what belongs to an account: its teams, or the whole desk when it names none (protocol: Visibility). */
function toAccountScopes(teamIds) {
	return teamIds.length === 0 ? ["desk"] : teamIds.map((id) => `team:${id}`);
}
// apps/sync-server/src/accounts/rescope.ts
/**
* Gives everything that belongs to an account the scopes of its new teams, and makes every agent's console start over
* (`access_version`): what it gained and lost is not told row by row.
*
* Scopes are changed in place, without a new `seq`: a console that starts over reads them all anyway. Call it after the
* account's own row is written and before `appendChanges`.
*
* @returns ids of the agents whose access may have changed: their directory entries change too, which tells their sockets.
*
* Agents are locked first, then the change log, as everybody does who changes agents: the other way round the two would
* wait for each other.
*/
async function rescopeAccount(tx, accountId, teamIds) {
	await lockScopes(tx);
	const agents = await tx.selectFrom("agents").select("id").orderBy("id").forUpdate().execute();
	await tx.updateTable("agents").set((eb) => ({ access_version: eb("access_version", "+", 1) })).execute();
	await sql`select pg_advisory_xact_lock(7201, 1)`.execute(tx);
	const scopes = toAccountScopes(teamIds);
	await sql`
    update change_log log set scopes = ${scopes}::text[] from conversations c
    where log.collection = 'conversation' and log.id = c.id and c.channel_account_id = ${accountId}`.execute(tx);
	await sql`
    update change_log log set scopes = ${scopes}::text[] from messages m
    where log.collection = 'message' and log.id = m.id and m.channel_account_id = ${accountId}`.execute(tx);
	await sql`
    update change_log log set scopes = ${scopes}::text[] from orders o
    where log.collection = 'order' and log.id = o.id and o.store_id = ${accountId}`.execute(tx);
	await sql`
    with touched as (
      select customer_id from conversations where channel_account_id = ${accountId}
      union select customer_id from orders where store_id = ${accountId} and customer_id is not null
    ), readers as (
      select items.customer_id, array_agg(distinct scope) as scopes
      from (
        select c.customer_id, a.team_ids from conversations c join accounts a on a.id = c.channel_account_id
        union all select o.customer_id, a.team_ids from orders o join accounts a on a.id = o.store_id
      ) items
      join touched on touched.customer_id = items.customer_id
      cross join lateral unnest(case when items.team_ids = '{}' then array['desk']
        else array(select 'team:' || t from unnest(items.team_ids) t) end) as scope
      group by items.customer_id
    )
    update change_log log set scopes = readers.scopes from readers
    where log.collection = 'customer' and log.id = readers.customer_id`.execute(tx);
	return agents.map((agent) => agent.id);
}
// apps/sync-server/src/accounts/send-health.ts
const ACCOUNT_FAILURES = /* @__PURE__ */ new Set([
	"not-configured",
	"unauthorised",
	"forbidden",
	"unknown-domain",
	"address-refused",
	"unreachable",
	"unavailable"
]);
/** Keeps on the account what a send says about it: a problem since its first failure, or that it works. */
async function noteSendResult(db, accountId, result, nowMs) {
	const update = db.updateTable("accounts").where("id", "=", accountId);
	if (result.status === "sent") await update.set({
		send_problem: null,
		send_problem_since: null
	}).where("send_problem", "is not", null).execute();
	else if (result.status === "failed" && ACCOUNT_FAILURES.has(result.reason.kind)) {
		const text = toStorableText(result.reason.text);
		await update.set((eb) => ({
			send_problem: text,
			send_problem_since: eb.fn.coalesce("send_problem_since", eb.val(nowMs))
		})).execute();
	}
}
function toSendProblem(row) {
	return row.send_problem === null || row.send_problem_since === null ? null : {
		text: row.send_problem,
		since: row.send_problem_since
	};
}
// apps/sync-server/src/accounts/teams-exist.ts
/** @throws AppError `bad-input` naming each team that does not exist. */
async function assertTeamsExist(tx, teamIds) {
	if (teamIds.length === 0) return;
	const rows = await tx.selectFrom("teams").select("id").where("id", "in", [...teamIds]).execute();
	const known = new Set(rows.map((row) => row.id));
	const errors = teamIds.flatMap((id, index) => known.has(id) ? [] : [{
		path: `teamIds.${index}`,
		message: "no such team"
	}]);
	if (errors.length > 0) throw new AppError("bad-input", "A team does not exist.", { errors });
}
// apps/sync-server/src/accounts/account-service.ts
/** Makes and changes connected accounts. Who may do so is the caller's question. */
var AccountService = class {
	#deps;
	constructor(deps) {
		this.#deps = deps;
	}
	/** @throws AppError `bad-input` naming every wrong field; no value is repeated. */
	async create(actor, family, input) {
		const { connector } = this.#findConnector(family, input.kind);
		const stored = splitConfig(mergeConfig({
			config: {},
			secrets: {}
		}, input.config, connector.secretKeys), connector.secretKeys);
		const address = toAddress(connector, stored);
		const at = this.#deps.now();
		const id = createUuidV7(at);
		await this.#change(async (tx) => {
			await assertTeamsExist(tx, input.teamIds);
			const values = {
				...this.#toColumns(id, stored, address),
				name: input.name,
				team_ids: [...new Set(input.teamIds)]
			};
			await tx.insertInto("accounts").values({
				id,
				family,
				kind: input.kind,
				created_at: at,
				...values
			}).execute();
			const after = {
				kind: input.kind,
				name: input.name,
				teamIds: input.teamIds,
				config: toShownConfig(stored)
			};
			await writeAudit(tx, {
				at,
				actor,
				action: `${family}.create`,
				target: `${family}:${id}`,
				after
			});
			return [id];
		});
		return this.get(family, id);
	}
	/** @throws AppError `not-found`, or `bad-input` naming every wrong field. */
	async update(actor, family, id, patch) {
		await this.#change(async (tx) => {
			const row = await tx.selectFrom("accounts").selectAll().where("id", "=", id).where("family", "=", family).forNoKeyUpdate().executeTakeFirst();
			if (!row) throw notFound$2(family);
			const { connector } = this.#findConnector(family, row.kind);
			const before = {
				config: row.config,
				secrets: this.#deps.secrets.open(id, row.secrets)
			};
			const stored = splitConfig(mergeConfig(before, patch.config ?? {}, connector.secretKeys), connector.secretKeys);
			const next = {
				name: patch.name ?? row.name,
				teamIds: [...new Set(patch.teamIds ?? row.team_ids)]
			};
			await assertTeamsExist(tx, next.teamIds);
			const columns = this.#toColumns(id, stored, toAddress(connector, stored));
			await tx.updateTable("accounts").set({
				...columns,
				name: next.name,
				team_ids: next.teamIds
			}).where("id", "=", id).execute();
			const readers = isSameSet(row.team_ids, next.teamIds) ? [] : await rescopeAccount(tx, id, next.teamIds);
			await this.#auditUpdate(tx, actor, family, id, {
				name: row.name,
				teamIds: row.team_ids,
				...before
			}, {
				...next,
				...stored
			});
			return [id, ...readers];
		});
		return this.get(family, id);
	}
	async #auditUpdate(tx, actor, family, id, before, after) {
		const replaced = Object.keys({
			...before.secrets,
			...after.secrets
		}).filter((key) => JSON.stringify(before.secrets[key]) !== JSON.stringify(after.secrets[key]));
		const shown = ({ name, teamIds, ...config }) => ({
			name,
			teamIds,
			config: toShownConfig(config)
		});
		const changed = diffFields(shown(before), shown(after));
		await writeAudit(tx, {
			at: this.#deps.now(),
			actor,
			action: `${family}.update`,
			target: `${family}:${id}`,
			before: changed.before,
			after: {
				...changed.after,
				...replaced.length > 0 ? { replacedSecrets: replaced } : {}
			}
		});
	}
	async get(family, id) {
		await this.#deps.directory.flushCounters();
		const row = await this.#deps.db.selectFrom("accounts").selectAll().where("id", "=", id).where("family", "=", family).executeTakeFirst();
		if (!row) throw notFound$2(family);
		return this.#toView(row);
	}
	async list(family, page) {
		await this.#deps.directory.flushCounters();
		const found = await readPage(this.#deps.db, page, {
			name: family,
			filters: {},
			keys: [{
				column: "accounts.id",
				type: "string"
			}],
			select: sql`accounts.*`,
			from: sql`accounts`,
			conditions: [sql`accounts.family = ${family}`]
		});
		return {
			items: found.items.map((row) => this.#toView(row)),
			nextCursor: found.nextCursor
		};
	}
	#findConnector(family, kind) {
		const found = this.#deps.connectors.find(family, kind);
		if (found) return found;
		const kinds = this.#deps.connectors.kindsOf(family).join(", ");
		throw new AppError("bad-input", `There is no such kind of ${family}.`, { errors: [{
			path: "kind",
			message: `must be one of: ${kinds}`
		}] });
	}
	#toColumns(id, stored, address) {
		return {
			config: toJsonText(stored.config),
			secrets: this.#deps.secrets.seal(id, stored.secrets),
			address
		};
	}
	/** Runs a change that gives the ids of changed directory entries; once committed, this process and the consoles hear of it. */
	async #change(work) {
		const appended = await this.#deps.db.transaction().execute(async (tx) => {
			return appendChanges(tx, (await work(tx)).map((id) => ({
				collection: "directory",
				id,
				scopes: ["desk"]
			})), this.#deps.now());
		});
		await this.#deps.directory.refresh();
		this.#deps.sessions.forgetCached();
		this.#deps.bus.announce(headOf(appended));
	}
	#toView(row) {
		return {
			id: row.id,
			kind: row.kind,
			name: row.name,
			config: toShownConfig({
				config: row.config,
				secrets: this.#deps.secrets.open(row.id, row.secrets)
			}),
			teamIds: row.team_ids,
			address: row.address,
			webhookUrl: `${this.#deps.publicUrl()}/webhooks/${row.kind}/${row.id}`,
			rejected: row.rejected,
			lastRejectedAt: row.last_rejected_at,
			lastRejectReason: row.last_rejected_reason,
			lastEventAt: row.last_event_at,
			sendProblem: toSendProblem(row),
			createdAt: row.created_at
		};
	}
};
function toAddress(connector, stored) {
	return connector.displayAddress(parseAccountConfig(connector, {
		...stored.config,
		...stored.secrets
	}));
}
function isSameSet(a, b) {
	return a.length === b.length && a.every((one) => b.includes(one));
}
function notFound$2(family) {
	return new AppError("not-found", `There is no such ${family}.`);
}
// apps/sync-server/src/accounts/connectors.ts
/** The connectors this server has, by family and kind. */
var ConnectorCatalog = class {
	#byKey;
	constructor(channels, stores) {
		const all = [...channels.map((connector) => ({
			family: "channel",
			connector
		})), ...stores.map((connector) => ({
			family: "store",
			connector
		}))];
		this.#byKey = new Map(all.map((one) => [`${one.family}:${one.connector.kind}`, one]));
	}
	find(family, kind) {
		return this.#byKey.get(`${family}:${kind}`);
	}
	kindsOf(family) {
		return [...this.#byKey.values()].filter((one) => one.family === family).map((one) => one.connector.kind);
	}
};
// packages/shared/src/channels.ts
const CHATS = /* @__PURE__ */ new Set(["web-chat"]);
function mediumOf(channelKind) {
	return CHATS.has(channelKind) ? "chat" : "mail";
}
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
// apps/sync-server/src/accounts/desk-mail.ts
const RETRY_DELAYS_MS = [2e3, 1e4];
const SEND_TIMEOUT_MS = 15e3;
/**
* Mails the desk writes by itself: invitations and new passwords. They leave through a connected mail account, but are no
* conversation, and no effect of the ledger either: a link that is lost with a crash is simply asked for again.
*/
var DeskMail = class {
	#deps;
	#delaysMs;
	#stop = new AbortController();
	#running = /* @__PURE__ */ new Set();
	constructor(deps) {
		this.#deps = deps;
		this.#delaysMs = deps.retryDelaysMs ?? RETRY_DELAYS_MS;
	}
	/** Whether any mail could leave now. */
	canSend() {
		return this.#senders().length > 0;
	}
	/** Sends in the background. @returns false when there is no account to send through. */
	send(to, mail) {
		const senders = this.#senders();
		const running = this.#sendThrough(senders, to, mail).finally(() => this.#running.delete(running));
		this.#running.add(running);
		return senders.length > 0;
	}
	/** Gives up what waits for another try, and lets what is under way end. */
	async stop() {
		this.#stop.abort();
		await this.settled();
	}
	/** Waits for the mails under way. */
	async settled() {
		await Promise.all(this.#running);
	}
	#senders() {
		return this.#deps.accounts.list().filter((account) => account.maySend && mediumOf(account.kind) === "mail");
	}
	/** One account after the other, until one may have taken the mail: an unknown outcome is not repeated (R11). */
	async #sendThrough(senders, to, mail) {
		for (const account of senders) {
			const result = await this.#tryAccount(account, to, mail);
			await this.#noteHealth(account.id, result);
			if (result.status !== "failed") return;
			const { reason } = result;
			this.#deps.log.warn({
				event: "desk-mail.failed",
				accountId: account.id,
				kind: reason.kind
			}, "a mail of the desk could not be sent through this account");
		}
	}
	async #noteHealth(accountId, result) {
		try {
			await noteSendResult(this.#deps.db, accountId, result, this.#deps.now());
		} catch (error) {
			this.#deps.log.warn({
				event: "desk-mail.health-unknown",
				accountId,
				err: error
			}, "what a send told was not kept");
		}
	}
	async #tryAccount(account, to, mail) {
		const id = createUuidV7(this.#deps.now());
		for (let attempt = 0;; attempt++) {
			const result = await this.#attempt(account, id, to, mail);
			const delayMs = this.#delaysMs[attempt];
			if (!(result.status === "failed" && result.retryable && delayMs !== void 0)) return result;
			await setTimeout$1(delayMs, void 0, { signal: this.#stop.signal }).catch(() => void 0);
			if (this.#stop.signal.aborted) return result;
		}
	}
	async #attempt(account, id, to, mail) {
		const externalId = account.createExternalId(id);
		const message = toOwnMessage({
			id,
			conversationId: "",
			channelAccountId: account.id,
			kind: "text",
			status: "sending",
			...mail,
			to: [to],
			externalId,
			authorType: "system",
			authorId: null
		}, {
			agentId: "",
			nowMs: this.#deps.now()
		});
		try {
			const outgoing = {
				message,
				externalId: externalId ?? id,
				attachments: []
			};
			return await account.send(outgoing, AbortSignal.timeout(SEND_TIMEOUT_MS));
		} catch (error) {
			this.#deps.log.error({
				event: "desk-mail.fault",
				accountId: account.id,
				err: error
			}, "a connector failed");
			return {
				status: "unknown",
				reason: "The connector failed while sending."
			};
		}
	}
};
// apps/sync-server/src/replication/run-change.ts
/** Runs a change in one transaction, with its change-log rows as the last statement (R5); once committed, this process hears of it. */
async function runChange(deps, work) {
	const { result, head } = await deps.db.transaction().execute(async (tx) => {
		const { result, changed } = await work(tx);
		return {
			result,
			head: headOf(await appendChanges(tx, changed, deps.now()))
		};
	});
	deps.bus.announce(head);
	return result;
}
/** Agents, teams and accounts are known to the whole desk. */
function directoryEntry(id) {
	return {
		collection: "directory",
		id,
		scopes: ["desk"]
	};
}
// apps/sync-server/src/auth/insert-agent.ts
/**
* Adds an agent with its audit row; the change log is the caller's.
*
* @param actor - null: the new agent himself, by a link he was given.
*/
async function insertAgent(tx, actor, given, at) {
	const { email, name, role, passwordHash, disabled = false } = given;
	const teamIds = [...new Set(given.teamIds)];
	const id = createUuidV7(at);
	const row = await tx.insertInto("agents").values({
		id,
		email,
		name,
		role,
		team_ids: teamIds,
		disabled,
		password_hash: passwordHash,
		created_at: at
	}).returningAll().executeTakeFirstOrThrow();
	await writeAudit(tx, {
		at,
		actor: actor ?? `agent:${id}`,
		action: "agent.create",
		target: `agent:${id}`,
		after: {
			email,
			name,
			role,
			teamIds,
			disabled
		}
	});
	return row;
}
// apps/sync-server/src/auth/limiter.ts
/** Runs at most `limit` tasks at a time; the others wait in order of arrival. */
var Limiter = class {
	#limit;
	#waiting = [];
	#running = 0;
	constructor(limit) {
		this.#limit = limit;
	}
	async run(task) {
		if (this.#running < this.#limit) this.#running++;
		else await new Promise((resolve) => this.#waiting.push(resolve));
		try {
			return await task();
		} finally {
			const next = this.#waiting.shift();
			if (next) next();
			else this.#running--;
		}
	}
	get isIdle() {
		return this.#running === 0;
	}
};
/** One task at a time for each key; different keys do not wait for each other. */
var KeyedLimiter = class {
	#limiters = /* @__PURE__ */ new Map();
	async run(key, task) {
		const limiter = this.#limiters.get(key) ?? new Limiter(1);
		this.#limiters.set(key, limiter);
		try {
			return await limiter.run(task);
		} finally {
			if (limiter.isIdle) this.#limiters.delete(key);
		}
	}
};
// apps/sync-server/src/auth/password.ts
const CURRENT = {
	n: 2 ** 15,
	r: 8,
	p: 3
};
const KEY_BYTES$1 = 32;
const SALT_BYTES = 16;
const ENCODED = /^scrypt\$n=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;
const limiter = new Limiter(2);
function derive(password, salt, { n, r, p }) {
	return limiter.run(() => new Promise((resolve, reject) => {
		scrypt(password.normalize("NFKC"), salt, KEY_BYTES$1, {
			N: n,
			r,
			p,
			maxmem: 256 * n * r
		}, (error, key) => {
			if (error) reject(error);
			else resolve(key);
		});
	}));
}
function encode({ n, r, p }, salt, key) {
	return `scrypt$n=${n},r=${r},p=${p}$${salt.toString("base64url")}$${key.toString("base64url")}`;
}
/** @returns the hash with its parameters and salt: `scrypt$n=…,r=…,p=…$salt$key`. */
async function hashPassword(password) {
	const salt = randomBytes(SALT_BYTES);
	return encode(CURRENT, salt, await derive(password, salt, CURRENT));
}
const NOBODY = encode(CURRENT, Buffer.alloc(SALT_BYTES), Buffer.alloc(KEY_BYTES$1));
/**
* Compares in constant time, whatever the stored parameters.
*
* @param stored - a hash of ours, or null for an unknown agent: takes as long, never matches.
* @returns `outdated`: matches, but was made with older parameters and should be hashed anew.
* @throws Error when the stored hash is not one of ours.
*/
async function verifyPassword(password, stored) {
	const match = ENCODED.exec(stored ?? NOBODY);
	if (!match) throw new Error("a stored password hash is damaged");
	const [, n, r, p, salt = "", key = ""] = match;
	const parameters = {
		n: Number(n),
		r: Number(r),
		p: Number(p)
	};
	const expected = Buffer.from(key, "base64url");
	const actual = await derive(password, Buffer.from(salt, "base64url"), parameters);
	if (!(expected.length === actual.length && timingSafeEqual(expected, actual)) || stored === null) return "wrong";
	return parameters.n === CURRENT.n && parameters.r === CURRENT.r && parameters.p === CURRENT.p ? "match" : "outdated";
}
// apps/sync-server/src/auth/readable-code.ts
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const GROUPS = 4;
const GROUP_LENGTH = 4;
const FORM$1 = new RegExp(`^[${ALPHABET}]{16}$`);
/** A code that people can copy from paper: 80 random bits, such as `k7qa-2mzx-ob4t-wdhe`. */
function createReadableCode() {
	const group = () => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(32)]).join("");
	return Array.from({ length: GROUPS }, group).join("-");
}
/**
* The hash of a code as somebody typed it, whatever the case, spaces and hyphens; null when it cannot be a code. The code
* has 80 random bits, so one fast hash suffices.
*/
function hashReadableCode(typed) {
	const plain = typed.toLowerCase().replaceAll(/[\s-]/g, "");
	return FORM$1.test(plain) ? createHash("sha256").update(plain).digest() : null;
}
// apps/sync-server/src/auth/bootstrap.ts
/**
* Makes the desk's row at the first start, and checks at every other one that mode and secret key are still its own.
*
* @throws Error with one sentence for people when they are not.
*/
async function prepareDesk(db, options) {
	const at = options.now();
	const passwordHash = options.admin && !await hasAgents(db) ? await hashPassword(options.admin.password) : null;
	return db.transaction().execute(async (tx) => {
		await tx.insertInto("desk").values({
			id: createUuidV7(at),
			mode: options.mode,
			name: options.mode === "demo" ? "Tradewind demo" : "Tradewind",
			key_fingerprint: options.keyFingerprint,
			created_at: at
		}).onConflict((conflict) => conflict.column("one").doNothing()).execute();
		const desk = await tx.selectFrom("desk").selectAll().forUpdate().executeTakeFirstOrThrow();
		if (desk.mode !== options.mode) throw new Error(explainMode(desk.mode));
		if (desk.key_fingerprint !== options.keyFingerprint) throw new Error("The secret key is not the one this desk was made with: put back the original TRADEWIND_SECRET_KEY or secret.key.");
		if (options.admin && passwordHash !== null && !await hasAgents(tx)) await createAdmin(tx, options.admin.email, passwordHash, at);
		const setupCode = await hasAgents(tx) ? null : desk.setup_code ?? createReadableCode();
		if (setupCode !== desk.setup_code) await tx.updateTable("desk").set({ setup_code: setupCode }).execute();
		return {
			id: desk.id,
			mode: desk.mode,
			name: desk.name,
			setupCode
		};
	});
}
function explainMode(mode) {
	return mode === "demo" ? "This data belongs to the demo: start without --no-demo, or choose another folder with --data." : "This data belongs to a real desk: start with --no-demo, or choose another folder with --data.";
}
/** For links that are made without a server, such as those of `npm run admin`. */
async function rememberPublicUrl(db, publicUrl) {
	await db.updateTable("desk").set({ public_url: publicUrl }).execute();
}
/** A desk without agents is new: its first admin has yet to be made. */
async function hasAgents(db) {
	return await db.selectFrom("agents").select("id").limit(1).executeTakeFirst() !== void 0;
}
async function createAdmin(tx, email, passwordHash, at) {
	const { id } = await insertAgent(tx, "server", {
		email,
		name: email.split("@")[0] ?? email,
		role: "admin",
		teamIds: [],
		passwordHash
	}, at);
	await appendChanges(tx, [directoryEntry(id)], at);
}
// apps/sync-server/src/auth/lock-agent.ts
/**
* The agent's row as it is now, held until the transaction ends. Sessions may begin meanwhile, agents may be given
* conversations: those only refer to the row.
*
* @throws AppError `not-found`.
*/
async function lockAgent(tx, id) {
	const row = await tx.selectFrom("agents").selectAll().where("id", "=", id).forNoKeyUpdate().executeTakeFirst();
	if (!row) throw new AppError("not-found", "There is no such agent.");
	return row;
}
// apps/sync-server/src/auth/own-agent.ts
function toOwnAgent(row) {
	const { id, email, name, role, team_ids: teamIds, access_version: accessVersion } = row;
	return {
		id,
		email,
		name,
		role,
		teamIds,
		accessVersion,
		totp: hasTotp(row)
	};
}
/** A secret that was shown but never confirmed by a code does not count. */
function hasTotp(row) {
	return row.totp_since !== null;
}
// apps/sync-server/src/auth/login.ts
/** Logs agents in. Unknown mail address, wrong password and disabled agent get the same answer after the same time. */
var Login = class {
	#deps;
	constructor(deps) {
		this.#deps = deps;
	}
	/**
	* @throws AppError `unauthenticated` for wrong credentials; `code-required` when the password is right and a code is
	*   needed too, which is no failure; `rate-limited` while mail or client address is blocked.
	*/
	login(credentials, client) {
		const email = credentials.email.trim().toLowerCase();
		return this.#deps.guard.run(email, client, () => this.#tryLogin({
			...credentials,
			email
		}, client));
	}
	async #tryLogin({ email, password, code }, client) {
		const { db, guard } = this.#deps;
		const row = await db.selectFrom("agents").selectAll().where("email", "=", email).executeTakeFirst();
		const verdict = await verifyPassword(password, row?.password_hash ?? null);
		if (!row || verdict === "wrong" || row.disabled) return this.#refuse("password", email, row?.id ?? null, client);
		if (hasTotp(row) && code === void 0) throw new AppError("code-required", "Enter the code of your authenticator app, or a recovery code.");
		const opened = await this.#open(row, code, client);
		if (typeof opened === "string") return this.#refuse(opened, email, row.id, client);
		await guard.forgive(email);
		if (verdict === "outdated") await this.#rehash(row.id, row.password_hash, password);
		return opened;
	}
	/** Begins the session, unless what was checked has changed since: a new password, a disabled agent, a used code. */
	#open(seen, code, client) {
		const { db, sessions, twoStep, now } = this.#deps;
		return db.transaction().execute(async (tx) => {
			const row = await lockAgent(tx, seen.id);
			if (row.disabled || row.password_hash !== seen.password_hash) return "password";
			const taken = hasTotp(row) ? await twoStep.take(tx, row, code ?? "") : "none";
			if (taken === null) return "code";
			const session = await sessions.create(tx, row.id, client);
			await writeAudit(tx, {
				at: now(),
				actor: `agent:${row.id}`,
				action: "login",
				target: `agent:${row.id}`,
				after: {
					sessionId: session.sessionId,
					address: client.address,
					...taken === "none" ? {} : { code: taken }
				}
			});
			return {
				...session,
				agent: toOwnAgent(row)
			};
		});
	}
	async #refuse(refusal, email, agentId, client) {
		await this.#deps.guard.countFailure(email, client);
		await this.#auditFailure(refusal, agentId, client);
		if (refusal === "password") throw new AppError("unauthenticated", await this.#explainFailure());
		throw new AppError("unauthenticated", "The code is wrong, or was used already.", { errors: [{
			path: "code",
			message: "is wrong, or was used already"
		}] });
	}
	async #auditFailure(refusal, agentId, client) {
		await this.#deps.db.transaction().execute((tx) => writeAudit(tx, {
			at: this.#deps.now(),
			actor: "anonymous",
			action: "login.failed",
			target: agentId === null ? "agent:unknown" : `agent:${agentId}`,
			after: {
				address: client.address,
				wrong: refusal
			}
		}));
	}
	async #explainFailure() {
		if (await hasAgents(this.#deps.db)) return "Mail address or password is wrong.";
		return "This desk has no agents yet: open the set-up link that was printed where the server was started.";
	}
	async #rehash(agentId, seenHash, password) {
		const password_hash = await hashPassword(password);
		await this.#deps.db.updateTable("agents").set({ password_hash }).where("id", "=", agentId).where("password_hash", "=", seenHash).execute();
	}
};
// apps/sync-server/src/net/to-network.ts
/** What limits count instead of a client's address: a household has a whole /64 of IPv6 addresses. */
function toNetwork(address) {
	const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
	if (!isIPv6(plain)) return plain;
	const [head = "", tail] = plain.split("%")[0]?.split("::") ?? [];
	const groups = head === "" ? [] : head.split(":");
	const rest = tail === void 0 || tail === "" ? [] : tail.split(":");
	const zeros = tail === void 0 ? [] : Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => "0");
	return [
		...groups,
		...zeros,
		...rest
	].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, "").toLowerCase()).join(":");
}
// apps/sync-server/src/auth/attempt-limit.ts
/** Kinds whose value is a client's address. */
const ADDRESSES = /* @__PURE__ */ new Set([
	"address",
	"setup",
	"forgot-address"
]);
const FREE_TRIES = {
	email: 5,
	address: 30,
	setup: 10,
	"forgot-email": 3,
	"forgot-address": 20
};
const FIRST_BLOCK_MS = 3e4;
const LONGEST_BLOCK_MS = 9e5;
/** Tries are forgotten this long after the first one. */
const MEMORY_MS = 36e5;
/** Hashed: what people type into the mail field may be a password. */
function toKey$1({ kind, value }) {
	const counted = ADDRESSES.has(kind) ? toNetwork(value) : value;
	return `${kind}:${createHash("sha256").update(counted).digest("base64url")}`;
}
/** Counts tries that may be somebody guessing, in the database, so that all nodes and restarts agree. */
var AttemptLimit = class {
	#db;
	constructor(db) {
		this.#db = db;
	}
	/** @throws AppError `rate-limited` with the time until the next try, while one of them is blocked. */
	async assertAllowed(attempts, nowMs) {
		const rows = await this.#db.selectFrom("login_failures").select("blocked_until").where("key", "in", attempts.map(toKey$1)).execute();
		const retryAfterMs = Math.max(0, ...rows.map((row) => row.blocked_until - nowMs));
		if (retryAfterMs > 0) throw new AppError("rate-limited", "Too many tries. Try again later.", { retryAfterMs });
	}
	/** Counts a try; from the last free one on each blocks twice as long as the one before. */
	async count(attempts, nowMs) {
		for (const attempt of attempts) await this.#countOne(attempt, nowMs);
	}
	async #countOne(attempt, nowMs) {
		const failures = sql`case when login_failures.first_at < ${nowMs - MEMORY_MS}::bigint then 1
      else login_failures.failures + 1 end`;
		const surplus = sql`least(20, ${failures} - ${FREE_TRIES[attempt.kind]}::integer)`;
		await sql`
      insert into login_failures (key, failures, first_at) values (${toKey$1(attempt)}, 1, ${nowMs})
      on conflict (key) do update set failures = ${failures},
        first_at = greatest(login_failures.first_at, case when ${failures} = 1 then ${nowMs}::bigint else 0 end),
        blocked_until = case when ${surplus} < 0 then 0
          else ${nowMs}::bigint + least(${LONGEST_BLOCK_MS}::bigint, ${FIRST_BLOCK_MS}::bigint * (2 ^ ${surplus})::bigint) end`.execute(this.#db);
	}
	async clear(attempt) {
		await this.#db.deleteFrom("login_failures").where("key", "=", toKey$1(attempt)).execute();
	}
};
// apps/sync-server/src/auth/login-guard.ts
/** Stands before every check of a password or code of an agent, so that guesses at one are counted with those at the other. */
var LoginGuard = class {
	#limit;
	#now;
	#oneByOne = new KeyedLimiter();
	#oneByAddress = new KeyedLimiter();
	constructor(db, now) {
		this.#limit = new AttemptLimit(db);
		this.#now = now;
	}
	/**
	* Runs a try, of which there is one at a time for a mail address, and for a client address.
	*
	* @param email - lower-cased.
	* @throws AppError `rate-limited` while mail or client address is blocked.
	*/
	run(email, client, task) {
		const guarded = async () => {
			await this.#limit.assertAllowed(toAttempts(email, client), this.#now());
			return task();
		};
		return this.#oneByOne.run(email, () => this.#oneByAddress.run(toNetwork(client.address), guarded));
	}
	countFailure(email, client) {
		return this.#limit.count(toAttempts(email, client), this.#now());
	}
	/** A log-in forgives the mail address; the client address keeps its count, or one's own log-in would reset it. */
	forgive(email) {
		return this.#limit.clear({
			kind: "email",
			value: email
		});
	}
};
function toAttempts(email, client) {
	return [{
		kind: "email",
		value: email
	}, {
		kind: "address",
		value: client.address
	}];
}
// apps/sync-server/src/accounts/mail-texts.ts
/** The words of the mails, in each language. They are plain text: a link is easier to trust when one can read it. */
const MAIL_TEXTS = {
	en: {
		invite: ({ desk, inviter, link }) => ({
			subject: `${inviter} invites you to ${desk}`,
			text: `Hello,

${inviter} invites you to work at the support desk ${desk}. Open this address and choose a password:

${link}

It works once, for seven days. If you did not expect this mail, you need not do anything.
`
		}),
		reset: ({ desk, link }) => ({
			subject: `A new password for ${desk}`,
			text: `Hello,

somebody, probably you, asked for a new password at the support desk ${desk}. Choose it at this address:

${link}

It works once, for one hour, and only the newest mail counts. If it was not you, you need not do anything: your password stays as it is.
`
		})
	},
	"zh-CN": {
		invite: ({ desk, inviter, link }) => ({
			subject: `${inviter} 邀请你加入 ${desk}`,
			text: `你好：

${inviter} 邀请你加入工作台 ${desk}。请打开以下地址并设置密码：

${link}

此链接七天内有效，只能使用一次。如果你没有在等这封邮件，无需任何操作。
`
		}),
		reset: ({ desk, link }) => ({
			subject: `${desk} 的新密码`,
			text: `你好：

有人（很可能是你本人）请求为工作台 ${desk} 设置新密码。请在以下地址设置：

${link}

此链接一小时内有效，只能使用一次，且仅最新一封邮件有效。如果不是你本人的操作，无需任何处理，你的密码不会改变。
`
		})
	}
};
// apps/sync-server/src/auth/password-rules.ts
/**
* The rule that a schema for the password alone cannot check. (Its length is the schema's: `http/routes/people-fields.ts`.)
*
* @throws AppError `bad-input` naming `password` when it is the agent's own mail address.
*/
function assertPasswordAllowed(password, email) {
	if (fold(password) !== fold(email)) return;
	throw new AppError("bad-input", "The password is too easy to guess.", { errors: [{
		path: "password",
		message: "must not be the mail address"
	}] });
}
function fold(text) {
	return text.normalize("NFKC").trim().toLowerCase();
}
// apps/sync-server/src/auth/token.ts
const FORM = /^tw_[A-Za-z0-9_-]{43}$/;
/**
* A bearer token: 256 random bits behind a prefix that secret scanners and our own log recognise.
*
* @returns the token for its owner, and the hash for the database: the token is random, so one fast hash suffices.
*/
function createToken() {
	const token = `tw_${randomBytes(32).toString("base64url")}`;
	return {
		token,
		hash: toHash(token)
	};
}
/** The hash to look a token up by; null when the text cannot be a token. */
function hashToken(token) {
	return FORM.test(token) ? toHash(token) : null;
}
function toHash(token) {
	return createHash("sha256").update(token).digest();
}
// apps/sync-server/src/auth/password-resets.ts
const RESET_MS = 36e5;
/** Links with which agents who lost their password choose another: by mail, or passed on by an admin. */
var PasswordResets = class {
	#deps;
	#limit;
	#oneByOne = new KeyedLimiter();
	#running = /* @__PURE__ */ new Set();
	constructor(deps) {
		this.#deps = deps;
		this.#limit = new AttemptLimit(deps.db);
	}
	/**
	* Mails a link to the agent of this address. Whether there is one is neither said nor to be measured: all that depends
	* on it happens after the answer.
	*
	* @throws AppError `rate-limited`, for known and unknown addresses alike.
	*/
	async requestByMail(email, language, client) {
		const attempts = [{
			kind: "forgot-email",
			value: email
		}, {
			kind: "forgot-address",
			value: client.address
		}];
		await this.#oneByOne.run(email, async () => {
			const nowMs = this.#deps.now();
			await this.#limit.assertAllowed(attempts, nowMs);
			await this.#limit.count(attempts, nowMs);
		});
		const running = this.#mailLink(email, language, client).catch((error) => {
			this.#deps.log.error({
				event: "reset.failed",
				err: error
			}, "a link for a lost password could not be made");
		}).finally(() => this.#running.delete(running));
		this.#running.add(running);
	}
	async #mailLink(email, language, client) {
		const { db, mail, now } = this.#deps;
		const agent = await db.selectFrom("agents").select(["id", "name"]).where("email", "=", email).where("disabled", "=", false).executeTakeFirst();
		const target = `agent:${agent?.id ?? "unknown"}`;
		const after = { address: client.address };
		await db.transaction().execute((tx) => writeAudit(tx, {
			at: now(),
			actor: "anonymous",
			action: "password.forgot",
			target,
			after
		}));
		if (!agent || !mail.canSend()) return;
		const { link } = await this.#create("anonymous", agent.id, { address: client.address });
		const desk = await db.selectFrom("desk").select("name").executeTakeFirstOrThrow();
		mail.send({
			name: agent.name,
			address: email
		}, MAIL_TEXTS[language].reset({
			desk: desk.name,
			link
		}));
	}
	/**
	* A link for an agent, to be passed on by an admin.
	*
	* @throws AppError `not-found`; `conflict` for a disabled agent.
	*/
	createLink(actor, agentId) {
		return this.#create(actor, agentId, {});
	}
	async #create(actor, agentId, facts) {
		const at = this.#deps.now();
		const { token, expiresAt } = await this.#deps.db.transaction().execute((tx) => createReset(tx, actor, agentId, at, facts));
		return {
			link: toResetLink(this.#deps.publicUrl(), token),
			expiresAt
		};
	}
	/**
	* Sets the password and ends all sessions. The link proves that somebody reads the agent's mail, which is not enough where
	* log-ins need a code: then no session begins, and the log-in form asks for the code.
	*
	* @throws AppError `not-found` for a link that is unknown, used, too old or not the newest; `bad-input`.
	*/
	async redeem(token, password, client) {
		const { db, sessions, now, guard } = this.#deps;
		assertPasswordAllowed(password, (await findReset(db, token, now())).email);
		const password_hash = await hashPassword(password);
		const { sessionId, ...answer } = await runChange(this.#deps, async (tx) => {
			const at = now();
			const { id } = await findReset(tx, token, at);
			const row = await lockAgent(tx, id);
			if (!await forgetReset(tx, id, token) || row.disabled) throw invalidLink();
			await tx.updateTable("agents").set({ password_hash }).where("id", "=", id).execute();
			await sessions.endAll(tx, id, null, `agent:${id}`);
			const session = hasTotp(row) ? null : await sessions.create(tx, id, client);
			await writeAudit(tx, {
				at,
				actor: `agent:${id}`,
				action: "password.reset",
				target: `agent:${id}`,
				after: {
					address: client.address,
					...session ? { sessionId: session.sessionId } : {}
				}
			});
			return {
				result: {
					token: session?.token ?? null,
					sessionId: session?.sessionId ?? null,
					agent: toOwnAgent(row)
				},
				changed: [directoryEntry(id)]
			};
		});
		sessions.announceEnd({
			agentId: answer.agent.id,
			exceptSessionId: sessionId
		});
		await guard.forgive(answer.agent.email);
		return answer;
	}
	/** Waits for the links under way. */
	async settled() {
		await Promise.all(this.#running);
	}
};
function toResetLink(publicUrl, token) {
	return `${publicUrl}/#/reset/${token}`;
}
/**
* Makes a link for an agent; the one before it ends (the newest wins).
*
* @throws AppError `not-found`; `conflict` for a disabled agent.
*/
async function createReset(tx, actor, agentId, at, facts = {}) {
	if ((await lockAgent(tx, agentId)).disabled) throw new AppError("conflict", "This agent is disabled: enable the agent first.");
	const { token, hash } = createToken();
	const columns = {
		token_hash: hash,
		created_at: at,
		expires_at: at + RESET_MS
	};
	await tx.insertInto("password_resets").values({
		agent_id: agentId,
		...columns
	}).onConflict((conflict) => conflict.column("agent_id").doUpdateSet(columns)).execute();
	const after = {
		expiresAt: columns.expires_at,
		...facts
	};
	await writeAudit(tx, {
		at,
		actor,
		action: "password.reset-link",
		target: `agent:${agentId}`,
		after
	});
	return {
		token,
		expiresAt: columns.expires_at
	};
}
/**
* Ends the link of an agent.
*
* @param token - only if it is this one.
* @returns false when there was none.
*/
async function forgetReset(tx, agentId, token) {
	let deletion = tx.deleteFrom("password_resets").where("agent_id", "=", agentId);
	if (token !== void 0) deletion = deletion.where("token_hash", "=", hashToken(token) ?? Buffer.alloc(0));
	return await deletion.returning("agent_id").executeTakeFirst() !== void 0;
}
async function findReset(db, token, nowMs) {
	const row = await db.selectFrom("password_resets as r").innerJoin("agents as a", "a.id", "r.agent_id").select(["a.id", "a.email"]).where("r.token_hash", "=", hashToken(token) ?? Buffer.alloc(0)).where("r.expires_at", ">", nowMs).where("a.disabled", "=", false).executeTakeFirst();
	if (!row) throw invalidLink();
	return row;
}
function invalidLink() {
	return new AppError("not-found", "This link is not valid any more: ask for a new one.");
}
// apps/sync-server/src/auth/own-password.ts
/** What agents do with their own password while they are logged in: an open console alone must not be enough. */
var OwnPassword = class {
	#deps;
	#sessions;
	#guard;
	constructor(deps, sessions, guard) {
		this.#deps = deps;
		this.#sessions = sessions;
		this.#guard = guard;
	}
	/**
	* Makes sure that the agent knows the password; a wrong one counts as a failed log-in.
	*
	* @returns the hash it was checked against.
	* @throws AppError `bad-input` naming `field`, `rate-limited`.
	*/
	confirm({ agent }, password, client, field) {
		return this.#guard.run(agent.email, client, async () => {
			const { password_hash: hash } = await this.#deps.db.selectFrom("agents").select("password_hash").where("id", "=", agent.id).executeTakeFirstOrThrow();
			if (await verifyPassword(password, hash) !== "wrong") return hash;
			await this.#guard.countFailure(agent.email, client);
			throw wrongPassword(field);
		});
	}
	/**
	* A new password ends the agent's other sessions, and what a link for a lost password was good for.
	*
	* @throws AppError `bad-input` naming `current` or `password`, `rate-limited`.
	*/
	async change(session, current, password, client) {
		const { id, email } = session.agent;
		const checkedHash = await this.confirm(session, current, client, "current");
		assertPasswordAllowed(password, email);
		const password_hash = await hashPassword(password);
		await runChange(this.#deps, async (tx) => {
			if ((await lockAgent(tx, id)).password_hash !== checkedHash) throw wrongPassword("current");
			await tx.updateTable("agents").set({ password_hash }).where("id", "=", id).execute();
			await forgetReset(tx, id);
			await this.#sessions.endAll(tx, id, session.sessionId, `agent:${id}`);
			await writeAudit(tx, {
				at: this.#deps.now(),
				actor: `agent:${id}`,
				action: "password.change",
				target: `agent:${id}`
			});
			return {
				result: null,
				changed: [directoryEntry(id)]
			};
		});
		this.#sessions.announceEnd({
			agentId: id,
			exceptSessionId: session.sessionId
		});
	}
};
function wrongPassword(field) {
	return new AppError("bad-input", "The password is wrong.", { errors: [{
		path: field,
		message: "is not your password"
	}] });
}
// apps/sync-server/src/auth/setup.ts
/**
* The first admin of an empty desk, made by whoever knows the code that was printed where the server was started: else the
* first stranger who finds a new desk would own it.
*/
var Setup = class {
	#deps;
	#sessions;
	#limit;
	constructor(deps, sessions) {
		this.#deps = deps;
		this.#sessions = sessions;
		this.#limit = new AttemptLimit(deps.db);
	}
	/**
	* Of two at the same moment one makes the admin, and the other is told that the desk is set up.
	*
	* @throws AppError `conflict` when there is an agent already; `bad-input` naming `code` or `password`; `rate-limited`.
	*/
	async complete(input, client) {
		const { db, now } = this.#deps;
		if (await hasAgents(db)) throw setUpAlready();
		await this.#assertCode(input.code, client);
		assertPasswordAllowed(input.password, input.email);
		const passwordHash = await hashPassword(input.password);
		return runChange(this.#deps, async (tx) => {
			const at = now();
			const before = await tx.selectFrom("desk").selectAll().forUpdate().executeTakeFirstOrThrow();
			if (await hasAgents(tx)) throw setUpAlready();
			const { email, name, deskName, timeZone } = input;
			await tx.updateTable("desk").set({
				name: deskName,
				time_zone: timeZone,
				setup_code: null
			}).execute();
			const row = await insertAgent(tx, null, {
				email,
				name,
				role: "admin",
				teamIds: [],
				passwordHash
			}, at);
			const { token, sessionId } = await this.#sessions.create(tx, row.id, client);
			await writeAudit(tx, {
				at,
				actor: `agent:${row.id}`,
				action: "desk.setup",
				target: `desk:${before.id}`,
				before: {
					name: before.name,
					timeZone: before.time_zone
				},
				after: {
					name: deskName,
					timeZone,
					sessionId,
					address: client.address
				}
			});
			return {
				result: {
					token,
					agent: toOwnAgent(row)
				},
				changed: [directoryEntry(row.id)]
			};
		});
	}
	async #assertCode(typed, client) {
		const { db, now } = this.#deps;
		const attempts = [{
			kind: "setup",
			value: client.address
		}];
		await this.#limit.assertAllowed(attempts, now());
		if (isSameCode(typed, await readSetupCode(db))) return;
		await this.#limit.count(attempts, now());
		await db.transaction().execute((tx) => writeAudit(tx, {
			at: now(),
			actor: "anonymous",
			action: "desk.setup-failed",
			target: "desk:new",
			after: { address: client.address }
		}));
		throw new AppError("bad-input", "The set-up code is wrong.", { errors: [{
			path: "code",
			message: "is not the code that was printed where the server was started"
		}] });
	}
};
async function readSetupCode(db) {
	return (await db.selectFrom("desk").select("setup_code").executeTakeFirst())?.setup_code ?? "";
}
function isSameCode(typed, expected) {
	const [given, wanted] = [hashReadableCode(typed), hashReadableCode(expected)];
	return given !== null && wanted !== null && timingSafeEqual(given, wanted);
}
function setUpAlready() {
	return new AppError("conflict", "This desk is set up already: log in, or ask an admin for an invitation.");
}
// apps/sync-server/src/auth/totp.ts
const STEP_MS = 3e4;
const DIGITS = 6;
const SECRET_BYTES = 20;
/** Clocks of phones are not exact, and people are not fast. */
const DRIFT_STEPS = 1;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
function createTotpSecret() {
	return randomBytes(SECRET_BYTES);
}
/** The number of the 30-second step in which this instant lies. */
function toStep(nowMs) {
	return Math.floor(nowMs / STEP_MS);
}
/** The six digits of a step. @see https://www.rfc-editor.org/rfc/rfc4226#section-5.3 */
function codeOfStep(secret, step) {
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(step));
	const digest = createHmac("sha1", secret).update(counter).digest();
	const offset = digest.readUInt8(digest.length - 1) & 15;
	const number = digest.readUInt32BE(offset) & 2147483647;
	return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}
/**
* The step whose code this is, now or one step beside it; null when it is none of them.
*
* @param afterStep - the step used last, which does not count again, nor do earlier ones; null: none.
*/
function findStep(secret, code, nowMs, afterStep) {
	const now = toStep(nowMs);
	let found = null;
	for (let step = now - DRIFT_STEPS; step <= now + DRIFT_STEPS; step++) if (timingSafeEqual(toEqualLength(codeOfStep(secret, step)), toEqualLength(code)) && (afterStep === null || step > afterStep)) found = step;
	return found;
}
/** Texts of any length, such as what somebody typed, made comparable in constant time. */
function toEqualLength(text) {
	return createHmac("sha256", "totp").update(text).digest();
}
/** What authenticator apps read, from a QR code or typed. @see https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
function toTotpUri(secret, issuer, account) {
	return `otpauth://totp/${[issuer, account].map((part) => encodeURIComponent(part.replaceAll(":", " "))).join(":")}?${`secret=${toBase32(secret)}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${DIGITS}&period=${STEP_MS / 1e3}`}`;
}
/** RFC 4648 without padding. */
function toBase32(bytes) {
	let bits = "";
	for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
	return (bits.match(/.{1,5}/g) ?? []).map((group) => BASE32[Number.parseInt(group.padEnd(5, "0"), 2)]).join("");
}
// apps/sync-server/src/auth/two-step.ts
const RECOVERY_CODES = 10;
const NO_TOTP = {
	totp_secret: null,
	totp_since: null,
	totp_last_step: null,
	recovery_hashes: []
};
/** Codes of an authenticator app beside the password, and recovery codes for the day the phone is lost. */
var TwoStep = class {
	#deps;
	constructor(deps) {
		this.#deps = deps;
	}
	/** For `GET /api/me`. */
	async isOn(agentId) {
		return hasTotp(await this.#deps.db.selectFrom("agents").select("totp_since").where("id", "=", agentId).executeTakeFirstOrThrow());
	}
	/**
	* Shows a new secret. It counts from the moment a code made with it comes back (`enable`); shown again it replaces the
	* one before.
	*
	* @throws AppError `conflict` when codes are asked for already; `bad-input` naming `password`; `rate-limited`.
	*/
	async begin(session, password, client) {
		const { db, ownPassword } = this.#deps;
		const { id, email } = session.agent;
		await ownPassword.confirm(session, password, client, "password");
		const secret = createTotpSecret();
		const desk = await db.selectFrom("desk").select("name").executeTakeFirstOrThrow();
		await db.transaction().execute(async (tx) => {
			if (hasTotp(await lockAgent(tx, id))) throw new AppError("conflict", "Log-in codes are on already: switch them off first.");
			await this.#save(tx, id, {
				...NO_TOTP,
				totp_secret: this.#seal(id, secret)
			});
			await this.#audit(tx, `agent:${id}`, "totp.begin", id);
		});
		return {
			secret: toBase32(secret),
			uri: toTotpUri(secret, desk.name, email)
		};
	}
	/**
	* Codes are asked for from now on.
	*
	* @returns ten recovery codes, told once; each counts once.
	* @throws AppError `bad-input` naming `code`; `conflict` when there is nothing to confirm.
	*/
	async enable(agentId, code) {
		const codes = Array.from({ length: RECOVERY_CODES }, createReadableCode);
		const hashes = codes.flatMap((one) => hashReadableCode(one) ?? []);
		await this.#deps.db.transaction().execute(async (tx) => {
			const row = await lockAgent(tx, agentId);
			if (hasTotp(row)) throw new AppError("conflict", "Log-in codes are on already.");
			if (!row.totp_secret) throw new AppError("conflict", "Begin again: there is no secret to confirm.");
			const nowMs = this.#deps.now();
			const step = findStep(this.#open(row.id, row.totp_secret), stripSpaces(code), nowMs, null);
			if (step === null) throw wrongCode();
			const columns = {
				totp_since: nowMs,
				totp_last_step: step,
				recovery_hashes: hashes
			};
			await this.#save(tx, agentId, columns);
			await this.#audit(tx, `agent:${agentId}`, "totp.enable", agentId);
		});
		return codes;
	}
	/** @throws AppError `bad-input` naming `password`; `rate-limited`. */
	async remove(session, password, client) {
		const { id } = session.agent;
		await this.#deps.ownPassword.confirm(session, password, client, "password");
		await this.removeOf(`agent:${id}`, id);
	}
	/** For whoever lost phone and recovery codes; who may do so is the caller's question. @throws AppError `not-found`. */
	async removeOf(actor, agentId) {
		await this.#deps.db.transaction().execute((tx) => removeTotp(tx, actor, agentId, this.#deps.now()));
	}
	/**
	* Takes a code, which then never counts again: of two uses at the same moment, on whatever nodes, one waits for the
	* other's lock on the agent's row and finds it used.
	*
	* @param row - as read under the lock of this transaction (`lockAgent`).
	* @returns what kind of code it was, null when it is wrong or used.
	*/
	async take(tx, row, typed) {
		if (!row.totp_secret) return null;
		const step = findStep(this.#open(row.id, row.totp_secret), stripSpaces(typed), this.#deps.now(), row.totp_last_step);
		if (step !== null) {
			await this.#save(tx, row.id, { totp_last_step: step });
			return "app";
		}
		const hash = hashReadableCode(typed);
		const left = row.recovery_hashes.filter((one) => hash === null || !one.equals(hash));
		if (left.length === row.recovery_hashes.length) return null;
		await this.#save(tx, row.id, { recovery_hashes: left });
		return "recovery";
	}
	async #save(tx, agentId, columns) {
		await tx.updateTable("agents").set(columns).where("id", "=", agentId).execute();
	}
	async #audit(tx, actor, action, agentId) {
		await writeAudit(tx, {
			at: this.#deps.now(),
			actor,
			action,
			target: `agent:${agentId}`
		});
	}
	#seal(agentId, secret) {
		return this.#deps.secrets.seal(`totp:${agentId}`, { secret: secret.toString("base64") });
	}
	#open(agentId, box) {
		const { secret } = this.#deps.secrets.open(`totp:${agentId}`, box);
		return Buffer.from(String(secret), "base64");
	}
};
/** @throws AppError `not-found`. */
async function removeTotp(tx, actor, agentId, at) {
	const row = await lockAgent(tx, agentId);
	if (!row.totp_secret) return;
	await tx.updateTable("agents").set(NO_TOTP).where("id", "=", agentId).execute();
	if (hasTotp(row)) await writeAudit(tx, {
		at,
		actor,
		action: "totp.remove",
		target: `agent:${agentId}`
	});
}
/** Apps show `123 456`, and people type it so. */
function stripSpaces(code) {
	return code.replaceAll(/\s/g, "");
}
function wrongCode() {
	return new AppError("bad-input", "The code is wrong.", { errors: [{
		path: "code",
		message: "is not the code that the app shows now"
	}] });
}
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
// apps/sync-server/src/auth/scopes.ts
function scopesOf(agent) {
	if (agent.role === "admin") return "all";
	return [
		"desk",
		`agent:${agent.id}`,
		...agent.teamIds.map((id) => `team:${id}`)
	];
}
/** Whether a document with these scopes may be seen by this reader (R15). */
function isVisible(documentScopes, reader) {
	return reader === "all" || documentScopes.some((scope) => reader.includes(scope));
}
/** The same rule in SQL, for a query in which the document's change-log row is called `log`. */
function isVisibleSql(reader) {
	return reader === "all" ? sql`true` : sql`log.scopes && ${[...reader]}::text[]`;
}
// apps/sync-server/src/db/documents.ts
/** Writes of whole documents, new or changed; null when there is nothing to write. */
function writeCustomers(docs, nowMs) {
	if (docs.length === 0) return null;
	return {
		name: "customers_written",
		statement: sql`
    insert into customers (id, updated_at, doc)
    select id, ${nowMs}::bigint, doc
    from unnest(${docs.map((doc) => doc.id)}::text[], ${docs.map(toJsonText)}::jsonb[]) as given (id, doc)
    on conflict (id) do update set updated_at = excluded.updated_at, doc = excluded.doc`
	};
}
function writeConversations(docs, nowMs) {
	if (docs.length === 0) return null;
	return {
		name: "conversations_written",
		statement: sql`
    insert into conversations (id, customer_id, channel_account_id, status, assignee_id, team_id, last_message_at,
                               snoozed_until, updated_at, doc)
    select id, customer_id, channel_account_id, status, assignee_id, team_id, last_message_at, snoozed_until,
           ${nowMs}::bigint, doc
    from unnest(${docs.map((doc) => doc.id)}::text[], ${docs.map((doc) => doc.customerId)}::text[],
      ${docs.map((doc) => doc.channelAccountId)}::text[], ${docs.map((doc) => doc.status)}::text[],
      ${docs.map((doc) => doc.assigneeId)}::text[], ${docs.map((doc) => doc.teamId)}::text[],
      ${docs.map((doc) => doc.lastMessageAt)}::bigint[], ${docs.map((doc) => doc.snoozedUntil)}::bigint[],
      ${docs.map(toJsonText)}::jsonb[])
      as given (id, customer_id, channel_account_id, status, assignee_id, team_id, last_message_at, snoozed_until, doc)
    on conflict (id) do update set customer_id = excluded.customer_id, status = excluded.status,
      assignee_id = excluded.assignee_id, team_id = excluded.team_id, last_message_at = excluded.last_message_at,
      snoozed_until = excluded.snoozed_until, updated_at = excluded.updated_at, doc = excluded.doc`
	};
}
function writeMessages(docs) {
	if (docs.length === 0) return null;
	return {
		name: "messages_written",
		statement: sql`
    insert into messages (id, conversation_id, channel_account_id, external_id, direction, kind, status, sent_at, doc)
    select * from unnest(${docs.map((doc) => doc.id)}::text[], ${docs.map((doc) => doc.conversationId)}::text[],
      ${docs.map((doc) => doc.channelAccountId)}::text[], ${docs.map((doc) => doc.externalId)}::text[],
      ${docs.map((doc) => doc.direction)}::text[], ${docs.map((doc) => doc.kind)}::text[],
      ${docs.map((doc) => doc.status)}::text[], ${docs.map((doc) => doc.sentAt)}::bigint[],
      ${docs.map(toJsonText)}::jsonb[])
    on conflict (id) do update set external_id = excluded.external_id, status = excluded.status, doc = excluded.doc`
	};
}
function writeOrders(docs) {
	if (docs.length === 0) return null;
	return {
		name: "orders_written",
		statement: sql`
    insert into orders (id, store_id, external_id, number, customer_id, external_updated_at, deleted, placed_at, doc)
    select * from unnest(${docs.map((doc) => doc.id)}::text[], ${docs.map((doc) => doc.storeId)}::text[],
      ${docs.map((doc) => doc.externalId)}::text[], ${docs.map((doc) => doc.number)}::text[],
      ${docs.map((doc) => doc.customerId)}::text[], ${docs.map((doc) => doc.externalUpdatedAt)}::bigint[],
      ${docs.map((doc) => doc.deleted)}::boolean[], ${docs.map((doc) => doc.placedAt)}::bigint[],
      ${docs.map(toJsonText)}::jsonb[])
    on conflict (id) do update set number = excluded.number, customer_id = excluded.customer_id,
      external_updated_at = excluded.external_updated_at, deleted = excluded.deleted, placed_at = excluded.placed_at,
      doc = excluded.doc`
	};
}
/** Message-Ids a conversation has or names. */
function writeReferences(channelAccountId, references) {
	if (references.length === 0) return null;
	return {
		name: "references_written",
		statement: sql`
    insert into thread_refs (channel_account_id, external_id, conversation_id)
    select ${channelAccountId}, * from unnest(${references.map((one) => one.externalId)}::text[],
      ${references.map((one) => one.conversationId)}::text[])
    on conflict do nothing`
	};
}
/**
* Closes the ledger rows of messages whose platform has spoken: a report proves that the message arrived there, so neither
* an unknown outcome nor a waiting retry may send it again (R11).
*/
function writeSettledEffects(docs, nowMs) {
	const settled = docs.filter((doc) => doc.direction === "out" && ![
		"queued",
		"sending",
		"unknown"
	].includes(doc.status));
	if (settled.length === 0) return null;
	const arrived = settled.filter((doc) => doc.status !== "failed");
	return {
		name: "effects_settled",
		statement: sql`
    update effects set state = 'done', updated_at = ${nowMs}, lease_until = null
    where message_id = any(${settled.map((doc) => doc.id)}) and kind = 'send-message'
      and (state in ('attempting', 'unknown')
        or (state = 'queued' and (attempts > 0 or message_id = any(${arrived.map((doc) => doc.id)}))))`
	};
}
// apps/sync-server/src/db/writes.ts
/**
* Runs several writes as one statement: one way to the database and back instead of one for each. They see the database as
* it was before all of them, so no two may write the same row.
*/
async function runWrites(tx, writes) {
	const all = writes.filter((write) => write !== null);
	if (all.length === 0) return;
	const parts = all.map((write) => sql`${sql.raw(write.name)} as (${write.statement})`);
	await sql`${sql.raw(PREPARED)} with ${sql.join(parts)} select 1`.execute(tx);
}
// apps/sync-server/src/accounts/hand-over.ts
/** @throws AppError `bad-input` naming `reassignTo` when this agent cannot take conversations over. */
async function findReceiver(tx, leavingId, id) {
	if (id === null) return null;
	if (id === leavingId) throw cannotTake("must be another agent");
	const agent = await tx.selectFrom("agents").selectAll().where("id", "=", id).executeTakeFirst();
	if (!agent) throw cannotTake("no such agent");
	if (agent.disabled) throw cannotTake("is disabled");
	return {
		id,
		scopes: scopesOf({
			id,
			role: agent.role,
			teamIds: agent.team_ids
		})
	};
}
function cannotTake(message) {
	return new AppError("bad-input", "The conversations cannot go to this agent.", { errors: [{
		path: "reassignTo",
		message
	}] });
}
/**
* Gives an agent's unresolved conversations to another agent, or to nobody where there is none or he may not see them. The
* caller holds the scope lock alone (`lockScopes`): no command that assigns a conversation is under way.
*
* @returns what changed, for the change log.
*/
async function handOver(tx, actor, leavingId, receiver, at) {
	const moves = (await tx.selectFrom("conversations as c").innerJoin("accounts as a", "a.id", "c.channel_account_id").select(["c.doc", "a.team_ids"]).where("c.assignee_id", "=", leavingId).where("c.status", "<>", "resolved").orderBy("c.id").forUpdate("c").execute()).map(({ doc, team_ids }) => {
		return {
			before: doc,
			after: assignTo(doc, receiver !== null && isVisible(toAccountScopes(team_ids), receiver.scopes) ? receiver.id : null)
		};
	});
	await runWrites(tx, [writeConversations(moves.map((move) => move.after), at)]);
	await writeAudit(tx, ...moves.map(({ before, after }) => ({
		at,
		actor,
		action: "conversation.hand-over",
		target: `conversation:${before.id}`,
		before: {
			status: before.status,
			assigneeId: before.assigneeId
		},
		after: {
			status: after.status,
			assigneeId: after.assigneeId
		}
	})));
	return moves.map(({ after }) => ({
		collection: "conversation",
		id: after.id,
		scopes: null
	}));
}
// apps/sync-server/src/db/unique-violation.ts
const UNIQUE_VIOLATION = "23505";
/** Whether the database refused a row because another one has its value already. */
function isUniqueViolation(error) {
	return error instanceof Error && "code" in error && error.code === UNIQUE_VIOLATION;
}
// apps/sync-server/src/accounts/unique.ts
/**
* Runs `work`, which writes a value that must be unique.
*
* @throws AppError `conflict` naming the field when the database refused the value because it exists already.
*/
async function refuseTwins(field, sentence, work) {
	try {
		return await work();
	} catch (error) {
		if (!isUniqueViolation(error)) throw error;
		throw new AppError("conflict", sentence, { errors: [{
			path: field,
			message: "is taken"
		}] });
	}
}
// apps/sync-server/src/accounts/invite-service.ts
const INVITE_MS = 6048e5;
/** Invites people to the desk by a link that works once and for seven days. Who may do so is the caller's question. */
var InviteService = class {
	#deps;
	constructor(deps) {
		this.#deps = deps;
	}
	/**
	* An earlier open invitation of the same mail address is revoked: the newest link is the one that works.
	*
	* @returns the link, which is stored nowhere, and whether it also leaves by mail.
	* @throws AppError `conflict` when an agent has the mail address, `bad-input` for an unknown team.
	*/
	async create(inviter, input, language) {
		const { db, now, publicUrl, mail } = this.#deps;
		const at = now();
		const id = createUuidV7(at);
		const expiresAt = at + INVITE_MS;
		const { token, hash } = createToken();
		const teamIds = [...new Set(input.teamIds)];
		const desk = await db.transaction().execute(async (tx) => {
			await assertTeamsExist(tx, teamIds);
			await assertUnknown(tx, input.email);
			const actor = `agent:${inviter.id}`;
			await revokeOpen(tx, { email: input.email }, actor, at);
			const { email, name, role } = input;
			await tx.insertInto("invites").values({
				id,
				token_hash: hash,
				email,
				name,
				role,
				team_ids: teamIds,
				created_by: inviter.id,
				created_at: at,
				expires_at: expiresAt
			}).execute();
			const after = {
				email,
				name,
				role,
				teamIds,
				expiresAt
			};
			await writeAudit(tx, {
				at,
				actor,
				action: "invite.create",
				target: `invite:${id}`,
				after
			});
			return tx.selectFrom("desk").select("name").executeTakeFirstOrThrow();
		});
		const link = `${publicUrl()}/#/invite/${token}`;
		const text = MAIL_TEXTS[language].invite({
			desk: desk.name,
			inviter: inviter.name,
			link
		});
		return {
			id,
			link,
			expiresAt,
			mailed: mail.send({
				name: input.name,
				address: input.email
			}, text)
		};
	}
	/** Invitations that were neither accepted nor revoked, expired ones included; the others are in the audit log. */
	list(page) {
		return readPage(this.#deps.db, page, {
			name: "invites",
			filters: {},
			keys: [{
				column: "i.id",
				type: "string"
			}],
			select: sql`i.id, i.email, i.name, i.role, i.team_ids as "teamIds", i.created_by as "createdBy",
        i.created_at as "createdAt", i.expires_at as "expiresAt"`,
			from: sql`invites i`,
			conditions: [sql`i.accepted_at is null and i.revoked_at is null`]
		});
	}
	/** @throws AppError `not-found`; `conflict` when it was accepted: then there is an agent to disable instead. */
	async revoke(actor, id) {
		await this.#deps.db.transaction().execute(async (tx) => {
			const row = await tx.selectFrom("invites").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
			if (!row) throw new AppError("not-found", "There is no such invitation.");
			if (row.accepted_at !== null) throw new AppError("conflict", "This invitation was accepted already: disable the agent instead.");
			await revokeOpen(tx, { id }, actor, this.#deps.now());
		});
	}
	/** @throws AppError `not-found`, with one sentence for a link that is unknown, used, revoked or too old. */
	async describe(token) {
		const { db, now } = this.#deps;
		const { email, name } = await findOpen(db, token, now());
		return {
			email,
			name,
			deskName: (await db.selectFrom("desk").select("name").executeTakeFirstOrThrow()).name
		};
	}
	/** @throws AppError `not-found` as `describe`; `conflict` when an agent has the mail address by now; `bad-input`. */
	async accept(token, input, client) {
		const { db, now, sessions } = this.#deps;
		assertPasswordAllowed(input.password, (await findOpen(db, token, now())).email);
		const passwordHash = await hashPassword(input.password);
		return refuseTwins("email", "An agent with this mail address exists: log in instead.", () => runChange(this.#deps, async (tx) => {
			const at = now();
			const invite = await findOpen(tx, token, at, true);
			await tx.updateTable("invites").set({ accepted_at: at }).where("id", "=", invite.id).execute();
			const { email, role, team_ids: teamIds } = invite;
			const row = await insertAgent(tx, null, {
				email,
				name: input.name,
				role,
				teamIds,
				passwordHash
			}, at);
			const { token: sessionToken, sessionId } = await sessions.create(tx, row.id, client);
			await writeAudit(tx, {
				at,
				actor: `agent:${row.id}`,
				action: "invite.accept",
				target: `invite:${invite.id}`,
				after: {
					agentId: row.id,
					sessionId,
					address: client.address
				}
			});
			return {
				result: {
					token: sessionToken,
					agent: toOwnAgent(row)
				},
				changed: [directoryEntry(row.id)]
			};
		}));
	}
};
/** Revokes what is still open of one invitation, of a mail address, or of an inviter. */
async function revokeOpen(tx, which, actor, at) {
	await writeAudit(tx, ...(await tx.updateTable("invites").set({ revoked_at: at }).where((eb) => eb.and(which)).where("accepted_at", "is", null).where("revoked_at", "is", null).returning("id").execute()).map(({ id }) => ({
		at,
		actor,
		action: "invite.revoke",
		target: `invite:${id}`
	})));
}
async function findOpen(db, token, nowMs, lock = false) {
	const hash = hashToken(token);
	const query = db.selectFrom("invites").selectAll().where("token_hash", "=", hash ?? Buffer.alloc(0));
	const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
	if (row && row.accepted_at === null && row.revoked_at === null && row.expires_at > nowMs) return row;
	throw new AppError("not-found", "This invitation is not valid any more: ask for a new one.");
}
async function assertUnknown(tx, email) {
	if (!await tx.selectFrom("agents").select("id").where("email", "=", email).executeTakeFirst()) return;
	throw new AppError("conflict", "An agent with this mail address exists.", { errors: [{
		path: "email",
		message: "belongs to an agent of this desk"
	}] });
}
// apps/sync-server/src/accounts/agent-service.ts
/** Makes and changes agents. Who may do so is the caller's question. */
var AgentService = class {
	#deps;
	constructor(deps) {
		this.#deps = deps;
	}
	/** @throws AppError `conflict` when the mail address is taken, `bad-input` for an unknown team or a bad password. */
	async create(actor, input) {
		const { password, ...fields } = input;
		assertPasswordAllowed(password, input.email);
		const passwordHash = await hashPassword(password);
		return this.#change(async (tx) => {
			await assertTeamsExist(tx, input.teamIds);
			const row = await insertAgent(tx, actor, {
				...fields,
				passwordHash
			}, this.#deps.now());
			return {
				result: toView(row),
				changed: [directoryEntry(row.id)]
			};
		});
	}
	/**
	* Disabling an agent or setting a new password ends the agent's sessions. The replies of a disabled agent that wait to be
	* sent still leave; the unresolved conversations go to another agent or to nobody.
	*
	* @param keepSessionId - the admin's own session, which survives a new password of the admin's own.
	* @throws AppError `not-found`; `conflict` when the mail address is taken or no admin would be left; `bad-input`.
	*/
	async update(actor, keepSessionId, id, patch) {
		const { sessions } = this.#deps;
		const password_hash = patch.password === void 0 ? null : await hashPassword(patch.password);
		const endsSessions = patch.disabled === true || password_hash !== null;
		const keptSessionId = patch.disabled ? null : keepSessionId;
		const view = await this.#change(async (tx) => {
			if (patch.disabled) await lockScopes(tx);
			const row = await lockAgentAndAdmins(tx, id);
			if (!row) throw notFound$1();
			const next = toPatched(row, patch);
			if (patch.password !== void 0) assertPasswordAllowed(patch.password, next.email);
			await assertTeamsExist(tx, next.teamIds);
			const saved = await this.#save(tx, row, next, password_hash);
			await assertAdminLeft(tx);
			await this.#auditUpdate(tx, actor, row, next, password_hash !== null);
			if (next.disabled || next.role !== "admin") await revokeOpen(tx, { created_by: id }, actor, this.#deps.now());
			if (endsSessions || next.email !== row.email) await forgetReset(tx, id);
			if (endsSessions) await sessions.endAll(tx, id, keptSessionId, actor);
			const handedOver = patch.disabled ? await this.#handOver(tx, actor, id, patch.reassignTo ?? null) : [];
			return {
				result: toView(saved),
				changed: [directoryEntry(id), ...handedOver]
			};
		});
		if (endsSessions) sessions.announceEnd({
			agentId: id,
			exceptSessionId: keptSessionId
		});
		else sessions.forgetCached();
		return view;
	}
	async #handOver(tx, actor, id, reassignTo) {
		return handOver(tx, actor, id, await findReceiver(tx, id, reassignTo), this.#deps.now());
	}
	async #auditUpdate(tx, actor, row, next, hasNewPassword) {
		const changed = diffFields(toAudited(row), next);
		await writeAudit(tx, {
			at: this.#deps.now(),
			actor,
			action: "agent.update",
			target: `agent:${row.id}`,
			before: changed.before,
			after: {
				...changed.after,
				...hasNewPassword ? { password: "changed" } : {}
			}
		});
	}
	async #save(tx, row, next, passwordHash) {
		const { teamIds: team_ids, ...fields } = next;
		const accessChanged = next.role !== row.role || JSON.stringify(team_ids) !== JSON.stringify(row.team_ids);
		return tx.updateTable("agents").set({
			...fields,
			team_ids,
			password_hash: passwordHash ?? row.password_hash,
			access_version: row.access_version + (accessChanged ? 1 : 0)
		}).where("id", "=", row.id).returningAll().executeTakeFirstOrThrow();
	}
	async get(id) {
		const row = await this.#deps.db.selectFrom("agents").selectAll().where("id", "=", id).executeTakeFirst();
		if (!row) throw notFound$1();
		return toView(row);
	}
	list(page) {
		return readPage(this.#deps.db, page, {
			name: "agents",
			filters: {},
			keys: [{
				column: "a.id",
				type: "string"
			}],
			select: sql`a.id, a.email, a.name, a.role, a.team_ids as "teamIds", a.disabled, a.totp_since is not null as totp,
        a.created_at as "createdAt"`,
			from: sql`agents a`,
			conditions: []
		});
	}
	#change(work) {
		return refuseTwins("email", "An agent with this mail address exists.", () => runChange(this.#deps, work));
	}
};
function toView(row) {
	return {
		id: row.id,
		createdAt: row.created_at,
		totp: hasTotp(row),
		...toAudited(row)
	};
}
function toAudited(row) {
	return {
		email: row.email,
		name: row.name,
		role: row.role,
		teamIds: row.team_ids,
		disabled: row.disabled
	};
}
function toPatched(row, patch) {
	return {
		email: patch.email ?? row.email,
		name: patch.name ?? row.name,
		role: patch.role ?? row.role,
		teamIds: patch.teamIds ? [...new Set(patch.teamIds)] : row.team_ids,
		disabled: patch.disabled ?? row.disabled
	};
}
/** Two admins who demote each other at the same moment wait here, and the second one sees what the first one did. */
async function lockAgentAndAdmins(tx, id) {
	return (await tx.selectFrom("agents").selectAll().where((eb) => eb.or([eb("role", "=", "admin"), eb("id", "=", id)])).orderBy("id").forUpdate().execute()).find((row) => row.id === id);
}
async function assertAdminLeft(tx) {
	if (!await tx.selectFrom("agents").select("id").where("role", "=", "admin").where("disabled", "=", false).limit(1).executeTakeFirst()) throw new AppError("conflict", "This is the last admin: make another one first.");
}
function notFound$1() {
	return new AppError("not-found", "There is no such agent.");
}
// apps/sync-server/src/accounts/desk-service.ts
/** What the desk is called and where its day begins. */
var DeskService = class {
	#db;
	#now;
	constructor(db, now) {
		this.#db = db;
		this.#now = now;
	}
	async get() {
		const row = await this.#db.selectFrom("desk").selectAll().executeTakeFirstOrThrow();
		return {
			name: row.name,
			timeZone: row.time_zone
		};
	}
	async update(actor, patch) {
		return this.#db.transaction().execute(async (tx) => {
			const row = await tx.selectFrom("desk").selectAll().forUpdate().executeTakeFirstOrThrow();
			const before = {
				name: row.name,
				timeZone: row.time_zone
			};
			const next = {
				name: patch.name ?? before.name,
				timeZone: patch.timeZone ?? before.timeZone
			};
			await tx.updateTable("desk").set({
				name: next.name,
				time_zone: next.timeZone
			}).execute();
			await writeAudit(tx, {
				at: this.#now(),
				actor,
				action: "desk.update",
				target: `desk:${row.id}`,
				...diffFields({ ...before }, { ...next })
			});
			return next;
		});
	}
	/** What a visitor without a session may know, to see the right first screen. */
	async describe() {
		const row = await this.#db.selectFrom("desk").selectAll().executeTakeFirstOrThrow();
		return {
			needsSetup: !await hasAgents(this.#db),
			deskName: row.name,
			timeZone: row.time_zone,
			mode: row.mode
		};
	}
};
// apps/sync-server/src/accounts/people.ts
function createPeople(deps) {
	const { db, now, sessions, mail } = deps;
	const guard = new LoginGuard(db, now);
	const ownPassword = new OwnPassword(deps, sessions, guard);
	const twoStep = new TwoStep({
		...deps,
		ownPassword
	});
	return {
		setup: new Setup(deps, sessions),
		desk: new DeskService(db, now),
		login: new Login({
			...deps,
			guard,
			twoStep
		}),
		sessions,
		ownPassword,
		twoStep,
		resets: new PasswordResets({
			...deps,
			guard
		}),
		agents: new AgentService(deps),
		invites: new InviteService(deps),
		mail
	};
}
// apps/sync-server/src/accounts/secret-box.ts
const KEY_FILE = "secret.key";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION$1 = 1;
/** @throws Error when the text is not 32 bytes in base64 or hex; the text itself is not repeated. */
function parseSecretKey(text, source) {
	const plain = text.trim();
	const key = /^[0-9a-f]{64}$/i.test(plain) ? Buffer.from(plain, "hex") : Buffer.from(plain, "base64");
	if (key.length !== KEY_BYTES || !/^[A-Za-z0-9+/=_-]+$/.test(plain)) throw new Error(`${source}: the secret key must be 32 bytes in base64 or hex.`);
	return key;
}
/**
* The key that encrypts account secrets: the given one, else that of `{dataDir}/secret.key`, which is made when missing.
*
* @throws Error when the file may be read by others, or holds no key.
*/
async function loadSecretKey(given, dataDir) {
	const path = join(dataDir, KEY_FILE);
	return await findSecretKey(given, dataDir) ?? await createKeyFile(path, dataDir) ?? readAgain(path);
}
/** As `loadSecretKey`; null where there is none yet. */
async function findSecretKey(given, dataDir) {
	return given === null ? readKeyFile(join(dataDir, KEY_FILE)) : parseSecretKey(given, "TRADEWIND_SECRET_KEY");
}
async function readKeyFile(path) {
	const file = await open(path, "r").catch((error) => {
		if (error.code === "ENOENT") return null;
		throw new Error(`${path} cannot be read (${error.code ?? error.message}).`, { cause: error });
	});
	if (!file) return null;
	try {
		if (process.platform !== "win32" && ((await file.stat()).mode & 63) !== 0) throw new Error(`${path} may be read by other users. Run: chmod 600 ${path}`);
		return parseSecretKey(await file.readFile("utf8"), path);
	} finally {
		await file.close();
	}
}
/** @returns null when another process made the file first. */
async function createKeyFile(path, dataDir) {
	await mkdir(dataDir, { recursive: true });
	const key = randomBytes(KEY_BYTES);
	const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
	const file = await open(path, flags, 384).catch((error) => {
		if (error.code === "EEXIST") return null;
		throw error;
	});
	if (!file) return null;
	try {
		await file.writeFile(`${key.toString("base64")}\n`);
		await file.sync();
	} finally {
		await file.close();
	}
	return key;
}
async function readAgain(path) {
	const key = await readKeyFile(path);
	if (!key) throw new Error(`${path} vanished while it was being read.`);
	return key;
}
/** A hash that tells one key from another without telling the key; kept in the desk row. */
function keyFingerprint(key) {
	return createHmac("sha256", key).update("tradewind secret key").digest("base64url").slice(0, 22);
}
/** Encrypts the secrets of one account with AES-256-GCM (R16): version, nonce, tag, ciphertext. */
var SecretBox = class {
	#key;
	constructor(key) {
		this.#key = key;
	}
	/** The account's id is authenticated with it, so that a box moved to another row does not open. */
	seal(accountId, secrets) {
		const nonce = randomBytes(NONCE_BYTES);
		const cipher = createCipheriv("aes-256-gcm", this.#key, nonce).setAAD(Buffer.from(accountId));
		const content = Buffer.concat([cipher.update(JSON.stringify(secrets), "utf8"), cipher.final()]);
		return Buffer.concat([
			Buffer.of(VERSION$1),
			nonce,
			cipher.getAuthTag(),
			content
		]);
	}
	/** @throws Error when the box was made with another key or for another account, or was changed. */
	open(accountId, box) {
		if (box[0] !== VERSION$1) throw new Error("the secrets have an unknown form");
		const nonce = box.subarray(1, 13);
		const tag = box.subarray(13, 29);
		const decipher = createDecipheriv("aes-256-gcm", this.#key, nonce, { authTagLength: TAG_BYTES });
		decipher.setAAD(Buffer.from(accountId)).setAuthTag(tag);
		const content = decipher.update(box.subarray(29));
		return JSON.parse(Buffer.concat([content, decipher.final()]).toString("utf8"));
	}
};
// apps/sync-server/src/accounts/team-service.ts
var TeamService = class {
	#deps;
	constructor(deps) {
		this.#deps = deps;
	}
	/** @throws AppError `conflict` when the name is taken. */
	async create(actor, name) {
		const at = this.#deps.now();
		const id = createUuidV7(at);
		await this.#change(id, async (tx) => {
			await tx.insertInto("teams").values({
				id,
				name,
				created_at: at
			}).execute();
			await writeAudit(tx, {
				at,
				actor,
				action: "team.create",
				target: `team:${id}`,
				after: { name }
			});
		});
		return this.get(id);
	}
	/** @throws AppError `not-found`, or `conflict` when the name is taken. */
	async rename(actor, id, name) {
		await this.#change(id, async (tx) => {
			const row = await tx.selectFrom("teams").select("name").where("id", "=", id).forUpdate().executeTakeFirst();
			if (!row) throw notFound();
			await tx.updateTable("teams").set({ name }).where("id", "=", id).execute();
			await writeAudit(tx, {
				at: this.#deps.now(),
				actor,
				action: "team.update",
				target: `team:${id}`,
				before: { name: row.name },
				after: { name }
			});
		});
		return this.get(id);
	}
	async get(id) {
		const row = await this.#deps.db.selectFrom("teams").selectAll().where("id", "=", id).executeTakeFirst();
		if (!row) throw notFound();
		return {
			id: row.id,
			name: row.name,
			createdAt: row.created_at
		};
	}
	list(page) {
		return readPage(this.#deps.db, page, {
			name: "teams",
			filters: {},
			keys: [{
				column: "teams.id",
				type: "string"
			}],
			select: sql`teams.id, teams.name, teams.created_at as "createdAt"`,
			from: sql`teams`,
			conditions: []
		});
	}
	#change(id, work) {
		return refuseTwins("name", "A team of this name exists.", () => runChange(this.#deps, async (tx) => ({
			result: await work(tx),
			changed: [directoryEntry(id)]
		})));
	}
};
function notFound() {
	return new AppError("not-found", "There is no such team.");
}
const SESSION_MS = 2592e6;
const TOUCH_EVERY_MS = 6e4;
/** How long a session ended on another node may still be honoured here. */
const CACHE_MS = 4e3;
const CACHE_SIZE = 1e4;
/**
* Sessions live for 30 days after their last use. The database holds only hashes of tokens. Answers are cached for a few
* seconds, so that a busy console does not cost a query per request; ending a session empties the cache at once.
*/
var SessionStore = class {
	#db;
	#now;
	#cache = /* @__PURE__ */ new Map();
	#listeners = /* @__PURE__ */ new Set();
	/** Raised by every ending: a look-up that began before it must not fill the cache after it. */
	#generation = 0;
	constructor(db, now) {
		this.#db = db;
		this.#now = now;
	}
	/** @returns the token, told once and never stored, and the new session's id. */
	async create(tx, agentId, client) {
		const { token, hash } = createToken();
		const nowMs = this.#now();
		const sessionId = createUuidV7(nowMs);
		await tx.insertInto("sessions").values({
			id: sessionId,
			agent_id: agentId,
			token_hash: hash,
			user_agent: client.userAgent,
			address: client.address,
			created_at: nowMs,
			last_seen_at: nowMs,
			expires_at: nowMs + SESSION_MS
		}).execute();
		return {
			token,
			sessionId
		};
	}
	/** Whom a token stands for; null when it is unknown, expired, revoked, or its agent is disabled. */
	async resolveToken(token) {
		const hash = hashToken(token);
		if (!hash) return null;
		const key = hash.toString("base64");
		const nowMs = this.#now();
		const cached = this.#cache.get(key);
		if (cached && cached.until > nowMs) return cached.session;
		const generation = this.#generation;
		const session = await this.#read(hash, nowMs);
		if (session && generation === this.#generation) {
			if (this.#cache.size >= CACHE_SIZE) this.#cache.clear();
			this.#cache.set(key, {
				session,
				until: nowMs + CACHE_MS
			});
		} else this.#cache.delete(key);
		return session;
	}
	async #read(hash, nowMs) {
		const row = await this.#db.selectFrom("sessions as s").innerJoin("agents as a", "a.id", "s.agent_id").select([
			"s.id as sessionId",
			"s.last_seen_at",
			"a.id",
			"a.email",
			"a.name",
			"a.role",
			"a.team_ids",
			"a.access_version"
		]).where("s.token_hash", "=", hash).where("s.expires_at", ">", nowMs).where("a.disabled", "=", false).executeTakeFirst();
		if (!row) return null;
		if (row.last_seen_at < nowMs - TOUCH_EVERY_MS) await this.#touch(row.sessionId, nowMs);
		const { id, email, name, role, team_ids: teamIds, access_version: accessVersion } = row;
		return {
			sessionId: row.sessionId,
			agent: {
				id,
				email,
				name,
				role,
				teamIds,
				accessVersion
			}
		};
	}
	async #touch(sessionId, nowMs) {
		await this.#db.updateTable("sessions").set({
			last_seen_at: nowMs,
			expires_at: nowMs + SESSION_MS
		}).where("id", "=", sessionId).where("last_seen_at", "<", nowMs).execute();
	}
	/** Newest first, without expired ones. */
	async list(agentId) {
		return (await this.#db.selectFrom("sessions").select([
			"id",
			"agent_id",
			"user_agent",
			"address",
			"created_at",
			"last_seen_at",
			"expires_at"
		]).where("agent_id", "=", agentId).where("expires_at", ">", this.#now()).orderBy("id", "desc").execute()).map((row) => ({
			id: row.id,
			agentId: row.agent_id,
			userAgent: row.user_agent,
			address: row.address,
			createdAt: row.created_at,
			lastSeenAt: row.last_seen_at,
			expiresAt: row.expires_at
		}));
	}
	/**
	* Ends one session.
	*
	* @param ownerId - only a session of this agent; null: anybody's.
	* @returns false when there is no such session.
	*/
	async end(sessionId, ownerId, actor, action) {
		const ended = await this.#db.transaction().execute(async (tx) => {
			let deletion = tx.deleteFrom("sessions").where("id", "=", sessionId);
			if (ownerId !== null) deletion = deletion.where("agent_id", "=", ownerId);
			const row = await deletion.returning("agent_id").executeTakeFirst();
			if (!row) return false;
			await writeAudit(tx, {
				at: this.#now(),
				actor,
				action,
				target: `session:${sessionId}`,
				before: { agentId: row.agent_id }
			});
			await this.#tellNodes(tx, row.agent_id);
			return true;
		});
		if (ended) this.announceEnd({ sessionId });
		return ended;
	}
	/** Ends all sessions of an agent but his present one. @returns how many. */
	async endOthers(agentId, presentSessionId, actor) {
		const count = await this.#db.transaction().execute(async (tx) => {
			const ended = await this.endAll(tx, agentId, presentSessionId, actor);
			await this.#tellNodes(tx, agentId);
			return ended;
		});
		this.announceEnd({
			agentId,
			exceptSessionId: presentSessionId
		});
		return count;
	}
	/** Other nodes may hold sockets of the session: a change of its agent makes them look again. */
	async #tellNodes(tx, agentId) {
		await appendChanges(tx, [{
			collection: "directory",
			id: agentId,
			scopes: ["desk"]
		}], this.#now());
	}
	/** Ends all sessions of an agent but one, as part of a change of the agent; call `announceEnd` after the transaction. */
	async endAll(tx, agentId, exceptSessionId, actor) {
		let deletion = tx.deleteFrom("sessions").where("agent_id", "=", agentId);
		if (exceptSessionId !== null) deletion = deletion.where("id", "<>", exceptSessionId);
		const rows = await deletion.returning("id").execute();
		const at = this.#now();
		await writeAudit(tx, ...rows.map(({ id }) => ({
			at,
			actor,
			action: "session.revoke",
			target: `session:${id}`,
			before: { agentId }
		})));
		return rows.length;
	}
	/** Forgets what is cached and tells listeners, after the commit that ended the sessions. */
	announceEnd(end) {
		this.forgetCached();
		for (const listener of this.#listeners) listener(end);
	}
	/** Call when an agent's role, teams or name changed: the next request reads them anew. */
	forgetCached() {
		this.#generation++;
		this.#cache.clear();
	}
	/** @returns a function that stops listening. */
	onSessionEnded(listener) {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}
};
// apps/sync-server/src/mail/text.ts
/** Text that the database takes: U+0000 removed, halves of surrogate pairs replaced. Everything else stays as it is. */
function cleanText(text) {
	return text.replaceAll("\0", "").toWellFormed();
}
const CONTROL = /(?![\t\r\n\v\f])\p{Cc}/gu;
const LINE_BREAK = /[\t\r\n\v\f]+ */g;
/** For subjects, names and headers: one line, no control characters, no spaces at the ends. */
function toSingleLine(text) {
	return text.replace(CONTROL, "").replace(LINE_BREAK, " ").trim().toWellFormed();
}
/** Body text: line ends as `\n`, whatever the sender's system. */
function toBodyText(text) {
	return cleanText(text).replace(/\r\n?/g, "\n");
}
/**
* Decodes bytes whose charset is uncertain: as declared, else UTF-8, else the charset that the bytes themselves allow.
*
* Bytes that are valid UTF-8 are practically never anything else. GB18030 comes next because Chinese mail is where wrong
* labels are common, and because it refuses most Western text, which then is Windows-1252.
*
* @param charsets - labels to try first, best first; unknown ones and UTF-8 are skipped.
*/
function decodeText(bytes, charsets = []) {
	const utf8 = isUtf8(bytes);
	if (utf8 && !charsets.some(isEscapedCharset)) return bytes.toString("utf8");
	for (const charset of [...charsets, "gb18030"]) {
		const text = charset ? decodeStrictly(bytes, charset) : null;
		if (text !== null) return text;
	}
	return utf8 ? bytes.toString("utf8") : new TextDecoder("windows-1252").decode(bytes);
}
/** Decodes by one charset; null where the label is unknown or the bytes are not of that charset. */
function decodeStrictly(bytes, charset) {
	try {
		return new TextDecoder(widenCharset(charset), { fatal: true }).decode(bytes);
	} catch {
		return null;
	}
}
function isEscapedCharset(charset) {
	return charset !== null && charset !== void 0 && /^\s*(iso-2022-|hz-gb)/i.test(charset);
}
/** Mail labels GB18030 text as GB2312 or GBK; its decoder reads all three. */
function widenCharset(charset) {
	const label = charset.trim().toLowerCase();
	return /^(gb-?2312|gbk|gb_2312-80|x-gbk|cp936|ms936|euc-cn)$/.test(label) ? "gb18030" : label;
}
// apps/sync-server/src/mail/encoded-words.ts
const WORD = /=\?([^?\s]{1,60})\?([bq])\?([^?]*)\?=/gi;
const GAP_BETWEEN_WORDS = /(\?=)\s+(?==\?[^?\s]{1,60}\?[bq]\?)/gi;
/**
* Decodes encoded words in a header value (RFC 2047). Neighbours of one charset are joined as bytes before they are
* decoded: many mailers cut a two-byte character between two words.
*/
function decodeEncodedWords(value) {
	if (!value.includes("=?")) return value;
	const text = value.replace(GAP_BETWEEN_WORDS, "$1");
	let result = "";
	let position = 0;
	let run = null;
	const endRun = () => {
		if (run) result += decodeText(Buffer.concat(run.chunks), [run.charset]);
		run = null;
	};
	for (const match of text.matchAll(WORD)) {
		const [whole, label = "", encoding = "", content = ""] = match;
		const charset = label.split("*", 1)[0]?.toLowerCase() ?? "";
		if (match.index > position || run?.charset !== charset) endRun();
		result += text.slice(position, match.index);
		run ??= {
			charset,
			chunks: []
		};
		run.chunks.push(encoding.toLowerCase() === "b" ? Buffer.from(content, "base64") : decodeQ(content));
		position = match.index + whole.length;
	}
	endRun();
	return result + text.slice(position);
}
function decodeQ(content) {
	const escaped = content.replaceAll("_", " ").replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
	return Buffer.from(escaped, "latin1");
}
// apps/sync-server/src/mail/addresses.ts
const MAX_HEADER_LENGTH = 1e5;
const MAX_ADDRESSES = 200;
const MAX_ADDRESS_LENGTH = 320;
/**
* Reads an address header: groups, comments, quoted names, commas in names, encoded words. Entries without a usable mail
* address are left out; addresses keep their spelling.
*/
function parseAddresses(header) {
	const addresses = [];
	for (const { name, address } of parseMailboxes(header.slice(0, MAX_HEADER_LENGTH), { flatten: true })) {
		if (addresses.length === MAX_ADDRESSES) break;
		const clean = toSingleLine(address);
		if (isMailAddress(clean)) addresses.push({
			name: toSingleLine(decodeEncodedWords(name)),
			address: clean
		});
	}
	return addresses;
}
/** True for what can stand on an envelope: one `@`, something on both sides, no spaces, brackets or control characters. */
function isMailAddress(address) {
	return address.length <= MAX_ADDRESS_LENGTH && /^[^\s@<>(),;:"\\]+@[^\s@<>(),;:"\\]+$/.test(address);
}
/** `"Li, Lei" <li@example.com>`: quoted where it has to be, line breaks removed so that no header can be smuggled in. */
function formatAddress({ name, address }) {
	const plain = toSingleLine(name);
	const mailbox = toSingleLine(address);
	if (plain === "") return mailbox;
	return `${/^[\p{L}\p{N} _'-]+$/u.test(plain) ? plain : `"${plain.replace(/["\\]/g, "\\$&")}"`} <${mailbox}>`;
}
/** The settings of one Mailgun domain (platforms/config-keys.md). */
const mailgunConfigSchema = z.strictObject({
	/** The HTTP webhook signing key, which is not the API key. */
	signingKey: z.string().min(1, "Enter the HTTP webhook signing key."),
	apiKey: z.string().min(1, "Enter the API key, or leave the field out.").optional(),
	domain: z.string().trim().toLowerCase().regex(/^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)+$/i, "Enter the sending domain, such as mail.shop.example."),
	fromAddress: z.string().trim().max(500).refine(isSenderAddress, "Enter a mail address, with or without a name: Support <support@mail.shop.example>."),
	maxAgeSeconds: z.number().int().min(15).max(604800).default(32400),
	apiBaseUrl: z.url({
		protocol: /^https?$/,
		error: "Enter an http or https address."
	}).transform((url) => url.replace(/\/+$/, "")).default("https://api.mailgun.net")
});
function isSenderAddress(value) {
	const addresses = parseAddresses(value);
	return addresses.length === 1 && !/[\r\n]/.test(value) && isMailAddress(addresses[0]?.address ?? "");
}
// apps/sync-server/src/connector.ts
/** A platform that could not be asked, or said no; its sentence is for the admin. */
var PlatformError = class extends Error {
	/** The platform's answer, null when there was none. */
	status;
	retryAfterMs;
	constructor(message, options = {}) {
		super(message, options.cause === void 0 ? void 0 : { cause: options.cause });
		this.name = "PlatformError";
		this.status = options.status ?? null;
		this.retryAfterMs = options.retryAfterMs ?? null;
	}
};
/** A payload that is genuine but cannot be read; its sentence is shown to the admin beside the dead letter. */
var ParseError = class extends Error {
	constructor(message, options) {
		super(message, options);
		this.name = "ParseError";
	}
};
// apps/sync-server/src/net/http-request.ts
/** A request without an answer. */
var HttpRequestError = class extends Error {
	/** False only when it is certain that the other side has seen nothing of the request (R11). */
	maybeSent;
	code;
	constructor(cause, maybeSent) {
		const code = cause.code;
		super(cause instanceof Error ? cause.message : String(cause), { cause });
		this.name = "HttpRequestError";
		this.maybeSent = maybeSent;
		this.code = typeof code === "string" ? code : "UNKNOWN";
	}
};
/** An answer larger than `maxBytes`. */
var TooLargeError = class extends Error {
	constructor(maxBytes) {
		super(`the answer is larger than ${maxBytes} bytes`);
		this.name = "TooLargeError";
	}
};
/**
* One request over a connection of its own, redirects not followed.
*
* Not `fetch`, for two reasons: a pooled connection that the server closes at the same moment looks like a request that
* may have arrived, and `fetch` does not tell a failure before the first byte from one after it (R11).
*
* @throws HttpRequestError when there was no answer; TooLargeError when it was too large.
*/
function sendHttpRequest(request$2) {
	const { url, method, signal, maxBytes, lookup } = request$2;
	const secure = url.protocol === "https:";
	return new Promise((resolve, reject) => {
		if (signal.aborted) {
			reject(new HttpRequestError(signal.reason, false));
			return;
		}
		let connected = false;
		const outgoing = (secure ? request$1 : request)(url, {
			method,
			agent: false,
			signal,
			headers: {
				...request$2.headers,
				...request$2.body ? { "content-length": String(request$2.body.length) } : {},
				connection: "close"
			},
			...lookup ? { lookup } : {}
		});
		outgoing.on("socket", (socket) => {
			socket.once(secure ? "secureConnect" : "connect", () => {
				connected = true;
			});
		});
		outgoing.on("error", (error) => reject(new HttpRequestError(error, connected)));
		outgoing.on("response", (incoming) => {
			const chunks = [];
			let sizeBytes = 0;
			const finish = (complete) => {
				resolve({
					status: incoming.statusCode ?? 0,
					headers: flattenHeaders(incoming.headers),
					body: Buffer.concat(chunks),
					complete
				});
			};
			incoming.on("data", (chunk) => {
				sizeBytes += chunk.length;
				if (sizeBytes <= maxBytes) chunks.push(chunk);
				else {
					reject(new TooLargeError(maxBytes));
					outgoing.destroy();
				}
			});
			incoming.on("end", () => finish(true));
			incoming.on("error", () => finish(false));
			incoming.on("aborted", () => finish(false));
		});
		outgoing.end(request$2.body);
	});
}
function flattenHeaders(headers) {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]));
}
/**
* Reads Retry-After: seconds or an HTTP date.
*
* @returns milliseconds to wait from `nowMs`, at most an hour; null when there is no such header.
*/
function parseRetryAfter(value, nowMs) {
	if (value === void 0 || value.trim() === "") return null;
	const seconds = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : (Date.parse(value) - nowMs) / 1e3;
	return Number.isNaN(seconds) ? null : Math.min(Math.max(Math.ceil(seconds * 1e3), 0), 36e5);
}
// apps/sync-server/src/net/private-address.ts
const REFUSED_V4 = [
	["0.0.0.0", 8],
	["10.0.0.0", 8],
	["100.64.0.0", 10],
	["127.0.0.0", 8],
	["169.254.0.0", 16],
	["172.16.0.0", 12],
	["192.0.0.0", 24],
	["192.0.2.0", 24],
	["192.88.99.0", 24],
	["192.168.0.0", 16],
	["198.18.0.0", 15],
	["198.51.100.0", 24],
	["203.0.113.0", 24],
	["224.0.0.0", 3]
];
const REFUSED_V6 = [
	["2001::", 23],
	["2001:db8::", 32],
	["2002::", 16],
	["3fff::", 20]
];
const refused = new BlockList();
for (const [network, prefix] of REFUSED_V4) refused.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of REFUSED_V6) refused.addSubnet(network, prefix, "ipv6");
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");
/**
* True for every address that is not on the public internet: private, loopback, link-local, metadata, reserved.
* IPv4 inside IPv6 (`::ffff:127.0.0.1`, NAT64) is refused with the rest of what is not global unicast.
*
* @param address - an IPv4 or IPv6 literal without brackets.
*/
function isPrivateAddress(address) {
	if (isIPv4(address)) return refused.check(address, "ipv4");
	const plain = address.split("%", 1)[0] ?? "";
	return !globalUnicast.check(plain, "ipv6") || refused.check(plain, "ipv6");
}
// apps/sync-server/src/net/egress.ts
/** An address that must not be called (api.md, Outgoing addresses). */
var EgressRefusedError = class extends Error {
	constructor(message) {
		super(message);
		this.name = "EgressRefusedError";
	}
};
const MAX_REDIRECTS = 5;
/**
* Calls an address that came in data, or one that was configured. The name is resolved once, every address it leads to is
* checked, and the connection goes to exactly those addresses, so that a second answer of the name server changes nothing.
* Redirects of GET are followed, each checked anew; other methods are answered with the redirect itself.
*
* @throws EgressRefusedError, HttpRequestError or TooLargeError.
*/
async function safeFetch(address, options) {
	const method = options.method ?? "GET";
	let url = parseHttpUrl(address);
	for (let redirects = 0;; redirects++) {
		const addresses = await resolve(url, options);
		const response = await sendHttpRequest({
			url,
			method,
			signal: options.signal,
			maxBytes: options.maxBytes,
			lookup: answerWith(addresses),
			...options.headers ? { headers: options.headers(url) } : {},
			...options.body ? { body: options.body } : {}
		});
		const location = response.headers.location;
		if (method !== "GET" || ![
			301,
			302,
			303,
			307,
			308
		].includes(response.status) || location === void 0) return response;
		if (redirects === MAX_REDIRECTS) throw new EgressRefusedError("too many redirects");
		url = parseHttpUrl(location, url);
	}
}
function parseHttpUrl(address, base) {
	const url = URL.parse(address, base?.href);
	if (!url || url.protocol !== "http:" && url.protocol !== "https:") throw new EgressRefusedError("only http and https addresses are called");
	if (url.username !== "" || url.password !== "") throw new EgressRefusedError("the address carries a password");
	return url;
}
async function resolve(url, options) {
	const host = url.hostname.replace(/^\[|\]$/g, "");
	const family = isIP(host);
	const addresses = family === 0 ? await lookUp(host, options.signal) : [{
		address: host,
		family
	}];
	if (!(!options.strict && options.allowedOrigin !== null && url.origin === options.allowedOrigin) && addresses.some(({ address }) => isPrivateAddress(address))) throw new EgressRefusedError(`${url.hostname} is not a public address`);
	return addresses;
}
async function lookUp(host, signal) {
	try {
		return await abortable(lookup(host, { all: true }), signal);
	} catch (error) {
		throw new HttpRequestError(error, false);
	}
}
/** A name server that never answers must not outlast the caller's patience. */
function abortable(work, signal) {
	return new Promise((resolve, reject) => {
		const abandon = () => reject(signal.reason);
		if (signal.aborted) abandon();
		signal.addEventListener("abort", abandon, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abandon));
	});
}
function answerWith(addresses) {
	return (_host, options, callback) => {
		const [first] = addresses;
		if (options.all === true) callback(null, addresses);
		else if (first) callback(null, first.address, first.family);
		else callback(Object.assign(/* @__PURE__ */ new Error("the name leads to no address"), { code: "ENOTFOUND" }), "", 4);
	};
}
// apps/sync-server/src/mail/headers.ts
const MAX_ID_LENGTH = 900;
/** The first value of a header, names compared without case; `''` when it is absent. */
function getHeader(headers, name) {
	return headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? "";
}
/**
* Reads message ids out of a header, oldest first. Brackets that are missing are added; folding inside an id is removed.
* Words that are not ids ("Your message of Monday") are left out.
*/
function parseMessageIds(value) {
	const ids = [];
	for (const [, bracketed, bare] of value.matchAll(/<([^<>]*)>|([^\s<>,;]+)/g)) {
		const clean = (bracketed === void 0 ? bare?.includes("@") ? bare : "" : bracketed).replace(/[\s\p{Cc}]/gu, "").toWellFormed();
		if (clean !== "" && clean.length <= MAX_ID_LENGTH) ids.push(`<${clean}>`);
	}
	return ids;
}
/** `id@host` and `<id@host>` as `<id@host>`; null where there is nothing that could be an id. */
function normaliseMessageId(value) {
	return parseMessageIds(value)[0] ?? parseMessageIds(`<${value.replace(/[<>]/g, "").trim()}>`)[0] ?? null;
}
/** The ids a mail answers: References, then In-Reply-To where it is not among them; oldest first, each once, the newest 100. */
function collectReferences(headers) {
	const references = parseMessageIds(getHeader(headers, "references"));
	const answered = parseMessageIds(getHeader(headers, "in-reply-to"));
	const inOrder = [...references.filter((id) => !answered.includes(id)), ...answered];
	return [...new Set(inOrder)].slice(-100);
}
/**
* The mail's own id, or one made from all that is known of it: the same mail delivered twice gets the same id, and two
* mails of the same words differ in their Date and Received headers.
*/
function toMessageId(headers, content) {
	const own = getHeader(headers, "message-id");
	return (own === "" ? null : normaliseMessageId(own)) ?? `<${hash("sha256", JSON.stringify([headers, content]), "hex").slice(0, 40)}@generated.invalid>`;
}
/** A header for people: unfolded, encoded words decoded, one line. */
function decodeHeaderText(value) {
	return toSingleLine(decodeEncodedWords(value));
}
/** Addresses that a mail names, as its header spells them. */
function parseAddressHeader(headers, name) {
	const values = headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
	return values.length === 0 ? [] : parseAddresses(values.join(", "));
}
// apps/sync-server/src/net/multipart-writer.ts
/** Encodes `multipart/form-data` (RFC 7578), names and file names as browsers do. */
function encodeMultipart(parts) {
	const boundary = `----tradewind-${randomBytes(18).toString("hex")}`;
	const chunks = [];
	for (const { name, value, fileName, contentType } of parts) {
		const file = fileName === void 0 ? "" : `; filename="${escapeParameter(fileName)}"`;
		const type = contentType === void 0 ? "" : `Content-Type: ${contentType}\r\n`;
		const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escapeParameter(name)}"${file}\r\n${type}\r\n`;
		chunks.push(Buffer.from(head), typeof value === "string" ? Buffer.from(value) : value, Buffer.from("\r\n"));
	}
	chunks.push(Buffer.from(`--${boundary}--\r\n`));
	return {
		contentType: `multipart/form-data; boundary=${boundary}`,
		body: Buffer.concat(chunks)
	};
}
function escapeParameter(value) {
	return value.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll("\"", "%22");
}
// apps/sync-server/src/channels/mailgun/build-request.ts
const MAX_REFERENCES_BYTES = 12e3;
/** The form that sends a message: urlencoded, or multipart where files go along. */
function buildSendForm({ message, externalId, attachments }, config) {
	const fields = [{
		name: "from",
		value: toSingleLine(config.fromAddress)
	}];
	for (const name of [
		"to",
		"cc",
		"bcc"
	]) for (const address of message[name]) fields.push({
		name,
		value: formatAddress(address)
	});
	fields.push({
		name: "subject",
		value: toSingleLine(message.subject)
	}, {
		name: "text",
		value: message.text
	});
	if (message.html !== null) fields.push({
		name: "html",
		value: message.html
	});
	fields.push({
		name: "h:Message-Id",
		value: externalId
	});
	const answered = message.references.at(-1);
	if (answered !== void 0) {
		fields.push({
			name: "h:In-Reply-To",
			value: answered
		});
		fields.push({
			name: "h:References",
			value: shortenReferences(message.references)
		});
	}
	if (attachments.length === 0) return encodeUrlEncoded(fields);
	const files = attachments.map(({ name, contentType, content }) => ({
		name: "attachment",
		value: content,
		fileName: toSingleLine(name),
		contentType: toSingleLine(contentType)
	}));
	return encodeMultipart([...fields, ...files]);
}
function encodeUrlEncoded(fields) {
	const form = new URLSearchParams(fields.map(({ name, value }) => [name, String(value)]));
	return {
		contentType: "application/x-www-form-urlencoded",
		body: Buffer.from(form.toString())
	};
}
/** The first id, which names the thread, and as many of the newest as fit (RFC 5322, section 3.6.4, lets us drop others). */
function shortenReferences(references) {
	const [first = "", ...rest] = references;
	const kept = [];
	let sizeBytes = Buffer.byteLength(first);
	for (const id of rest.reverse()) {
		sizeBytes += Buffer.byteLength(id) + 1;
		if (sizeBytes > MAX_REFERENCES_BYTES) break;
		kept.unshift(id);
	}
	return [first, ...kept].join(" ");
}
// apps/sync-server/src/channels/mailgun/event-body.ts
/** @returns null when the bytes are no JSON object. Throws RangeError when it is nested beyond the stack. */
function readEventBody(body) {
	let parsed;
	try {
		parsed = JSON.parse(body.toString("utf8"));
	} catch {
		return null;
	}
	if (!isRecord(parsed)) return null;
	const { signature, "parent-signature": _parent, ...rest } = parsed;
	const data = asRecord(parsed["event-data"]);
	const messageId = asText(asRecord(asRecord(data.message).headers)["message-id"]);
	return {
		signature: readSignature(signature),
		data,
		name: asText(data.event),
		id: asText(data.id),
		messageId: messageId === null ? null : normaliseMessageId(messageId),
		at: toEpochMs(data.timestamp),
		content: JSON.stringify(rest, (_key, value) => isRecord(value) ? sortKeys(value) : value)
	};
}
/** Mailgun's event ids are unique within a day only, so the day belongs to the key. Null without id or time. */
function toDedupeKey({ name, id, at }) {
	if (name === null || id === null || at === null) return null;
	return `event:${toSingleLine(name).slice(0, 50)}:${toSingleLine(id).slice(0, 200)}:${new Date(at).toISOString().slice(0, 10)}`;
}
function readSignature(value) {
	const { timestamp, token, signature } = asRecord(value);
	const time = typeof timestamp === "number" ? String(timestamp) : asText(timestamp);
	const [key, proof] = [asText(token), asText(signature)];
	return time === null || key === null || proof === null ? null : {
		timestamp: time,
		token: key,
		signature: proof
	};
}
/** Seconds with a fraction to milliseconds; null for what is no instant of this age of the world. */
function toEpochMs(value) {
	const seconds = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
	if (typeof seconds !== "number" || !(seconds > 0 && seconds < 1e11)) return null;
	return Math.round(seconds * 1e3);
}
function isRecord(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
/** The value where it is an object, else an empty one: reading on finds nothing. */
function asRecord(value) {
	return isRecord(value) ? value : {};
}
/** The value where it is text that says something. */
function asText(value) {
	return typeof value === "string" && value !== "" ? value : null;
}
function sortKeys(value) {
	return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}
// apps/sync-server/src/channels/mailgun/send.ts
const MAX_ANSWER_BYTES = 1048576;
const FINAL_KINDS = {
	400: "rejected",
	401: "unauthorised",
	402: "rejected",
	403: "forbidden",
	404: "unknown-domain",
	413: "too-large"
};
/**
* Sends one mail. What may be repeated is decided by what is certain (R11; see README.md, Outcomes):
* nothing left us, or Mailgun itself says that it did not take the message → `failed`; everything else → `unknown`.
*/
async function sendMail(message, context) {
	const { config, signal, strictEgress } = context;
	if (config.apiKey === void 0) return failed("not-configured", "The account has no API key, so it can only receive.", false);
	const { contentType, body } = buildSendForm(message, config);
	try {
		return readAnswer(await safeFetch(`${config.apiBaseUrl}/v3/${config.domain}/messages`, {
			method: "POST",
			headers: () => ({
				authorization: toBasicAuth(config.apiKey ?? ""),
				"content-type": contentType
			}),
			body,
			allowedOrigin: new URL(config.apiBaseUrl).origin,
			strict: strictEgress,
			signal,
			maxBytes: MAX_ANSWER_BYTES
		}), message.externalId, Date.now());
	} catch (error) {
		return readFailure(error);
	}
}
function toBasicAuth(apiKey) {
	return `Basic ${Buffer.from(`api:${apiKey}`).toString("base64")}`;
}
/** What an answer means. Exported for its table of tests. */
function readAnswer({ status, headers, body }, ownId, nowMs) {
	const answer = readJson(body);
	const words = asText(answer.message);
	const text = toSingleLine(words ?? `Mailgun answered ${status}.`).slice(0, 500);
	if (status >= 200 && status < 300) {
		const id = asText(answer.id);
		return {
			status: "sent",
			externalId: (id === null ? null : normaliseMessageId(id)) ?? ownId
		};
	}
	if (status === 429) {
		const retryAfterMs = parseRetryAfter(headers["retry-after"], nowMs);
		return {
			...failed("rate-limited", text, true),
			...retryAfterMs === null ? {} : { retryAfterMs }
		};
	}
	if (status < 500) return failed(FINAL_KINDS[status] ?? "rejected", text, false);
	if (words !== null && (status === 500 || status === 503)) return failed("unavailable", text, true);
	return {
		status: "unknown",
		reason: `The answer was ${status}; the message may have been accepted.`
	};
}
function readFailure(error) {
	if (error instanceof EgressRefusedError) return failed("address-refused", error.message, false);
	if (error instanceof HttpRequestError && !error.maybeSent) return failed("unreachable", `Mailgun cannot be reached (${error.code}).`, true);
	return {
		status: "unknown",
		reason: "The connection ended before Mailgun answered."
	};
}
function failed(kind, text, retryable) {
	return {
		status: "failed",
		reason: {
			kind,
			text
		},
		retryable
	};
}
function readJson(body) {
	try {
		return asRecord(JSON.parse(body.toString("utf8")));
	} catch {
		return {};
	}
}
// apps/sync-server/src/channels/mailgun/fetch-file.ts
const MAX_FILE_BYTES = 41943040;
/**
* Fetches a file that Mailgun stored. The address came in a request, so the key goes along only to Mailgun's own hosts
* and to the configured address.
*
* @throws PlatformError when the address is refused or the file cannot be had.
*/
async function fetchStoredFile(address, { config, signal, strictEgress }) {
	const ownOrigin = new URL(config.apiBaseUrl).origin;
	const response = await safeFetch(address, {
		allowedOrigin: ownOrigin,
		strict: strictEgress,
		signal,
		maxBytes: MAX_FILE_BYTES,
		headers: (url) => config.apiKey !== void 0 && mayHaveKey(url, ownOrigin) ? { authorization: toBasicAuth(config.apiKey) } : {}
	}).catch((error) => {
		throw new PlatformError(`The stored file cannot be fetched: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
	});
	if (response.status !== 200 || !response.complete) throw new PlatformError(`The stored file cannot be fetched: Mailgun answered ${response.status}.`, {
		status: response.status,
		retryAfterMs: parseRetryAfter(response.headers["retry-after"], Date.now())
	});
	return {
		content: response.body,
		contentType: response.headers["content-type"] ?? null
	};
}
function mayHaveKey(url, ownOrigin) {
	if (url.origin === ownOrigin) return true;
	return url.protocol === "https:" && /(^|\.)mailgun\.net$/.test(url.hostname);
}
// apps/sync-server/src/mail/style.ts
const PROPERTIES = new Set("color background-color text-align text-decoration text-indent text-transform vertical-align direction unicode-bidi font font-family font-size font-style font-weight font-variant line-height letter-spacing word-spacing word-break overflow-wrap white-space width height max-width min-width max-height min-height margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom padding-left border border-top border-right border-bottom border-left border-color border-style border-width border-radius border-collapse border-spacing table-layout list-style-type display".split(" "));
const SAFE_VALUE = /^[\p{L}\p{N}#%.,()'" !+_-]*$/u;
const COLOUR_FUNCTION = /\b(?:rgb|hsl)a?\(/gi;
const MAX_STYLE_LENGTH = 4e3;
/** Keeps the harmless declarations of a style attribute; `''` when none is left. */
function sanitiseStyle(style) {
	if (style.length > MAX_STYLE_LENGTH) return "";
	const kept = [];
	for (const declaration of style.split(";")) {
		const colon = declaration.indexOf(":");
		if (colon < 0) continue;
		const property = declaration.slice(0, colon).trim().toLowerCase();
		const value = declaration.slice(colon + 1).trim();
		if (PROPERTIES.has(property) && isSafeValue(property, value)) kept.push(`${property}:${value}`);
	}
	return kept.join(";");
}
function isSafeValue(property, value) {
	if (value === "" || !SAFE_VALUE.test(value)) return false;
	if (value.replace(COLOUR_FUNCTION, "").includes("(")) return false;
	return !(property.startsWith("margin") && /(^|\s)-/.test(value));
}
// apps/sync-server/src/mail/sanitize.ts
const MAX_HTML_LENGTH = 1e6;
const MAX_DEPTH$1 = 400;
const TAGS = "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr".split(" ");
const DROPPED = "script style title textarea option select xmp noscript template svg math object embed iframe audio video canvas frameset noframes noembed".split(" ");
const ALLOWED_LINK = /^(https?|mailto|tel):/i;
const IGNORED_IN_URL = /[\p{Cc}\p{Cf}\s]/gu;
const INLINE_IMAGE = /^data:image\/(png|jpe?g|gif|webp);base64,[a-z0-9+/=\s]*$/i;
var TooDeepError = class extends Error {};
/**
* Makes a mail's HTML safe to show. Nothing runs, nothing is submitted, and nothing is loaded by itself: the address of a
* remote image stands in `data-remote-src` until the agent asks for it, the id of an attached one in `data-cid`.
*
* @returns well-formed HTML of the tags above; running it through again changes nothing that matters.
*/
function sanitiseHtml(html) {
	const input = cleanText(html).slice(0, MAX_HTML_LENGTH);
	let depth = 0;
	try {
		return sanitize(input, {
			allowedTags: TAGS,
			nonTextTags: DROPPED,
			allowedAttributes: {
				"*": [
					"style",
					"dir",
					"lang",
					"title",
					"align",
					"valign",
					"bgcolor",
					"width",
					"height"
				],
				a: [
					"href",
					"target",
					"rel"
				],
				img: [
					"src",
					"alt",
					"data-remote-src",
					"data-cid"
				],
				font: [
					"color",
					"face",
					"size"
				],
				ol: ["start", "type"],
				li: ["value"],
				table: [
					"border",
					"cellpadding",
					"cellspacing"
				],
				td: ["colspan", "rowspan"],
				th: ["colspan", "rowspan"],
				col: ["span"],
				time: ["datetime"]
			},
			allowedSchemes: [
				"http",
				"https",
				"mailto",
				"tel"
			],
			allowedSchemesByTag: { img: ["data"] },
			allowProtocolRelative: false,
			parseStyleAttributes: false,
			transformTags: { "*": (tagName, attribs) => ({
				tagName,
				attribs: toSafeAttributes(tagName, attribs)
			}) },
			onOpenTag: () => {
				if (++depth > MAX_DEPTH$1) throw new TooDeepError();
			},
			onCloseTag: () => {
				depth--;
			}
		});
	} catch (error) {
		if (!(error instanceof TooDeepError)) throw error;
		return stripTags(input);
	}
}
function toSafeAttributes(tagName, attribs) {
	const { style, href, src, ...safe } = attribs;
	const kept = style === void 0 ? "" : sanitiseStyle(style);
	if (kept !== "") safe.style = kept;
	if (tagName === "a" && href !== void 0) {
		const target = href.trim().replaceAll(" ", "%20").replace(IGNORED_IN_URL, "");
		if (ALLOWED_LINK.test(target)) return {
			...safe,
			href: target,
			target: "_blank",
			rel: "noopener noreferrer"
		};
	}
	if (tagName === "img") return {
		...withoutImageAddress(safe),
		...toImageSource(src?.trim() ?? "")
	};
	return safe;
}
/** A sender could write these attributes himself; only ours count, except on a second pass over our own output. */
function withoutImageAddress(attribs) {
	const { "data-remote-src": remote = "", "data-cid": contentId = "", ...rest } = attribs;
	return {
		...rest,
		.../^https?:\/\//i.test(remote) ? { "data-remote-src": remote } : {},
		...contentId === "" ? {} : { "data-cid": contentId }
	};
}
function toImageSource(src) {
	if (/^cid:/i.test(src)) return { "data-cid": src.slice(4) };
	if (/^https?:\/\//i.test(src)) return { "data-remote-src": src };
	if (src.startsWith("//")) return { "data-remote-src": `https:${src}` };
	return INLINE_IMAGE.test(src) ? { src } : {};
}
/** Nesting this deep is an attack or a broken generator: only the words are kept. */
function stripTags(html) {
	return html.replace(/<(script|style)\b[\s\S]*?(?:<\/\1|$)/gi, " ").replace(/<[^<>]*>?/g, " ").replace(/>/g, "&gt;").replace(/\s+/g, " ").trim();
}
// apps/sync-server/src/mail/render-text.ts
const TOKEN = /<(\/?)([a-z][a-z0-9]*)([^>]*)>|([^<]+)/g;
const HREF = /\shref="([^"]*)"/;
const ALT = /\salt="([^"]*)"/;
const ENTITIES = {
	"&lt;": "<",
	"&gt;": ">",
	"&quot;": "\"",
	"&amp;": "&"
};
const PARAGRAPHS = new Set("p h1 h2 h3 h4 h5 h6 blockquote pre ul ol table dl hr figure address".split(" "));
const LINES = new Set("div li tr dt dd section article header footer main aside nav caption figcaption center summary details".split(" "));
/**
* HTML as plain text for people: line breaks where blocks end, `>` before quotations, addresses of links behind their
* words where they differ.
*
* @param html - hostile HTML; it is sanitised first, and the tokens below rely on that (no `<` or `>` outside tags).
*/
function renderText(html) {
	const writer = new TextWriter();
	let href = "";
	let linkText = "";
	let preformatted = 0;
	for (const [, slash, tag = "", attributes = "", text] of sanitiseHtml(html).matchAll(TOKEN)) if (text !== void 0) {
		const words = decodeEntities(text);
		linkText += words;
		writer.write(words, preformatted > 0);
	} else if (tag === "br") writer.breakLine();
	else if (tag === "img") writer.write(decodeEntities(ALT.exec(attributes)?.[1] ?? ""), false);
	else if (tag === "td" || tag === "th") writer.write(slash === "/" ? " " : "", false);
	else {
		if (PARAGRAPHS.has(tag)) writer.startBlock(2);
		else if (LINES.has(tag)) writer.startBlock(1);
		if (tag === "blockquote") writer.quote(slash === "/" ? -1 : 1);
		else if (tag === "pre") preformatted += slash === "/" ? -1 : 1;
		else if (tag === "li" && slash === "") writer.write("- ", true);
		else if (tag === "a" && slash === "") {
			href = decodeEntities(HREF.exec(attributes)?.[1] ?? "");
			linkText = "";
		} else if (tag === "a") {
			if (isWorthShowing(href, linkText)) writer.write(` (${href})`, false);
			href = "";
		}
	}
	return writer.toString();
}
function isWorthShowing(href, text) {
	if (!/^https?:/i.test(href)) return false;
	const bare = (address) => address.trim().replace(/^https?:\/\//i, "").replace(/\/$/, "");
	return bare(href) !== bare(text);
}
function decodeEntities(text) {
	return text.replace(/&(?:lt|gt|quot|amp);/g, (entity) => ENTITIES[entity] ?? entity).replaceAll("\xA0", " ");
}
/** Collects words into lines. */
var TextWriter = class {
	#lines = [];
	#line = "";
	#quotes = 0;
	write(text, preformatted) {
		if (!preformatted) {
			const words = text.replace(/\s+/g, " ");
			this.#line += this.#line === "" || this.#line.endsWith(" ") ? words.trimStart() : words;
			return;
		}
		const [first = "", ...rest] = text.split("\n");
		this.#line += first;
		for (const line of rest) {
			this.breakLine();
			this.#line = line;
		}
	}
	breakLine() {
		this.#lines.push(`${"> ".repeat(this.#quotes)}${this.#line}`.trimEnd());
		this.#line = "";
	}
	/** @param gap - 1 for a new line, 2 for an empty line before it. */
	startBlock(gap) {
		if (this.#line.trim() !== "") this.breakLine();
		this.#line = "";
		const last = this.#lines.at(-1);
		if (gap === 2 && last !== void 0 && !/^[> ]*$/.test(last)) this.breakLine();
	}
	quote(change) {
		if (change < 0 && /^[> ]+$/.test(this.#lines.at(-1) ?? "")) this.#lines[this.#lines.length - 1] = "";
		this.#quotes = Math.min(Math.max(this.#quotes + change, 0), 10);
	}
	toString() {
		if (this.#line.trim() !== "") this.breakLine();
		return this.#lines.join("\n").replace(/\n{3,}/g, "\n\n").replace(/^\n+/, "").trimEnd();
	}
};
// apps/sync-server/src/mail/message.ts
const MAX_SUBJECT_LENGTH = 2e3;
/**
* The message event of a mail. The sender is who the From header names, because the envelope of a mail that went through
* a mailing service or a forwarder belongs to that service.
*
* @throws ParseError when neither From nor the envelope holds a mail address.
*/
function toInboundMail(parts, receivedAtMs) {
	const { headers } = parts;
	const from = readSender(parts);
	const html = parts.html.trim() === "" ? null : cleanText(parts.html);
	const plain = toBodyText(parts.text);
	const text = plain.trim() !== "" ? plain : html === null ? "" : renderText(html);
	const subject = decodeHeaderText(parts.subject).slice(0, MAX_SUBJECT_LENGTH).toWellFormed();
	const to = parseAddressHeader(headers, "to");
	return {
		type: "message",
		externalId: toMessageId(headers, [
			from.address,
			subject,
			text
		]),
		medium: "mail",
		sender: {
			kind: "email",
			value: from.address.toLowerCase(),
			name: from.name
		},
		from,
		to: to.length > 0 ? to : parseAddresses(parts.envelopeRecipient),
		cc: parseAddressHeader(headers, "cc"),
		replyTo: parseAddressHeader(headers, "reply-to"),
		subject,
		text,
		html,
		attachments: parts.attachments,
		references: collectReferences(headers),
		sentAt: receivedAtMs
	};
}
function readSender({ from, headers, envelopeSender }) {
	const header = from === "" ? getHeader(headers, "from") : from;
	const inside = decodeEncodedWords(header).trim().replace(/^"(.*)"$/s, "$1");
	const [written] = [...parseAddresses(header), ...parseAddresses(inside)];
	if (written) return written;
	const envelope = toSingleLine(envelopeSender).replace(/^<|>$/g, "");
	if (isMailAddress(envelope)) return {
		name: "",
		address: envelope
	};
	throw new ParseError("The mail has no sender: neither \"from\" nor \"sender\" holds a mail address.");
}
/** What parsers hand on is not always what their types say: mailparser's content type can be `false`. */
function asString(value) {
	return typeof value === "string" ? value : "";
}
const DIRECTION_MARKS = /[\u202a-\u202e\u2066-\u2069]/g;
/** A file name for people: no path, no control characters, nothing that hides its ending, never empty. */
function toFileName(name, fallback) {
	const clean = (toSingleLine(asString(name)).split(/[/\\]/).at(-1) ?? "").replace(DIRECTION_MARKS, "").replace(/^\.+$/, "").slice(-200).trim();
	return clean === "" ? fallback : clean.toWellFormed();
}
/** `text/plain` from `Text/Plain; charset=x`; what is not a media type becomes plain bytes. */
function toMediaType$1(value) {
	const type = asString(value).split(";", 1)[0]?.trim().toLowerCase() ?? "";
	return /^[a-z0-9!#$&^_.+-]{1,100}\/[a-z0-9!#$&^_.+-]{1,100}$/.test(type) ? type : "application/octet-stream";
}
/** A Content-ID as `cid:` addresses name it, without brackets; null when there is none. */
function toContentId(value) {
	const id = toSingleLine(asString(value)).replace(/^<|>$/g, "");
	return id === "" ? null : id.slice(0, 300);
}
// apps/sync-server/src/mail/mime.ts
/**
* Takes a raw mail apart. Body and files are mailparser's work; header values are decoded here, because it reads 8-bit
* headers as UTF-8 only, and mail in GBK often has them.
*
* @throws ParseError when the bytes are no mail at all.
*/
async function parseMime(raw) {
	const mail = await simpleParser(raw, {
		skipHtmlToText: true,
		skipTextToHtml: true,
		skipImageLinks: true,
		skipTextLinks: true,
		keepCidLinks: true
	}).catch((error) => {
		throw new ParseError("The MIME message cannot be read.", { cause: error });
	});
	const lines = mail.headerLines.map(({ line }) => Buffer.from(line, "latin1"));
	const charset = /charset="?([^\s";]+)/i.exec(findLine(lines, "content-type"))?.[1];
	const headers = lines.map((line) => splitHeader(decodeText(line, [charset])));
	return {
		headers,
		from: getHeader(headers, "from"),
		subject: getHeader(headers, "subject"),
		text: mail.text ?? "",
		html: mail.html === false ? "" : mail.html ?? "",
		attachments: mail.attachments.map((file, index) => ({
			name: toFileName(file.filename, `attachment-${index + 1}`),
			contentType: toMediaType$1(file.contentType),
			contentId: toContentId(file.contentId),
			source: { content: file.content }
		}))
	};
}
function findLine(lines, name) {
	return lines.map((line) => line.toString("latin1")).find((line) => line.toLowerCase().startsWith(`${name}:`)) ?? "";
}
function splitHeader(line) {
	const colon = line.indexOf(":");
	const unfolded = line.slice(colon + 1).replace(/\r?\n[ \t]*/g, " ");
	return [line.slice(0, Math.max(colon, 0)).trim(), unfolded.trim()];
}
// apps/sync-server/src/net/form-body.ts
/** A form that cannot be read; its sentence is for the caller. */
var FormError = class extends Error {
	constructor(message) {
		super(message);
		this.name = "FormError";
	}
};
const MAX_PARTS = 2e4;
const MAX_PART_HEADER_BYTES = 16384;
const AMPERSAND = 38;
const EQUALS = 61;
const PERCENT = 37;
const PLUS = 43;
const SPACE = 32;
/**
* Reads `application/x-www-form-urlencoded`, keeping bytes: what a percent-encoded value means depends on its charset,
* which the URL standard's parser takes to be UTF-8 and destroys otherwise.
*
* @throws FormError when there are too many fields.
*/
function parseUrlEncoded(body) {
	const parts = [];
	const decoded = Buffer.allocUnsafe(body.length);
	let written = 0;
	let start = 0;
	let nameEnd = -1;
	const finish = () => {
		if (written > start || nameEnd >= 0) {
			if (parts.length === MAX_PARTS) throw new FormError("the form has too many fields");
			const end = nameEnd < 0 ? written : nameEnd;
			parts.push({
				name: decoded.toString("utf8", start, end),
				bytes: decoded.subarray(end, written),
				fileName: null,
				contentType: null
			});
		}
		start = written;
		nameEnd = -1;
	};
	for (let index = 0; index < body.length; index++) {
		const byte = body[index] ?? 0;
		if (byte === AMPERSAND) finish();
		else if (byte === EQUALS && nameEnd < 0) nameEnd = written;
		else if (byte === PLUS) decoded[written++] = SPACE;
		else if (byte === PERCENT) {
			const high = hexDigit(body[index + 1]);
			const low = hexDigit(body[index + 2]);
			if (high < 0 || low < 0) decoded[written++] = byte;
			else {
				decoded[written++] = high << 4 | low;
				index += 2;
			}
		} else decoded[written++] = byte;
	}
	finish();
	return parts;
}
function hexDigit(byte) {
	if (byte === void 0) return -1;
	if (byte >= 48 && byte <= 57) return byte - 48;
	const letter = byte | 32;
	return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
/**
* Reads `multipart/form-data` (RFC 7578) from a whole body; parts are views into it, nothing is copied.
*
* @throws FormError when the boundary is missing, the body ends before its closing boundary, or a part has no name.
*/
function parseMultipart(body, contentType) {
	const boundary = parseParameter(contentType, "boundary");
	if (boundary === null || boundary === "" || boundary.length > 200) throw new FormError("the multipart boundary is missing");
	const delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
	const parts = [];
	const opening = delimiter.subarray(2);
	let position = body.subarray(0, opening.length).equals(opening) ? opening.length : after(body, delimiter, 0);
	while (position >= 0) {
		if (body.toString("latin1", position, position + 2) === "--") return parts;
		const headerStart = skipPadding(body, position);
		const headerEnd = body.indexOf("\r\n\r\n", headerStart, "latin1");
		if (headerEnd < 0 || headerEnd - headerStart > MAX_PART_HEADER_BYTES) break;
		const end = body.indexOf(delimiter, headerEnd + 2);
		if (end < 0) break;
		if (parts.length === MAX_PARTS) throw new FormError("the form has too many parts");
		parts.push(readPart(body.toString("latin1", headerStart, headerEnd), body.subarray(Math.min(headerEnd + 4, end), end)));
		position = end + delimiter.length;
	}
	throw new FormError("the multipart body is cut off or damaged");
}
function after(body, delimiter, from) {
	const index = body.indexOf(delimiter, from);
	return index < 0 ? -1 : index + delimiter.length;
}
/** Delimiters may be followed by spaces before their line ends (RFC 2046, transport padding). */
function skipPadding(body, position) {
	let index = position;
	while (body[index] === SPACE || body[index] === 9) index++;
	if (body[index] !== 13 || body[index + 1] !== 10) throw new FormError("the multipart body is damaged");
	return body[index + 2] === 13 ? index : index + 2;
}
function readPart(head, bytes) {
	let disposition = null;
	let contentType = null;
	for (const line of head.replace(/\r\n[ \t]+/g, " ").split("\r\n")) {
		const colon = line.indexOf(":");
		const name = line.slice(0, colon).trim().toLowerCase();
		if (name === "content-disposition") disposition = line.slice(colon + 1);
		else if (name === "content-type") contentType = line.slice(colon + 1).trim();
	}
	const name = disposition === null ? null : parseParameter(disposition, "name");
	if (disposition === null || name === null) throw new FormError("a multipart part has no name");
	const plain = parseParameter(disposition, "filename");
	const fileName = parseExtended(parseParameter(disposition, "filename*")) ?? (plain === null ? null : asUtf8(plain));
	return {
		name: asUtf8(name),
		bytes,
		fileName,
		contentType
	};
}
/** A parameter of a header value, quoted or not: `('form-data; name="a"', 'name')` → `a`. */
function parseParameter(header, name) {
	for (const match of header.matchAll(/;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g)) if (match[1]?.toLowerCase() === name) return match[2] === void 0 ? match[3] ?? "" : unquote$1(match[2]);
	return null;
}
/** Only quotes and backslashes are ever escaped; a lone backslash belongs to a Windows path. */
function unquote$1(text) {
	return text.replace(/\\(["\\])/g, "$1");
}
function asUtf8(latin1) {
	return Buffer.from(latin1, "latin1").toString("utf8").replace(/%(22|0A|0D)/gi, (escaped) => decodeURIComponent(escaped));
}
/** `UTF-8''%E5%9B%BE.png` (RFC 5987). */
function parseExtended(value) {
	const match = value === null ? null : /^utf-8'[^']*'(.*)$/i.exec(value);
	if (!match) return null;
	try {
		return decodeURIComponent(match[1] ?? "");
	} catch {
		return null;
	}
}
// apps/sync-server/src/channels/mailgun/form.ts
/** The media type of a request, in lower case and without parameters. */
function mediaTypeOf(contentType) {
	return contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
/** @throws FormError when the body is no form of the kind that the content type names. */
function readForm(body, contentType) {
	const type = mediaTypeOf(contentType);
	if (type === "application/x-www-form-urlencoded") return {
		parts: parseUrlEncoded(body),
		charset: parseParameter(contentType, "charset")
	};
	if (type === "multipart/form-data") return {
		parts: parseMultipart(body, contentType),
		charset: null
	};
	throw new FormError("the content type is not one that Mailgun uses");
}
function lastField(form, name) {
	const part = form.parts.findLast((candidate) => candidate.name === name && candidate.fileName === null);
	return part ? decodePart(part, form) : null;
}
function firstField(form, name) {
	const part = findField(form, name);
	return part ? decodePart(part, form) : null;
}
/** The bytes of a field: raw mail must not be decoded as a whole. */
function firstBytes(form, name) {
	return findField(form, name)?.bytes ?? null;
}
function hasField(form, name) {
	return findField(form, name) !== void 0;
}
function findField(form, name) {
	return form.parts.find((part) => part.name === name && part.fileName === null);
}
function decodePart(part, form) {
	const own = part.contentType === null ? null : parseParameter(part.contentType, "charset");
	return decodeText(part.bytes, [own, form.charset]);
}
const SIGNATURE_FIELDS = /* @__PURE__ */ new Set([
	"timestamp",
	"token",
	"signature"
]);
/**
* A hash of what the form says, for one-time tokens: the order of differently named fields and the multipart boundary
* do not matter, every byte of every field and file does. The signature fields stay out: a retry may be signed anew.
*/
function hashForm(form) {
	const parts = form.parts.filter((part) => !SIGNATURE_FIELDS.has(part.name));
	parts.sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
	const chunks = [];
	for (const { name, fileName, contentType, bytes } of parts) {
		const content = fileName === null ? bytes : hash("sha256", bytes, "buffer");
		chunks.push(Buffer.from(JSON.stringify([
			name,
			fileName,
			contentType,
			content.length
		])), content);
	}
	return hash("sha256", Buffer.concat(chunks), "buffer");
}
// apps/sync-server/src/channels/mailgun/parse-attachments.ts
const MAX_ATTACHMENTS = 500;
/** Files that came with the form: `attachment-1` and so on, whatever their number says. */
function parseFormAttachments(form) {
	const contentIds = readContentIds(form);
	return form.parts.filter((part) => part.fileName !== null || /^attachment-\d+$/.test(part.name)).slice(0, MAX_ATTACHMENTS).map((part, index) => ({
		name: toFileName(part.fileName, `attachment-${index + 1}`),
		contentType: toMediaType$1(part.contentType),
		contentId: contentIds.get(part.name) ?? null,
		source: { content: part.bytes }
	}));
}
/**
* Files that Mailgun stored: the JSON list of `store(notify=…)`.
*
* @throws ParseError when the list cannot be read: files would be missing without anyone knowing.
*/
function parseStoredAttachments(json, form) {
	if (json.trim() === "") return [];
	const contentIds = readContentIds(form);
	return parseList(json).slice(0, MAX_ATTACHMENTS).map((entry, index) => {
		const { url, name, size, "content-type": contentType } = entry ?? {};
		if (typeof url !== "string" || url === "") throw new ParseError(`attachments[${index}].url is missing.`);
		const fileName = typeof name === "string" ? name : "";
		return {
			name: toFileName(fileName, `attachment-${index + 1}`),
			contentType: toMediaType$1(typeof contentType === "string" ? contentType : ""),
			contentId: contentIds.get(url) ?? contentIds.get(fileName) ?? contentIds.get(`attachment-${index + 1}`) ?? null,
			source: {
				url,
				sizeBytes: toSize(size)
			}
		};
	});
}
function parseList(json) {
	try {
		const list = JSON.parse(json);
		if (Array.isArray(list)) return list;
	} catch (error) {
		throw new ParseError("attachments is not a JSON list.", { cause: error });
	}
	throw new ParseError("attachments is not a JSON list.");
}
function toSize(size) {
	const bytes = Number(size);
	return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : 0;
}
const JSON_STRING = /"((?:[^"\\]|\\[\s\S]?)*)(?:"|$)/g;
/**
* `content-id-map`: which Content-ID belongs to which field or stored address. Read pair by pair: real maps hold the same
* key twice and empty keys, of which a JSON parser keeps one (platforms/mailgun.md).
*/
function readContentIds(form) {
	const contentIds = /* @__PURE__ */ new Map();
	const json = firstField(form, "content-id-map") ?? "";
	let key = null;
	for (const value of json.matchAll(JSON_STRING)) {
		const isValue = key !== null && json.slice(key.index + key[0].length, value.index).trim() === ":";
		const contentId = isValue ? toContentId(unquote(key?.[0] ?? "")) : null;
		const target = unquote(value[0]);
		if (contentId !== null && !contentIds.has(target)) contentIds.set(target, contentId);
		key = isValue ? null : value;
	}
	return contentIds;
}
function unquote(json) {
	try {
		return String(JSON.parse(json));
	} catch {
		return "";
	}
}
// apps/sync-server/src/channels/mailgun/parse-headers.ts
/**
* The mail's headers: `message-headers`, and of the copies that Mailgun posts as fields of their own those that are not
* in it, should it be missing or damaged. A mail is shown even where its thread cannot be told.
*/
function readMailHeaders(form) {
	const listed = parseHeaderJson(firstField(form, "message-headers") ?? "");
	const names = new Set(listed.map(([name]) => name.toLowerCase()));
	return [...listed, ...copiesOfHeaders(form).filter(([name]) => !names.has(name.toLowerCase()))];
}
function parseHeaderJson(json) {
	let parsed;
	try {
		parsed = JSON.parse(json);
	} catch {
		return [];
	}
	if (!Array.isArray(parsed)) return [];
	const pairs = [];
	for (const entry of parsed) {
		const [name, value] = Array.isArray(entry) ? entry : [];
		if (typeof name === "string" && typeof value === "string") pairs.push([name, value]);
	}
	return pairs;
}
/** Headers begin with a capital, Mailgun's own fields do not; mailers that spell theirs small must not lose the thread. */
const HEADER_COPY = /^([A-Z][A-Za-z0-9-]*|message-id|in-reply-to|references)$/;
function copiesOfHeaders(form) {
	return form.parts.filter((part) => part.fileName === null && HEADER_COPY.test(part.name)).map((part) => [part.name, decodePart(part, form)]);
}
// apps/sync-server/src/channels/mailgun/parse-event.ts
const OUTCOMES = /* @__PURE__ */ new Map([
	["accepted", "accepted"],
	["delivered", "delivered"],
	["opened", "read"],
	["unsubscribed", "unsubscribed"],
	["complained", "complained"],
	["failed", "failed"],
	["rejected", "failed"],
	["bounced", "failed"],
	["dropped", "failed"]
]);
/** A JSON event. Unknown kinds are `ignored`; a known one without its message or name cannot be read. */
function parseEventBody({ data, name, messageId, at }, receivedAtMs) {
	if (name === null) throw new ParseError("event-data.event is missing.");
	const delivery = asRecord(data["delivery-status"]);
	const reject = asRecord(data.reject);
	return toEvent$1({
		name,
		temporary: data.severity === "temporary",
		messageId,
		recipient: asText(data.recipient) ?? "",
		at: at ?? receivedAtMs,
		code: String(delivery.code ?? ""),
		reason: asText(data.reason) ?? asText(reject.reason) ?? "",
		explanation: asText(delivery.message) ?? asText(delivery.description) ?? asText(reject.description) ?? ""
	});
}
/** An event of the older form format, which some accounts still send. */
function parseEventForm(form, receivedAtMs) {
	const read = (name) => firstField(form, name) ?? "";
	const id = getHeader(readMailHeaders(form), "message-id");
	return toEvent$1({
		name: read("event"),
		temporary: read("severity") === "temporary",
		messageId: normaliseMessageId(id),
		recipient: read("recipient"),
		at: toEpochMs(lastField(form, "timestamp")) ?? receivedAtMs,
		code: read("code"),
		reason: read("reason"),
		explanation: read("error") || read("description") || read("notification")
	});
}
function toEvent$1(report) {
	const name = toSingleLine(report.name).slice(0, 50);
	const known = OUTCOMES.get(name);
	if (known === void 0) return {
		type: "ignored",
		reason: `events "${name}" change nothing here`
	};
	const outcome = known === "failed" && report.temporary ? "delayed" : known;
	if (report.messageId === null) throw new ParseError("event-data.message.headers.message-id is missing.");
	return {
		type: "delivery",
		externalId: report.messageId,
		outcome,
		failure: outcome === "failed" || outcome === "delayed" ? toFailure(name, report) : null,
		recipient: toSingleLine(report.recipient),
		at: report.at
	};
}
function toFailure(name, { code, reason, explanation, temporary }) {
	const words = toSingleLine(explanation).slice(0, 1e3);
	const text = [code === "0" ? "" : toSingleLine(code), words].filter((part) => part !== "").join(" ");
	const cause = toSingleLine(reason).slice(0, 100);
	const detail = cause === "" || cause === "generic" ? "" : text === "" ? cause : ` (${cause})`;
	return {
		kind: toFailureKind(name, cause, temporary),
		text: text + detail
	};
}
function toFailureKind(name, reason, temporary) {
	if (name === "rejected") return "rejected";
	if (reason.startsWith("suppress-")) return "suppressed";
	return temporary ? "delayed" : "bounced";
}
// apps/sync-server/src/channels/mailgun/verify.ts
const MAX_EVENT_BYTES = 5242880;
/**
* Proves a request of Mailgun genuine (platforms/mailgun.md): inbound forms, JSON events and the older form events.
*
* 401 no signature, 406 a wrong one (tells Mailgun to stop), 403 a correct one that is too old or from the future: never
* 406 there, because a retry of a genuine mail may come late. 400 and 415 for what is no request of Mailgun at all.
*/
function verifyMailgun(request, config, nowMs) {
	if (config.signingKey === "") return reject$3(401, "no signing key is configured");
	if (request.body.length === 0) return reject$3(400, "the body is empty");
	const contentType = request.headers["content-type"] ?? "";
	try {
		if (mediaTypeOf(contentType) === "application/json") return verifyEvent(request.body, config, nowMs);
		const form = readForm(request.body, contentType);
		const timestamp = lastField(form, "timestamp");
		const token = lastField(form, "token");
		const signature = lastField(form, "signature");
		if (timestamp === null || token === null || signature === null) return reject$3(401, "the signature fields are missing");
		return check$1({
			timestamp,
			token,
			signature
		}, config, nowMs) ?? accept({
			...describeForm(form, request.pathSuffix),
			...oneTime(token, hashForm(form))
		});
	} catch (error) {
		if (error instanceof FormError) return reject$3(mediaTypeIsKnown(contentType) ? 400 : 415, error.message);
		return reject$3(400, "the body cannot be read");
	}
}
function verifyEvent(body, config, nowMs) {
	if (body.length > MAX_EVENT_BYTES) return reject$3(413, "the event is too large");
	const event = readEventBody(body);
	if (!event) return reject$3(400, "the body is not a JSON object");
	if (!event.signature) return reject$3(401, "the signature object is missing");
	const problem = check$1(event.signature, config, nowMs);
	if (problem) return problem;
	const { name, messageId, content } = event;
	return accept({
		topic: toKey(name ?? "event"),
		laneKey: toKey(messageId ?? event.signature.token),
		dedupeKey: toDedupeKey(event),
		...oneTime(event.signature.token, hash("sha256", content, "buffer"))
	});
}
function check$1({ timestamp, token, signature }, config, nowMs) {
	if (timestamp === "" || token === "" || signature === "") return reject$3(401, "the signature fields are empty");
	const expected = createHmac("sha256", config.signingKey).update(timestamp + token).digest();
	const given = Buffer.from(signature, "hex");
	const wellFormed = signature.length === 64 && given.length === expected.length;
	if (!timingSafeEqual(wellFormed ? given : Buffer.alloc(expected.length), expected) || !wellFormed) return reject$3(406, "the signature is wrong");
	if (!/^\d{1,12}(\.\d+)?$/.test(timestamp)) return reject$3(403, "the timestamp cannot be read");
	if (!/^[\x20-\x7e]{1,200}$/.test(token)) return reject$3(403, "the token cannot be read");
	const ageMs = nowMs - Number(timestamp) * 1e3;
	if (ageMs > config.maxAgeSeconds * 1e3) return reject$3(403, "the request is too old");
	if (ageMs < -3e5) return reject$3(403, "the timestamp lies in the future");
	return null;
}
/**
* Lanes: mails of one person stay in order, because the second one often continues the first; a thread is no better key,
* as its first mail does not name it. Reports stay in order by the message they are about.
*/
function describeForm(form, pathSuffix) {
	const kind = kindOfForm(form, pathSuffix);
	if (kind === "event") {
		const id = normaliseMessageId(getHeader(readMailHeaders(form), "message-id"));
		const name = firstField(form, "event") ?? "event";
		return {
			topic: toKey(name),
			laneKey: toKey(id ?? name),
			dedupeKey: null
		};
	}
	const from = firstField(form, "from") ?? firstField(form, "sender") ?? "";
	return {
		topic: kind,
		laneKey: toKey((/<([^<>]*)>[^<>]*$/.exec(from)?.[1] ?? from).toLowerCase()),
		dedupeKey: null
	};
}
/**
* Which of Mailgun's forms this is. The raw form is believed only where the address asks for it or no parsed field is
* there: anyone can send a mail with a header `body-mime`, which then is a field of that name.
*/
function kindOfForm(form, pathSuffix) {
	const has = (name) => hasField(form, name);
	if (has("body-mime") && (/(^|\/)mime$/.test(pathSuffix) || !has("message-headers"))) return "inbound-mime";
	if (has("event") && !has("from") && !has("sender") && !has("body-plain")) return "event";
	return has("message-url") ? "inbound-stored" : "inbound";
}
function oneTime(token, contentHash) {
	return { oneTimeToken: {
		token,
		contentHash
	} };
}
/** Short enough for an index, free of what the database refuses. */
function toKey(text) {
	return toSingleLine(text).slice(0, 320).toWellFormed();
}
function mediaTypeIsKnown(contentType) {
	return ["application/x-www-form-urlencoded", "multipart/form-data"].includes(mediaTypeOf(contentType));
}
function accept(facts) {
	return {
		ok: true,
		facts
	};
}
function reject$3(status, reason) {
	return {
		ok: false,
		status,
		reason
	};
}
// apps/sync-server/src/channels/mailgun/parse.ts
/**
* Reads a genuine request of Mailgun as one event of ours.
*
* @throws ParseError naming the field that cannot be read.
*/
async function parseMailgun(request, receivedAtMs) {
	const contentType = request.headers["content-type"] ?? "";
	if (mediaTypeOf(contentType) === "application/json") {
		const event = readEventBody(request.body);
		if (!event) throw new ParseError("The body is not a JSON object.");
		return [parseEventBody(event, receivedAtMs)];
	}
	const form = readFormOrFail(request.body, contentType);
	switch (kindOfForm(form, request.pathSuffix)) {
		case "event": return [parseEventForm(form, receivedAtMs)];
		case "inbound-mime": return [await parseRawMail(form, receivedAtMs)];
		default: return [parseParsedMail(form, receivedAtMs)];
	}
}
function readFormOrFail(body, contentType) {
	try {
		return readForm(body, contentType);
	} catch (error) {
		if (!(error instanceof FormError)) throw error;
		throw new ParseError(`The form cannot be read: ${error.message}.`, { cause: error });
	}
}
function parseParsedMail(form, receivedAtMs) {
	const stored = firstField(form, "attachments");
	return toInboundMail({
		headers: readMailHeaders(form),
		from: firstField(form, "from") ?? "",
		subject: firstField(form, "subject") ?? "",
		envelopeSender: firstField(form, "sender") ?? "",
		envelopeRecipient: firstField(form, "recipient") ?? "",
		text: firstField(form, "body-plain") ?? "",
		html: firstField(form, "body-html") ?? "",
		attachments: [...parseFormAttachments(form), ...stored === null ? [] : parseStoredAttachments(stored, form)]
	}, receivedAtMs);
}
async function parseRawMail(form, receivedAtMs) {
	const mail = await parseMime(firstBytes(form, "body-mime") ?? Buffer.alloc(0));
	return toInboundMail({
		...mail,
		from: mail.from || (firstField(form, "from") ?? ""),
		subject: mail.subject || (firstField(form, "subject") ?? ""),
		envelopeSender: firstField(form, "sender") ?? "",
		envelopeRecipient: firstField(form, "recipient") ?? ""
	}, receivedAtMs);
}
// apps/sync-server/src/channels/mailgun/index.ts
const mailgunConnector = {
	kind: "mailgun",
	configSchema: mailgunConfigSchema,
	secretKeys: ["signingKey", "apiKey"],
	maxBodyBytes: 41943040,
	capabilities: {
		idempotentSend: false,
		receipts: true,
		edit: false,
		recall: false,
		typing: false,
		windowHours: null,
		maxTextLength: null
	},
	verify: verifyMailgun,
	parse: (request, _config, receivedAtMs) => parseMailgun(request, receivedAtMs),
	displayAddress: (config) => parseAddresses(config.fromAddress)[0]?.address ?? config.fromAddress,
	maySend: (config) => config.apiKey !== void 0,
	createExternalId: (messageId, config) => `<${messageId}@${config.domain}>`,
	send: sendMail,
	fetchFile: fetchStoredFile
};
// packages/shared/src/time-zone.ts
/** A time zone by its IANA name, such as `Asia/Shanghai`, as far as this runtime knows it. */
const timeZoneSchema = z.string("must be a time zone").max(100, "must have at most 100 characters").refine(isTimeZone, "must be the name of a time zone, such as Asia/Shanghai").meta({ description: "An IANA name." });
function isTimeZone(name) {
	try {
		return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat("en", { timeZone: name }) !== null;
	} catch {
		return false;
	}
}
// packages/shared/src/chat/office-hours.ts
const weekdays = [
	"mon",
	"tue",
	"wed",
	"thu",
	"fri",
	"sat",
	"sun"
];
const timeSchema = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, "must be a time such as 09:00, at most 24:00");
const spanSchema = z.tuple([timeSchema, timeSchema]).refine(([from, to]) => from < to, "must end after it begins; hours over midnight are two entries, one to 24:00");
const daySchema = z.array(spanSchema).max(10).optional();
/**
* When a desk answers its chat: wall-clock times of a place, by weekday. A day left out is closed.
* `{timeZone: 'Asia/Shanghai', days: {mon: [['09:00', '12:00'], ['13:30', '18:00']]}}`
*/
const officeHoursSchema = z.strictObject({
	timeZone: timeZoneSchema,
	days: z.strictObject({
		mon: daySchema,
		tue: daySchema,
		wed: daySchema,
		thu: daySchema,
		fri: daySchema,
		sat: daySchema,
		sun: daySchema
	})
});
// apps/sync-server/src/channels/web-chat/config.ts
const preChatFieldSchema = z.enum([
	"off",
	"optional",
	"required"
], "must be off, optional or required");
/** The settings of one website chat (platforms/config-keys.md). */
const webChatConfigSchema = z.strictObject({
	/** Origins of the pages the chat is on, as browsers name them: scheme, host and, where unusual, port. */
	allowedOrigins: z.array(z.string().trim().transform((text) => text.replace(/\/$/, "")).refine(isOrigin, "must be an origin such as https://www.shop.example, without a path")).max(100).transform((origins) => [...new Set(origins.map((origin) => new URL(origin).origin))]),
	/** Signs visitor identities and the posts of the shop's own backend. */
	identitySecret: z.string().min(1, "Enter the secret, or leave the field out.").max(500).optional(),
	greeting: z.string().trim().max(500).optional(),
	accentColor: z.string().regex(/^#[0-9a-f]{6}$/i, "must be a colour such as #0b6e4f").optional(),
	officeHours: officeHoursSchema.optional(),
	preChat: z.strictObject({
		name: preChatFieldSchema.default("off"),
		email: preChatFieldSchema.default("off")
	}).default({
		name: "off",
		email: "off"
	}),
	askRating: z.boolean().default(true)
});
function isOrigin(text) {
	const url = URL.parse(text);
	if (url === null || url.protocol !== "https:" && url.protocol !== "http:") return false;
	return url.href === `${url.origin}/` && !/[?#@\\]/.test(text);
}
// apps/sync-server/src/channels/web-chat/identity.ts
const headerSchema = z.object({
	alg: z.string(),
	crit: z.undefined().optional()
});
const secondsSchema = z.number().finite();
const claimsSchema = z.object({
	sub: z.union([z.string(), z.number().int().transform(String)]).pipe(z.string().min(1).max(200).refine(isPlainLine)),
	name: z.string().max(1e3).nullish(),
	email: z.string().max(1e3).nullish(),
	/** Said by identity providers: an address nobody has proven to be theirs joins nothing. */
	email_verified: z.unknown().optional(),
	phone: z.string().max(1e3).nullish(),
	exp: secondsSchema.nullish(),
	nbf: secondsSchema.nullish()
});
/**
* Checks a shop's word for its visitor: a JWT, HS256 and nothing else, signed with the account's `identitySecret`.
*
* @see https://www.rfc-editor.org/rfc/rfc7519
*/
function verifyIdentity(token, config, nowMs) {
	if (config.identitySecret === void 0) return refuse$1("this account has no identitySecret");
	const parts = token.split(".");
	const [header = "", payload = "", signature = ""] = parts;
	if (parts.length !== 3) return refuse$1("is not a JWT");
	const parsedHeader = headerSchema.safeParse(decode(header));
	if (!parsedHeader.success || parsedHeader.data.alg !== "HS256") return refuse$1("must be signed with HS256");
	const expected = createHmac("sha256", config.identitySecret).update(`${header}.${payload}`).digest();
	const given = Buffer.from(signature, "base64url");
	if (given.length !== expected.length || !timingSafeEqual(given, expected)) return refuse$1("has a wrong signature");
	const claims = claimsSchema.safeParse(decode(payload));
	if (!claims.success) {
		const field = claims.error.issues[0]?.path.join(".") ?? "";
		return refuse$1(field === "" ? "holds no claims" : `has no usable ${field}`);
	}
	return read(claims.data, nowMs);
}
function read(claims, nowMs) {
	if (typeof claims.exp === "number" && nowMs >= claims.exp * 1e3) return refuse$1("has expired");
	if (typeof claims.nbf === "number" && nowMs < claims.nbf * 1e3) return refuse$1("is not valid yet");
	const email = toSingleLine(claims.email ?? "").toLowerCase();
	const proven = isMailAddress(email) && claims.email_verified !== false && claims.email_verified !== "false";
	return {
		ok: true,
		identity: {
			subject: claims.sub,
			name: toSingleLine(claims.name ?? "").slice(0, 200).toWellFormed(),
			email: proven ? email : null,
			phone: toPhone(claims.phone ?? "")
		}
	};
}
/** One line without control characters, halves of surrogate pairs, or blanks at its ends. */
function isPlainLine(text) {
	return toSingleLine(text) === text;
}
/** E.164, or null: a number without its country may be anybody's. */
function toPhone(text) {
	const plain = text.replaceAll(/[\s().-]/g, "");
	return /^\+[1-9]\d{6,14}$/.test(plain) ? plain : null;
}
function decode(part) {
	try {
		return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
	} catch {
		return null;
	}
}
function refuse$1(reason) {
	return {
		ok: false,
		reason
	};
}
// packages/shared/src/chat/wire.ts
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
const visitorTokenSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/, "must be 32 random bytes in base64url");
const chatLanguages = ["en", "zh-CN"];
/** `auth` of the handshake. `identity` is a JWT (HS256) made by the shop with the account's `identitySecret`. */
const chatAuthSchema = z.object({
	accountId: z.string().min(1).max(64),
	/** Any text: one that was never known is as good as none, and tells nobody anything. */
	visitorToken: z.string().max(200).nullish(),
	identity: z.string().max(4e3).nullish(),
	language: z.enum(chatLanguages).nullish(),
	/** Address of the page the visitor is on, for the agent. */
	page: z.string().max(2e3).nullish()
});
const MAX_CHAT_TEXT = 1e4;
const MAX_CHAT_FILE_BYTES = 10485760;
/** The id is made by the widget; the same message again under it is the same message (R2). */
const chatMessageSchema = z.object({
	id: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, "must be 8 to 64 letters, digits, \"-\" or \"_\""),
	text: z.string().max(MAX_CHAT_TEXT, `must be at most ${MAX_CHAT_TEXT} characters`).default(""),
	attachmentIds: z.array(z.string().max(64)).max(5).default([])
}).refine((message) => message.text.trim() !== "" || message.attachmentIds.length > 0, {
	path: ["text"],
	message: "must not be empty"
});
/** Messages that changed after this position; absent, null or 0 gives the newest page. */
const chatHistorySchema = z.object({
	after: z.union([z.number().int().nonnegative(), z.string().regex(/^\d{1,15}$/).transform(Number)]).nullish(),
	/** Older messages before this message, for scrolling back; `after` is not looked at then. */
	before: z.string().max(100).nullish()
});
/** What the visitor typed about himself: shown to agents as claimed, joins nothing. */
const chatProfileSchema = z.object({
	name: z.string().trim().max(200).optional(),
	email: z.union([z.email("must be a mail address such as name@example.com").max(320), z.literal("")]).optional(),
	phone: z.string().trim().max(40).optional()
});
const chatRatingSchema = z.object({
	conversationId: z.string().max(64),
	score: z.number().int().min(1).max(5),
	comment: z.string().max(2e3).default("")
});
const chatTypingSchema = z.object({ typing: z.boolean() });
/** Ids of agents' messages that arrived here, and of those the visitor has had on screen. */
const chatReceiptSchema = z.object({
	delivered: z.array(z.string().max(64)).max(200).default([]),
	read: z.array(z.string().max(64)).max(200).default([])
});
// apps/sync-server/src/channels/chat-request.ts
/** 8 to 64 letters, digits, "-" or "_": made by whoever sends, the same on every attempt (R2). */
const clientIdSchema = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, "must be 8 to 64 letters, digits, \"-\" or \"_\"");
const instantSchema = z.number().int().nonnegative();
const lineSchema = (longest) => z.string().max(longest).transform(toSingleLine);
/** Ids of ours, and nothing a database would stumble over. */
const idSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const vouchedSchema = z.object({
	subject: lineSchema(200).pipe(z.string().min(1, "must name the user")),
	name: lineSchema(200).default(""),
	email: lineSchema(320).nullable().default(null),
	phone: lineSchema(40).nullable().default(null)
});
/**
* What chat gateway and shops' backends hand in: news of one visitor. The gateway writes it into the inbox, a backend posts
* it, signed; the web-chat connector reads both. Each event is read by itself (`chatEventSchema`): one that a later version
* knows must not spoil the others.
*/
const chatRequestSchema = z.object({
	visitor: z.string().regex(/^[A-Za-z0-9._:@-]{1,100}$/, "must be 1 to 100 letters, digits, \".\", \"_\", \":\", \"@\" or \"-\""),
	vouched: vouchedSchema.nullish(),
	language: z.enum(chatLanguages).nullish(),
	page: lineSchema(2e3).nullish(),
	events: z.array(z.looseObject({ type: z.string().min(1).max(40) })).min(1).max(50)
});
const chatEventSchema = z.discriminatedUnion("type", [
	z.object({
		type: z.literal("message"),
		id: clientIdSchema,
		text: z.string().max(1e5).transform(toBodyText).default(""),
		attachmentIds: z.array(idSchema).max(20).default([]),
		at: instantSchema.optional()
	}),
	z.object({
		type: z.literal("profile"),
		name: lineSchema(200).optional(),
		email: lineSchema(320).optional(),
		phone: lineSchema(40).optional(),
		at: instantSchema.optional()
	}),
	z.object({
		type: z.literal("receipt"),
		delivered: z.array(idSchema).max(200).default([]),
		read: z.array(idSchema).max(200).default([]),
		at: instantSchema.optional()
	}),
	z.object({
		type: z.literal("rating"),
		conversationId: idSchema,
		score: z.number().int().min(1).max(5),
		comment: z.string().max(2e3).transform(cleanText).default(""),
		at: instantSchema.optional()
	})
]);
function isChatEventType(type) {
	return chatEventSchema.options.some((option) => option.shape.type.value === type);
}
/** What ingest needs to know of a request: everything of a visitor keeps its order, and a message is known by its id. */
function describeChatRequest(request, body) {
	const [first] = request.events;
	const messageId = request.events.length === 1 && first?.type === "message" ? String(first.id) : null;
	const dedupeKey = messageId !== null && clientIdSchema.safeParse(messageId).success ? `message:${request.visitor}/${messageId}` : `request:${createHash("sha256").update(body).digest("base64url")}`;
	return {
		topic: first?.type ?? "unknown",
		laneKey: request.visitor,
		dedupeKey
	};
}
// apps/sync-server/src/channels/web-chat/verify.ts
/** How far the time of a request may lie from ours: a captured one is of no use after it. */
const TOLERANCE_MS = 3e5;
/** HMAC-SHA256 over `{timestamp}.{body}`, in hex behind `v1=`. */
function signChatRequest(secret, timestamp, body) {
	return `v1=${createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex")}`;
}
/** Proves a post of the shop's own backend genuine (README.md, Relaying from your own backend). */
function verifyWebChat(request, config, nowMs) {
	if (config.identitySecret === void 0) return reject$2(401, "no identitySecret is configured");
	const timestamp = request.headers["x-tradewind-timestamp"] ?? "";
	const signature = request.headers["x-tradewind-signature"] ?? "";
	if (timestamp === "" || signature === "") return reject$2(401, "the signature headers are missing");
	const given = Buffer.from(signature);
	const expected = Buffer.from(signChatRequest(config.identitySecret, timestamp, request.body));
	if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reject$2(401, "wrong signature");
	const atMs = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1e3 : NaN;
	if (!(Math.abs(nowMs - atMs) <= TOLERANCE_MS)) return reject$2(403, "the timestamp is more than 5 minutes off");
	const read = readChatRequest(request.body);
	if (!read) return reject$2(400, "the body is not a chat request");
	return {
		ok: true,
		facts: describeChatRequest(read, request.body)
	};
}
/** Null for what is no chat request. */
function readChatRequest(body) {
	try {
		return chatRequestSchema.safeParse(JSON.parse(body.toString("utf8"))).data ?? null;
	} catch {
		return null;
	}
}
function reject$2(status, reason) {
	return {
		ok: false,
		status,
		reason
	};
}
// apps/sync-server/src/channels/web-chat/parse.ts
/**
* Turns news of a visitor into events, in the order in which they were given. Who the visitor is comes before what he says,
* so that a message finds its customer.
*
* @throws ParseError when the body, or an event of a known type, cannot be read.
*/
function parseWebChat(request, receivedAtMs) {
	const body = readChatRequest(request.body);
	if (!body) throw new ParseError("The body is not a chat request.");
	return body.events.flatMap((event) => parseEvent(body, event, receivedAtMs));
}
function parseEvent(request, given, receivedAtMs) {
	if (!isChatEventType(given.type)) return [{
		type: "ignored",
		reason: `unknown type of event: ${given.type}`
	}];
	const parsed = chatEventSchema.safeParse(given);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new ParseError(`A ${given.type} event cannot be read: ${issue?.path.join(".")} ${issue?.message}`);
	}
	const event = parsed.data;
	const { visitor } = request;
	const at = Math.min(event.at ?? receivedAtMs, receivedAtMs);
	switch (event.type) {
		case "message": return [toVisitor(request, {}, at), {
			type: "message",
			externalId: `${visitor}/${event.id}`,
			medium: "chat",
			sender: {
				kind: "external",
				value: visitor,
				name: request.vouched?.name ?? ""
			},
			from: {
				name: request.vouched?.name ?? "",
				address: visitor
			},
			to: [],
			cc: [],
			replyTo: [],
			subject: "",
			text: event.text,
			html: null,
			attachments: [],
			uploadIds: event.attachmentIds,
			references: [],
			sentAt: at
		}];
		case "profile": return [toVisitor(request, event, at)];
		case "receipt": return [...event.delivered.map((id) => toReceipt(visitor, id, "delivered", at)), ...event.read.map((id) => toReceipt(visitor, id, "read", at))];
		case "rating": return [{
			type: "rating",
			visitor,
			conversationId: event.conversationId,
			score: event.score,
			comment: event.comment,
			at
		}];
	}
}
function toVisitor({ visitor, vouched, language, page }, claimed, at) {
	const email = vouched?.email?.trim().toLowerCase() ?? "";
	return {
		type: "visitor",
		visitor,
		vouched: vouched ? {
			...vouched,
			email: isMailAddress(email) ? email : null,
			phone: toPhone(vouched.phone ?? "")
		} : null,
		claimed: {
			name: claimed.name ?? null,
			email: claimed.email ?? null,
			phone: claimed.phone ?? null
		},
		language: language ?? null,
		page: page ?? null,
		at
	};
}
function toReceipt(visitor, id, outcome, at) {
	return {
		type: "delivery",
		externalId: id,
		outcome,
		failure: null,
		recipient: visitor,
		at
	};
}
// apps/sync-server/src/channels/web-chat/send.ts
/**
* A message for a visitor lies where he reads it: in our own database. Saying so is all there is to do, any number of
* times; the chat feed hands it to his browser when he has one open, and his receipts tell the rest.
*/
function sendToVisitor(message) {
	return Promise.resolve({
		status: "sent",
		externalId: message.externalId
	});
}
// apps/sync-server/src/channels/registry.ts
/** Every channel that can be connected. A new one is its folder and a line here. */
const channelConnectors = [mailgunConnector, {
	kind: "web-chat",
	configSchema: webChatConfigSchema,
	secretKeys: ["identitySecret"],
	maxBodyBytes: 1048576,
	capabilities: {
		idempotentSend: true,
		receipts: true,
		edit: false,
		recall: false,
		typing: true,
		windowHours: null,
		maxTextLength: null
	},
	hostedChat: {
		allowsOrigin: (origin, config) => config.allowedOrigins.includes(origin),
		verifyIdentity,
		settings: ({ greeting, accentColor, officeHours, preChat, askRating }) => ({
			greeting: greeting === void 0 || greeting === "" ? null : greeting,
			accentColor: accentColor ?? null,
			officeHours: officeHours ?? null,
			preChat,
			askRating
		})
	},
	verify: verifyWebChat,
	parse: (request, _config, receivedAtMs) => parseWebChat(request, receivedAtMs),
	displayAddress: (config) => config.allowedOrigins[0] ?? "",
	createExternalId: (messageId) => messageId,
	send: sendToVisitor
}];
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
// packages/shared/src/schemas/conversation.ts
const conversationStatuses = [
	"pending",
	"open",
	"snoozed",
	"resolved"
];
const conversationStatusSchema = z.enum(conversationStatuses);
const conversationSchema = z.object({
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
function isCommandType(type) {
	return typeof type === "string" && Object.hasOwn(commandDefinitions, type);
}
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
// apps/sync-server/src/commands/check-assignment.ts
/** Why this agent or team cannot have the conversation, or null. Whoever is given one must be able to see it. */
async function checkAssignment(tx, command, readers) {
	if (typeof command.agentId === "string") {
		const agent = await tx.selectFrom("agents").select([
			"id",
			"role",
			"team_ids",
			"disabled"
		]).where("id", "=", command.agentId).executeTakeFirst();
		if (!agent) return {
			kind: "not-found",
			what: "agent"
		};
		if (agent.disabled) return { kind: "agent-disabled" };
		if (!isVisible(readers, scopesOf({
			id: agent.id,
			role: agent.role,
			teamIds: agent.team_ids
		}))) return { kind: "forbidden" };
	}
	if (typeof command.teamId === "string") {
		if (!await tx.selectFrom("teams").select("id").where("id", "=", command.teamId).executeTakeFirst()) return {
			kind: "not-found",
			what: "team"
		};
	}
	return null;
}
// apps/sync-server/src/commands/effects.ts
/**
* Writes the ledger rows a command calls for (R11), in the command's own transaction.
*
* @returns true when something is to be sent.
*/
async function queueEffects(tx, command, message, nowMs) {
	if (command.type === "settle-message") await tx.updateTable("effects").set({
		state: command.choice === "mark-sent" ? "done" : "failed",
		updated_at: nowMs,
		lease_until: null
	}).where("message_id", "=", message.id).where("kind", "=", "send-message").where("state", "in", ["unknown", "attempting"]).execute();
	if (message.status !== "queued") return false;
	await tx.insertInto("effects").values({
		key: `send:${message.id}:${command.id}`,
		kind: "send-message",
		account_id: message.channelAccountId,
		message_id: message.id,
		conversation_id: message.conversationId,
		state: "queued",
		next_at: command.type === "reply" ? Math.max(nowMs, command.sendAt ?? 0) : nowMs,
		node: null,
		lease_until: null,
		external_id: message.externalId,
		answer: null,
		created_at: nowMs,
		updated_at: nowMs
	}).execute();
	return true;
}
// apps/sync-server/src/processing/customers.ts
/**
* The customer who has one of these identities, the first known one deciding; a new one when none is known. Identities
* nobody has yet are added to them, so that a shop's customer number and a mail address come to mean the same person.
*
* @param keys - exact identities, strongest first; at least one.
*/
function findOrCreateCustomer(work, keys, name, nowMs, createId) {
	const ownerId = keys.map((key) => work.findCustomerId(key)).find((id) => id !== null) ?? null;
	const known = ownerId === null ? null : work.customer(ownerId);
	const customer = known ?? {
		id: createId(),
		name: "",
		identities: [],
		emails: [],
		phones: [],
		locale: null,
		tags: [],
		attributes: {},
		optOuts: [],
		mergedInto: null,
		createdAt: nowMs,
		createdSeq: 0
	};
	const missing = keys.filter((key) => work.findCustomerId(key) === null);
	const named = customer.name === "" && name.trim() !== "";
	if (known && missing.length === 0 && !named && !work.isHiddenFromAccount(customer.id)) return known;
	const added = missing.map((key) => ({
		...key,
		claimed: false
	}));
	const next = {
		...customer,
		name: named ? name.trim() : customer.name,
		identities: [...customer.identities, ...added],
		emails: [...customer.emails, ...added.filter((one) => one.kind === "email").map((one) => one.value)],
		phones: [...customer.phones, ...added.filter((one) => one.kind === "phone").map((one) => one.value)]
	};
	work.putCustomer(next);
	for (const key of missing) work.putIdentity(key, next.id);
	return next;
}
// apps/sync-server/src/processing/load.ts
/** Which of these platform events were carried out before (R2). */
async function loadKeys(tx, accountId, keys) {
	if (keys.length === 0) return [];
	return (await sql`
    ${sql.raw(PREPARED)} select key from processed_keys where account_id = ${accountId} and key = any(${[...keys]}::text[])`.execute(tx)).rows.map((row) => row.key);
}
/** The customers who have these identities, with their readers. */
async function loadCustomers(tx, keys) {
	if (keys.length === 0) return [];
	return (await sql`
    ${sql.raw(PREPARED)} select i.kind, i.scope, i.value, c.doc, l.scopes
    from unnest(${keys.map((key) => key.kind)}::text[], ${keys.map((key) => key.scope)}::text[],
                ${keys.map((key) => key.value)}::text[]) as given (kind, scope, value)
    join identities i using (kind, scope, value)
    join customers c on c.id = i.customer_id
    left join change_log l on l.collection = 'customer' and l.id = c.id and l.scope_left = ''
    order by c.id for update of c`.execute(tx)).rows.map(({ kind, scope, value, doc, scopes }) => ({
		key: {
			kind,
			scope,
			value
		},
		doc,
		scopes
	}));
}
/** The conversations that have or name these Message-Ids. A disabled agent has none: nobody would see one come back to him. */
async function loadThreads(tx, accountId, ids) {
	if (ids.length === 0) return [];
	return (await sql`
    ${sql.raw(PREPARED)} select r.external_id as "externalId",
      case when a.disabled then v.doc || '{"assigneeId": null}' else v.doc end as doc
    from thread_refs r join conversations v on v.id = r.conversation_id left join agents a on a.id = v.assignee_id
    where r.channel_account_id = ${accountId} and r.external_id = any(${[...ids]}::text[])
    order by v.id for update of v`.execute(tx)).rows;
}
async function loadMessages(tx, accountId, externalIds) {
	if (externalIds.length === 0) return [];
	return (await sql`
    ${sql.raw(PREPARED)} select doc from messages where channel_account_id = ${accountId} and external_id = any(${[...externalIds]}::text[])
    order by id for update`.execute(tx)).rows.map((row) => row.doc);
}
async function loadOrders(tx, storeId, externalIds) {
	if (externalIds.length === 0) return [];
	return (await sql`
    ${sql.raw(PREPARED)} select doc from orders where store_id = ${storeId} and external_id = any(${[...externalIds]}::text[])
    order by id for update`.execute(tx)).rows.map((row) => row.doc);
}
/** What was told of these orders apart from their own bodies. */
async function loadOrderParts(tx, storeId, orderExternalIds) {
	if (orderExternalIds.length === 0) return [];
	return (await sql`
    ${sql.raw(PREPARED)} select order_external_id as "orderExternalId", kind, updated_at as "updatedAt", doc from order_parts
    where store_id = ${storeId} and order_external_id = any(${[...orderExternalIds]}::text[])`.execute(tx)).rows.map(({ orderExternalId, ...part }) => ({
		orderExternalId,
		part
	}));
}
/** Files that were uploaded before the message they belong to. */
async function loadUploads(tx, ids) {
	if (ids.length === 0) return [];
	return (await sql`
    select id, sha256, name, content_type as "contentType", size_bytes as "sizeBytes", uploaded_by as "uploadedBy"
    from attachments where id = any(${[...ids]}::text[]) and sha256 is not null and uploaded_by is not null`.execute(tx)).rows;
}
// apps/sync-server/src/processing/save.ts
function writeIdentities(identities) {
	if (identities.length === 0) return null;
	return {
		name: "identities_written",
		statement: sql`
    insert into identities (kind, scope, value, customer_id)
    select * from unnest(${identities.map((one) => one.key.kind)}::text[],
      ${identities.map((one) => one.key.scope)}::text[], ${identities.map((one) => one.key.value)}::text[],
      ${identities.map((one) => one.customerId)}::text[])`
	};
}
/** Identities that turn out to be another customer's: a visitor who has signed in. */
function writeMovedIdentities(identities) {
	if (identities.length === 0) return null;
	return {
		name: "identities_moved",
		statement: sql`
    update identities as known set customer_id = given.customer_id
    from unnest(${identities.map((one) => one.key.kind)}::text[], ${identities.map((one) => one.key.scope)}::text[],
      ${identities.map((one) => one.key.value)}::text[], ${identities.map((one) => one.customerId)}::text[])
      as given (kind, scope, value, customer_id)
    where known.kind = given.kind and known.scope = given.scope and known.value = given.value`
	};
}
/** Uploads become the conversation's with the message that names them, so that whoever sees it can open them (R15). */
function writeClaimedUploads(uploads) {
	if (uploads.size === 0) return null;
	return {
		name: "uploads_claimed",
		statement: sql`
    update attachments set conversation_id = given.conversation_id
    from unnest(${[...uploads.keys()]}::text[], ${[...uploads.values()]}::text[]) as given (id, conversation_id)
    where attachments.id = given.id and attachments.conversation_id is null`
	};
}
/** Rows of stored files and attachments, and for those still with the platform the effects that will fetch them. */
function writeAttachments(accountId, attachments, nowMs) {
	if (attachments.length === 0) return [];
	const stored = [...new Map(attachments.map((one) => [one.sha256, one])).values()].filter((one) => one.sha256 !== null);
	const remote = attachments.filter((one) => one.sourceUrl !== null);
	const files = {
		name: "files_written",
		statement: sql`
      insert into files (sha256, size_bytes, created_at)
      select sha256, size_bytes, ${nowMs}::bigint from unnest(${stored.map((one) => one.sha256)}::text[],
        ${stored.map((one) => one.sizeBytes)}::bigint[]) as given (sha256, size_bytes)
      on conflict do nothing`
	};
	const rows = {
		name: "attachments_written",
		statement: sql`
      insert into attachments (id, sha256, name, content_type, size_bytes, conversation_id, source_url, created_at)
      select id, sha256, name, content_type, size_bytes, conversation_id, source_url, ${nowMs}::bigint
      from unnest(${attachments.map((one) => one.id)}::text[], ${attachments.map((one) => one.sha256)}::text[],
        ${attachments.map((one) => one.name)}::text[], ${attachments.map((one) => one.contentType)}::text[],
        ${attachments.map((one) => one.sizeBytes)}::bigint[], ${attachments.map((one) => one.conversationId)}::text[],
        ${attachments.map((one) => one.sourceUrl)}::text[])
        as given (id, sha256, name, content_type, size_bytes, conversation_id, source_url)`
	};
	const effects = {
		name: "fetches_queued",
		statement: sql`
      insert into effects (key, kind, account_id, message_id, conversation_id, state, next_at, external_id, created_at, updated_at)
      select 'fetch:' || id, 'fetch-attachment', ${accountId}, message_id, conversation_id, 'queued', ${nowMs}::bigint, id,
             ${nowMs}::bigint, ${nowMs}::bigint
      from unnest(${remote.map((one) => one.id)}::text[], ${remote.map((one) => one.messageId)}::text[],
        ${remote.map((one) => one.conversationId)}::text[]) as given (id, message_id, conversation_id)`
	};
	return [
		stored.length > 0 ? files : null,
		rows,
		remote.length > 0 ? effects : null
	];
}
function writeOrderParts(storeId, parts) {
	if (parts.length === 0) return null;
	return {
		name: "parts_written",
		statement: sql`
    insert into order_parts (store_id, order_external_id, kind, external_id, updated_at, doc)
    select ${storeId}, * from unnest(${parts.map((one) => one.orderExternalId)}::text[],
      ${parts.map((one) => one.part.kind)}::text[], ${parts.map((one) => one.part.doc.externalId)}::text[],
      ${parts.map((one) => one.part.updatedAt)}::bigint[], ${parts.map((one) => toJsonText(one.part.doc))}::jsonb[])
    on conflict (store_id, order_external_id, kind, external_id) do update
      set updated_at = excluded.updated_at, doc = excluded.doc`
	};
}
function writeKeys(accountId, keys) {
	if (keys.size === 0) return null;
	return {
		name: "keys_written",
		statement: sql`
    insert into processed_keys (account_id, key, event_id)
    select ${accountId}, * from unnest(${[...keys.keys()]}::text[], ${[...keys.values()]}::bigint[])`
	};
}
// apps/sync-server/src/processing/wanted.ts
function identityId(key) {
	return `${key.kind}\n${key.scope}\n${key.value}`;
}
function createWanted() {
	return {
		keys: /* @__PURE__ */ new Set(),
		identities: /* @__PURE__ */ new Map(),
		messageIds: /* @__PURE__ */ new Set(),
		threadIds: /* @__PURE__ */ new Set(),
		orders: /* @__PURE__ */ new Set(),
		uploads: /* @__PURE__ */ new Set()
	};
}
/** By what a visitor of a chat is known to the account that hosts it. */
function visitorKey(accountId, visitor) {
	return {
		kind: "external",
		scope: accountId,
		value: visitor
	};
}
// apps/sync-server/src/processing/unit-of-work.ts
/**
* The documents one processing transaction reads and writes, in memory between one round of reads and one round of
* writes: fifty events cost about as many statements as one.
*/
var UnitOfWork = class {
	tx;
	account;
	/** Scopes of everything that belongs to the account (protocol: Visibility). */
	scopes;
	processedKeys = /* @__PURE__ */ new Set();
	conversationsByReference = /* @__PURE__ */ new Map();
	#customers = /* @__PURE__ */ new Map();
	#identities = /* @__PURE__ */ new Map();
	#conversations = /* @__PURE__ */ new Map();
	#messages = /* @__PURE__ */ new Map();
	#orders = /* @__PURE__ */ new Map();
	#parts = /* @__PURE__ */ new Map();
	#uploads = /* @__PURE__ */ new Map();
	#newKeys = /* @__PURE__ */ new Map();
	#newIdentities = /* @__PURE__ */ new Map();
	#movedIdentities = /* @__PURE__ */ new Map();
	#claimedUploads = /* @__PURE__ */ new Map();
	#newReferences = /* @__PURE__ */ new Map();
	#newAttachments = [];
	#newParts = /* @__PURE__ */ new Map();
	#changed = {
		customers: /* @__PURE__ */ new Set(),
		conversations: /* @__PURE__ */ new Set(),
		messages: /* @__PURE__ */ new Set(),
		orders: /* @__PURE__ */ new Set()
	};
	constructor(tx, account) {
		this.tx = tx;
		this.account = account;
		this.scopes = toAccountScopes(account.teamIds);
	}
	async load(wanted) {
		const { tx, account } = this;
		for (const key of await loadKeys(tx, account.id, [...wanted.keys])) this.processedKeys.add(key);
		for (const { key, doc, scopes } of await loadCustomers(tx, [...wanted.identities.values()])) {
			this.#identities.set(identityId(key), doc.id);
			this.#customers.set(doc.id, {
				doc,
				scopes: new Set(scopes ?? [])
			});
		}
		for (const { externalId, doc } of await loadThreads(tx, account.id, [...wanted.threadIds])) {
			this.#conversations.set(doc.id, doc);
			this.#noteReference(externalId, doc.id);
		}
		for (const doc of await loadMessages(tx, account.id, [...wanted.messageIds])) if (doc.externalId !== null) this.#messages.set(doc.externalId, doc);
		const orders = [...wanted.orders];
		for (const doc of await loadOrders(tx, account.id, orders)) this.#orders.set(doc.externalId, doc);
		for (const { orderExternalId, part } of await loadOrderParts(tx, account.id, orders)) this.#keepPart(orderExternalId, part);
		for (const upload of await loadUploads(tx, [...wanted.uploads])) this.#uploads.set(upload.id, upload);
	}
	#noteReference(externalId, conversationId) {
		const conversation = this.#conversations.get(conversationId);
		if (!conversation) return;
		const known = this.conversationsByReference.get(externalId) ?? [];
		this.conversationsByReference.set(externalId, [...known.filter((one) => one.id !== conversationId), conversation]);
	}
	#keepPart(orderExternalId, part) {
		const others = (this.#parts.get(orderExternalId) ?? []).filter((one) => one.kind !== part.kind || one.doc.externalId !== part.doc.externalId);
		this.#parts.set(orderExternalId, [...others, part]);
	}
	findCustomerId(key) {
		return this.#identities.get(identityId(key)) ?? null;
	}
	customer(id) {
		return this.#customers.get(id)?.doc ?? null;
	}
	/** Writes the customer down and makes it visible to whoever sees this account. */
	putCustomer(doc) {
		const scopes = this.#customers.get(doc.id)?.scopes ?? /* @__PURE__ */ new Set();
		for (const scope of this.scopes) scopes.add(scope);
		this.#customers.set(doc.id, {
			doc,
			scopes
		});
		this.#changed.customers.add(doc.id);
	}
	/** True when the customer's readers do not include all of this account's yet. */
	isHiddenFromAccount(customerId) {
		const scopes = this.#customers.get(customerId)?.scopes;
		return scopes === void 0 || this.scopes.some((scope) => !scopes.has(scope));
	}
	putIdentity(key, customerId) {
		this.#identities.set(identityId(key), customerId);
		this.#newIdentities.set(identityId(key), {
			key,
			customerId
		});
	}
	/** Makes a known identity another customer's. */
	moveIdentity(key, customerId) {
		const id = identityId(key);
		this.#identities.set(id, customerId);
		(this.#newIdentities.has(id) ? this.#newIdentities : this.#movedIdentities).set(id, {
			key,
			customerId
		});
	}
	putConversation(doc) {
		this.#conversations.set(doc.id, doc);
		this.#changed.conversations.add(doc.id);
		for (const [externalId, known] of this.conversationsByReference) if (known.some((one) => one.id === doc.id)) this.#noteReference(externalId, doc.id);
	}
	conversation(id) {
		return this.#conversations.get(id) ?? null;
	}
	putReferences(externalIds, conversationId) {
		for (const externalId of externalIds) {
			this.#newReferences.set(`${externalId}\n${conversationId}`, {
				externalId,
				conversationId
			});
			this.#noteReference(externalId, conversationId);
		}
	}
	messageByExternalId(externalId) {
		return this.#messages.get(externalId) ?? null;
	}
	putMessage(doc) {
		this.#messages.set(doc.externalId, doc);
		this.#changed.messages.add(doc.externalId);
	}
	putAttachment(attachment) {
		this.#newAttachments.push(attachment);
	}
	/** An earlier upload of this uploader; it becomes the conversation's. Null for anybody else's. */
	claimUpload(id, uploader, conversationId) {
		const upload = this.#uploads.get(id);
		if (upload?.uploadedBy !== uploader) return null;
		if (!this.#claimedUploads.has(id)) this.#claimedUploads.set(id, conversationId);
		return upload;
	}
	order(externalId) {
		return this.#orders.get(externalId) ?? null;
	}
	putOrder(doc) {
		this.#orders.set(doc.externalId, doc);
		this.#changed.orders.add(doc.externalId);
	}
	orderParts(orderExternalId) {
		return this.#parts.get(orderExternalId) ?? [];
	}
	putOrderPart(orderExternalId, part) {
		this.#keepPart(orderExternalId, part);
		this.#newParts.set(`${orderExternalId}\n${part.kind}\n${part.doc.externalId}`, {
			orderExternalId,
			part
		});
	}
	/** Orders of which parts came that now wait for the order itself. */
	missingOrders() {
		const named = [...this.#newParts.values()].filter(({ part }) => part.kind !== "deletion");
		return [...new Set(named.map((one) => one.orderExternalId))].filter((id) => !this.#orders.has(id));
	}
	putKey(key, eventId) {
		this.processedKeys.add(key);
		this.#newKeys.set(key, eventId);
	}
	/**
	* Writes everything in one statement and returns what the change log must name.
	*
	* @param more - writes that belong to the same moment.
	*/
	async save(nowMs, ...more) {
		const customers = [...this.#changed.customers].flatMap((id) => this.#customers.get(id) ?? []);
		const conversations = [...this.#changed.conversations].flatMap((id) => this.#conversations.get(id) ?? []);
		const messages = [...this.#changed.messages].flatMap((id) => this.#messages.get(id) ?? []);
		const orders = [...this.#changed.orders].flatMap((id) => this.#orders.get(id) ?? []);
		const { id: accountId } = this.account;
		await runWrites(this.tx, [
			writeCustomers(customers.map((one) => one.doc), nowMs),
			writeIdentities([...this.#newIdentities.values()]),
			writeMovedIdentities([...this.#movedIdentities.values()]),
			writeConversations(conversations, nowMs),
			writeMessages(messages),
			writeSettledEffects(messages, nowMs),
			writeReferences(accountId, [...this.#newReferences.values()]),
			...writeAttachments(accountId, this.#newAttachments, nowMs),
			writeClaimedUploads(this.#claimedUploads),
			writeOrders(orders),
			writeOrderParts(accountId, [...this.#newParts.values()]),
			writeKeys(accountId, this.#newKeys),
			...more
		]);
		return [
			...customers.map((one) => ({
				collection: "customer",
				id: one.doc.id,
				scopes: [...one.scopes]
			})),
			...conversations.map((doc) => ({
				collection: "conversation",
				id: doc.id,
				scopes: this.scopes
			})),
			...messages.map((doc) => ({
				collection: "message",
				id: doc.id,
				scopes: this.scopes
			})),
			...orders.map((doc) => ({
				collection: "order",
				id: doc.id,
				scopes: this.scopes,
				deleted: doc.deleted
			}))
		];
	}
};
// apps/sync-server/src/commands/outgoing.ts
/**
* Adds what only the server knows to the documents `apply` made: the id under which a message will be known outside, clean
* HTML, whom a new mail makes part of the conversation, and the customer of a new conversation.
*/
async function prepareOutgoing(deps, tx, outcome, nowMs) {
	const channelAccountId = outcome.message?.channelAccountId ?? outcome.conversation?.channelAccountId ?? "";
	const account = deps.accounts.get(channelAccountId);
	const leaves = outcome.message?.status === "queued";
	const message = outcome.message ? {
		...outcome.message,
		html: outcome.message.html === null ? null : sanitiseHtml(outcome.message.html),
		externalId: outcome.message.externalId ?? (leaves && account ? account.createExternalId(outcome.message.id) : null)
	} : null;
	if (!outcome.conversation) return {
		conversation: null,
		message,
		entries: []
	};
	const addressees = leaves && message ? [
		...message.to,
		...message.cc,
		...message.bcc
	].map((to) => to.address.toLowerCase()) : [];
	const conversation = {
		...outcome.conversation,
		participants: [.../* @__PURE__ */ new Set([...outcome.conversation.participants, ...addressees])]
	};
	if (!outcome.contact || !account) return {
		conversation,
		message,
		entries: []
	};
	const work = new UnitOfWork(tx, {
		id: account.id,
		family: "channel",
		kind: account.kind,
		teamIds: account.teamIds
	});
	const key = {
		kind: "email",
		scope: "",
		value: outcome.contact.address.toLowerCase()
	};
	const wanted = createWanted();
	wanted.identities.set(identityId(key), key);
	await work.load(wanted);
	const customer = findOrCreateCustomer(work, [key], outcome.contact.name, nowMs, deps.createId);
	const entries = await work.save(nowMs);
	return {
		conversation: {
			...conversation,
			customerId: customer.id
		},
		message,
		entries
	};
}
/** Files of a reply become the conversation's, so that whoever sees it can open them; until then they are their author's (R15). */
function writeTakenUploads({ attachments, conversationId }) {
	if (attachments.length === 0) return null;
	return {
		name: "uploads_taken",
		statement: sql`
    update attachments set conversation_id = ${conversationId}
    where id = any(${attachments.map((one) => one.id)}::text[]) and conversation_id is null`
	};
}
// apps/sync-server/src/commands/view.ts
/**
* Loads and locks what a command may read and change: scopes, conversation, then message, the order processing uses too.
* What the agent may not see does not exist for him (R15).
*/
async function loadView(tx, command, agent) {
	await holdScopes(tx);
	const target = commandTarget(command);
	const message = target.messageId === null ? null : await findMessage(tx, target.messageId);
	if (target.messageId !== null && !message) return {
		kind: "not-found",
		what: "message"
	};
	const conversationId = message?.conversationId ?? target.conversationId;
	const creates = command.type === "start-conversation";
	const conversation = creates || conversationId === null ? null : await lockConversation(tx, conversationId);
	if (!creates && !conversation) return {
		kind: "not-found",
		what: message ? "message" : "conversation"
	};
	const channelId = creates ? command.channelAccountId : conversation?.channelAccountId ?? "";
	const channel = await tx.selectFrom("accounts").select([
		"id",
		"kind",
		"name",
		"address",
		"team_ids",
		"family"
	]).where("id", "=", channelId).executeTakeFirst();
	if (channel?.family !== "channel") return {
		kind: "not-found",
		what: creates ? "channel" : "conversation"
	};
	const readers = toAccountScopes(channel.team_ids);
	if (!isVisible(readers, scopesOf(agent))) return {
		kind: "not-found",
		what: creates ? "channel" : message ? "message" : "conversation"
	};
	const attachments = command.type === "reply" ? await findUploads(tx, command, agent.id) : [];
	if (attachments === null) return {
		kind: "not-found",
		what: "attachment"
	};
	return {
		scopes: readers,
		view: {
			conversation,
			message: message ? await lockMessage(tx, message.id) : null,
			lastInbound: command.type === "reply" && conversation ? await findLastInbound(tx, conversation.id) : null,
			attachments,
			channel: {
				id: channel.id,
				channelKind: channel.kind,
				name: channel.name,
				address: channel.address
			}
		}
	};
}
async function lockConversation(tx, id) {
	return (await tx.selectFrom("conversations").select("doc").where("id", "=", id).forUpdate().executeTakeFirst())?.doc ?? null;
}
async function findMessage(tx, id) {
	return (await tx.selectFrom("messages").select("doc").where("id", "=", id).executeTakeFirst())?.doc ?? null;
}
async function lockMessage(tx, id) {
	return (await tx.selectFrom("messages").select("doc").where("id", "=", id).forUpdate().executeTakeFirst())?.doc ?? null;
}
/** The newest by `createdSeq`, as the console sees it too (R9): clocks and receipt times do not decide what is newest. */
async function findLastInbound(tx, conversationId) {
	return (await tx.selectFrom("messages as m").innerJoin("change_log as l", (join) => join.onRef("l.id", "=", "m.id").on("l.collection", "=", "message")).select("m.doc").where("m.conversation_id", "=", conversationId).where("m.direction", "=", "in").orderBy("l.created_seq", "desc").limit(1).executeTakeFirst())?.doc ?? null;
}
/** In the order asked for; null when one of them is not the agent's own upload, or was sent in another conversation. */
async function findUploads(tx, { conversationId, attachmentIds: ids = [] }, agentId) {
	if (ids.length === 0) return [];
	const rows = await tx.selectFrom("attachments").select([
		"id",
		"name",
		"content_type",
		"size_bytes",
		"sha256"
	]).where("id", "in", [...ids]).where("uploaded_by", "=", agentId).where((eb) => eb("conversation_id", "is", null).or("conversation_id", "=", conversationId)).orderBy("id").forUpdate().execute();
	const byId = new Map(rows.map((row) => [row.id, row]));
	const found = ids.flatMap((id) => byId.get(id) ?? []);
	if (found.length !== ids.length) return null;
	return found.map((row) => ({
		id: row.id,
		name: row.name,
		contentType: row.content_type,
		sizeBytes: row.size_bytes,
		sha256: row.sha256
	}));
}
// apps/sync-server/src/commands/run-command.ts
const MAX_ATTEMPTS$2 = 3;
/**
* Carries out one command, at most once whatever is retried (R8): its result is stored in the transaction that has its
* effects, and a repeated id gets that result. Never throws for what a caller can send.
*
* Crash points: before the commit nothing happened, and the console sends again; after it the stored result answers.
*
* @param given - as it came over the wire.
* @throws only when the database is out of reach; the console tries again.
*/
async function runCommand(deps, agent, given) {
	const input = toStorable(given);
	const id = idOf(input);
	if (id === null) return {
		id: "",
		status: "rejected",
		seq: null,
		reason: {
			kind: "invalid",
			errors: [{
				path: "id",
				message: "must be 8 to 64 letters, digits, \"-\" or \"_\" (a UUIDv7 made by the caller)"
			}]
		}
	};
	const parsed = parseCommand(input);
	const contentHash = hashOf(input);
	if (parsed.ok && parsed.command.type === "start-conversation") await deps.accounts.find(parsed.command.channelAccountId);
	for (let attempt = 1;; attempt++) try {
		const { result, effects } = await deps.db.transaction().execute((tx) => runOnce(deps, tx, agent, id, parsed, contentHash, typeOf(input)));
		if (result.seq !== null) deps.bus.announce(result.seq);
		if (effects) deps.wakeOutbound();
		deps.metrics.commandResults.inc({
			type: parsed.ok ? parsed.command.type : "invalid",
			status: result.status
		});
		return result;
	} catch (error) {
		const code = error.code;
		if (!(code === "23505" || code === "40P01" || code === "40001") || attempt >= MAX_ATTEMPTS$2) throw error;
	}
}
function idOf(input) {
	const id = typeof input === "object" && input !== null ? input.id : void 0;
	return typeof id === "string" && /^[A-Za-z0-9_-]{8,64}$/.test(id) ? id : null;
}
function typeOf(input) {
	const type = input.type;
	return isCommandType(type) ? type : "unknown";
}
function parseCommand(input) {
	const type = input.type;
	if (!isCommandType(type)) return {
		ok: false,
		reason: {
			kind: "unsupported",
			type: String(type).slice(0, 60)
		}
	};
	const parsed = commandSchema.safeParse(input);
	if (parsed.success) return {
		ok: true,
		command: parsed.data
	};
	return {
		ok: false,
		reason: {
			kind: "invalid",
			errors: parsed.error.issues.map((issue) => ({
				path: issue.path.join("."),
				message: issue.message
			}))
		}
	};
}
/** Same content, same hash, whatever the order of keys. */
function hashOf(input) {
	const canonical = JSON.stringify(input, (_key, value) => typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)) : value);
	return createHash("sha256").update(canonical).digest("base64url");
}
async function runOnce(deps, tx, agent, id, parsed, contentHash, type) {
	const stored = await findStored(tx, id);
	if (stored) return {
		result: stored.agentId === agent.id && stored.contentHash === contentHash ? stored.result : {
			id,
			status: "rejected",
			seq: null,
			reason: { kind: "id-reused" }
		},
		effects: false
	};
	const now = deps.now();
	const decided = parsed.ok ? await decide(deps, tx, agent, parsed.command, now) : refuse(parsed.reason);
	const at = parsed.ok ? parsed.command.at ?? now : now;
	const result = {
		id,
		seq: null,
		...decided.result
	};
	const doc = {
		...result,
		type,
		agentId: agent.id,
		at,
		receivedAt: now
	};
	await tx.insertInto("commands").values({
		id,
		agent_id: agent.id,
		type,
		content_hash: contentHash,
		received_at: now,
		status: result.status,
		doc: toJsonText(doc)
	}).execute();
	await writeAudit(tx, {
		at: now,
		actor: `agent:${agent.id}`,
		action: `command.${type}`,
		target: decided.audit?.target ?? `command:${id}`,
		...decided.audit?.before ? { before: decided.audit.before } : {},
		after: {
			commandId: id,
			outcome: result.status,
			...result.reason ? { reason: result.reason.kind } : {},
			...decided.audit?.after
		}
	});
	return {
		result: toResult(doc, headOf(await appendChanges(tx, [...decided.entries, {
			collection: "command",
			id,
			scopes: [`agent:${agent.id}`]
		}], now))),
		effects: decided.effects
	};
}
async function findStored(tx, id) {
	const row = await tx.selectFrom("commands as c").leftJoin("change_log as l", (join) => join.onRef("l.id", "=", "c.id").on("l.collection", "=", "command")).select([
		"c.agent_id",
		"c.content_hash",
		"c.doc",
		"l.created_seq"
	]).where("c.id", "=", id).executeTakeFirst();
	return row ? {
		agentId: row.agent_id,
		contentHash: row.content_hash,
		result: toResult(row.doc, row.created_seq)
	} : null;
}
/** The answer to a command as it was given the first time. */
function toResult(doc, seq) {
	return {
		id: doc.id,
		status: doc.status,
		seq,
		...doc.messageId === void 0 ? {} : { messageId: doc.messageId },
		...doc.conversationId === void 0 ? {} : { conversationId: doc.conversationId },
		...doc.reason === void 0 ? {} : { reason: doc.reason }
	};
}
function refuse(reason, status = "rejected") {
	return {
		result: {
			status,
			reason
		},
		entries: [],
		effects: false,
		audit: null
	};
}
async function decide(deps, tx, agent, command, now) {
	if (command.at !== void 0 && now - command.at > 2592e6) return refuse({
		kind: "too-old",
		at: command.at
	}, "held");
	const failedBefore = await findFailed(tx, command.after ?? []);
	if (failedBefore !== null) return refuse({
		kind: "after-failed",
		commandId: failedBefore
	});
	const loaded = await loadView(tx, command, agent);
	if ("kind" in loaded) return refuse(loaded);
	if (command.type === "start-conversation" && !deps.accounts.get(command.channelAccountId)) return refuse({
		kind: "not-found",
		what: "channel"
	});
	if (command.type === "assign") {
		const problem = await checkAssignment(tx, command, loaded.scopes);
		if (problem) return refuse(problem);
	}
	const outcome = applyCommand(loaded.view, command, {
		agentId: agent.id,
		nowMs: now
	});
	if (!outcome.ok) return refuse(outcome.reason);
	if (await isIdTaken(tx, command.id, outcome)) return refuse({ kind: "id-reused" });
	const before = loaded.view.conversation;
	const docs = await prepareOutgoing(deps, tx, outcome, now);
	const { message } = docs;
	const references = message && message.externalId !== null ? [{
		externalId: message.externalId,
		conversationId: message.conversationId
	}] : [];
	await runWrites(tx, [
		docs.conversation ? writeConversations([docs.conversation], now) : null,
		message ? writeMessages([message]) : null,
		message ? writeTakenUploads(message) : null,
		message ? writeReferences(message.channelAccountId, references) : null
	]);
	const effects = docs.message ? await queueEffects(tx, command, docs.message, now) : false;
	const conversationId = docs.conversation?.id ?? docs.message?.conversationId ?? commandTarget(command).conversationId;
	return {
		result: {
			status: "applied",
			...docs.message ? { messageId: docs.message.id } : {},
			...conversationId === null ? {} : { conversationId }
		},
		entries: [
			...docs.entries,
			...docs.conversation ? [{
				collection: "conversation",
				id: docs.conversation.id,
				scopes: loaded.scopes
			}] : [],
			...docs.message ? [{
				collection: "message",
				id: docs.message.id,
				scopes: loaded.scopes
			}] : []
		],
		effects,
		audit: {
			target: `conversation:${conversationId}`,
			...before ? { before: toAuditFacts(before) } : {},
			after: {
				...docs.conversation ? toAuditFacts(docs.conversation) : {},
				...docs.message ? {
					messageId: docs.message.id,
					messageStatus: docs.message.status
				} : {}
			}
		}
	};
}
/**
* Whether the documents a command makes, which get its id, would fall on ones that it did not make: somebody's message or
* conversation. (A twin of the command on its way at the same moment is told apart by the key of `commands`.)
*/
async function isIdTaken(tx, id, made) {
	const { conversation, message } = made;
	const tables = [...message?.id === id ? ["messages"] : [], ...conversation?.id === id ? ["conversations"] : []];
	for (const table of tables) if (await tx.selectFrom(table).select("id").where("id", "=", id).executeTakeFirst()) return true;
	return false;
}
/** What an audit row keeps of a conversation: its state, never its words. */
function toAuditFacts(conversation) {
	const { status, assigneeId, teamId, tags, snoozedUntil } = conversation;
	return {
		status,
		assigneeId,
		teamId,
		tags,
		snoozedUntil
	};
}
/** The first of these commands that was not applied; one never received counts as not applied. */
async function findFailed(tx, ids) {
	if (ids.length === 0) return null;
	const rows = await tx.selectFrom("commands").select(["id", "status"]).where("id", "in", [...ids]).execute();
	const applied = new Set(rows.filter((row) => row.status === "applied").map((row) => row.id));
	return ids.find((id) => !applied.has(id)) ?? null;
}
// apps/sync-server/src/commands/find-result.ts
/** The stored result of an agent's own command; an admin finds anybody's. */
async function findResult(db, agent, id) {
	const row = await db.selectFrom("commands as c").innerJoin("change_log as l", (join) => join.onRef("l.id", "=", "c.id").on("l.collection", "=", "command")).select([
		"c.agent_id",
		"c.doc",
		"l.created_seq"
	]).where("c.id", "=", id).executeTakeFirst();
	if (!row || row.agent_id !== agent.id && agent.role !== "admin") return null;
	return toResult(row.doc, row.created_seq);
}
// apps/sync-server/src/commands/run-batch.ts
const commandsBodySchema = z.object({ commands: z.array(z.unknown()).min(1, "needs at least one command").max(100, `takes at most 100 commands at once`) });
/**
* Carries out a batch in order, each command in its own transaction with its own result, over HTTP and socket alike.
*
* @throws AppError `bad-input` when the batch itself has the wrong shape: nothing of it was carried out.
*/
async function runBatch(deps, agent, body) {
	const parsed = commandsBodySchema.safeParse(body);
	if (!parsed.success) throw new AppError("bad-input", "The batch of commands cannot be read.", { errors: parsed.error.issues.map((issue) => ({
		path: issue.path.join(".") || "commands",
		message: issue.message
	})) });
	const results = [];
	for (const command of parsed.data.commands) results.push(await runCommand(deps, agent, command));
	return {
		results,
		serverTime: deps.now()
	};
}
// apps/sync-server/src/db/migrate.ts
const FOLDER$1 = new URL("./migrations/", import.meta.url);
const MIGRATION_LOCK = 7200;
/** The schema version this code was written for: the number of the last migration file. */
async function latestVersion() {
	return (await migrationFiles()).at(-1)?.version ?? 0;
}
async function migrationFiles() {
	return (await readdir(FOLDER$1)).filter((name) => /^\d{4}-.*\.sql$/.test(name)).sort().map((name) => ({
		version: Number(name.slice(0, 4)),
		name
	}));
}
/** The version of the schema in this database; 0 where there is none. */
async function readSchemaVersion(client) {
	await client.query("create table if not exists schema_version (version integer primary key, name text not null, at timestamptz not null default now())");
	const { rows } = await client.query("select coalesce(max(version), 0) as version from schema_version");
	return Number(rows[0]?.version ?? 0);
}
/**
* Applies the migrations above `from` up to `to`, in the caller's transaction.
*
* @returns the names of the migrations applied.
*/
async function applyMigrations(client, from, to) {
	const files = (await migrationFiles()).filter(({ version }) => version > from && version <= to);
	for (const { version, name } of files) {
		try {
			await client.query(await readFile(new URL(name, FOLDER$1), "utf8"));
		} catch (error) {
			throw new Error(`Migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
		}
		await client.query("insert into schema_version (version, name) values ($1, $2)", [version, name]);
	}
	return files.map(({ name }) => name);
}
/**
* Brings the schema to the newest version, each migration in its own transaction, under a lock.
*
* @returns the names of the migrations applied now.
* @throws Error when the database is newer than this code: running on would corrupt it.
*/
async function migrate(pool) {
	const client = await pool.connect();
	const applied = [];
	try {
		await client.query("select pg_advisory_lock($1, 0)", [MIGRATION_LOCK]);
		const current = await readSchemaVersion(client);
		const newest = await latestVersion();
		if (current > newest) throw new Error(`The database has schema version ${current}, this Tradewind knows ${newest}. Start the newer Tradewind instead.`);
		for (let version = current + 1; version <= newest; version++) {
			await client.query("begin");
			try {
				applied.push(...await applyMigrations(client, version - 1, version));
				await client.query("commit");
			} catch (error) {
				await client.query("rollback");
				throw error;
			}
		}
		return applied;
	} finally {
		await client.query("select pg_advisory_unlock($1, 0)", [MIGRATION_LOCK]).catch(() => void 0);
		client.release();
	}
}
// apps/sync-server/src/files/file-store.ts
const SHA256 = /^[0-9a-f]{64}$/;
const FOLDER = "files";
/** Files named by the SHA-256 of their content, in one folder. What is stored is never changed. */
var FileStore = class FileStore {
	#folder;
	constructor(folder) {
		this.#folder = folder;
	}
	/** @param dataDir - files go into its `files` folder, which is made when missing. */
	static async open(dataDir) {
		const folder = join(dataDir, FOLDER);
		await mkdir(folder, {
			recursive: true,
			mode: 448
		});
		return new FileStore(folder);
	}
	get folder() {
		return this.#folder;
	}
	/**
	* Writes the content and waits until it and its name are on disk: only then may a commit refer to it.
	*
	* Crash points: before the rename only a temporary file is left, which nothing names; after it the file is whole.
	*/
	async storeFile(content) {
		const stored = {
			sha256: createHash("sha256").update(content).digest("hex"),
			sizeBytes: content.length
		};
		if (await this.findSize(stored.sha256) !== content.length) await this.#write(stored.sha256, content);
		await this.#syncFolder();
		return stored;
	}
	async #write(sha256, content) {
		const temporary = join(this.#folder, `.${sha256}.${randomBytes(6).toString("hex")}`);
		try {
			const file = await open(temporary, "wx", 384);
			try {
				await file.writeFile(content);
				await file.sync();
			} finally {
				await file.close();
			}
			await rename(temporary, join(this.#folder, sha256));
		} catch (error) {
			await rm(temporary, { force: true });
			throw error;
		}
	}
	async #syncFolder() {
		if (process.platform === "win32") return;
		const folder = await open(this.#folder, "r");
		try {
			await folder.sync();
		} finally {
			await folder.close();
		}
	}
	/** Bytes of a stored file, null when there is none. */
	async findSize(sha256) {
		if (!SHA256.test(sha256)) return null;
		try {
			return (await stat(join(this.#folder, sha256))).size;
		} catch (error) {
			if (error.code === "ENOENT") return null;
			throw error;
		}
	}
	/** @throws Error when there is no such file. */
	async readFile(sha256) {
		if (!SHA256.test(sha256)) throw new Error("a file is named by its SHA-256");
		return readFile(join(this.#folder, sha256));
	}
};
// apps/sync-server/src/db/queries/progress.ts
/** Two index look-ups: cheap enough for every scrape. */
async function readProgress(db) {
	return (await sql`
    select (select count(*) from inbound_states where state = 'pending') as backlog,
      (select coalesce(max(last_seq), 0) from commit_marks) as "changeLogHead"`.execute(db)).rows[0] ?? {
		backlog: 0,
		changeLogHead: 0
	};
}
// apps/sync-server/src/http/compressed-files.ts
const COMPRESSIBLE = /* @__PURE__ */ new Set([
	".css",
	".html",
	".js",
	".json",
	".svg",
	".webmanifest"
]);
const MIN_BYTES = 1400;
const MAX_BYTES = 8388608;
const MAX_KEPT = 200;
const SAFE_NAME = /^(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*\/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;
const BROTLI_QUALITY = 9;
const compress = {
	br: (content) => promisify(brotliCompress)(content, { params: { [constants$1.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
	gzip: (content) => promisify(gzip)(content, { level: 9 })
};
/**
* Sends the text files of a build compressed: each is compressed once, when it is first asked for, and kept in memory.
* Only for files of ours: an answer that mixes secrets with what a stranger may choose must not be compressed.
*/
var CompressedFiles = class {
	#folder;
	#kept = /* @__PURE__ */ new Map();
	constructor(folder) {
		this.#folder = folder;
	}
	/**
	* @param name - path below the folder, with `/`.
	* @param setHeaders - called before a file is sent.
	* @returns false when nothing was sent: there is no such file, or it goes out as it is. Ranges are of the plain file.
	*/
	async send(request, response, name, setHeaders) {
		if (!COMPRESSIBLE.has(extname(name)) || !SAFE_NAME.test(name)) return false;
		response.vary("Accept-Encoding");
		const encoding = chooseEncoding(request);
		if (encoding === null || request.headers.range !== void 0) return false;
		const path = join(this.#folder, name);
		const info = await stat(path).catch(() => null);
		if (!info?.isFile() || info.size < MIN_BYTES || info.size > MAX_BYTES) return false;
		const tag = `${info.size.toString(16)}-${Math.floor(info.mtimeMs).toString(16)}-${encoding}`;
		const content = await this.#read(path, encoding, tag);
		setHeaders();
		response.set({
			"Content-Encoding": encoding,
			ETag: `W/"${tag}"`,
			"Last-Modified": info.mtime.toUTCString()
		});
		response.type(extname(name)).send(content);
		return true;
	}
	#read(path, encoding, tag) {
		const key = `${path} ${tag}`;
		const kept = this.#kept.get(key);
		if (kept) return kept;
		if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
		const content = readFile(path).then(compress[encoding]);
		this.#kept.set(key, content);
		content.catch(() => this.#kept.delete(key));
		return content;
	}
};
/** Brotli where it is taken, whatever the order the client names them in. */
function chooseEncoding(request) {
	if (request.headers["accept-encoding"] === void 0) return null;
	return ["br", "gzip"].find((encoding) => request.acceptsEncodings(encoding) === encoding) ?? null;
}
// apps/sync-server/src/http/security-headers.ts
/** Answers that are data have nothing to load; the console's page says what it needs instead. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";
const CONSOLE_POLICY = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"style-src-attr 'unsafe-inline'",
	"img-src 'self' data: blob:",
	"font-src 'self'",
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'self'",
	"frame-ancestors 'none'",
	"manifest-src 'self'",
	"worker-src 'self'"
].join("; ");
const ONE_YEAR_SECONDS = 31536e3;
const setSecurityHeaders = (request, response, next) => {
	response.set({
		"Content-Security-Policy": DATA_POLICY,
		"X-Content-Type-Options": "nosniff",
		"X-Frame-Options": "DENY",
		"Referrer-Policy": "no-referrer",
		"Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin"
	});
	if (request.secure) response.set("Strict-Transport-Security", `max-age=${ONE_YEAR_SECONDS}`);
	next();
};
// apps/sync-server/src/http/console.ts
const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Tradewind</title>
<body><h1>The console is not built</h1>
<p>This server is running, but the pages of the console are missing. Build them and reload: <code>npm run build</code></p></body></html>
`;
/**
* Serves the built console. Files below `assets/` carry a hash of their content in their name and never change; the page
* itself is asked for again each time, so that an update reaches every browser.
*
* @param folder - where the build puts `index.html` and `assets/`.
*/
function createConsole(folder) {
	const router = Router();
	const compressed = new CompressedFiles(folder);
	router.use(async (request, response, next) => {
		const name = request.path.slice(1);
		if (!(isRead(request) && await compressed.send(request, response, name, () => setFileHeaders(response, name)))) next();
	});
	router.use(express.static(folder, {
		index: false,
		redirect: false,
		setHeaders: setFileHeaders
	}));
	router.use(sendPage(folder));
	return router;
}
function setFileHeaders(response, path) {
	response.setHeader("Content-Security-Policy", CONSOLE_POLICY);
	const isHashed = /(?:^|[\\/])assets[\\/][^\\/]+$/.test(path);
	response.setHeader("Cache-Control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
}
/** Every address a person may navigate to is the one page; its script reads the address. */
function sendPage(folder) {
	return (request, response, next) => {
		if (!isNavigation(request)) return next();
		response.locals.route = "/";
		response.set({
			"Content-Security-Policy": CONSOLE_POLICY,
			"Cache-Control": "no-cache"
		});
		const options = {
			root: folder,
			cacheControl: false,
			lastModified: false
		};
		response.sendFile("index.html", options, (error) => {
			if (!error || response.headersSent) return;
			if (error.status !== 404) next(error);
			else response.status(503).type("html").send(NOT_BUILT);
		});
	};
}
function isNavigation(request) {
	if (isRead(request) && request.path === "/") return true;
	return isRead(request) && request.accepts(["json", "html"]) === "html" && !/\.\w+$/.test(request.path);
}
function isRead(request) {
	return request.method === "GET" || request.method === "HEAD";
}
// packages/shared/src/ipc/origin.ts
const DESKTOP_ORIGIN = "app://desk";
// apps/sync-server/src/http/desktop-origin.ts
const ALLOWED_HEADERS = [
	"authorization",
	"content-type",
	"range",
	"x-file-name",
	"x-tradewind-agent",
	"x-tradewind-csrf",
	"x-tradewind-protocol"
].join(", ");
/** As long as Chromium keeps an answer to a preflight (2 h). */
const PREFLIGHT_SECONDS = 7200;
/**
* Lets the console in the desktop app read the API's answers. It is the one foreign origin that may, and it sends a
* bearer token: no credentials are allowed, so a browser's cookie never counts here.
*/
const allowDesktop = (request, response, next) => {
	if (!request.path.startsWith("/api/")) return next();
	response.vary("Origin");
	if (request.headers.origin !== "app://desk") return next();
	response.set({
		"Access-Control-Allow-Origin": DESKTOP_ORIGIN,
		"Access-Control-Expose-Headers": "content-disposition, retry-after"
	});
	if (!(request.method === "OPTIONS" && request.headers["access-control-request-method"] !== void 0)) return next();
	response.set({
		"Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
		"Access-Control-Allow-Headers": ALLOWED_HEADERS,
		"Access-Control-Max-Age": String(PREFLIGHT_SECONDS)
	});
	response.status(204).end();
};
// packages/shared/src/schemas/customer.ts
/**
* How a customer is recognised (design: Identity). `email` and `phone` hold across accounts; `external` belongs to one
* channel account or store, named by `scope`. A claimed identity was merely typed by a visitor and joins nothing.
*/
const identitySchema = z.object({
	kind: z.enum([
		"email",
		"phone",
		"external"
	]),
	scope: z.string(),
	value: z.string(),
	claimed: z.boolean()
});
const customerSchema = z.object({
	id: z.string(),
	name: z.string(),
	identities: z.array(identitySchema),
	emails: z.array(z.string()),
	phones: z.array(z.string()),
	locale: z.string().nullable(),
	tags: z.array(z.string()),
	attributes: z.record(z.string(), z.string()),
	optOuts: z.array(z.object({
		channel: z.string(),
		at: z.number(),
		reason: z.string()
	})),
	mergedInto: z.string().nullable(),
	createdAt: z.number(),
	createdSeq: z.number()
});
// packages/shared/src/schemas/message.ts
const addressSchema = z.object({
	name: z.string(),
	address: z.string()
});
const attachmentSchema = z.object({
	id: z.string(),
	name: z.string(),
	contentType: z.string(),
	sizeBytes: z.number(),
	/** Null while the file still has to be fetched from the platform. */
	sha256: z.string().nullable(),
	/** Mail parts referenced by `cid:` from the HTML. */
	contentId: z.string().optional(),
	/** Set when the file could not be fetched; a sentence for the agent. */
	problem: z.string().optional()
});
const messageStatusSchema = z.enum([
	"received",
	"queued",
	"sending",
	"sent",
	"delivered",
	"read",
	"failed",
	"unknown",
	"recalled"
]);
/** Why a message was not delivered: a stable kind for code and translations, the platform's own words for people. */
const messageFailureSchema = z.object({
	kind: z.string(),
	text: z.string()
});
const messageSchema = z.object({
	id: z.string(),
	conversationId: z.string(),
	channelAccountId: z.string(),
	direction: z.enum(["in", "out"]),
	kind: z.enum([
		"text",
		"attachment",
		"event",
		"note",
		"comment"
	]),
	urgency: z.enum([
		"normal",
		"urgent",
		"appointment"
	]),
	authorType: z.enum([
		"customer",
		"agent",
		"bot",
		"system"
	]),
	/** Agent id or customer id by `authorType`. */
	authorId: z.string().nullable(),
	from: addressSchema.nullable(),
	to: z.array(addressSchema),
	cc: z.array(addressSchema),
	bcc: z.array(addressSchema),
	/** The mail's Reply-To, where it differs from `from`. */
	replyToAddresses: z.array(addressSchema),
	subject: z.string(),
	text: z.string(),
	/** Sanitised; null for plain messages. */
	html: z.string().nullable(),
	attachments: z.array(attachmentSchema),
	mentions: z.array(z.string()),
	status: messageStatusSchema,
	failure: messageFailureSchema.nullable(),
	/** The platform's id; for mail the Message-Id with angle brackets. */
	externalId: z.string().nullable(),
	/** Message-Ids this mail names in In-Reply-To and References, oldest first. */
	references: z.array(z.string()),
	/** Id of the message this one answers. */
	replyTo: z.string().nullable(),
	sentAt: z.number(),
	receivedAt: z.number(),
	createdSeq: z.number(),
	deleted: z.boolean(),
	edits: z.array(z.object({
		at: z.number(),
		by: z.string().nullable(),
		text: z.string()
	}))
});
const orderStatusSchema = z.enum([
	"pending",
	"processing",
	"on_hold",
	"shipped",
	"delivered",
	"cancelled",
	"refunded"
]);
const orderLineSchema = z.object({
	externalId: z.string(),
	title: z.string(),
	sku: z.string(),
	quantity: z.number(),
	/** Quantity left after edits and refunds. */
	currentQuantity: z.number(),
	unitPriceMinor: z.number(),
	productId: z.string().nullable(),
	variantId: z.string().nullable()
});
const fulfilmentSchema = z.object({
	externalId: z.string(),
	trackingNumber: z.string().nullable(),
	carrier: z.string().nullable(),
	/** Only ever http or https. */
	url: z.string().nullable(),
	/** The shop's own word: `pending`, `open`, `success`, `cancelled`, `error`, `failure`. */
	status: z.string(),
	shipmentStatus: z.string().nullable(),
	updatedAt: z.number()
});
const refundSchema = z.object({
	externalId: z.string(),
	/** Sum of the successful refund transactions; may be 0. */
	amountMinor: z.number(),
	currency: z.string(),
	note: z.string(),
	createdAt: z.number(),
	lines: z.array(z.object({
		lineExternalId: z.string(),
		quantity: z.number(),
		subtotalMinor: z.number().nullable()
	}))
});
const postalAddressSchema = z.object({
	name: z.string(),
	company: z.string(),
	line1: z.string(),
	line2: z.string(),
	city: z.string(),
	region: z.string(),
	postalCode: z.string(),
	country: z.string(),
	phone: z.string()
});
const orderSchema = z.object({
	id: z.string(),
	storeId: z.string(),
	externalId: z.string(),
	/** A label for people, such as `#1001`; never an identity (R13). */
	number: z.string(),
	status: orderStatusSchema,
	/** The shop's own words. */
	financialStatus: z.string().nullable(),
	fulfilmentStatus: z.string().nullable(),
	cancelledAt: z.number().nullable(),
	cancelReason: z.string().nullable(),
	currency: z.string(),
	/** As placed. */
	totalMinor: z.number(),
	/** After edits and refunds. */
	currentTotalMinor: z.number(),
	subtotalMinor: z.number(),
	taxMinor: z.number(),
	discountMinor: z.number(),
	refundedMinor: z.number(),
	refunds: z.array(refundSchema),
	lines: z.array(orderLineSchema),
	fulfilments: z.array(fulfilmentSchema),
	customerId: z.string().nullable(),
	/** Contact data on the order itself; guests may have none. */
	email: z.string().nullable(),
	phone: z.string().nullable(),
	shippingAddress: postalAddressSchema.nullable(),
	note: z.string(),
	tags: z.array(z.string()),
	placedAt: z.number(),
	/** Counts every change we stored; edits name the version they were made on (R12). */
	version: z.number(),
	externalUpdatedAt: z.number(),
	deleted: z.boolean(),
	test: z.boolean(),
	createdSeq: z.number()
});
// apps/sync-server/src/http/session-cookie.ts
const SESSION_COOKIE = "tradewind_session";
/** The session token in a `Cookie` header, for HTTP requests and socket handshakes alike. */
function readSessionCookie(header) {
	for (const pair of header?.split(";") ?? []) {
		const at = pair.indexOf("=");
		if (at !== -1 && pair.slice(0, at).trim() === "tradewind_session") return pair.slice(at + 1).trim();
	}
	return null;
}
function cookieOptions(request, publicUrl) {
	return {
		httpOnly: true,
		sameSite: "strict",
		path: "/",
		secure: request.secure || (publicUrl?.startsWith("https:") ?? false)
	};
}
/** Scripts cannot read it, other sites cannot cause it to be sent. */
function setSessionCookie(request, response, publicUrl, token) {
	response.cookie(SESSION_COOKIE, token, {
		...cookieOptions(request, publicUrl),
		maxAge: 33696e6
	});
}
function clearSessionCookie(request, response, publicUrl) {
	response.clearCookie(SESSION_COOKIE, cookieOptions(request, publicUrl));
}
// apps/sync-server/src/http/authenticate.ts
const CSRF_HEADER = "x-tradewind-csrf";
/**
* The agent a console belongs to. The browser's cookie is shared by all tabs: when somebody else logs in in another one,
* what the first agent had queued must not be carried out in the other's name.
*/
const AGENT_HEADER = "x-tradewind-agent";
const SAFE_METHODS = /* @__PURE__ */ new Set([
	"GET",
	"HEAD",
	"OPTIONS"
]);
/**
* Whom a request acts for: its bearer token, else the browser's cookie.
*
* @throws AppError `unauthenticated` without a valid one; `forbidden` when a cookie alone asks for a change: a foreign
*   page can make a browser send cookies, but not the header.
*/
async function authenticate(request, sessions) {
	const header = request.headers.authorization;
	const bearer = header === void 0 ? null : /^bearer +(\S+) *$/i.exec(header)?.[1] ?? "";
	const cookie = bearer === null ? readSessionCookie(request.headers.cookie) : null;
	const token = bearer ?? cookie;
	const session = token === null ? null : await sessions.resolveToken(token);
	if (!session) throw new AppError("unauthenticated", "Log in first: this needs a valid session.");
	if (bearer === null && !SAFE_METHODS.has(request.method) && request.headers["x-tradewind-csrf"] !== "1") throw new AppError("forbidden", `A change made with the session cookie needs the header ${CSRF_HEADER}: 1.`);
	const claimed = request.headers[AGENT_HEADER];
	if (claimed !== void 0 && claimed !== session.agent.id) throw new AppError("unauthenticated", "Another agent is logged in here now: log in again.");
	return {
		...session,
		via: bearer === null ? "cookie" : "bearer"
	};
}
// apps/sync-server/src/http/openapi.ts
const problemSchema = z.looseObject({
	type: z.enum(Object.keys(ERROR_STATUS).map((kind) => `urn:tradewind:${kind}`)),
	title: z.string(),
	status: z.number(),
	errors: z.array(z.object({
		path: z.string(),
		message: z.string()
	})).optional(),
	retryAfterMs: z.number().optional(),
	errorId: z.string().optional().meta({ description: "Stands in the server’s log too." })
});
/** Schemas that are described once and referred to by name. */
const named = z.registry().add(conversationSchema, { id: "Conversation" }).add(messageSchema, { id: "Message" }).add(attachmentSchema, { id: "Attachment" }).add(customerSchema, { id: "Customer" }).add(orderSchema, { id: "Order" }).add(problemSchema, { id: "Problem" });
/** The OpenAPI 3.1 document of the routes, made from the very schemas that check requests. */
function buildOpenApi(routes, version) {
	const components = {};
	const convert = (schema, io) => toSchema(schema, io, components);
	const problem = convert(problemSchema, "output");
	const paths = {};
	for (const route of routes) paths[route.path] = {
		...paths[route.path],
		[route.method]: toOperation(route, convert, problem)
	};
	return {
		openapi: "3.1.0",
		info: {
			title: "Tradewind",
			version
		},
		components: {
			schemas: components,
			securitySchemes: {
				bearer: {
					type: "http",
					scheme: "bearer"
				},
				cookie: {
					type: "apiKey",
					in: "cookie",
					name: SESSION_COOKIE,
					description: `Changes also need the header ${CSRF_HEADER}: 1.`
				}
			}
		},
		paths
	};
}
function toOperation(route, convert, problem) {
	const parameters = [...toParameters(route.params, "path", convert), ...toParameters(route.query, "query", convert)];
	const status = String(route.status ?? 200);
	const content = route.response ? { "application/json": { schema: convert(route.response, "output") } } : route.status === 204 ? void 0 : { "*/*": {} };
	return {
		summary: route.summary,
		...route.access === "public" ? {} : { security: [{ bearer: [] }, { cookie: [] }] },
		...route.access === "admin" ? { description: "For admins." } : {},
		...parameters.length > 0 ? { parameters } : {},
		...toRequestBody(route, convert),
		responses: {
			[status]: {
				description: route.summary,
				...content ? { content } : {}
			},
			default: {
				description: "A problem",
				content: { "application/problem+json": { schema: problem } }
			}
		}
	};
}
function toRequestBody(route, convert) {
	if (route.rawBodyBytes !== void 0) return { requestBody: {
		required: true,
		content: { "*/*": {} }
	} };
	if (!route.body) return {};
	return { requestBody: {
		required: true,
		content: { "application/json": { schema: convert(route.body, "input") } }
	} };
}
function toParameters(schema, place, convert) {
	if (!schema) return [];
	const { properties, required } = convert(schema, "input");
	return Object.entries(properties ?? {}).map(([name, { description, ...inner }]) => ({
		name,
		in: place,
		required: place === "path" || (required?.includes(name) ?? false),
		...description === void 0 ? {} : { description },
		schema: inner
	}));
}
/** A JSON Schema whose named parts are moved to the components. */
function toSchema(schema, io, components) {
	const { $defs, $schema: _dialect, ...rest } = withComponentRefs(z.toJSONSchema(schema, {
		io,
		unrepresentable: "any",
		metadata: withMeta
	}));
	Object.assign(components, $defs);
	return rest;
}
/** Descriptions live in zod's own registry, names in ours. */
const withMeta = {
	get: (schema) => ({
		...z.globalRegistry.get(schema),
		...named.get(schema)
	}),
	has: (schema) => z.globalRegistry.has(schema) || named.has(schema)
};
function withComponentRefs(schema) {
	return JSON.parse(JSON.stringify(schema).replaceAll("\"#/$defs/", "\"#/components/schemas/"));
}
// apps/sync-server/src/http/operations.ts
/** What a gauge says when its number cannot be read: no number, rather than an old one. */
const UNKNOWN = {
	backlog: NaN,
	changeLogHead: NaN
};
/** What load balancers and monitoring ask. */
function createOperations({ metrics, sessions, findUnreadiness, readProgress }) {
	const router = Router();
	router.get("/healthz", (_request, response) => {
		response.locals.route = "/healthz";
		response.json({ status: "ok" });
	});
	router.get("/readyz", async (_request, response) => {
		response.locals.route = "/readyz";
		const reason = await findUnreadiness();
		response.status(reason === null ? 200 : 503).json(reason === null ? { status: "ready" } : {
			status: "not ready",
			reason
		});
	});
	router.get("/metrics", async (request, response) => {
		response.locals.route = "/metrics";
		if (!isFromThisMachine(request)) await assertAdmin(request, sessions);
		const { backlog, changeLogHead } = await readProgress().catch(() => UNKNOWN);
		metrics.backlog.set(backlog);
		metrics.changeLogHead.set(changeLogHead);
		response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
	});
	return router;
}
/** The connection itself, not what a header says; behind a proxy on this machine everybody would look local. */
function isFromThisMachine(request) {
	const peer = request.socket.remoteAddress ?? "";
	return (peer === "::1" || isIP(peer.replace(/^::ffff:/, "")) === 4 && peer.replace(/^::ffff:/, "").startsWith("127.")) && request.headers["x-forwarded-for"] === void 0 && request.headers.forwarded === void 0;
}
async function assertAdmin(request, sessions) {
	const { agent } = await authenticate(request, sessions);
	if (agent.role !== "admin") throw new AppError("forbidden", "Metrics are for admins and for this machine.");
}
/** Measures every answer by route; addresses themselves would make a series each. */
function measureRequests(metrics) {
	return (request, response, next) => {
		const startedAt = performance.now();
		response.on("finish", () => {
			const route = typeof response.locals.route === "string" ? response.locals.route : "other";
			const labels = {
				method: request.method,
				route,
				status: String(response.statusCode)
			};
			metrics.httpDuration.observe(labels, (performance.now() - startedAt) / 1e3);
		});
		next();
	};
}
// apps/sync-server/src/ingest/inbox.ts
const MAX_BATCH = 512;
const MAX_BATCH_BYTES$1 = 4194304;
const MAX_FLUSHES = 2;
const GIVEN = `
  with given as materialized (
    select nextval('inbound_events_id_seq') as id, g.*
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::json[], $6::integer[], $7::integer[], $8::text[],
                $9::bigint[], $10::smallint[], $11::text[], $12::bytea[])
      with ordinality as g (account_id, topic, dedupe_key, path_suffix, headers, body_from, body_length, body_sha256,
                            received_at, lane, token, content_hash, place)
  )`;
const EVENT_COLUMNS = "id, account_id, topic, dedupe_key, path_suffix, headers, body, body_sha256, received_at";
const BODY = "case when body_length >= 0 then substring($13::bytea from body_from for body_length) end";
/** For events without one-time tokens there is nothing to judge. */
const INSERT = `${GIVEN}, events as (
    insert into inbound_events (${EVENT_COLUMNS}) overriding system value
    select id, account_id, topic, dedupe_key, path_suffix, headers, ${BODY}, body_sha256, received_at from given
  )
  insert into inbound_states (event_id, account_id, lane, state, at)
  select id, account_id, lane, 'pending', received_at from given`;
const INSERT_JUDGED = `${GIVEN}, tokens as (
    insert into used_tokens (account_id, token, content_hash, seen_at)
    select account_id, token, content_hash, received_at from given where token is not null order by account_id, token
    on conflict (account_id, token) do update set seen_at = used_tokens.seen_at
    returning account_id, token, content_hash, (xmax = 0) as fresh
  ), judged as materialized (
    select given.*, case when given.token is null or tokens.fresh then 'pending'
                         when tokens.content_hash = given.content_hash then 'duplicate'
                         else 'replayed' end as verdict
    from given left join tokens on tokens.account_id = given.account_id and tokens.token = given.token
  ), events as (
    insert into inbound_events (${EVENT_COLUMNS}) overriding system value
    select id, account_id, topic, dedupe_key, path_suffix, headers, case when verdict = 'pending' then ${BODY} end,
           case when verdict = 'pending' then body_sha256 end, received_at
    from judged where verdict <> 'replayed' order by place
  ), states as (
    insert into inbound_states (event_id, account_id, lane, state, reason, at)
    select id, account_id, lane, verdict, case when verdict = 'duplicate' then 'the same request came before' end, received_at
    from judged where verdict <> 'replayed'
  )
  select place::integer, verdict from judged`;
/**
* Takes verified events into the database. Concurrent requests share one commit: while statements are under way the next
* batch gathers, and a request is answered only when its own batch is on disk (R1).
*
* Crash points: before the commit the platform has no 2xx and sends again; after it the event is there, and a repeated
* request is recognised by its token here or by its key in processing (R2).
*/
var Inbox = class {
	#pool;
	#onStored;
	#waiting = [];
	#flushes = 0;
	constructor(pool, onStored) {
		this.#pool = pool;
		this.#onStored = onStored;
	}
	/** @throws whatever the database says when the event could not be stored: answer 503, the platform tries again. */
	store(event) {
		return new Promise((resolve, reject) => {
			this.#waiting.push({
				event,
				resolve,
				reject
			});
			if (this.#flushes < MAX_FLUSHES) this.#flush();
		});
	}
	async #flush() {
		this.#flushes += 1;
		await new Promise((resolve) => setImmediate(resolve));
		while (this.#waiting.length > 0) await this.#storeBatch(this.#takeBatch());
		this.#flushes -= 1;
	}
	/** A token at most once per batch: the statement decides between two uses only if they come in two statements. */
	#takeBatch() {
		const tokens = /* @__PURE__ */ new Set();
		const batch = [];
		const rest = [];
		let sizeBytes = 0;
		for (const waiting of this.#waiting) {
			const { accountId, oneTimeToken, body } = waiting.event;
			const key = oneTimeToken ? `${accountId} ${oneTimeToken.token}` : null;
			if (batch.length >= MAX_BATCH || sizeBytes >= MAX_BATCH_BYTES$1 || key !== null && tokens.has(key)) rest.push(waiting);
			else {
				sizeBytes += body?.length ?? 0;
				if (key !== null) tokens.add(key);
				batch.push(waiting);
			}
		}
		this.#waiting = rest;
		return batch;
	}
	async #storeBatch(batch) {
		try {
			const outcomes = await this.#insert(batch.map((waiting) => waiting.event));
			const stored = [];
			for (const [index, waiting] of batch.entries()) {
				const outcome = outcomes[index] ?? "stored";
				if (outcome === "stored") stored.push(waiting.event);
				waiting.resolve(outcome);
			}
			if (stored.length > 0) this.#onStored(stored);
		} catch (error) {
			if (batch.length === 1 || isConnectionProblem(error)) {
				for (const waiting of batch) waiting.reject(error);
				return;
			}
			for (const waiting of batch) await this.#storeBatch([waiting]);
		}
	}
	async #insert(events) {
		let end = 1;
		const offsets = events.map((event) => {
			const from = end;
			end += event.body?.length ?? 0;
			return from;
		});
		const judged = events.some((event) => event.oneTimeToken !== null);
		const result = await this.#pool.query({
			...judged ? {
				name: "inbox-insert-judged",
				text: INSERT_JUDGED
			} : {
				name: "inbox-insert",
				text: INSERT
			},
			values: [
				events.map((event) => event.accountId),
				events.map((event) => event.topic),
				events.map((event) => event.dedupeKey),
				events.map((event) => event.pathSuffix),
				events.map((event) => JSON.stringify(event.headers)),
				offsets,
				events.map((event) => event.body?.length ?? -1),
				events.map((event) => event.bodySha256),
				events.map((event) => event.receivedAt),
				events.map((event) => event.lane),
				events.map((event) => event.oneTimeToken?.token ?? null),
				events.map((event) => event.oneTimeToken?.contentHash ?? null),
				Buffer.concat(events.flatMap((event) => event.body ?? []))
			]
		});
		const outcomes = [];
		for (const row of result.rows) outcomes[row.place - 1] = row.verdict === "pending" ? "stored" : row.verdict;
		return outcomes;
	}
};
/** True when the database itself is out of reach, as opposed to refusing a statement. */
function isConnectionProblem(error) {
	const code = error.code;
	if (typeof code !== "string") return error instanceof Error && /connection|timeout/i.test(error.message);
	return /^(08|57P|53)/.test(code) || /^E[A-Z]+$/.test(code);
}
// apps/sync-server/src/http/problem.ts
/** What body parsers, the router and the file sender throw: an error with the HTTP status it means. */
const KIND_OF_STATUS = {
	400: "bad-input",
	404: "not-found",
	413: "too-large",
	415: "unsupported-media-type"
};
const SENTENCES = {
	"bad-input": "The request cannot be read.",
	"not-found": "There is nothing at this address.",
	"too-large": "The request body is too large.",
	"unsupported-media-type": "The request body has an encoding or character set this server does not read."
};
const REFUSED_TEXT = /* @__PURE__ */ new Set([
	"22021",
	"22P05",
	"22P02"
]);
const DATABASE_DISK_FULL = "53100";
/** The error in our own words; `internal` and its id for whatever was not foreseen. */
function toAppError(error) {
	if (error instanceof AppError) return error;
	const { status, code, type } = typeof error === "object" && error !== null ? error : {};
	if (type === "entity.parse.failed") return new AppError("bad-input", "The body is not valid JSON.", { cause: error });
	if (typeof code === "string" && REFUSED_TEXT.has(code)) return new AppError("bad-input", "The request holds text that cannot be stored.", { cause: error });
	const kind = isClientError(status) ? KIND_OF_STATUS[status] ?? "bad-input" : void 0;
	if (kind) return new AppError(kind, SENTENCES[kind] ?? "The request cannot be answered.", { cause: error });
	if (code === DATABASE_DISK_FULL || code === "ENOSPC") return new AppError("unavailable", "The server's disk is full: whoever looks after it has to make room.", { cause: error });
	if (isConnectionProblem(error)) return new AppError("unavailable", "The database is out of reach. Try again in a moment.", { cause: error });
	return new AppError("internal", "Something went wrong on our side.", {
		cause: error,
		data: { errorId: randomUUID() }
	});
}
function isClientError(status) {
	return typeof status === "number" && status >= 400 && status < 500;
}
/** What the libraries said where it is more exact than our kinds: 416 for a range beyond the file. */
function statusOf(error, known) {
	const { status } = typeof error === "object" && error !== null ? error : {};
	return isClientError(status) ? status : ERROR_STATUS[known.kind];
}
function sendProblem(response, problem) {
	if (problem.retryAfterMs !== void 0) response.set("Retry-After", String(Math.ceil(problem.retryAfterMs / 1e3)));
	response.status(problem.status).type("application/problem+json").send(JSON.stringify(problem));
}
/** The one place where errors become answers. */
function createErrorHandler(log) {
	return (error, request, response, next) => {
		const known = toAppError(error);
		const fields = {
			event: "http.failed",
			method: request.method,
			route: response.locals.route,
			err: known.cause
		};
		if (known.kind === "internal") log.error({
			...fields,
			...known.data
		}, "a request failed");
		else if (ERROR_STATUS[known.kind] >= 500) log.warn(fields, "a request could not be answered");
		if (response.headersSent) next(error);
		else sendProblem(response, {
			...known.toProblem(),
			status: statusOf(error, known)
		});
	};
}
// apps/sync-server/src/http/route.ts
/** Ties the types of schemas and handler together; the same value registers the route and describes it. */
function defineRoute(spec) {
	const { handle, ...rest } = spec;
	return {
		...rest,
		run: async (context) => handle(context)
	};
}
// apps/sync-server/src/http/storable.ts
const MAX_DEPTH = 32;
const MAX_ERRORS = 20;
/** Finds text that no database column takes (U+0000, half a surrogate pair), and nesting beyond reason, in parsed JSON. */
function findUnstorable(value) {
	const errors = [];
	const tooDeep = walk(value, (inner, path) => {
		if (typeof inner === "string") {
			const message = explainText(inner);
			if (message) errors.push({
				path: path.join("."),
				message
			});
		} else if (typeof inner === "object" && inner !== null && Object.keys(inner).some((key) => explainText(key))) errors.push({
			path: path.join("."),
			message: "has a key that is not plain text"
		});
	});
	return [...errors.slice(0, MAX_ERRORS), ...tooDeep];
}
/** Only the nesting: deeper JSON ends the stack of whatever goes through it by recursion. */
function findTooDeep(value) {
	return walk(value, () => void 0);
}
/** Visits every value, without recursion: two megabytes of `[[[[` must not end our own stack either. */
function walk(value, visit) {
	const waiting = [{
		inner: value,
		path: []
	}];
	for (let next = waiting.pop(); next !== void 0; next = waiting.pop()) {
		const { inner, path } = next;
		if (path.length > MAX_DEPTH) return [{
			path: path.slice(0, 3).join("."),
			message: `is nested more than ${MAX_DEPTH} levels deep`
		}];
		visit(inner, path);
		if (typeof inner !== "object" || inner === null) continue;
		for (const [key, child] of Object.entries(inner)) waiting.push({
			inner: child,
			path: [...path, key]
		});
	}
	return [];
}
/** What is wrong with the text, null when nothing is. */
function explainText(text) {
	if (text.includes("\0")) return "must not contain U+0000";
	return text.isWellFormed() ? null : "must not contain half a surrogate pair";
}
// apps/sync-server/src/http/router.ts
const parseJson = express.json({
	limit: 2097152,
	strict: false
});
/** Registers the routes, answers other methods on their paths with 405, and everything else below `/api` with 404. */
function createRouter(routes, sessions) {
	const router = Router();
	for (const route of routes) router[route.method](toExpressPath(route.path), createHandler(route, sessions));
	for (const [path, methods] of groupMethods(routes)) router.all(toExpressPath(path), (request, response) => {
		response.set("Allow", methods.join(", "));
		throw new AppError("method-not-allowed", `${request.method} is not allowed here; ${methods.join(", ")} is.`);
	});
	router.use("/api", () => {
		throw new AppError("not-found", "There is no such route. The list of routes is at /api/openapi.json.");
	});
	return router;
}
function toExpressPath(path) {
	return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
function groupMethods(routes) {
	const methods = /* @__PURE__ */ new Map();
	for (const { path, method } of routes) {
		const known = methods.get(path) ?? [];
		methods.set(path, [...known, ...method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]]);
	}
	return methods;
}
function createHandler(route, sessions) {
	return async (request, response) => {
		response.locals.route = route.path;
		response.set("Cache-Control", "no-store");
		const session = route.access === "public" ? null : await authenticate(request, sessions);
		if (route.access === "admin" && session?.agent.role !== "admin") throw new AppError("forbidden", "Only an admin may do this.");
		const params = parse(route.params, checkTexts(request.params), "The address is not valid.");
		const query = parse(route.query, checkTexts(request.query), "The query is not valid.");
		const body = await readBody$2(route, request);
		const answer = await route.run({
			params,
			query,
			body,
			session,
			request,
			response
		});
		if (route.response) response.status(route.status ?? 200).json(answer);
		else if (route.status === 204) response.status(204).end();
	};
}
function parse(schema, value, sentence) {
	if (!schema) return void 0;
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	throw new AppError("bad-input", sentence, { errors: parsed.error.issues.flatMap(toFieldErrors) });
}
function toFieldErrors(issue) {
	const path = issue.path.map(String);
	if (issue.code === "unrecognized_keys") return issue.keys.map((key) => ({
		path: [...path, key].join("."),
		message: "unknown field"
	}));
	return [{
		path: path.join("."),
		message: issue.message
	}];
}
/** Text in addresses goes into queries: what no database takes is refused here, by name. */
function checkTexts(values) {
	const errors = Object.entries(values).flatMap(([path, value]) => [path, ...[value].flat()].flatMap((text) => {
		const message = explainText(String(text));
		return message ? [{
			path: path.replaceAll("\0", ""),
			message
		}] : [];
	}));
	if (errors.length > 0) throw new AppError("bad-input", "The address is not valid.", { errors });
	return values;
}
async function readBody$2(route, request) {
	if (route.rawBodyBytes !== void 0) {
		await runParser(express.raw({
			type: () => true,
			limit: route.rawBodyBytes
		}), request);
		return request.body ?? Buffer.alloc(0);
	}
	if (!route.body) return void 0;
	await runParser(parseJson, request);
	if (request.body === void 0 && hasBody(request)) throw new AppError("unsupported-media-type", "The body must be JSON, with Content-Type: application/json.");
	const errors = route.cleansText ? findTooDeep(request.body) : findUnstorable(request.body);
	if (errors.length > 0) throw new AppError("bad-input", "The body is not valid.", { errors });
	return parse(route.body, request.body ?? {}, "The body is not valid.");
}
function hasBody(request) {
	return request.headers["transfer-encoding"] !== void 0 || Number(request.headers["content-length"] ?? 0) > 0;
}
function runParser(parser, request) {
	return new Promise((resolve, reject) => {
		const { res: response } = request;
		if (!response) throw new Error("a request without its response");
		parser(request, response, (error) => error ? reject(error) : resolve());
	});
}
// apps/sync-server/src/http/fields.ts
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const LONGEST_FILTER = 1e3;
/** Query fields every list has. @param order - the order of a list when the caller does not choose. */
function pageFields(order = "desc") {
	const wholeNumber = `must be a whole number from 1 to ${MAX_LIMIT}`;
	return {
		limit: z.string(`${wholeNumber}, given once`).regex(/^\d{1,6}$/, wholeNumber).transform(Number).refine((limit) => limit >= 1 && limit <= MAX_LIMIT, wholeNumber).default(DEFAULT_LIMIT).meta({ description: `Rows per page, at most ${MAX_LIMIT}.` }),
		cursor: z.string("must be given once").min(1, "must be the nextCursor of the page before").optional(),
		order: z.enum(["asc", "desc"], "must be asc or desc").default(order)
	};
}
/** A filter that is one text. */
const filterText = z.string("must be given once").min(1, "must not be empty").max(LONGEST_FILTER).optional();
const filterFlag = z.enum(["true", "false"], "must be true or false").transform((text) => text === "true").optional();
const filterInstant = z.string("must be given once").regex(/^\d{1,15}$/, "must be epoch milliseconds").transform(Number).optional();
function filterOneOf(values) {
	return z.enum(values, `must be one of: ${values.join(", ")}`).optional();
}
const idParams = z.strictObject({ id: z.string().max(200) });
function toPageRequest(query) {
	return {
		limit: query.limit,
		order: query.order,
		cursor: query.cursor ?? null
	};
}
/** The answer of every list. */
function pageOf(item) {
	return z.object({
		items: z.array(item),
		nextCursor: z.string().nullable()
	});
}
// apps/sync-server/src/http/routes/directory-fields.ts
const nameSchema = z.string("must be a name").trim().min(1, "must not be empty").max(200, "must have at most 200 characters");
const teamIdsSchema = z.array(z.string("must be the id of a team").max(200), "must be a list of team ids").max(100, "must have at most 100 entries").meta({ description: "Empty: everyone." });
// apps/sync-server/src/http/routes/account-routes.ts
const configSchema = z.record(z.string(), z.unknown(), "must be an object").meta({ description: "Keys depend on the kind. Secrets read back as \"set\"; null clears an optional key." });
const accountSchema = z.object({
	id: z.string(),
	kind: z.string(),
	name: z.string(),
	config: configSchema,
	teamIds: z.array(z.string()).meta({ description: "Empty: open to everyone." }),
	address: z.string(),
	webhookUrl: z.string(),
	rejected: z.number().meta({ description: "Webhook requests refused so far." }),
	lastRejectedAt: z.number().nullable(),
	lastRejectReason: z.string().nullable(),
	lastEventAt: z.number().nullable(),
	sendProblem: z.object({
		text: z.string(),
		since: z.number()
	}).nullable().meta({ description: "Sending fails since then, for a reason that is the account’s; null while it works." }),
	createdAt: z.number()
});
const newAccountSchema = z.strictObject({
	kind: z.string("must be the name of a kind").min(1, "must not be empty").max(50),
	name: nameSchema,
	config: configSchema,
	teamIds: teamIdsSchema.default([])
});
const accountPatchSchema = z.strictObject({
	name: nameSchema.optional(),
	config: configSchema.optional(),
	teamIds: teamIdsSchema.optional()
});
/** Channel accounts and stores are made, read and changed alike. */
function createAccountRoutes(accounts) {
	return [...createFamilyRoutes(accounts, "channel", "channels"), ...createFamilyRoutes(accounts, "store", "stores")];
}
function createFamilyRoutes(accounts, family, plural) {
	const path = `/api/${plural}`;
	return [
		defineRoute({
			method: "get",
			path,
			summary: `Connected ${plural}`,
			access: "admin",
			query: z.strictObject(pageFields()),
			response: pageOf(accountSchema),
			handle: ({ query }) => accounts.list(family, toPageRequest(query))
		}),
		defineRoute({
			method: "post",
			path,
			summary: `Connect a ${family}`,
			access: "admin",
			body: newAccountSchema,
			status: 201,
			response: accountSchema,
			handle: ({ body, session }) => accounts.create(`agent:${session.agent.id}`, family, body)
		}),
		defineRoute({
			method: "get",
			path: `${path}/{id}`,
			summary: `One ${family}`,
			access: "admin",
			params: idParams,
			response: accountSchema,
			handle: ({ params }) => accounts.get(family, params.id)
		}),
		defineRoute({
			method: "patch",
			path: `${path}/{id}`,
			summary: `Change a ${family}; keys of the config that are left out stay`,
			access: "admin",
			params: idParams,
			body: accountPatchSchema,
			response: accountSchema,
			handle: ({ params, body, session }) => accounts.update(`agent:${session.agent.id}`, family, params.id, body)
		})
	];
}
// apps/sync-server/src/http/routes/people-fields.ts
const LONGEST_USER_AGENT = 300;
const emailSchema = z.string("must be a mail address").trim().toLowerCase().max(320, "must have at most 320 characters").regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/, "must be a mail address such as name@example.com");
/** A new password; that it is not the mail address is checked where both are known (`auth/password-rules.ts`). */
const newPasswordSchema = z.string("must be a password").min(8, "must have at least 8 characters").max(256, "must have at most 256 characters");
/** A password that exists: whatever its length, it is right or wrong. */
const knownPasswordSchema = z.string("must be the password").min(1, "must not be empty").max(1e3, "must have at most 1000 characters");
const roleSchema = z.enum(["admin", "agent"], "must be admin or agent");
/** The secret part of a link; one that has another form is as unknown as one that has expired. */
const linkTokenSchema = z.string("must be the token of the link").min(1, "must not be empty").max(200);
const cookieSchema = z.boolean("must be true or false").optional().meta({ description: "Set the session cookie of the browser instead of telling the token." });
const ownAgentSchema = z.object({
	id: z.string(),
	email: z.string(),
	name: z.string(),
	role: roleSchema,
	teamIds: z.array(z.string()),
	accessVersion: z.number(),
	totp: z.boolean().meta({ description: "Log-ins need a code of the authenticator app too." })
});
const sessionAnswerSchema = z.object({
	token: z.string().optional(),
	agent: ownAgentSchema
});
/** Hands a new session over: as a cookie that scripts cannot read, or as the token in the answer. */
function answerSession({ request, response }, given, cookie, publicUrl) {
	if (cookie !== true) return given;
	setSessionCookie(request, response, publicUrl, given.token);
	return { agent: given.agent };
}
function toClientFacts(request) {
	const userAgent = request.headers["user-agent"] ?? "";
	return {
		address: request.ip ?? "",
		userAgent: userAgent.slice(0, LONGEST_USER_AGENT)
	};
}
/** The language of mails that this request causes: what its Accept-Language prefers, else English. */
function languageOf(request) {
	return request.acceptsLanguages("en", "zh") === "zh" ? "zh-CN" : "en";
}
// apps/sync-server/src/http/routes/agent-routes.ts
const agentSchema = z.object({
	id: z.string(),
	email: z.string(),
	name: z.string(),
	role: roleSchema,
	teamIds: z.array(z.string()),
	disabled: z.boolean(),
	totp: z.boolean().meta({ description: "Log-ins need a code of the authenticator app too." }),
	createdAt: z.number()
});
const disabledSchema = z.boolean("must be true or false");
const newAgentSchema = z.strictObject({
	email: emailSchema,
	name: nameSchema,
	password: newPasswordSchema,
	role: roleSchema.default("agent"),
	teamIds: teamIdsSchema.default([]),
	disabled: disabledSchema.default(false)
});
const agentPatchSchema = z.strictObject({
	email: emailSchema.optional(),
	name: nameSchema.optional(),
	password: newPasswordSchema.optional(),
	role: roleSchema.optional(),
	teamIds: teamIdsSchema.optional(),
	disabled: disabledSchema.optional(),
	reassignTo: z.string("must be the id of an agent, or null").max(200).nullable().optional().meta({ description: "With `disabled: true`: who gets the unresolved conversations; absent or null: nobody." })
}).refine((patch) => patch.reassignTo === void 0 || patch.disabled === true, {
	path: ["reassignTo"],
	message: "goes with \"disabled\": true"
});
function createAgentRoutes({ agents, resets, twoStep }) {
	return [
		defineRoute({
			method: "get",
			path: "/api/agents",
			summary: "Agents",
			access: "admin",
			query: z.strictObject(pageFields()),
			response: pageOf(agentSchema),
			handle: ({ query }) => agents.list(toPageRequest(query))
		}),
		defineRoute({
			method: "post",
			path: "/api/agents",
			summary: "Add an agent",
			access: "admin",
			body: newAgentSchema,
			status: 201,
			response: agentSchema,
			handle: ({ body, session }) => agents.create(`agent:${session.agent.id}`, body)
		}),
		defineRoute({
			method: "get",
			path: "/api/agents/{id}",
			summary: "One agent",
			access: "admin",
			params: idParams,
			response: agentSchema,
			handle: ({ params }) => agents.get(params.id)
		}),
		defineRoute({
			method: "patch",
			path: "/api/agents/{id}",
			summary: "Change an agent; disabling one or setting a password ends the agent’s sessions",
			access: "admin",
			params: idParams,
			body: agentPatchSchema,
			response: agentSchema,
			handle: ({ params, body, session }) => agents.update(`agent:${session.agent.id}`, session.sessionId, params.id, body)
		}),
		defineRoute({
			method: "post",
			path: "/api/agents/{id}/reset-link",
			summary: "A link for a new password, to be passed on; it works once, for an hour, and ends the one before",
			access: "admin",
			params: idParams,
			status: 201,
			response: z.object({
				link: z.string(),
				expiresAt: z.number()
			}),
			handle: ({ params, session }) => resets.createLink(`agent:${session.agent.id}`, params.id)
		}),
		defineRoute({
			method: "delete",
			path: "/api/agents/{id}/totp",
			summary: "Let an agent who lost phone and recovery codes log in without codes",
			access: "admin",
			params: idParams,
			status: 204,
			handle: ({ params, session }) => twoStep.removeOf(`agent:${session.agent.id}`, params.id)
		})
	];
}
// apps/sync-server/src/db/queries/attachments.ts
/**
* An attachment a reader may see: one of a conversation the reader sees, or the reader's own upload that no message has
* taken yet (R15).
*/
async function findAttachment(db, reader, agentId, id) {
	return (await sql`
    select item.name, item.content_type as "contentType", item.sha256
    from attachments as item
    left join change_log as log on log.collection = 'conversation' and log.id = item.conversation_id and log.scope_left = ''
    where item.id = ${id} and case
      when item.conversation_id is null then item.uploaded_by = ${agentId} or ${reader === "all"}
      else ${isVisibleSql(reader)} end`.execute(db)).rows[0] ?? null;
}
/** Writes down an uploaded file; its content is on disk already. */
async function saveUpload(db, upload) {
	await db.transaction().execute(async (tx) => {
		await tx.insertInto("files").values({
			sha256: upload.sha256,
			size_bytes: upload.sizeBytes,
			created_at: upload.at
		}).onConflict((conflict) => conflict.doNothing()).execute();
		await tx.insertInto("attachments").values({
			id: upload.id,
			sha256: upload.sha256,
			name: upload.name,
			content_type: upload.contentType,
			size_bytes: upload.sizeBytes,
			uploaded_by: upload.uploadedBy,
			created_at: upload.at
		}).execute();
	});
}
/** Which of these files this uploader brought; `visitor:{id}` for the website chat. */
async function findUploadsOf(db, uploadedBy, ids) {
	return (await db.selectFrom("attachments").select("id").where("id", "in", [...ids]).where("uploaded_by", "=", uploadedBy).execute()).map((row) => row.id);
}
/** A file whose content is here; who may have it is the caller's question. */
async function findStoredFile(db, id) {
	const row = await db.selectFrom("attachments").select([
		"name",
		"content_type as contentType",
		"sha256"
	]).where("id", "=", id).executeTakeFirst();
	return row?.sha256 ? {
		...row,
		sha256: row.sha256
	} : null;
}
// apps/sync-server/src/http/stored-file.ts
const LONGEST_NAME = 255;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;
const UNKNOWN_TYPE = "application/octet-stream";
const PICTURES = /* @__PURE__ */ new Set([
	"image/png",
	"image/jpeg",
	"image/gif",
	"image/webp"
]);
/** The name a header gives, percent-encoded, without folders. @throws AppError `bad-input`. */
function parseFileName(header) {
	const name = decodeName([header].flat()[0] ?? "").split(/[/\\]/).at(-1)?.trim() ?? "";
	const message = name === "" ? "must name the file" : name.length > LONGEST_NAME ? `must have at most ${LONGEST_NAME} characters` : explainText(name);
	if (message) throw new AppError("bad-input", "The file name is not valid.", { errors: [{
		path: "x-file-name",
		message
	}] });
	return name;
}
function decodeName(given) {
	try {
		return decodeURIComponent(given);
	} catch {
		return given;
	}
}
/** The type without parameters; whatever is no media type is sent as plain bytes. */
function toMediaType(header) {
	const type = header?.split(";")[0]?.trim().toLowerCase() ?? "";
	return MEDIA_TYPE.test(type) ? type : UNKNOWN_TYPE;
}
/**
* Files come from strangers: they are downloaded, never shown as a page of ours, and whatever runs in them has no origin.
*
* @param file - `inline` lets plain pictures be shown where a page asks for them.
*/
function sendStoredFile(response, folder, sha256, file) {
	response.attachment(file.name.toWellFormed());
	if (file.inline && PICTURES.has(file.contentType)) response.set("Content-Disposition", "inline");
	response.setHeader("Content-Type", toMediaType(file.contentType));
	response.set({
		"Content-Security-Policy": "sandbox; default-src 'none'",
		"Cache-Control": "private, max-age=86400",
		ETag: `"${sha256}"`
	});
	return new Promise((resolve, reject) => {
		response.sendFile(sha256, {
			root: folder,
			lastModified: false,
			cacheControl: false
		}, (error) => {
			if (!error || "code" in error && (error.code === "ECONNABORTED" || error.code === "EPIPE")) return resolve();
			for (const name of [
				"Content-Disposition",
				"Cache-Control",
				"ETag"
			]) if (!response.headersSent) response.removeHeader(name);
			reject(error);
		});
	});
}
// apps/sync-server/src/http/routes/attachment-routes.ts
const MAX_UPLOAD_BYTES = 26214400;
function createAttachmentRoutes({ db, files, now }) {
	return [defineRoute({
		method: "post",
		path: "/api/attachments",
		summary: "Upload a file as the raw body; its name, percent-encoded, in the header X-File-Name",
		access: "agent",
		rawBodyBytes: MAX_UPLOAD_BYTES,
		status: 201,
		response: attachmentSchema,
		handle: async ({ body, session, request }) => {
			const content = body;
			if (!Buffer.isBuffer(content) || content.length === 0) throw new AppError("bad-input", "The file is empty.", { errors: [{
				path: "",
				message: "send the bytes of the file as the body"
			}] });
			const name = parseFileName(request.headers["x-file-name"]);
			const contentType = toMediaType(request.headers["content-type"]);
			const stored = await files.storeFile(content);
			const at = now();
			const id = createUuidV7(at);
			await saveUpload(db, {
				...stored,
				id,
				name,
				contentType,
				uploadedBy: session.agent.id,
				at
			});
			return {
				id,
				name,
				contentType,
				...stored
			};
		}
	}), defineRoute({
		method: "get",
		path: "/api/attachments/{id}",
		summary: "The bytes of an attachment, whole or a range",
		access: "agent",
		params: idParams,
		status: 200,
		handle: async ({ params, session: { agent }, response }) => {
			const found = await findAttachment(db, scopesOf(agent), agent.id, params.id);
			if (!found) throw new AppError("not-found", "There is no such attachment.");
			if (found.sha256 === null || await files.findSize(found.sha256) === null) throw new AppError("not-found", "This file has not been fetched from the platform.");
			await sendStoredFile(response, files.folder, found.sha256, {
				...found,
				inline: false
			});
		}
	})];
}
// apps/sync-server/src/db/queries/documents.ts
const TABLES = {
	customer: "customers",
	conversation: "conversations",
	message: "messages",
	order: "orders"
};
/**
* `doc` and its change-log row as `log`; a document without one was purged after its deletion. `offset 0` keeps the planner
* on the documents' own order, also before it has statistics: joined the other way round, a page would sort the whole desk.
*/
function fromDocuments(collection) {
	return sql`${sql.table(TABLES[collection])} as item
    cross join lateral (
      select created_seq, scopes from change_log
      where collection = ${collection} and id = item.id and scope_left = '' offset 0
    ) as log`;
}
function toDocument(row) {
	return {
		...row.doc,
		createdSeq: row.created_seq
	};
}
/** A page of the documents a reader may see (R15). In `keys` and `conditions` the table is `item`, its log row `log`. */
async function listDocuments(db, reader, page, query) {
	const { collection, ...rest } = query;
	const found = await readPage(db, page, {
		...rest,
		select: sql`item.doc, log.created_seq`,
		from: fromDocuments(collection),
		conditions: [isVisibleSql(reader), ...query.conditions]
	});
	return {
		items: found.items.map(toDocument),
		nextCursor: found.nextCursor
	};
}
/** Null when there is no such document or the reader may not see it: the two look alike (R15). */
async function findDocument(db, reader, collection, id) {
	const result = await sql`
    select item.doc, log.created_seq from ${fromDocuments(collection)}
    where item.id = ${id} and ${isVisibleSql(reader)}`.execute(db);
	return result.rows[0] ? toDocument(result.rows[0]) : null;
}
/** A condition for each filter that is given. */
function toConditions(filter, rules) {
	const conditions = [];
	for (const name of Object.keys(rules)) {
		const value = filter[name];
		if (value !== void 0 && value !== null) conditions.push(rules[name](value));
	}
	return conditions;
}
/** A pattern for `ilike` that finds the words anywhere, with their `%` and `_` taken literally. */
function toContainsPattern(words) {
	return `%${words.replaceAll(/[\\%_]/g, "\\$&")}%`;
}
// apps/sync-server/src/db/queries/audit.ts
function listAudit(db, filter, page) {
	return readPage(db, page, {
		name: "audit",
		filters: filter,
		keys: [{
			column: "audit.id",
			type: "number"
		}],
		select: sql`audit.id, audit.at, audit.actor, audit.action, audit.target, audit.before, audit.after`,
		from: sql`audit`,
		conditions: toConditions(filter, {
			actor: (value) => sql`audit.actor = ${value}`,
			action: (value) => sql`audit.action = ${value}`,
			target: (value) => sql`audit.target = ${value}`
		})
	});
}
// apps/sync-server/src/http/routes/audit-routes.ts
const fieldsSchema = z.record(z.string(), z.unknown()).nullable();
const auditSchema = z.object({
	id: z.number(),
	at: z.number(),
	actor: z.string(),
	action: z.string(),
	target: z.string(),
	before: fieldsSchema,
	after: fieldsSchema
});
function createAuditRoutes(db) {
	return [defineRoute({
		method: "get",
		path: "/api/audit",
		summary: "Who changed what, newest first",
		access: "admin",
		query: z.strictObject({
			...pageFields(),
			actor: filterText,
			action: filterText,
			target: filterText
		}),
		response: pageOf(auditSchema),
		handle: ({ query: { limit, order, cursor, ...filter } }) => listAudit(db, filter, toPageRequest({
			limit,
			order,
			cursor
		}))
	})];
}
// apps/sync-server/src/http/routes/auth-routes.ts
const loginSchema = z.strictObject({
	email: z.string("must be a mail address").min(1, "must not be empty").max(320, "must have at most 320 characters"),
	password: knownPasswordSchema,
	code: z.string("must be a code").min(1, "must not be empty").max(100, "must have at most 100 characters").optional().meta({ description: "Of the authenticator app, or a recovery code; asked for by `urn:tradewind:code-required`." }),
	cookie: cookieSchema
});
const codeSchema = z.string("must be the code").min(1, "must not be empty").max(100, "must have at most 100 characters");
const passwordBody = z.strictObject({ password: knownPasswordSchema });
/** Who one is: log-in and log-out. */
function createAuthRoutes(deps) {
	const { login, sessions, twoStep, publicUrl } = deps;
	return [
		defineRoute({
			method: "post",
			path: "/api/auth/login",
			summary: "Log in",
			access: "public",
			body: loginSchema,
			response: sessionAnswerSchema,
			handle: async ({ body: { cookie, ...credentials }, request, response }) => {
				const { token, agent } = await login.login(credentials, toClientFacts(request));
				return answerSession({
					request,
					response
				}, {
					token,
					agent
				}, cookie, publicUrl);
			}
		}),
		defineRoute({
			method: "post",
			path: "/api/auth/logout",
			summary: "End this session",
			access: "agent",
			status: 204,
			handle: async ({ session, request, response }) => {
				await sessions.end(session.sessionId, session.agent.id, `agent:${session.agent.id}`, "logout");
				clearSessionCookie(request, response, publicUrl);
			}
		}),
		defineRoute({
			method: "get",
			path: "/api/me",
			summary: "Whom this session belongs to",
			access: "agent",
			response: ownAgentSchema,
			handle: async ({ session: { agent } }) => ({
				...agent,
				totp: await twoStep.isOn(agent.id)
			})
		}),
		...createPasswordRoutes(deps),
		...createTwoStepRoutes(deps)
	];
}
function createPasswordRoutes({ resets, ownPassword, publicUrl }) {
	return [
		defineRoute({
			method: "post",
			path: "/api/auth/forgot",
			summary: "Ask for a mail with a link for a new password; the answer is the same whether the address is known or not",
			access: "public",
			body: z.strictObject({ email: emailSchema }),
			status: 204,
			handle: ({ body, request }) => resets.requestByMail(body.email, languageOf(request), toClientFacts(request))
		}),
		defineRoute({
			method: "post",
			path: "/api/auth/reset",
			summary: "Choose a new password by a link; all other sessions end",
			access: "public",
			body: z.strictObject({
				token: linkTokenSchema,
				password: newPasswordSchema,
				cookie: cookieSchema
			}),
			response: sessionAnswerSchema,
			handle: async ({ body: { token: link, password, cookie }, request, response }) => {
				const { token, agent } = await resets.redeem(link, password, toClientFacts(request));
				return token === null ? { agent } : answerSession({
					request,
					response
				}, {
					token,
					agent
				}, cookie, publicUrl);
			}
		}),
		defineRoute({
			method: "post",
			path: "/api/auth/password",
			summary: "Change the own password; all other sessions end",
			access: "agent",
			body: z.strictObject({
				current: knownPasswordSchema,
				password: newPasswordSchema
			}),
			status: 204,
			handle: ({ body, session, request }) => ownPassword.change(session, body.current, body.password, toClientFacts(request))
		})
	];
}
function createTwoStepRoutes({ twoStep }) {
	return [
		defineRoute({
			method: "post",
			path: "/api/auth/totp",
			summary: "Begin with log-in codes: a secret for the authenticator app, which counts once it is confirmed",
			access: "agent",
			body: passwordBody,
			response: z.object({
				secret: z.string(),
				uri: z.string()
			}),
			handle: ({ body, session, request }) => twoStep.begin(session, body.password, toClientFacts(request))
		}),
		defineRoute({
			method: "post",
			path: "/api/auth/totp/enable",
			summary: "Confirm the secret by a code: from now on log-ins need one",
			access: "agent",
			body: z.strictObject({ code: codeSchema }),
			response: z.object({ recoveryCodes: z.array(z.string()).meta({ description: "Told once; each counts once." }) }),
			handle: async ({ body, session }) => ({ recoveryCodes: await twoStep.enable(session.agent.id, body.code) })
		}),
		defineRoute({
			method: "delete",
			path: "/api/auth/totp",
			summary: "Log in without codes again",
			access: "agent",
			body: passwordBody,
			status: 204,
			handle: ({ body, session, request }) => twoStep.remove(session, body.password, toClientFacts(request))
		})
	];
}
// apps/sync-server/src/db/queries/conversations.ts
/** By time of the last message. */
function listConversations(db, reader, filter, page) {
	return listDocuments(db, reader, page, {
		collection: "conversation",
		name: "conversations",
		filters: filter,
		keys: [{
			column: "item.last_message_at",
			type: "number"
		}, {
			column: "item.id",
			type: "string"
		}],
		conditions: toConditions(filter, {
			status: (value) => sql`item.status = ${value}`,
			assigneeId: (value) => sql`item.assignee_id = ${value}`,
			teamId: (value) => sql`item.team_id = ${value}`,
			channelAccountId: (value) => sql`item.channel_account_id = ${value}`,
			customerId: (value) => sql`item.customer_id = ${value}`,
			tag: (value) => sql`item.doc->'tags' @> jsonb_build_array(${value}::text)`,
			q: (value) => containsWords(toContainsPattern(value)),
			updatedAfter: (value) => sql`item.updated_at > ${value}`
		})
	});
}
function containsWords(pattern) {
	return sql`(item.doc->>'subject' ilike ${pattern}
    or exists (select 1 from customers c where c.id = item.customer_id and c.doc->>'name' ilike ${pattern})
    or exists (select 1 from messages m where m.conversation_id = item.id and m.doc->>'text' ilike ${pattern}))`;
}
/** Counts of the conversations a reader may see. */
async function countConversations(db, reader, agentId) {
	const result = await sql`
    select item.status, count(*) as total,
      count(*) filter (where item.assignee_id = ${agentId}) as mine,
      count(*) filter (where item.assignee_id is null) as unassigned
    from conversations as item
    join change_log as log on log.collection = 'conversation' and log.id = item.id and log.scope_left = ''
    where ${isVisibleSql(reader)} group by item.status`.execute(db);
	const rowOf = (status) => result.rows.find((row) => row.status === status);
	const unresolved = result.rows.filter((row) => row.status !== "resolved");
	return {
		byStatus: {
			pending: rowOf("pending")?.total ?? 0,
			open: rowOf("open")?.total ?? 0,
			snoozed: rowOf("snoozed")?.total ?? 0,
			resolved: rowOf("resolved")?.total ?? 0
		},
		mine: unresolved.reduce((sum, row) => sum + row.mine, 0),
		unassigned: unresolved.reduce((sum, row) => sum + row.unassigned, 0)
	};
}
// apps/sync-server/src/db/queries/messages.ts
/** In the order of display: (`sentAt`, `createdSeq`). */
function listMessages(db, reader, filter, page) {
	return listDocuments(db, reader, page, {
		collection: "message",
		name: "messages",
		filters: filter,
		keys: [{
			column: "item.sent_at",
			type: "number"
		}, {
			column: "log.created_seq",
			type: "number"
		}],
		conditions: toConditions(filter, {
			externalId: (value) => sql`item.external_id in (${value}, ${`<${value}>`})`,
			channelAccountId: (value) => sql`item.channel_account_id = ${value}`,
			conversationId: (value) => sql`item.conversation_id = ${value}`
		})
	});
}
// apps/sync-server/src/http/routes/conversation-routes.ts
const countsSchema = z.object({
	byStatus: z.object({
		pending: z.number(),
		open: z.number(),
		snoozed: z.number(),
		resolved: z.number()
	}),
	mine: z.number().meta({ description: "Unresolved and assigned to you." }),
	unassigned: z.number().meta({ description: "Unresolved and assigned to nobody." })
});
const conversationQuery = z.strictObject({
	...pageFields(),
	status: filterOneOf(conversationStatuses),
	assigneeId: filterText,
	teamId: filterText,
	channelAccountId: filterText,
	customerId: filterText,
	tag: filterText,
	q: filterText,
	updatedAfter: filterInstant
});
const messageQuery = z.strictObject({
	...pageFields(),
	externalId: filterText,
	channelAccountId: filterText,
	conversationId: filterText
});
function createConversationRoutes(db) {
	return [
		defineRoute({
			method: "get",
			path: "/api/conversations",
			summary: "Conversations, by time of the last message",
			access: "agent",
			query: conversationQuery,
			response: pageOf(conversationSchema),
			handle: ({ query: { limit, order, cursor, ...filter }, session }) => listConversations(db, scopesOf(session.agent), filter, toPageRequest({
				limit,
				order,
				cursor
			}))
		}),
		defineRoute({
			method: "get",
			path: "/api/conversations/{id}",
			summary: "One conversation",
			access: "agent",
			params: idParams,
			response: conversationSchema,
			handle: async ({ params, session }) => {
				return await findDocument(db, scopesOf(session.agent), "conversation", params.id) ?? refuseUnknown$1("conversation");
			}
		}),
		defineRoute({
			method: "get",
			path: "/api/conversations/{id}/messages",
			summary: "The thread of a conversation, oldest first unless asked otherwise",
			access: "agent",
			params: idParams,
			query: z.strictObject(pageFields("asc")),
			response: pageOf(messageSchema),
			handle: async ({ params, query, session }) => {
				const scopes = scopesOf(session.agent);
				if (!await findDocument(db, scopes, "conversation", params.id)) refuseUnknown$1("conversation");
				return listMessages(db, scopes, { conversationId: params.id }, toPageRequest(query));
			}
		}),
		defineRoute({
			method: "get",
			path: "/api/messages",
			summary: "Messages of all conversations, newest first unless asked otherwise",
			access: "agent",
			query: messageQuery,
			response: pageOf(messageSchema),
			handle: ({ query: { limit, order, cursor, ...filter }, session }) => listMessages(db, scopesOf(session.agent), filter, toPageRequest({
				limit,
				order,
				cursor
			}))
		}),
		defineRoute({
			method: "get",
			path: "/api/messages/{id}",
			summary: "One message",
			access: "agent",
			params: idParams,
			response: messageSchema,
			handle: async ({ params, session }) => {
				return await findDocument(db, scopesOf(session.agent), "message", params.id) ?? refuseUnknown$1("message");
			}
		}),
		defineRoute({
			method: "get",
			path: "/api/counts",
			summary: "Numbers of conversations you may see",
			access: "agent",
			response: countsSchema,
			handle: ({ session }) => countConversations(db, scopesOf(session.agent), session.agent.id)
		})
	];
}
function refuseUnknown$1(what) {
	throw new AppError("not-found", `There is no such ${what}.`);
}
// apps/sync-server/src/db/queries/customers.ts
/** By id, which is by time of creation. */
function listCustomers(db, reader, filter, page) {
	return listDocuments(db, reader, page, {
		collection: "customer",
		name: "customers",
		filters: filter,
		keys: [{
			column: "item.id",
			type: "string"
		}],
		conditions: toConditions(filter, {
			email: (value) => sql`item.doc->'emails' @> jsonb_build_array(${value.toLowerCase()}::text)`,
			q: (value) => {
				const pattern = toContainsPattern(value);
				return sql`(item.doc->>'name' ilike ${pattern} or item.doc->>'emails' ilike ${pattern}
          or item.doc->>'phones' ilike ${pattern})`;
			}
		})
	});
}
// apps/sync-server/src/db/queries/orders.ts
/** By time of purchase. */
function listOrders(db, reader, filter, page) {
	return listDocuments(db, reader, page, {
		collection: "order",
		name: "orders",
		filters: filter,
		keys: [{
			column: "item.placed_at",
			type: "number"
		}, {
			column: "item.id",
			type: "string"
		}],
		conditions: toConditions({
			...filter,
			includeDeleted: filter.includeDeleted ?? false
		}, {
			storeId: (value) => sql`item.store_id = ${value}`,
			externalId: (value) => sql`item.external_id = ${value}`,
			number: (value) => sql`item.number in (${value}, ${`#${value}`}, ${value.replace(/^#/, "")})`,
			customerId: (value) => sql`item.customer_id = ${value}`,
			includeDeleted: (value) => value ? sql`true` : sql`not item.deleted`
		})
	});
}
// apps/sync-server/src/http/routes/customer-routes.ts
const customerQuery = z.strictObject({
	...pageFields(),
	email: filterText,
	q: filterText
});
const orderQuery = z.strictObject({
	...pageFields(),
	storeId: filterText,
	externalId: filterText,
	number: filterText,
	customerId: filterText,
	includeDeleted: filterFlag
});
function createCustomerRoutes(db) {
	return [
		defineRoute({
			method: "get",
			path: "/api/customers",
			summary: "Customers, by time of creation",
			access: "agent",
			query: customerQuery,
			response: pageOf(customerSchema),
			handle: ({ query: { limit, order, cursor, ...filter }, session }) => listCustomers(db, scopesOf(session.agent), filter, toPageRequest({
				limit,
				order,
				cursor
			}))
		}),
		defineRoute({
			method: "get",
			path: "/api/customers/{id}",
			summary: "One customer",
			access: "agent",
			params: idParams,
			response: customerSchema,
			handle: async ({ params, session }) => {
				const found = await findDocument(db, scopesOf(session.agent), "customer", params.id);
				if (!found) throw new AppError("not-found", "There is no such customer.");
				return found;
			}
		}),
		defineRoute({
			method: "get",
			path: "/api/orders",
			summary: "Orders, by time of purchase; deleted ones only with includeDeleted=true",
			access: "agent",
			query: orderQuery,
			response: pageOf(orderSchema),
			handle: ({ query: { limit, order, cursor, ...filter }, session }) => listOrders(db, scopesOf(session.agent), filter, toPageRequest({
				limit,
				order,
				cursor
			}))
		}),
		defineRoute({
			method: "get",
			path: "/api/orders/{id}",
			summary: "One order",
			access: "agent",
			params: idParams,
			response: orderSchema,
			handle: async ({ params, session }) => {
				const found = await findDocument(db, scopesOf(session.agent), "order", params.id);
				if (!found) throw new AppError("not-found", "There is no such order.");
				return found;
			}
		})
	];
}
// apps/sync-server/src/db/queries/dead-letters.ts
/** Puts a dead letter back into its lane (R4), with an audit row. @returns where it waits now, or why it does not. */
function replayDeadLetter(db, eventId, actor, nowMs) {
	return db.transaction().execute(async (tx) => {
		const row = await tx.selectFrom("inbound_states").select([
			"account_id",
			"lane",
			"state",
			"reason"
		]).where("event_id", "=", eventId).forUpdate().executeTakeFirst();
		if (!row) return "unknown";
		if (row.state !== "dead") return "not-dead";
		const next = {
			state: "pending",
			reason: null,
			at: nowMs
		};
		await tx.updateTable("inbound_states").set(next).where("event_id", "=", eventId).execute();
		await writeAudit(tx, {
			at: nowMs,
			actor,
			action: "dead-letter.replay",
			target: `inbound-event:${eventId}`,
			before: { reason: row.reason }
		});
		return {
			accountId: row.account_id,
			lane: row.lane
		};
	});
}
// apps/sync-server/src/db/queries/inbound-events.ts
const inboundStates = [
	"pending",
	"processed",
	"duplicate",
	"ignored",
	"dead"
];
const COLUMNS = sql`e.id, e.account_id as "accountId", e.topic, e.dedupe_key as "dedupeKey", e.path_suffix as "pathSuffix",
  s.state, s.reason, e.received_at as "receivedAt", s.at as "stateAt"`;
const FROM = sql`inbound_states s join inbound_events e on e.id = s.event_id`;
/** In the order of arrival. */
function listInboundEvents(db, filter, page) {
	return readPage(db, page, {
		name: "inbound-events",
		filters: filter,
		keys: [{
			column: "s.event_id",
			type: "number"
		}],
		select: COLUMNS,
		from: FROM,
		conditions: toConditions(filter, {
			accountId: (value) => sql`e.account_id = ${value}`,
			state: (value) => sql`s.state = ${value}`
		})
	});
}
async function findInboundEvent(db, id) {
	return (await sql`
    select ${COLUMNS}, e.headers, e.body, e.body_sha256 as "bodySha256" from ${FROM} where s.event_id = ${id}`.execute(db)).rows[0] ?? null;
}
// apps/sync-server/src/http/routes/inbound-routes.ts
const SHOWN_BODY_BYTES = 262144;
const HIDDEN_HEADERS = /^(authorization|proxy-authorization|cookie)$|signature|token|secret|hmac/i;
const eventSchema = z.object({
	id: z.string(),
	accountId: z.string(),
	topic: z.string(),
	dedupeKey: z.string().nullable(),
	pathSuffix: z.string(),
	state: z.enum(inboundStates),
	reason: z.string().nullable().meta({ description: "Why it is ignored, a duplicate or dead." }),
	receivedAt: z.number(),
	stateAt: z.number()
});
const eventDetailSchema = eventSchema.extend({
	headers: z.record(z.string(), z.string()),
	body: z.object({
		encoding: z.enum(["utf8", "base64"]),
		content: z.string(),
		sizeBytes: z.number(),
		truncated: z.boolean()
	})
});
function createInboundRoutes({ db, files, now, wakeProcessing }) {
	return [
		defineRoute({
			method: "get",
			path: "/api/inbound-events",
			summary: "What platforms sent, newest first, and what became of it",
			access: "admin",
			query: z.strictObject({
				...pageFields(),
				accountId: filterText,
				state: filterOneOf(inboundStates)
			}),
			response: pageOf(eventSchema),
			handle: ({ query: { limit, order, cursor, ...filter } }) => list(db, filter, {
				limit,
				order,
				cursor
			})
		}),
		defineRoute({
			method: "get",
			path: "/api/inbound-events/{id}",
			summary: "One event with its headers and body; credentials in headers are left out",
			access: "admin",
			params: idParams,
			response: eventDetailSchema,
			handle: async ({ params }) => {
				const found = await findInboundEvent(db, toEventId(params.id));
				if (!found) return refuseUnknown();
				const { headers, body, bodySha256, id, ...event } = found;
				const content = body ?? (bodySha256 === null ? Buffer.alloc(0) : await files.readFile(bodySha256));
				return {
					...event,
					id: String(id),
					headers: withoutCredentials(headers),
					body: toShownBody(content)
				};
			}
		}),
		defineRoute({
			method: "get",
			path: "/api/dead-letters",
			summary: "Events that could not be processed",
			access: "admin",
			query: z.strictObject({
				...pageFields(),
				accountId: filterText
			}),
			response: pageOf(eventSchema),
			handle: ({ query: { limit, order, cursor, ...filter } }) => list(db, {
				...filter,
				state: "dead"
			}, {
				limit,
				order,
				cursor
			})
		}),
		defineRoute({
			method: "post",
			path: "/api/dead-letters/{id}/replay",
			summary: "Process a dead letter again",
			access: "admin",
			params: idParams,
			response: z.object({
				id: z.string(),
				state: z.literal("pending")
			}),
			handle: async ({ params, session }) => {
				const outcome = await replayDeadLetter(db, toEventId(params.id), `agent:${session.agent.id}`, now());
				if (outcome === "unknown") return refuseUnknown();
				if (outcome === "not-dead") throw new AppError("conflict", "This event is not a dead letter.");
				wakeProcessing(outcome.accountId, outcome.lane);
				return {
					id: params.id,
					state: "pending"
				};
			}
		})
	];
}
async function list(db, filter, query) {
	const page = await listInboundEvents(db, filter, toPageRequest(query));
	return {
		...page,
		items: page.items.map((row) => ({
			...row,
			id: String(row.id)
		}))
	};
}
function toEventId(text) {
	return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : refuseUnknown();
}
function refuseUnknown() {
	throw new AppError("not-found", "There is no such event.");
}
function withoutCredentials(headers) {
	return Object.fromEntries(Object.entries(headers).filter(([name]) => !HIDDEN_HEADERS.test(name)));
}
function toShownBody(content) {
	const shown = content.subarray(0, SHOWN_BODY_BYTES);
	const text = shown.toString("utf8");
	const isText = !text.includes("�");
	return {
		encoding: isText ? "utf8" : "base64",
		content: isText ? text : shown.toString("base64"),
		sizeBytes: content.length,
		truncated: content.length > shown.length
	};
}
// apps/sync-server/src/http/routes/invite-routes.ts
const inviteSchema = z.object({
	id: z.string(),
	email: z.string(),
	name: z.string(),
	role: roleSchema,
	teamIds: z.array(z.string()),
	createdBy: z.string(),
	createdAt: z.number(),
	expiresAt: z.number()
});
const newInviteSchema = z.strictObject({
	email: emailSchema,
	name: z.string("must be a name").trim().max(200, "must have at most 200 characters").default(""),
	role: roleSchema.default("agent"),
	teamIds: teamIdsSchema.default([])
});
const createdInviteSchema = z.object({
	id: z.string(),
	link: z.string().meta({ description: "Shown this once; works once." }),
	expiresAt: z.number(),
	mailed: z.boolean().meta({ description: "The link also leaves by mail." })
});
const tokenParams = z.strictObject({ token: linkTokenSchema });
function createInviteRoutes(invites, publicUrl) {
	return [
		defineRoute({
			method: "get",
			path: "/api/invites",
			summary: "Invitations that were neither accepted nor revoked",
			access: "admin",
			query: z.strictObject(pageFields()),
			response: pageOf(inviteSchema),
			handle: ({ query }) => invites.list(toPageRequest(query))
		}),
		defineRoute({
			method: "post",
			path: "/api/invites",
			summary: "Invite somebody; an earlier open invitation of the same mail address is revoked",
			access: "admin",
			body: newInviteSchema,
			status: 201,
			response: createdInviteSchema,
			handle: ({ body, session, request }) => invites.create(session.agent, body, languageOf(request))
		}),
		defineRoute({
			method: "delete",
			path: "/api/invites/{id}",
			summary: "Revoke an invitation",
			access: "admin",
			params: idParams,
			status: 204,
			handle: ({ params, session }) => invites.revoke(`agent:${session.agent.id}`, params.id)
		}),
		defineRoute({
			method: "get",
			path: "/api/invites/by-token/{token}",
			summary: "Whom a link invites",
			access: "public",
			params: tokenParams,
			response: z.object({
				email: z.string(),
				name: z.string(),
				deskName: z.string()
			}),
			handle: ({ params }) => invites.describe(params.token)
		}),
		defineRoute({
			method: "post",
			path: "/api/invites/by-token/{token}/accept",
			summary: "Accept an invitation: choose name and password, and be logged in",
			access: "public",
			params: tokenParams,
			body: z.strictObject({
				name: nameSchema,
				password: newPasswordSchema,
				cookie: cookieSchema
			}),
			status: 201,
			response: sessionAnswerSchema,
			handle: async ({ params, body: { cookie, ...input }, request, response }) => {
				const session = await invites.accept(params.token, input, toClientFacts(request));
				return answerSession({
					request,
					response
				}, session, cookie, publicUrl);
			}
		})
	];
}
// apps/sync-server/src/http/routes/session-routes.ts
const sessionSchema = z.object({
	id: z.string(),
	agentId: z.string(),
	userAgent: z.string().meta({ description: "What the browser or app called itself." }),
	address: z.string(),
	createdAt: z.number(),
	lastSeenAt: z.number().meta({ description: "Exact to a minute." }),
	expiresAt: z.number(),
	current: z.boolean().meta({ description: "The session of this very request." })
});
/** Where an agent is logged in, and the end of it. */
function createSessionRoutes(sessions) {
	return [
		defineRoute({
			method: "get",
			path: "/api/sessions",
			summary: "Own sessions; an admin may ask for those of any agent",
			access: "agent",
			query: z.strictObject({ agentId: filterText }),
			response: z.object({
				items: z.array(sessionSchema),
				nextCursor: z.null()
			}),
			handle: async ({ query, session }) => {
				const agentId = query.agentId ?? session.agent.id;
				if (agentId !== session.agent.id && session.agent.role !== "admin") throw new AppError("forbidden", "Only an admin may see the sessions of others.");
				return {
					items: (await sessions.list(agentId)).map((row) => ({
						...row,
						current: row.id === session.sessionId
					})),
					nextCursor: null
				};
			}
		}),
		defineRoute({
			method: "delete",
			path: "/api/sessions",
			summary: "End all own sessions but this one",
			access: "agent",
			response: z.object({ revoked: z.number() }),
			handle: async ({ session: { agent, sessionId } }) => {
				return { revoked: await sessions.endOthers(agent.id, sessionId, `agent:${agent.id}`) };
			}
		}),
		defineRoute({
			method: "delete",
			path: "/api/sessions/{id}",
			summary: "End a session: an own one, or as an admin anybody’s",
			access: "agent",
			params: idParams,
			status: 204,
			handle: async ({ params, session: { agent } }) => {
				const owner = agent.role === "admin" ? null : agent.id;
				if (!await sessions.end(params.id, owner, `agent:${agent.id}`, "session.revoke")) throw new AppError("not-found", "There is no such session.");
			}
		})
	];
}
// apps/sync-server/src/http/routes/setup-routes.ts
const setupStateSchema = z.object({
	needsSetup: z.boolean().meta({ description: "The first admin has yet to be made." }),
	deskName: z.string(),
	timeZone: z.string(),
	mode: z.enum(["demo", "desk"]),
	version: z.string(),
	resetByMail: z.boolean()
});
const setupSchema = z.strictObject({
	code: z.string("must be the set-up code").min(1, "must not be empty").max(200, "is not the set-up code").meta({ description: "Printed where the server was started." }),
	email: emailSchema,
	name: nameSchema,
	password: newPasswordSchema,
	deskName: nameSchema,
	timeZone: timeZoneSchema,
	cookie: cookieSchema
});
const deskSchema = z.object({
	name: z.string(),
	timeZone: z.string()
});
function createSetupRoutes({ setup, desk, version, publicUrl, canMail }) {
	return [
		defineRoute({
			method: "get",
			path: "/api/setup",
			summary: "What the first screen needs to know",
			access: "public",
			response: setupStateSchema,
			handle: async () => ({
				...await desk.describe(),
				version,
				resetByMail: canMail()
			})
		}),
		defineRoute({
			method: "post",
			path: "/api/setup",
			summary: "Make the first admin of a desk that has no agents",
			access: "public",
			body: setupSchema,
			status: 201,
			response: sessionAnswerSchema,
			handle: async ({ body: { cookie, ...input }, request, response }) => {
				const session = await setup.complete(input, toClientFacts(request));
				return answerSession({
					request,
					response
				}, session, cookie, publicUrl);
			}
		}),
		defineRoute({
			method: "get",
			path: "/api/desk",
			summary: "The desk",
			access: "agent",
			response: deskSchema,
			handle: () => desk.get()
		}),
		defineRoute({
			method: "patch",
			path: "/api/desk",
			summary: "Rename the desk, or move its time zone",
			access: "admin",
			body: z.strictObject({
				name: nameSchema.optional(),
				timeZone: timeZoneSchema.optional()
			}),
			response: deskSchema,
			handle: ({ body, session }) => desk.update(`agent:${session.agent.id}`, body)
		})
	];
}
// apps/sync-server/src/http/routes/team-routes.ts
const teamSchema = z.object({
	id: z.string(),
	name: z.string(),
	createdAt: z.number()
});
const teamInputSchema = z.strictObject({ name: nameSchema });
function createTeamRoutes(teams) {
	return [
		defineRoute({
			method: "get",
			path: "/api/teams",
			summary: "Teams",
			access: "admin",
			query: z.strictObject(pageFields()),
			response: pageOf(teamSchema),
			handle: ({ query }) => teams.list(toPageRequest(query))
		}),
		defineRoute({
			method: "post",
			path: "/api/teams",
			summary: "Add a team",
			access: "admin",
			body: teamInputSchema,
			status: 201,
			response: teamSchema,
			handle: ({ body, session }) => teams.create(`agent:${session.agent.id}`, body.name)
		}),
		defineRoute({
			method: "get",
			path: "/api/teams/{id}",
			summary: "One team",
			access: "admin",
			params: idParams,
			response: teamSchema,
			handle: ({ params }) => teams.get(params.id)
		}),
		defineRoute({
			method: "patch",
			path: "/api/teams/{id}",
			summary: "Rename a team",
			access: "admin",
			params: idParams,
			body: teamInputSchema,
			response: teamSchema,
			handle: ({ params, body, session }) => teams.rename(`agent:${session.agent.id}`, params.id, body.name)
		})
	];
}
// apps/sync-server/src/http/app.ts
/** Everything the server answers over HTTP but webhooks, which have a handler of their own. */
function createApp(deps) {
	const app = express();
	app.disable("x-powered-by");
	app.set("etag", false);
	app.set("trust proxy", deps.config.trustProxy);
	app.use(measureRequests(deps.metrics));
	app.use(setSecurityHeaders);
	app.use(allowDesktop);
	app.use(createOperations({
		...deps,
		sessions: deps.people.sessions,
		readProgress: () => readProgress(deps.db)
	}));
	app.use(createRouter(createApiRoutes(deps), deps.people.sessions));
	for (const router of deps.routers) app.use(router);
	app.use(createConsole(deps.consoleDir));
	app.use(() => {
		throw new AppError("not-found", "There is nothing at this address.");
	});
	app.use(createErrorHandler(deps.log));
	return app;
}
function createApiRoutes(deps) {
	const { db, files, now, wakeProcessing, people, version } = deps;
	const { publicUrl } = deps.config;
	const routes = [
		...createSetupRoutes({
			...people,
			version,
			publicUrl,
			canMail: () => people.mail.canSend()
		}),
		...createAuthRoutes({
			...people,
			publicUrl
		}),
		...createSessionRoutes(people.sessions),
		...createInviteRoutes(people.invites, publicUrl),
		...createAccountRoutes(deps.accounts),
		...createAgentRoutes(people),
		...createTeamRoutes(deps.teams),
		...createConversationRoutes(db),
		...createCustomerRoutes(db),
		...createAttachmentRoutes({
			db,
			files,
			now
		}),
		...createInboundRoutes({
			db,
			files,
			now,
			wakeProcessing
		}),
		...createAuditRoutes(db),
		...deps.routes
	];
	const describeRoutes = defineRoute({
		method: "get",
		path: "/api/openapi.json",
		summary: "This description",
		access: "public",
		response: z.looseObject({}),
		handle: () => document
	});
	const all = [...routes, describeRoutes];
	const document = buildOpenApi(all, deps.version);
	return all;
}
// apps/sync-server/src/http/request-router.ts
/** Webhooks go to their own handler before Express sees them; everything else is the app's. */
function routeRequests(webhooks, app) {
	return (request, response) => {
		if (request.url?.startsWith("/webhooks/")) webhooks(request, response);
		else app(request, response);
	};
}
// apps/sync-server/src/http/routes/commands.ts
/** Commands over HTTP; the socket takes the same batches (docs/protocol.md, Commands). */
function createCommandRoutes(deps) {
	return [defineRoute({
		method: "post",
		path: "/api/commands",
		summary: "Carries out a batch in order; each command at most once, each with its own result.",
		access: "agent",
		body: commandsBodySchema,
		cleansText: true,
		response: commandsResponseSchema,
		handle: ({ session, body }) => deps.runBatch(session.agent, body)
	}), defineRoute({
		method: "get",
		path: "/api/commands/{id}",
		summary: "The stored result of one of your own commands.",
		access: "agent",
		params: idParams,
		response: commandResultSchema,
		handle: async ({ session, params }) => {
			const result = await deps.findResult(session.agent, params.id);
			if (!result) throw new AppError("not-found", "You have no command with this id.");
			return result;
		}
	})];
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
z.object({
	changes: z.array(changeSchema),
	checkpoint: z.string(),
	upToDate: z.boolean(),
	accessVersion: z.number(),
	serverTime: z.number()
});
z.object({
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
/** base64url of the JSON; ASCII only, so `btoa` suffices in browsers and Node alike. */
function encodeCheckpoint(checkpoint) {
	return btoa(JSON.stringify(checkpoint)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
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
// apps/sync-server/src/http/routes/sync.ts
const wholeNumber = (limit) => z.string("must be given once").regex(/^\d{1,6}$/, `must be a whole number from 1 to ${limit}`).transform(Number).refine((value) => value >= 1 && value <= limit, `must be a whole number from 1 to ${limit}`);
const changesQuery = z.strictObject({
	checkpoint: z.string("must be given once").max(1e3).optional(),
	limit: wholeNumber(MAX_CHANGES_PER_PAGE).default(1e3),
	accessVersion: z.string("must be given once").regex(/^\d{1,9}$/, "must be a whole number").transform(Number).optional()
});
/** Replication over HTTP (docs/protocol.md, Change log and checkpoint). */
function createSyncRoutes(deps) {
	return [defineRoute({
		method: "get",
		path: "/api/sync/changes",
		summary: "Documents written after a checkpoint, in seq order; without one, from the beginning.",
		access: "agent",
		query: changesQuery,
		status: 200,
		handle: async ({ query, session, response }) => {
			const reader = {
				scopes: scopesOf(session.agent),
				accessVersion: session.agent.accessVersion
			};
			const request = {
				checkpoint: query.checkpoint ?? null,
				limit: query.limit,
				accessVersion: query.accessVersion ?? null
			};
			response.type("application/json").send(await deps.readChanges(reader, request));
		}
	})];
}
// apps/sync-server/src/ingest/body.ts
/**
* Reads a request body of at most `maxBytes`, refusing a declared larger one before the first byte is read. What is
* refused is left to the HTTP server to discard, so that the client still gets to read its answer.
*
* @param lease - the memory it may use, which it never gives back itself; `busy` when others use too much.
*/
function readBody$1(request, maxBytes, lease) {
	const declared = Number(request.headers["content-length"] ?? 0);
	if (declared > maxBytes) return Promise.resolve({
		ok: false,
		reason: "too-large"
	});
	if (!lease.fits(declared)) return Promise.resolve({
		ok: false,
		reason: "busy"
	});
	return new Promise((resolve) => {
		const chunks = [];
		let size = 0;
		const finish = (result) => {
			request.off("data", handleData).off("end", handleEnd).off("close", handleClose).off("error", handleClose);
			resolve(result);
		};
		const handleData = (chunk) => {
			size += chunk.length;
			if (size <= maxBytes && lease.grow(chunk.length)) chunks.push(chunk);
			else {
				finish({
					ok: false,
					reason: size > maxBytes ? "too-large" : "busy"
				});
				request.resume();
			}
		};
		const handleEnd = () => {
			const [only] = chunks;
			finish({
				ok: true,
				body: chunks.length === 1 && only ? only : Buffer.concat(chunks, size)
			});
		};
		const handleClose = () => finish({
			ok: false,
			reason: "aborted"
		});
		request.on("data", handleData).on("end", handleEnd).on("close", handleClose).on("error", handleClose);
	});
}
// apps/sync-server/src/ingest/body-budget.ts
/** Bodies up to this size are events; larger ones are mails with files in them. */
const SMALL_BODY_BYTES = 262144;
const SMALL_TOTAL_BYTES = 134217728;
const LARGE_TOTAL_BYTES = 268435456;
/** A number of bytes that many share. */
var Pool = class {
	#limit;
	#used = 0;
	constructor(limit) {
		this.#limit = limit;
	}
	has(bytes) {
		return this.#used + bytes <= this.#limit;
	}
	take(bytes) {
		if (!this.has(bytes)) return false;
		this.#used += bytes;
		return true;
	}
	give(bytes) {
		this.#used -= bytes;
	}
};
/**
* Limits the memory of all request bodies that are being read or stored at one moment. What has arrived counts, not what was
* announced, so that nobody can hold it by promising. Small bodies have a share of their own: large ones that come slowly
* never keep the others out.
*/
var BodyBudget = class {
	#small;
	#large;
	constructor(smallTotalBytes = SMALL_TOTAL_BYTES, largeTotalBytes = LARGE_TOTAL_BYTES) {
		this.#small = new Pool(smallTotalBytes);
		this.#large = new Pool(largeTotalBytes);
	}
	/** For one body; `release` it when the body is held no more. */
	open() {
		return new BodyLease(this.#small, this.#large);
	}
};
var BodyLease = class {
	#small;
	#large;
	#pool;
	#bytes = 0;
	constructor(small, large) {
		this.#small = small;
		this.#large = large;
		this.#pool = small;
	}
	/** Whether a body of this size would find room now. */
	fits(bytes) {
		return (bytes > SMALL_BODY_BYTES ? this.#large : this.#small).has(bytes);
	}
	/** @returns false when there is no room: the body must be given up. */
	grow(bytes) {
		if (this.#pool === this.#small && this.#bytes + bytes > SMALL_BODY_BYTES) {
			if (!this.#large.take(this.#bytes)) return false;
			this.#small.give(this.#bytes);
			this.#pool = this.#large;
		}
		if (!this.#pool.take(bytes)) return false;
		this.#bytes += bytes;
		return true;
	}
	release() {
		this.#pool.give(this.#bytes);
		this.#bytes = 0;
	}
};
/** The lane of a sender, thread or order (FNV-1a): equal keys keep their order, different ones mostly run side by side. */
function laneOf(key) {
	let hash = 2166136261;
	for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 16777619);
	return (hash >>> 0) % 64;
}
// apps/sync-server/src/http/webhook-handler.ts
const INLINE_BODY_BYTES = 262144;
const PATH = /^\/webhooks\/([a-z0-9-]{1,40})\/([A-Za-z0-9_-]{1,64})(?:\/([A-Za-z0-9_/-]{0,100}))?$/;
const DROPPED_HEADERS = /* @__PURE__ */ new Set([
	"authorization",
	"cookie",
	"proxy-authorization",
	"x-shopify-hmac-sha256",
	"shopify-hmac-sha256",
	"x-tradewind-signature"
]);
/**
* Answers every request below `/webhooks/`: verify, store the raw event, commit, 2xx (R1, R3). It stands before Express,
* whose router and middleware cost more than all of this together.
*/
function createWebhookHandler(deps) {
	const bodies = deps.bodies ?? new BodyBudget();
	return (request, response) => {
		const lease = bodies.open();
		handle(deps, request, lease).catch((error) => {
			deps.log.error({
				event: "webhook.unavailable",
				err: error
			}, "a webhook could not be stored; the platform will send it again");
			return toProblem("unavailable", "The event could not be stored now. Send it again.");
		}).then((reply) => {
			lease.release();
			if (response.destroyed) return;
			const retry = reply.status === 503 ? { "retry-after": "5" } : {};
			response.writeHead(reply.status, {
				"content-type": reply.contentType,
				"content-length": Buffer.byteLength(reply.body),
				...retry
			});
			response.end(reply.body);
		});
	};
}
function toProblem(kind, message, status = ERROR_STATUS[kind]) {
	return {
		status,
		contentType: "application/problem+json",
		body: JSON.stringify({
			...new AppError(kind, message).toProblem(),
			status
		})
	};
}
const OK = {
	status: 200,
	contentType: "text/plain; charset=utf-8",
	body: "ok"
};
async function handle(deps, request, lease) {
	const [path = "", query = ""] = splitUrl(request.url ?? "");
	const match = PATH.exec(path);
	const account = match?.[2] === void 0 ? void 0 : deps.accounts.get(match[2]);
	if (!match || !account || account.kind !== match[1]) return toProblem("not-found", "No connected account has this webhook address.");
	if (request.method !== "POST" && request.method !== "GET") return toProblem("method-not-allowed", "Webhooks are posted.");
	const read = await readBody$1(request, account.maxBodyBytes, lease);
	if (!read.ok) {
		if (read.reason === "busy") {
			deps.metrics.eventsPostponed.inc({ kind: account.kind });
			return toProblem("unavailable", "Too many bodies are being read at once. Send it again.");
		}
		if (read.reason === "aborted") return toProblem("bad-input", "The request ended before its body did.");
		deps.accounts.countRejection(account.id, "body too large", deps.now());
		return toProblem("too-large", `The body is larger than ${account.maxBodyBytes} bytes.`);
	}
	const raw = {
		method: request.method,
		pathSuffix: (match[3] ?? "").replace(/\/+$/, ""),
		query,
		headers: toHeaders(request),
		body: read.body
	};
	const receivedAt = deps.now();
	const verified = await verify(deps, account, raw, receivedAt);
	if (!verified.ok) return reject$1(deps, account, verified.status, verified.reason);
	if (verified.reply) return verified.reply;
	if (await deps.inbox.store(await toEvent(deps, account, raw, verified.facts, receivedAt)) === "replayed") return reject$1(deps, account, ERROR_STATUS.replayed, "token used before with other content");
	deps.metrics.eventsIngested.inc({ kind: account.kind });
	deps.accounts.countEvent(account.id, receivedAt);
	return account.acceptedReply ?? OK;
}
/** Connectors promise not to throw on hostile input; if one does, the request is refused, not the process. */
async function verify(deps, account, raw, nowMs) {
	try {
		return await account.verify(raw, nowMs);
	} catch (error) {
		deps.log.error({
			event: "webhook.verify-failed",
			accountId: account.id,
			err: error
		}, "a request could not be verified");
		return {
			ok: false,
			status: 400,
			reason: "request could not be read"
		};
	}
}
async function reject$1(deps, account, status, reason) {
	deps.accounts.countRejection(account.id, reason, deps.now());
	deps.metrics.eventsRejected.inc({ kind: account.kind });
	const kind = {
		400: "bad-input",
		413: "too-large",
		415: "unsupported-media-type"
	}[status] ?? "bad-signature";
	return toProblem(kind, kind === "bad-signature" ? "The request was not accepted." : "The request could not be read.", status);
}
async function toEvent(deps, account, raw, facts, receivedAt) {
	const inline = raw.body.length <= INLINE_BODY_BYTES;
	return {
		accountId: account.id,
		topic: toStorableText(facts.topic),
		dedupeKey: facts.dedupeKey === null ? null : toStorableText(facts.dedupeKey),
		lane: laneOf(facts.laneKey),
		pathSuffix: raw.pathSuffix,
		headers: toKeptHeaders(raw.headers),
		body: inline ? raw.body : null,
		bodySha256: inline ? null : (await deps.files.storeFile(raw.body)).sha256,
		receivedAt,
		oneTimeToken: facts.oneTimeToken ? {
			...facts.oneTimeToken,
			token: toStorableText(facts.oneTimeToken.token)
		} : null
	};
}
function toKeptHeaders(headers) {
	const kept = {};
	for (const name in headers) {
		const value = headers[name];
		if (value !== void 0 && !DROPPED_HEADERS.has(name)) kept[name] = value;
	}
	return kept;
}
function splitUrl(url) {
	const at = url.indexOf("?");
	return at < 0 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
}
function toHeaders(request) {
	const headers = {};
	for (const name in request.headers) {
		const value = request.headers[name];
		if (value !== void 0) headers[name] = Array.isArray(value) ? value.join(", ") : value;
	}
	return headers;
}
const DAY_MS$1 = 864e5;
/** True when a message for this resolved conversation must begin a new one instead (design: Life of a conversation). */
function isPastReopening(conversation, atMs, reopenDays = 30) {
	if (conversation.status !== "resolved") return false;
	return atMs - (conversation.resolvedAt ?? conversation.lastMessageAt) > reopenDays * DAY_MS$1;
}
/** A new conversation, before its first message is taken in. */
function createConversation(given) {
	return {
		status: "pending",
		assigneeId: null,
		teamId: null,
		priority: "normal",
		tags: [],
		participants: [],
		preview: "",
		lastMessageAt: given.createdAt,
		waitingSince: null,
		firstRepliedAt: null,
		resolvedAt: null,
		snoozedUntil: null,
		replyWindow: null,
		createdSeq: 0,
		...given
	};
}
/**
* The conversation after a customer's message: resolved and snoozed ones come back to the agent who had them, or to
* `pending` when nobody did; waiting counts from the oldest message nobody has answered.
*/
function receiveCustomerMessage(conversation, facts) {
	const asleep = conversation.status === "resolved" || conversation.status === "snoozed";
	return {
		...conversation,
		status: asleep ? conversation.assigneeId ? "open" : "pending" : conversation.status,
		resolvedAt: null,
		snoozedUntil: null,
		subject: conversation.subject === "" ? facts.subject : conversation.subject,
		participants: [.../* @__PURE__ */ new Set([...conversation.participants, ...facts.participants])],
		waitingSince: Math.min(conversation.waitingSince ?? facts.at, facts.at),
		lastMessageAt: Math.max(conversation.lastMessageAt, facts.at),
		preview: facts.at >= conversation.lastMessageAt ? toPreview(facts.text) || toPreview(facts.subject) : conversation.preview
	};
}
/** A snoozed conversation whose time has come goes back to whoever had it. */
function wakeConversation(conversation) {
	return {
		...conversation,
		status: conversation.assigneeId ? "open" : "pending",
		snoozedUntil: null
	};
}
// apps/sync-server/src/jobs/housekeeping.ts
const ROUND_MS = 5e3;
const PURGE_SLICE = 5e4;
const TOKEN_RETENTION_MS = 6912e5;
/** Brings back snoozed conversations whose time has come. @returns the change-log head to announce. */
async function wakeSnoozed(db, nowMs) {
	return db.transaction().execute(async (tx) => {
		const rows = await tx.selectFrom("conversations").select("doc").where("status", "=", "snoozed").where("snoozed_until", "<=", nowMs).orderBy("id").limit(200).forUpdate().skipLocked().execute();
		await runWrites(tx, [writeConversations(rows.map((row) => wakeConversation(row.doc)), nowMs)]);
		return headOf(await appendChanges(tx, rows.map((row) => ({
			collection: "conversation",
			id: row.doc.id,
			scopes: null
		})), nowMs));
	});
}
/**
* Forgets what no longer protects anything: old one-time tokens, ended sessions, old login failures.
*
* @returns false when there are more tokens to forget: after a long stop they may be too many for one statement.
*/
async function purgeExpired(db, nowMs) {
	const tokens = await sql`
    delete from used_tokens where ctid = any(array(
      select ctid from used_tokens where seen_at < ${nowMs - TOKEN_RETENTION_MS} limit ${PURGE_SLICE}))`.execute(db);
	await db.deleteFrom("sessions").where("expires_at", "<", nowMs).execute();
	await db.deleteFrom("login_failures").where("blocked_until", "<", nowMs).where("first_at", "<", nowMs - 864e5).execute();
	return Number(tokens.numAffectedRows) < PURGE_SLICE;
}
/** Work that time causes, on every node; rows are claimed, so that two nodes never do the same. */
var Housekeeping = class {
	#deps;
	#stop = new AbortController();
	#loop = Promise.resolve();
	constructor(deps) {
		this.#deps = deps;
	}
	start() {
		this.#loop = this.#run();
	}
	async stop() {
		this.#stop.abort();
		await this.#loop;
	}
	async #run() {
		let purgedAt = 0;
		while (!this.#stop.signal.aborted) {
			const now = this.#deps.now();
			try {
				this.#deps.bus.announce(await wakeSnoozed(this.#deps.db, now));
				if (now - purgedAt > 36e5) {
					if (await purgeExpired(this.#deps.db, now)) purgedAt = now;
				}
			} catch (error) {
				this.#deps.log.warn({
					event: "housekeeping.failed",
					err: error
				}, "housekeeping waits until the database answers");
			}
			await setTimeout$1(ROUND_MS, void 0, { signal: this.#stop.signal }).catch(() => void 0);
		}
	}
};
// apps/sync-server/src/jobs/fetch-attachment.ts
/**
* Brings a file the platform keeps for us (Mailgun's `store()` keeps them three days) into our own files and completes
* the message. Reading twice is harmless, so every failure is retried until the attempts are used up. Never throws.
*/
async function fetchAttachment(deps, effect, signal) {
	const attachmentId = effect.external_id ?? "";
	try {
		const row = await deps.db.selectFrom("attachments").select(["source_url", "sha256"]).where("id", "=", attachmentId).executeTakeFirst();
		if (!row || row.source_url === null || row.sha256 !== null) return {
			status: "sent",
			externalId: attachmentId
		};
		const account = await deps.accounts.find(effect.account_id);
		if (!account) throw new Error("The channel account cannot be used.");
		const file = await account.fetchFile(row.source_url, signal);
		await complete(deps, effect, attachmentId, {
			...await deps.files.storeFile(file.content),
			problem: null
		});
		return {
			status: "sent",
			externalId: attachmentId
		};
	} catch (error) {
		const text = error instanceof Error ? error.message : String(error);
		const retryAfterMs = error instanceof PlatformError ? error.retryAfterMs : null;
		return {
			status: "failed",
			reason: {
				kind: "attachment-unavailable",
				text
			},
			retryable: true,
			...retryAfterMs === null ? {} : { retryAfterMs }
		};
	}
}
/** Tells the agent, on the message itself, that a file will not come and why. */
function giveUpAttachment(deps, effect, problem) {
	return complete(deps, effect, effect.external_id ?? "", {
		sha256: null,
		sizeBytes: null,
		problem
	});
}
async function complete(deps, effect, attachmentId, outcome) {
	const now = deps.now();
	const head = await deps.db.transaction().execute(async (tx) => {
		const row = await tx.selectFrom("messages").select("doc").where("id", "=", effect.message_id).forUpdate().executeTakeFirst();
		if (!row) return 0;
		if (outcome.sha256 !== null && outcome.sizeBytes !== null) {
			await tx.insertInto("files").values({
				sha256: outcome.sha256,
				size_bytes: outcome.sizeBytes,
				created_at: now
			}).onConflict((conflict) => conflict.doNothing()).execute();
			await tx.updateTable("attachments").set({
				sha256: outcome.sha256,
				size_bytes: outcome.sizeBytes
			}).where("id", "=", attachmentId).execute();
		}
		const attachments = row.doc.attachments.map((one) => one.id === attachmentId ? {
			...one,
			sha256: outcome.sha256,
			sizeBytes: outcome.sizeBytes ?? one.sizeBytes,
			...outcome.problem === null ? {} : { problem: outcome.problem }
		} : one);
		await runWrites(tx, [writeMessages([{
			...row.doc,
			attachments
		}])]);
		return headOf(await appendChanges(tx, [{
			collection: "message",
			id: effect.message_id,
			scopes: null
		}], now));
	});
	deps.bus.announce(head);
}
// apps/sync-server/src/domain/backoff.ts
const BASE_MS = 2e3;
const LONGEST_MS = 6e5;
/**
* How long to wait before the next attempt: doubling from 2 s to 10 min, with full jitter over the upper half, so that
* many messages stopped by one outage do not all come back at once.
*
* @param attempts - attempts made so far, at least 1.
* @param retryAfterMs - what the platform asked for; never shortened.
*/
function backoffMs(attempts, random, retryAfterMs = 0) {
	const ceiling = Math.min(LONGEST_MS, BASE_MS * 2 ** Math.min(attempts - 1, 20));
	return Math.max(retryAfterMs, Math.round(ceiling * (.5 + random() / 2)));
}
// apps/sync-server/src/jobs/ledger.ts
/**
* Takes due effects and commits them as `attempting` before any request leaves (R11); their messages show `sending`.
* Within a conversation the oldest goes first, and the next only when it is settled, so that three replies written
* offline arrive as they were written. Messages are locked together with their effects, and those that others hold are
* left for the next look: nobody is waited for while effects are held.
*
* @param leaseMs - how long an attempt may take before its outcome counts as unknown.
* @returns the effects this node now holds, and the change-log head to announce.
*/
async function claimEffects(db, node, nowMs, leaseMs, limit, pausedAccounts) {
	return db.transaction().execute(async (tx) => {
		const rows = await sql`
      update effects set state = 'attempting', node = ${node}, lease_until = ${nowMs + leaseMs}, attempts = attempts + 1,
                         updated_at = ${nowMs}
      where key in (
        select key from effects e join messages m on m.id = e.message_id
        where e.state = 'queued' and e.next_at <= ${nowMs} and e.account_id <> all(${[...pausedAccounts]}::text[])
          and (e.kind <> 'send-message' or not exists (
            select 1 from effects earlier
            where earlier.conversation_id = e.conversation_id and earlier.ordinal < e.ordinal
              and earlier.kind = 'send-message' and earlier.state in ('queued', 'attempting')
              and (earlier.attempts > 0 or earlier.next_at <= ${nowMs})))
        order by e.ordinal limit ${limit} for update of m, e skip locked
      )
      returning key, kind, account_id, message_id, external_id, attempts`.execute(tx);
		const head = await moveMessages(tx, rows.rows.filter((row) => row.kind === "send-message").map((row) => row.message_id), nowMs, (message) => message.status === "queued" || message.status === "failed" ? {
			...message,
			status: "sending",
			failure: null
		} : null);
		return {
			claimed: rows.rows,
			head
		};
	});
}
/** Locks messages, changes those for which `change` says so, and writes the change log. */
async function moveMessages(tx, ids, nowMs, change) {
	if (ids.length === 0) return 0;
	const changed = (await tx.selectFrom("messages").select("doc").where("id", "in", [...ids]).orderBy("id").forUpdate().execute()).flatMap((row) => change(row.doc) ?? []);
	await runWrites(tx, [writeMessages(changed)]);
	return headOf(await appendChanges(tx, changed.map((doc) => ({
		collection: "message",
		id: doc.id,
		scopes: null
	})), nowMs));
}
/** What a send result means for the ledger: retry, give up, or never touch again unasked. */
function toSettlement(result, attempts, nowMs, random) {
	if (result.status === "sent") return { state: "done" };
	if (result.status === "unknown") return {
		state: "unknown",
		failure: {
			kind: "unknown-outcome",
			text: result.reason
		}
	};
	if (!result.retryable || attempts >= 12) return {
		state: "failed",
		failure: result.reason
	};
	return {
		state: "queued",
		nextAt: nowMs + backoffMs(attempts, random, result.retryAfterMs),
		failure: result.reason
	};
}
const MESSAGE_STATUS = {
	done: "sent",
	queued: "queued",
	failed: "failed",
	unknown: "unknown"
};
/**
* Records the outcome of an attempt on ledger and message at once. An effect that something else has settled meanwhile (a
* delivery report, an agent's choice) stays as it is; a late answer of a holder whose lease lapsed still counts, but never
* for an attempt that came after: written twice because the first commit's answer was lost, it would set that one back.
*
* @returns the change-log head to announce.
*/
async function settleEffect(db, effect, settlement, answer, nowMs) {
	return db.transaction().execute(async (tx) => {
		const message = await tx.selectFrom("messages").select("id").where("id", "=", effect.message_id).forUpdate().executeTakeFirst();
		const updated = await tx.updateTable("effects").set({
			state: settlement.state,
			next_at: settlement.state === "queued" ? settlement.nextAt : nowMs,
			lease_until: null,
			answer: toJsonText(answer),
			updated_at: nowMs
		}).where("key", "=", effect.key).where("attempts", "=", effect.attempts).where((eb) => eb("state", "=", "attempting").or(eb("state", "=", "unknown").and(eb.lit(settlement.state === "done" || settlement.state === "failed")))).returning("key").executeTakeFirst();
		if (!message || !updated) return 0;
		return moveMessages(tx, [effect.message_id], nowMs, (doc) => {
			if (doc.status !== "sending" && doc.status !== "queued" && doc.status !== "unknown") return null;
			const failure = settlement.state === "done" ? null : settlement.failure;
			return {
				...doc,
				status: MESSAGE_STATUS[settlement.state],
				failure
			};
		});
	});
}
/**
* Attempts whose holder is gone: the request may or may not have reached the platform, so the outcome is unknown and is
* never repeated unasked (R11). What may be repeated without harm starts over: fetching a file, and a message whose
* platform drops a second one.
*
* @param idempotentAccounts - ids of accounts that send such messages.
* @returns the change-log head to announce.
*/
async function expireLeases(db, nowMs, idempotentAccounts) {
	return db.transaction().execute(async (tx) => {
		const lapsed = await tx.selectFrom("effects").select([
			"key",
			"kind",
			"message_id"
		]).where("state", "=", "attempting").where("lease_until", "<", nowMs).orderBy("message_id").execute();
		if (lapsed.length === 0) return 0;
		await tx.selectFrom("messages").select("id").where("id", "in", lapsed.map((one) => one.message_id)).orderBy("id").forUpdate().execute();
		const expired = await sql`
      update effects set lease_until = null, next_at = ${nowMs}, updated_at = ${nowMs},
        state = case when kind = 'send-message' and account_id <> all(${[...idempotentAccounts]}::text[]) then 'unknown' else 'queued' end
      where key = any(${lapsed.map((one) => one.key)}) and state = 'attempting' and lease_until < ${nowMs}
      returning kind, message_id, state`.execute(tx);
		const states = new Map(expired.rows.filter((one) => one.kind === "send-message").map((one) => [one.message_id, one.state]));
		return moveMessages(tx, [...states.keys()], nowMs, (doc) => {
			if (doc.status !== "sending" && doc.status !== "queued") return null;
			return states.get(doc.id) === "queued" ? {
				...doc,
				status: "queued",
				failure: null
			} : {
				...doc,
				status: "unknown",
				failure: {
					kind: "unknown-outcome",
					text: "The server stopped while the message was on its way."
				}
			};
		});
	});
}
// apps/sync-server/src/jobs/outbound.ts
const DEFAULT_SEND_TIMEOUT_MS = 15e3;
const SETTLE_MS = 5e3;
const MAX_CONCURRENT$1 = 16;
const LOOK_MS$3 = 500;
const EXPIRE_MS = 5e3;
/**
* Carries effects out: messages to platforms, files from them. Everything durable is in the ledger; this worker can die
* at any line and another goes on (R11).
*
* Crash points: before `attempting` is committed nothing left; after it and before the outcome is written the lease lapses
* and the outcome is `unknown`; after it the ledger says what happened.
*/
var OutboundWorker = class {
	#deps;
	#sendTimeoutMs;
	#leaseMs;
	#stop = new AbortController();
	#pausedUntil = /* @__PURE__ */ new Map();
	#running = /* @__PURE__ */ new Set();
	#loop = Promise.resolve();
	#wakeUp = null;
	#hinted = false;
	constructor(deps) {
		this.#deps = deps;
		this.#sendTimeoutMs = deps.sendTimeoutMs ?? DEFAULT_SEND_TIMEOUT_MS;
		this.#leaseMs = 2 * this.#sendTimeoutMs + SETTLE_MS;
	}
	start() {
		this.#loop = Promise.all([this.#run(), this.#expireForever()]);
	}
	/** Lets attempts under way end: their outcome is worth more than a quick exit. */
	async stop() {
		this.#stop.abort();
		this.wake();
		await this.#loop;
		await Promise.allSettled(this.#running);
	}
	wake() {
		this.#hinted = true;
		this.#wakeUp?.();
	}
	async #run() {
		while (!this.#stop.signal.aborted) {
			this.#hinted = false;
			const room = MAX_CONCURRENT$1 - this.#running.size;
			if ((room > 0 ? await this.#claim(room) : 0) === 0 && !this.#hinted) await this.#pause(LOOK_MS$3);
		}
	}
	async #pause(ms) {
		await new Promise((resolve) => {
			const timer = setTimeout(resolve, ms);
			this.#wakeUp = () => {
				clearTimeout(timer);
				resolve();
			};
		});
		this.#wakeUp = null;
	}
	async #claim(limit) {
		const now = this.#deps.now();
		const paused = [...this.#pausedUntil].filter(([, until]) => until > now).map(([id]) => id);
		try {
			const { claimed, head } = await claimEffects(this.#deps.db, this.#deps.node, now, this.#leaseMs, limit, paused);
			this.#deps.bus.announce(head);
			for (const effect of claimed) {
				const running = this.#carryOut(effect).finally(() => {
					this.#running.delete(running);
					this.wake();
				});
				this.#running.add(running);
			}
			return claimed.length;
		} catch (error) {
			this.#deps.log.warn({
				event: "outbound.unavailable",
				err: error
			}, "messages wait until the database answers");
			return 0;
		}
	}
	async #carryOut(effect) {
		const { db, bus, log, now, random, metrics } = this.#deps;
		const signal = AbortSignal.timeout(this.#sendTimeoutMs);
		const result = effect.kind === "send-message" ? await this.#send(effect, signal) : await fetchAttachment(this.#deps, effect, signal);
		if (effect.kind === "send-message") metrics.sends.inc({ outcome: result.status });
		if (effect.kind === "send-message" && result.status === "failed" && result.retryAfterMs !== void 0) this.#pausedUntil.set(effect.account_id, now() + result.retryAfterMs);
		const settlement = toSettlement(result, effect.attempts, now(), random);
		for (;;) try {
			if (effect.kind === "fetch-attachment" && settlement.state === "failed") await giveUpAttachment(this.#deps, effect, settlement.failure.text);
			bus.announce(await settleEffect(db, effect, settlement, { ...result }, now()));
			break;
		} catch (error) {
			log.warn({
				event: "outbound.settle-retry",
				effect: effect.key,
				err: error
			}, "an outcome could not be written yet");
			if (this.#stop.signal.aborted) return;
			await setTimeout$1(LOOK_MS$3);
		}
		if (effect.kind === "send-message") await this.#noteHealth(effect.account_id, result);
	}
	/** For the settings page; the message itself has its outcome already. */
	async #noteHealth(accountId, result) {
		try {
			await noteSendResult(this.#deps.db, accountId, result, this.#deps.now());
		} catch (error) {
			this.#deps.log.warn({
				event: "outbound.health-unknown",
				accountId,
				err: error
			}, "what a send told was not kept");
		}
	}
	async #send(effect, signal) {
		let outgoing;
		let account;
		try {
			outgoing = await this.#load(effect);
			account = await this.#deps.accounts.find(effect.account_id);
		} catch (error) {
			this.#deps.log.warn({
				event: "outbound.load-failed",
				effect: effect.key,
				err: error
			}, "a message could not be read");
			return {
				status: "failed",
				reason: {
					kind: "internal",
					text: "The message could not be read on the server."
				},
				retryable: true
			};
		}
		if (!outgoing || !account) return {
			status: "failed",
			reason: {
				kind: "no-account",
				text: "The channel account is not connected any more."
			},
			retryable: false
		};
		try {
			return await account.send(outgoing, signal);
		} catch (error) {
			this.#deps.log.error({
				event: "outbound.fault",
				effect: effect.key,
				err: error
			}, "a connector failed unexpectedly");
			return {
				status: "unknown",
				reason: "The connector failed while sending."
			};
		}
	}
	async #load(effect) {
		const row = await this.#deps.db.selectFrom("messages").select("doc").where("id", "=", effect.message_id).executeTakeFirst();
		if (!row || row.doc.externalId === null) return null;
		const attachments = [];
		for (const one of row.doc.attachments) {
			if (one.sha256 === null) continue;
			attachments.push({
				name: one.name,
				contentType: one.contentType,
				content: await this.#deps.files.readFile(one.sha256)
			});
		}
		return {
			message: row.doc,
			externalId: row.doc.externalId,
			attachments
		};
	}
	async #expireForever() {
		while (!this.#stop.signal.aborted) {
			try {
				const { accounts, bus, db, now } = this.#deps;
				const ids = accounts.list().filter((account) => account.capabilities?.idempotentSend).map((account) => account.id);
				bus.announce(await expireLeases(db, now(), ids));
			} catch (error) {
				this.#deps.log.warn({
					event: "outbound.expire-failed",
					err: error
				}, "lapsed attempts could not be looked at");
			}
			await setTimeout$1(EXPIRE_MS, void 0, { signal: this.#stop.signal }).catch(() => void 0);
		}
	}
};
// apps/sync-server/src/observability/metrics.ts
const FAST_TO_SLOW_SECONDS = [
	.001,
	.005,
	.01,
	.025,
	.05,
	.1,
	.25,
	.5,
	1,
	2.5,
	10
];
function createMetrics() {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	const counter = (name, help, labelNames) => new Counter({
		name: `tradewind_${name}`,
		help,
		labelNames,
		registers: [registry]
	});
	const gauge = (name, help) => new Gauge({
		name: `tradewind_${name}`,
		help,
		registers: [registry]
	});
	return {
		registry,
		httpDuration: new Histogram({
			name: "tradewind_http_request_duration_seconds",
			help: "Time to answer HTTP requests, by route.",
			labelNames: [
				"method",
				"route",
				"status"
			],
			buckets: FAST_TO_SLOW_SECONDS,
			registers: [registry]
		}),
		eventsIngested: counter("events_ingested_total", "Webhook events stored, by kind of account.", ["kind"]),
		eventsRejected: counter("events_rejected_total", "Webhook requests refused, by kind of account.", ["kind"]),
		eventsPostponed: counter("events_postponed_total", "Webhook requests asked to come again because too many large ones were being read, by kind of account.", ["kind"]),
		eventsProcessed: counter("events_processed_total", "Events processed, by kind of account and resulting state.", ["kind", "state"]),
		commandResults: counter("command_results_total", "Commands answered, by type and status.", ["type", "status"]),
		sends: counter("sends_total", "Attempts to send a message, by outcome.", ["outcome"]),
		sockets: gauge("sockets", "Sockets connected now."),
		changeLogHead: gauge("change_log_head", "Newest seq of the change log."),
		backlog: gauge("backlog", "Events stored and not yet processed.")
	};
}
// apps/sync-server/src/observability/readiness.ts
const TIMEOUT_MS = 2e3;
/**
* Whether this server can do its work: the database answers and has the schema this code was written for.
*
* @returns null when ready, else a reason without addresses or credentials.
*/
async function findUnreadiness(pool, neededVersion) {
	let timer;
	const late = new Promise((resolve) => {
		timer = setTimeout(resolve, TIMEOUT_MS, "late");
	});
	try {
		const found = await Promise.race([readVersion(pool), late]);
		if (found === "late") return "The database does not answer.";
		if (found === neededVersion) return null;
		return `The database has schema version ${found}, this server needs ${neededVersion}.`;
	} catch {
		return "The database is out of reach.";
	} finally {
		clearTimeout(timer);
	}
}
async function readVersion(pool) {
	if ((await pool.query("select to_regclass('schema_version') is not null as present")).rows[0]?.present !== true) return 0;
	const result = await pool.query("select coalesce(max(version), 0)::integer as version from schema_version");
	return Number(result.rows[0]?.version);
}
// apps/sync-server/src/db/database.ts
pg.types.setTypeParser(20, Number);
/**
* Opens a connection pool. Nothing is connected until the first query.
*
* @param connectionString - `postgres://…`; direct (session) connections, as LISTEN and advisory locks need them.
* @param onIdleError - called when an idle connection breaks; the pool replaces it by itself.
*/
function openDatabase(connectionString, options = {}) {
	const pool = new pg.Pool({
		connectionString,
		max: options.maxConnections ?? 16,
		options: `-c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000${options.schema ? ` -c search_path=${options.schema}` : ""}`,
		application_name: "tradewind"
	});
	let isClosed = false;
	const handleError = (error) => {
		if (!isClosed) options.onIdleError?.(error);
	};
	pool.on("error", handleError);
	pool.on("connect", (client) => {
		client.on("error", handleError);
		keepPlans(client);
	});
	const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
	const close = () => {
		isClosed = true;
		return db.destroy();
	};
	return {
		db,
		pool,
		close
	};
}
// apps/sync-server/src/open-desk.ts
/**
* Opens the database, brings its schema up to date, and makes sure that it is this desk with its own key.
*
* @throws Error with one sentence for people when it is not; then the database is closed again.
*/
async function openDesk(config, { databaseUrl, dataDir, log, now }) {
	const found = await findSecretKey(config.secretKey, dataDir);
	const database = openDatabase(databaseUrl, { onIdleError: (error) => log.warn({
		event: "database.connection-lost",
		err: error
	}, "a database connection broke") });
	try {
		const applied = await migrate(database.pool);
		if (applied.length > 0) log.info({
			event: "database.migrated",
			migrations: applied
		}, "the schema is up to date");
		const key = found ?? await makeKey(database, dataDir);
		const { mode, admin } = config;
		return {
			database,
			key,
			desk: await prepareDesk(database.db, {
				mode,
				keyFingerprint: keyFingerprint(key),
				admin,
				now
			})
		};
	} catch (error) {
		await database.close();
		throw error;
	}
}
/** For a desk that is new: a key made beside one that has its own would only hide that the right one is missing. */
async function makeKey({ db }, dataDir) {
	if (await db.selectFrom("desk").select("key_fingerprint").executeTakeFirst() !== void 0) throw new Error(`The secret key of this desk is missing, and no other opens what it has stored: put ${join(dataDir, KEY_FILE)} back (mode 600), or set TRADEWIND_SECRET_KEY.`);
	return loadSecretKey(null, dataDir);
}
/** The settings of one Shopify shop (platforms/config-keys.md). */
const shopifyConfigSchema = z.strictObject({
	/** The app's client secret, or the secret shown on the shop's Notifications page. */
	clientSecret: z.string().min(1, "Enter the secret that webhooks are signed with."),
	shop: z.string().transform(toShopDomain).pipe(z.string().regex(/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/, "Enter the shop domain, such as name.myshopify.com.")),
	accessToken: z.string().min(1, "Enter the Admin API access token, or leave the field out.").optional(),
	apiVersion: z.string().regex(/^(\d{4}-\d{2}|unstable)$/, "Enter an API version, such as 2026-07.").default("2026-07"),
	pollMinutes: z.number().int().min(1).max(1440).default(10),
	apiBaseUrl: z.url({
		protocol: /^https?$/,
		error: "Enter an http or https address."
	}).transform((url) => url.replace(/\/+$/, "")).optional()
}).transform((config) => ({
	...config,
	apiBaseUrl: config.apiBaseUrl ?? `https://${config.shop}`
}));
/** `https://Name.myshopify.com/admin` as `name.myshopify.com`: people paste what the address bar shows. */
function toShopDomain(value) {
	return value.trim().toLowerCase().replace(/^https?:\/\//, "").replace(/[/?#].*$/, "").replace(/:\d+$/, "");
}
// apps/sync-server/src/orders/lossless-json.ts
/**
* Parses JSON with every number as its source text: ids beyond 2^53 and decimal amounts never pass through a binary
* float (R13).
*
* @throws SyntaxError for what is no JSON, RangeError for nesting beyond the stack.
*/
function parseLosslessJson(text) {
	return JSON.parse(text, (_key, value, context) => typeof value === "number" ? context?.source ?? String(value) : value);
}
// apps/sync-server/src/orders/shopify/schema.ts
const id = z.string(missingOr("is not an id")).regex(/^\d{1,40}$/, "is not an id");
const optionalId = z.string().regex(/^\d{1,40}$/, "is not an id").nullish().transform(orNull);
/** One line of text; absent and null are `''`. */
const line = z.string("is not text").nullish().transform((text) => toSingleLine(text ?? ""));
const block = z.string("is not text").nullish().transform((text) => cleanText(text ?? ""));
/** A word of the shop's own, such as a status; absent and empty are null. */
const word = line.transform((text) => text === "" ? null : text);
const decimal = z.string("is not an amount").nullish().transform(orNull);
const count = z.string(missingOr("is not a whole number")).regex(/^-?\d{1,9}(\.0+)?$/, "is not a whole number").transform(Number);
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i;
/** ISO date to epoch milliseconds; absent and null are null. */
const instant = z.string("is not a date").nullish().transform((text, context) => {
	if (text === null || text === void 0 || text === "") return null;
	const at = INSTANT.test(text) ? Date.parse(text) : NaN;
	if (Number.isNaN(at)) {
		context.addIssue("is not a date with a time zone");
		return z.NEVER;
	}
	return at;
});
const moneySet = z.object({ shop_money: z.object({
	amount: decimal,
	currency_code: word
}).nullish() }).nullish().transform((set) => set?.shop_money ?? null);
function missingOr(problem) {
	return { error: (issue) => issue.input === void 0 || issue.input === null ? "is missing" : problem };
}
function listOf(item) {
	return z.array(item, "is not a list").nullish().transform((items) => items ?? []);
}
function orNull(value) {
	return value ?? null;
}
const fulfilmentBodySchema = z.object({
	id,
	order_id: optionalId,
	status: word,
	shipment_status: word,
	tracking_company: word,
	tracking_number: word,
	tracking_numbers: listOf(line),
	tracking_url: word,
	tracking_urls: listOf(line),
	created_at: instant,
	updated_at: instant
});
const refundBodySchema = z.object({
	id,
	order_id: optionalId,
	created_at: instant,
	processed_at: instant,
	note: block,
	refund_line_items: listOf(z.object({
		line_item_id: id,
		quantity: count,
		subtotal: decimal,
		subtotal_set: moneySet
	})),
	transactions: listOf(z.object({
		id: optionalId,
		kind: word,
		status: word,
		amount: decimal,
		currency: word,
		amount_set: moneySet
	}))
});
const addressBodySchema = z.object({
	name: line,
	first_name: line,
	last_name: line,
	company: line,
	address1: line,
	address2: line,
	city: line,
	province: line,
	zip: line,
	country: line,
	phone: line
});
const lineItemBodySchema = z.object({
	id: optionalId,
	title: line,
	sku: line,
	quantity: count,
	current_quantity: count.nullish(),
	price: decimal,
	price_set: moneySet,
	product_id: optionalId,
	variant_id: optionalId
});
const orderBodySchema = z.object({
	id,
	name: line,
	order_number: line,
	email: line,
	contact_email: line,
	phone: line,
	currency: word,
	total_price: decimal,
	total_price_set: moneySet,
	current_total_price: decimal,
	subtotal_price: decimal,
	total_tax: decimal,
	total_discounts: decimal,
	financial_status: word,
	fulfillment_status: word,
	cancelled_at: instant,
	cancel_reason: word,
	created_at: instant,
	processed_at: instant,
	updated_at: instant,
	test: z.boolean().nullish(),
	note: block,
	tags: z.union([line, z.array(line).transform((tags) => tags.join(","))], "is not text"),
	customer: z.object({
		id: optionalId,
		email: line,
		phone: line,
		first_name: line,
		last_name: line
	}).nullish().transform(orNull),
	shipping_address: addressBodySchema.nullish().transform(orNull),
	billing_address: addressBodySchema.nullish().transform(orNull),
	line_items: listOf(lineItemBodySchema),
	fulfillments: listOf(fulfilmentBodySchema),
	refunds: listOf(refundBodySchema)
});
const deletedBodySchema = z.object({ id });
// packages/shared/src/money.ts
const EXPONENTS = {
	BIF: 0,
	CLP: 0,
	DJF: 0,
	GNF: 0,
	ISK: 0,
	JPY: 0,
	KMF: 0,
	KRW: 0,
	PYG: 0,
	RWF: 0,
	UGX: 0,
	UYI: 0,
	VND: 0,
	VUV: 0,
	XAF: 0,
	XOF: 0,
	XPF: 0,
	BHD: 3,
	IQD: 3,
	JOD: 3,
	KWD: 3,
	LYD: 3,
	OMR: 3,
	TND: 3,
	CLF: 4,
	UYW: 4
};
/** The number of decimal digits of a currency's minor unit: 2 unless ISO 4217 says otherwise. */
function currencyExponent(currency) {
	return EXPONENTS[currency] ?? 2;
}
/**
* Reads a decimal amount as integer minor units, without ever going through a binary float (R13).
*
* @param amount - decimal text as shops send it: `"1200"`, `"1200.00"`, `"-5.5"`, `"12.345"`.
* @param currency - ISO 4217 code; its exponent decides the scale. Surplus digits are rounded half away from zero.
* @returns minor units, or null when the text is not a decimal number or is beyond 2^53.
*/
function parseMinor(amount, currency) {
	const match = /^\s*([+-]?)(\d+)(?:\.(\d*))?\s*$/.exec(amount);
	if (!match) return null;
	const [, sign, whole = "0", fraction = ""] = match;
	const exponent = currencyExponent(currency);
	const kept = fraction.slice(0, exponent).padEnd(exponent, "0");
	let minor = BigInt(whole + kept);
	if ((fraction.charCodeAt(exponent) || 48) >= 53) minor += 1n;
	const value = Number(minor);
	if (!Number.isSafeInteger(value)) return null;
	return sign === "-" && value !== 0 ? -value : value;
}
// apps/sync-server/src/orders/shopify/amount.ts
/** @throws ParseError naming the field when the amount is missing or no decimal number. */
function readAmount(field, amount, currency) {
	if (amount === null || amount === void 0 || amount.trim() === "") throw new ParseError(`${field} is missing.`);
	const minor = parseMinor(amount, currency);
	if (minor === null) throw new ParseError(`${field} is not an amount: "${amount.slice(0, 40)}".`);
	return minor;
}
/** An amount that may be left out, which then is zero. */
function readOptionalAmount(field, amount, currency) {
	return amount === null || amount.trim() === "" ? 0 : readAmount(field, amount, currency);
}
/** @throws ParseError naming the field when it is no ISO 4217 code. */
function readCurrency(field, currency) {
	const code = currency?.toUpperCase() ?? "";
	if (code === "") throw new ParseError(`${field} is missing.`);
	if (!/^[A-Z]{3}$/.test(code)) throw new ParseError(`${field} is not a currency code: "${code.slice(0, 40)}".`);
	return code;
}
// apps/sync-server/src/orders/shopify/status.ts
/** Where a Shopify order stands, in our one word. The end of an order outweighs its money, its money its parcels. */
function toShopifyStatus({ cancelledAt, financialStatus, fulfilmentStatus, fulfilments }) {
	if (cancelledAt !== null || financialStatus === "voided") return "cancelled";
	if (financialStatus === "refunded") return "refunded";
	if (fulfilmentStatus === "fulfilled") {
		const parcels = fulfilments.filter((parcel) => ![
			"cancelled",
			"error",
			"failure"
		].includes(parcel.status));
		return parcels.length > 0 && parcels.every((parcel) => parcel.shipmentStatus === "delivered") ? "delivered" : "shipped";
	}
	return financialStatus === "paid" || financialStatus === "authorized" || financialStatus?.startsWith("partially_") ? "processing" : "pending";
}
// apps/sync-server/src/orders/shopify/to-parts.ts
/**
* A refund with what was really paid back: its successful refund transactions, each once. Line subtotals say what was
* taken back, not what was paid, and come as binary floats besides (platforms/shopify.md).
*
* @param path - where the refund stands in the body, for errors.
* @param orderCurrency - null when the refund came without its order.
*/
function toRefund(body, path, orderCurrency, fallbackAt) {
	const paid = /* @__PURE__ */ new Map();
	for (const [index, transaction] of body.transactions.entries()) {
		if (transaction.kind !== "refund" || transaction.status !== "success") continue;
		const field = `${path}transactions[${index}]`;
		const shop = transaction.amount_set;
		const code = shop?.currency_code ?? transaction.currency ?? orderCurrency ?? currencyOfLines(body);
		const currency = readCurrency(`${field}.currency`, code);
		const amountMinor = readAmount(`${field}.amount`, shop?.amount ?? transaction.amount, currency);
		paid.set(transaction.id ?? String(index), {
			amountMinor,
			currency
		});
	}
	const transactions = [...paid.values()];
	const currency = transactions[0]?.currency ?? orderCurrency ?? currencyOfLines(body) ?? "";
	return {
		externalId: body.id,
		amountMinor: transactions.reduce((sum, one) => sum + (one.currency === currency ? one.amountMinor : 0), 0),
		currency,
		note: body.note,
		createdAt: body.created_at ?? body.processed_at ?? fallbackAt,
		lines: body.refund_line_items.map((line, index) => ({
			lineExternalId: line.line_item_id,
			quantity: line.quantity,
			subtotalMinor: toSubtotal(line, `${path}refund_line_items[${index}].subtotal`, currency)
		}))
	};
}
function currencyOfLines(body) {
	return body.refund_line_items.find((line) => line.subtotal_set?.currency_code)?.subtotal_set?.currency_code ?? null;
}
function toSubtotal(line, field, currency) {
	const amount = line.subtotal_set?.amount ?? line.subtotal;
	return amount === null || currency === "" ? null : readAmount(field, amount, currency);
}
/** A fulfilment, one for each of its parcels: the first has the fulfilment's id, the others `id/2`, `id/3` and so on. */
function toFulfilments(body, fallbackAt) {
	const numbers = listOnce(body.tracking_numbers, body.tracking_number);
	const urls = listOnce(body.tracking_urls, body.tracking_url).map(toHttpUrl);
	return Array.from({ length: Math.max(numbers.length, 1) }, (_, index) => ({
		externalId: index === 0 ? body.id : `${body.id}/${index + 1}`,
		trackingNumber: numbers[index] ?? null,
		carrier: body.tracking_company,
		url: urls[index] ?? null,
		status: body.status ?? "pending",
		shipmentStatus: body.shipment_status,
		updatedAt: body.updated_at ?? body.created_at ?? fallbackAt
	}));
}
/** The list, or the single value of older bodies. */
function listOnce(list, single) {
	const values = [...new Set(list.filter((value) => value !== ""))];
	return values.length > 0 || single === null ? values : [single];
}
/** Only ever http or https: the console makes a link of it. */
function toHttpUrl(value) {
	const url = URL.parse(value);
	return url && (url.protocol === "https:" || url.protocol === "http:") ? url.href : null;
}
// apps/sync-server/src/orders/shopify/to-order.ts
/**
* An order in our words. Amounts are in the shop's currency: `total_price` and its siblings always are, whatever the
* buyer paid in.
*
* @throws ParseError naming the field that is missing or cannot be read.
*/
function toOrder(body) {
	const currency = readCurrency("currency", body.currency ?? body.total_price_set?.currency_code);
	const totalMinor = readAmount("total_price", body.total_price ?? body.total_price_set?.amount ?? null, currency);
	const updatedAt = body.updated_at ?? body.processed_at ?? body.created_at;
	if (updatedAt === null) throw new ParseError("updated_at is missing.");
	const refunds = toRefunds(body, currency, updatedAt);
	const refundedMinor = refunds.reduce((sum, refund) => sum + (refund.currency === currency ? refund.amountMinor : 0), 0);
	const fulfilments = body.fulfillments.flatMap((fulfilment) => toFulfilments(fulfilment, updatedAt));
	const facts = {
		cancelledAt: body.cancelled_at,
		financialStatus: body.financial_status,
		fulfilmentStatus: body.fulfillment_status,
		fulfilments
	};
	return {
		...facts,
		externalId: body.id,
		number: body.name || (body.order_number === "" ? body.id : `#${body.order_number}`),
		status: toShopifyStatus(facts),
		cancelReason: body.cancel_reason,
		currency,
		totalMinor,
		currentTotalMinor: body.current_total_price === null ? Math.max(totalMinor - refundedMinor, 0) : readAmount("current_total_price", body.current_total_price, currency),
		subtotalMinor: readOptionalAmount("subtotal_price", body.subtotal_price, currency),
		taxMinor: readOptionalAmount("total_tax", body.total_tax, currency),
		discountMinor: readOptionalAmount("total_discounts", body.total_discounts, currency),
		refundedMinor,
		refunds,
		lines: body.line_items.map((line, index) => toLine(line, index, currency)),
		email: toEmail(body.email) ?? toEmail(body.contact_email),
		phone: body.phone === "" ? null : body.phone,
		shippingAddress: body.shipping_address === null ? null : toPostalAddress(body.shipping_address),
		note: body.note,
		tags: body.tags.split(",").flatMap((tag) => tag.trim() === "" ? [] : [tag.trim()]),
		placedAt: body.created_at ?? body.processed_at ?? updatedAt,
		externalUpdatedAt: updatedAt,
		test: body.test ?? false,
		customer: toContact(body)
	};
}
/** Each refund once, should the shop list one twice. */
function toRefunds(body, currency, updatedAt) {
	const refunds = body.refunds.map((refund, index) => toRefund(refund, `refunds[${index}].`, currency, updatedAt));
	return [...new Map(refunds.map((refund) => [refund.externalId, refund])).values()];
}
function toLine(body, index, currency) {
	return {
		externalId: body.id ?? `line-${index + 1}`,
		title: body.title,
		sku: body.sku,
		quantity: body.quantity,
		currentQuantity: body.current_quantity ?? body.quantity,
		unitPriceMinor: readAmount(`line_items[${index}].price`, body.price ?? body.price_set?.amount, currency),
		productId: body.product_id,
		variantId: body.variant_id
	};
}
/** Who the customer is recognised by; guests may have nothing at all. */
function toContact({ customer, email, contact_email, phone, shipping_address, billing_address }) {
	return {
		externalId: customer?.id ?? null,
		name: joinName(customer?.first_name ?? "", customer?.last_name ?? "") || toName(shipping_address) || toName(billing_address),
		email: toEmail(email) ?? toEmail(contact_email) ?? toEmail(customer?.email ?? ""),
		phone: toE164(phone) ?? toE164(customer?.phone ?? "")
	};
}
function toName(address) {
	return address === null ? "" : address.name || joinName(address.first_name, address.last_name);
}
const EAST_ASIAN = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー・]+$/u;
/** Chinese, Japanese and Korean names have the family name first and no blank. */
function joinName(first, last) {
	return EAST_ASIAN.test(first) && EAST_ASIAN.test(last) ? last + first : `${first} ${last}`.trim();
}
function toEmail(text) {
	return isMailAddress(text) ? text.toLowerCase() : null;
}
/** Only numbers that say their country: guessing one would join strangers. */
function toE164(text) {
	const digits = text.replace(/[\s().-]/g, "");
	return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null;
}
function toPostalAddress(body) {
	return {
		name: toName(body),
		company: body.company,
		line1: body.address1,
		line2: body.address2,
		city: body.city,
		region: body.province,
		postalCode: body.zip,
		country: body.country,
		phone: body.phone
	};
}
// apps/sync-server/src/orders/shopify/verify.ts
/**
* Proves a request of Shopify genuine (platforms/shopify.md): base64 HMAC-SHA256 over the raw body, then the shop.
*
* 401 no or a wrong signature, 403 another shop, 400 a genuine request that is none: no topic, no JSON object.
*/
function verifyShopify(request, config) {
	if (config.clientSecret === "") return reject(401, "no client secret is configured");
	const signature = readHeader(request.headers, "hmac-sha256");
	if (signature === null) return reject(401, "the signature header is missing");
	if (!isSigned(request.body, signature, config.clientSecret)) return reject(401, "the signature is wrong");
	const shop = readHeader(request.headers, "shop-domain");
	if (shop === null || toShopDomain(shop) !== config.shop) return reject(403, "the request is from another shop");
	const topic = readTopic(request.headers);
	if (topic === null) return reject(400, "the topic header is missing");
	if (request.body.length === 0) return reject(400, "the body is empty");
	const resourceId = readResourceId(request.body, topic);
	if (resourceId === null) return reject(400, "the body is not a JSON object");
	const id = readHeader(request.headers, "event-id") ?? readHeader(request.headers, "webhook-id") ?? hash("sha256", request.body, "hex");
	return {
		ok: true,
		facts: {
			topic,
			laneKey: resourceId.lane === "" ? topic : resourceId.lane,
			dedupeKey: `${topic}:${resourceId.own}:${id}`.slice(0, 500)
		}
	};
}
/** Reads a header of either flavour: `x-shopify-topic`, or `shopify-topic` of the newer one; null when absent or empty. */
function readHeader(headers, name) {
	const value = (headers[`x-shopify-${name}`] ?? headers[`shopify-${name}`] ?? "").trim();
	return value === "" ? null : value;
}
/** The topic in the words of the older flavour: the newer one says `orders/update` for `orders/updated`. */
function readTopic(headers) {
	const topic = readHeader(headers, "topic")?.toLowerCase().slice(0, 100) ?? null;
	return topic === "orders/update" ? "orders/updated" : topic;
}
function isSigned(body, signature, secret) {
	const expected = createHmac("sha256", secret).update(body).digest();
	const wellFormed = /^[A-Za-z0-9+/]{43}=$/.test(signature);
	const given = wellFormed ? Buffer.from(signature, "base64") : Buffer.alloc(expected.length);
	return timingSafeEqual(given, expected) && wellFormed;
}
/**
* The resource's own id and the id of its order, as exact text; empty where there is none. Null for what is no object.
* The plain parser is several times faster, and is right unless an id is beyond 2^53.
*/
function readResourceId(body, topic) {
	const text = body.toString("utf8");
	try {
		const fast = pickIds(JSON.parse(text), topic);
		return fast === "inexact" ? pickIds(parseLosslessJson(text), topic) : fast;
	} catch {
		return null;
	}
}
function pickIds(resource, topic) {
	if (typeof resource !== "object" || resource === null || Array.isArray(resource)) return null;
	const { id, order_id: orderId, order_edit: edit } = resource;
	const ids = [
		id,
		orderId,
		edit?.order_id
	];
	if (ids.some((value) => typeof value === "number" && !Number.isSafeInteger(value))) return "inexact";
	const [own = "", ofOrder = "", ofEdit = ""] = ids.map(toIdText);
	return {
		own: own || ofEdit,
		lane: topic.startsWith("orders/") ? own || ofEdit : ofOrder || own
	};
}
function toIdText(id) {
	return typeof id === "number" || typeof id === "string" && /^\d{1,40}$/.test(id) ? String(id) : "";
}
function reject(status, reason) {
	return {
		ok: false,
		status,
		reason
	};
}
// apps/sync-server/src/orders/shopify/parse.ts
const ORDER_TOPICS = new Set([
	"create",
	"updated",
	"paid",
	"partially_fulfilled",
	"fulfilled",
	"cancelled",
	"edited"
].map((action) => `orders/${action}`));
/**
* Reads a genuine request of Shopify. One request is one resource, but a fulfilment with several parcels gives several
* events. Topics that tell nothing about orders, refunds or fulfilments are `ignored`.
*
* @throws ParseError naming the field that is missing or cannot be read.
*/
function parseShopify(request, receivedAtMs) {
	const topic = readTopic(request.headers) ?? "";
	const body = readBody(request.body);
	const at = readTriggeredAt(request.headers) ?? receivedAtMs;
	if (topic === "orders/delete") return [{
		type: "order-deleted",
		externalId: check(deletedBodySchema, body).id,
		at
	}];
	if (topic === "orders/edited" && isEdit(body)) return [{
		type: "ignored",
		reason: "the edited order comes with orders/updated"
	}];
	if (ORDER_TOPICS.has(topic)) return [{
		type: "order",
		order: toOrder(check(orderBodySchema, body))
	}];
	if (topic === "refunds/create") return [parseRefund(body, at)];
	if (topic === "fulfillments/create" || topic === "fulfillments/update") return parseFulfilment(body, at);
	return [{
		type: "ignored",
		reason: `topic "${topic}" changes nothing here`
	}];
}
/**
* Reads the answer of the order API, `{"order": {…}}`.
*
* @throws ParseError as above.
*/
function parseOrderAnswer(body) {
	const { order } = readBody(body);
	return toOrder(check(orderBodySchema, order));
}
function parseRefund(body, at) {
	const refund = check(refundBodySchema, body);
	return {
		type: "refund",
		orderExternalId: requireOrderId(refund.order_id),
		refund: toRefund(refund, "", null, at),
		updatedAt: refund.created_at ?? at
	};
}
function parseFulfilment(body, at) {
	const fulfilment = check(fulfilmentBodySchema, body);
	const orderExternalId = requireOrderId(fulfilment.order_id);
	return toFulfilments(fulfilment, at).map((parcel) => ({
		type: "fulfilment",
		orderExternalId,
		fulfilment: parcel
	}));
}
function requireOrderId(id) {
	if (id === null) throw new ParseError("order_id is missing.");
	return id;
}
function readBody(body) {
	try {
		return parseLosslessJson(body.toString("utf8"));
	} catch (error) {
		throw new ParseError("The body is not JSON.", { cause: error });
	}
}
/** When the event happened. Unsigned, so it decides nothing that a signed field tells. */
function readTriggeredAt(headers) {
	const at = Date.parse(readHeader(headers, "triggered-at") ?? "");
	return Number.isNaN(at) ? null : at;
}
function isEdit(body) {
	return typeof body === "object" && body !== null && "order_edit" in body;
}
function check(schema, body) {
	const parsed = schema.safeParse(body);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const path = issue?.path.map((key) => typeof key === "number" ? `[${key}]` : `.${String(key)}`).join("") ?? "";
	throw new ParseError(path === "" ? "The body is not an object." : `${path.slice(1)} ${issue?.message ?? "cannot be read"}.`);
}
// apps/sync-server/src/orders/shopify/read.ts
const MAX_ORDER_BYTES = 5242880;
/**
* Reads one order from the shop, for a refund or fulfilment that came before it.
*
* @returns null when the shop has no such order.
* @throws PlatformError when the shop cannot be asked or says no, ParseError when its order cannot be read.
*/
async function readOrder(externalId, { config, signal, strictEgress }) {
	const { accessToken, apiBaseUrl, apiVersion } = config;
	if (accessToken === void 0) throw new PlatformError("The store has no access token, so orders cannot be read.");
	const origin = new URL(apiBaseUrl).origin;
	const response = await safeFetch(`${apiBaseUrl}/admin/api/${apiVersion}/orders/${encodeURIComponent(externalId)}.json`, {
		allowedOrigin: origin,
		strict: strictEgress,
		signal,
		maxBytes: MAX_ORDER_BYTES,
		headers: (url) => url.origin === origin ? {
			"x-shopify-access-token": accessToken,
			accept: "application/json"
		} : {}
	}).catch((error) => {
		throw new PlatformError(`The shop cannot be asked: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
	});
	if (response.status === 404) return null;
	if (response.status !== 200 || !response.complete) throw new PlatformError(`The shop answered ${response.status}.`, {
		status: response.status,
		retryAfterMs: parseRetryAfter(response.headers["retry-after"], Date.now())
	});
	return parseOrderAnswer(response.body);
}
// apps/sync-server/src/orders/registry.ts
/** Every shop system that can be connected. A new one is its folder and a line here. */
const storeConnectors = [{
	kind: "shopify",
	configSchema: shopifyConfigSchema,
	secretKeys: ["clientSecret", "accessToken"],
	maxBodyBytes: 5242880,
	verify: verifyShopify,
	parse: (request, _config, receivedAtMs) => parseShopify(request, receivedAtMs),
	displayAddress: (config) => config.shop,
	orderStatus: toShopifyStatus,
	mayReadOrders: (config) => config.accessToken !== void 0,
	readOrder
}];
// apps/sync-server/src/domain/delivery.ts
const RANK = {
	received: 0,
	queued: 1,
	sending: 1,
	unknown: 1,
	failed: 2,
	sent: 2,
	delivered: 3,
	read: 4,
	recalled: 5
};
const OUTCOME_STATUS = {
	accepted: "sent",
	delivered: "delivered",
	read: "read",
	failed: "failed"
};
/**
* The message after a platform's delivery report, or null when the report says nothing new. A report of any kind proves
* that the platform has the message, so it also settles an unknown outcome (R11).
*/
function applyDeliveryReport(message, report) {
	const status = OUTCOME_STATUS[report.outcome];
	const unsettled = message.status === "unknown" || message.status === "sending" || message.status === "queued";
	if (message.direction !== "out") return null;
	if (status === void 0) return unsettled ? {
		...message,
		status: "sent",
		failure: null
	} : null;
	if (status === "failed") {
		if (message.status === "failed" || RANK[message.status] > RANK.sent) return null;
		return {
			...message,
			status: "failed",
			failure: report.failure ?? {
				kind: "bounced",
				text: ""
			}
		};
	}
	if (message.status === "failed" && status === "sent") return null;
	if (RANK[status] <= RANK[message.status] && message.status !== "failed") return null;
	return {
		...message,
		status,
		failure: null
	};
}
// apps/sync-server/src/processing/apply-delivery.ts
function wantForDelivery(event, wanted) {
	wanted.messageIds.add(event.externalId);
}
/** Moves the status of one of our messages by a platform's report (R11: a report also settles an unknown outcome). */
function applyDelivery(work, event) {
	const message = work.messageByExternalId(event.externalId);
	if (!message) return {
		state: "ignored",
		reason: "the report is about a message that was not sent from here"
	};
	if (mediumOf(work.account.kind) === "chat" && !message.to.some((to) => to.address === event.recipient)) return {
		state: "ignored",
		reason: "the report is about a message to somebody else"
	};
	const next = applyDeliveryReport(message, event);
	if (!next) return {
		state: "processed",
		reason: "nothing new"
	};
	work.putMessage({
		...next,
		externalId: event.externalId
	});
	return { state: "processed" };
}
// apps/sync-server/src/db/visitor-reference.ts
/** The name under which `thread_refs` holds the conversations of a chat's visitor, and `attachments` what he uploaded. */
function visitorReference(visitorId) {
	return `visitor:${visitorId}`;
}
// apps/sync-server/src/domain/threading.ts
/**
* Finds the conversation a mail belongs to: the nearest reference wins (In-Reply-To before older ones), and only where
* the writer is already part of the conversation (R14). A stranger who quotes a thread gets a conversation of their own.
*
* @param ownId - the mail's own Message-Id: mails that came earlier may already name it.
* @param references - oldest first.
*/
function findThread(known, ownId, references, sender) {
	for (const id of [...references].reverse().concat(ownId)) {
		const joinable = (known.get(id) ?? []).filter((conversation) => conversation.customerId === sender.customerId || conversation.participants.includes(sender.address));
		if (joinable.length > 0) return joinable.reduce((newest, conversation) => conversation.lastMessageAt > newest.lastMessageAt ? conversation : newest);
	}
	return null;
}
/**
* The conversation a visitor of a chat goes on with: his unresolved one, of which there is at most one, else the last.
*
* @param own - all of the visitor's conversations.
*/
function findChatThread(own) {
	const unresolved = own.filter((conversation) => conversation.status !== "resolved");
	return (unresolved.length > 0 ? unresolved : own).reduce((newest, one) => newest === null || one.lastMessageAt > newest.lastMessageAt ? one : newest, null);
}
// apps/sync-server/src/processing/apply-message.ts
function wantForMessage(event, accountId, wanted) {
	const key = toSenderKey(event, accountId);
	wanted.identities.set(identityId(key), key);
	wanted.messageIds.add(event.externalId);
	for (const id of toThreadIds(event)) wanted.threadIds.add(id);
	for (const id of event.uploadIds ?? []) wanted.uploads.add(id);
}
/** Mail addresses and phone numbers are the same person everywhere; other ids belong to the account that gave them. */
function toSenderKey({ sender }, accountId) {
	return {
		kind: sender.kind,
		scope: sender.kind === "external" ? accountId : "",
		value: sender.value
	};
}
/** What leads to the message's conversation: for a chat its visitor, for mail the ids it has and names. */
function toThreadIds(event) {
	return event.medium === "chat" ? [visitorReference(event.sender.value)] : [event.externalId, ...event.references];
}
/**
* Takes a customer's message in: customer by exact identity, conversation by references (R14) or, in a chat, by the visitor,
* message, life of the conversation.
*/
async function applyMessage(work, event, receivedAt, environment) {
	if (work.messageByExternalId(event.externalId)) return {
		state: "duplicate",
		reason: "a message with this id is already here"
	};
	const ownAddress = environment.ownAddress.toLowerCase();
	const customer = findOrCreateCustomer(work, [toSenderKey(event, work.account.id)], event.sender.name, receivedAt, environment.createId);
	const found = findConversation(work, event, customer.id);
	const follows = found !== null && isPastReopening(found, receivedAt);
	const base = found && !follows ? found : createConversation({
		id: environment.createId(),
		customerId: customer.id,
		channelAccountId: work.account.id,
		channelKind: work.account.kind,
		subject: event.subject,
		createdAt: receivedAt,
		previousId: follows ? found.id : null
	});
	const messageId = environment.createId();
	const attachments = [];
	for (const attachment of event.attachments) attachments.push(await takeAttachment(work, attachment, {
		conversationId: base.id,
		messageId
	}, environment));
	attachments.push(...takeUploads(work, event, base.id));
	const message = {
		id: messageId,
		conversationId: base.id,
		channelAccountId: work.account.id,
		direction: "in",
		kind: "text",
		urgency: "normal",
		authorType: "customer",
		authorId: customer.id,
		from: event.from,
		to: event.to,
		cc: event.cc,
		bcc: [],
		replyToAddresses: event.replyTo.filter((address) => address.address.toLowerCase() !== event.from.address.toLowerCase()),
		subject: event.subject,
		text: event.text,
		html: event.html === null ? null : sanitiseHtml(event.html),
		attachments,
		mentions: [],
		status: "received",
		failure: null,
		externalId: event.externalId,
		references: event.references,
		replyTo: null,
		sentAt: event.sentAt,
		receivedAt,
		createdSeq: 0,
		deleted: false,
		edits: []
	};
	work.putMessage(message);
	const everyone = [
		event.from,
		...event.to,
		...event.cc,
		...event.replyTo
	].map((address) => address.address.toLowerCase());
	work.putConversation(receiveCustomerMessage(base, {
		at: receivedAt,
		text: event.text.trim() === "" && event.medium === "chat" ? attachments.map((one) => one.name).join(", ") : event.text,
		subject: event.subject,
		participants: [.../* @__PURE__ */ new Set([event.sender.value, ...everyone])].filter((address) => address !== ownAddress && address !== "")
	}));
	work.putReferences(toThreadIds(event), base.id);
	return { state: "processed" };
}
function findConversation(work, event, customerId) {
	const { conversationsByReference: known } = work;
	if (event.medium === "chat") return findChatThread(known.get(visitorReference(event.sender.value)) ?? []);
	return findThread(known, event.externalId, event.references, {
		customerId,
		address: event.sender.value
	});
}
/** Files the visitor uploaded before; one that is not his is left out. */
function takeUploads(work, event, conversationId) {
	return (event.uploadIds ?? []).flatMap((id) => {
		const upload = work.claimUpload(id, visitorReference(event.sender.value), conversationId);
		if (!upload) return [];
		const { name, contentType, sizeBytes, sha256 } = upload;
		return [{
			id,
			name,
			contentType,
			sizeBytes,
			sha256
		}];
	});
}
async function takeAttachment(work, attachment, owner, environment) {
	const id = environment.createId();
	const { source } = attachment;
	const stored = "content" in source ? await environment.storeFile(source.content) : {
		sha256: null,
		sizeBytes: source.sizeBytes
	};
	work.putAttachment({
		id,
		sha256: stored.sha256,
		name: attachment.name,
		contentType: attachment.contentType,
		sizeBytes: stored.sizeBytes,
		sourceUrl: "url" in source ? source.url : null,
		...owner
	});
	return {
		id,
		name: attachment.name,
		contentType: attachment.contentType,
		sizeBytes: stored.sizeBytes,
		sha256: stored.sha256,
		...attachment.contentId === null ? {} : { contentId: attachment.contentId }
	};
}
// apps/sync-server/src/domain/order-merge.ts
/** Two lists of the same order's refunds as one: each refund once, however often it was told (R2). */
function mergeRefunds(known, told) {
	const byId = new Map(known.map((refund) => [refund.externalId, refund]));
	for (const refund of told) byId.set(refund.externalId, refund);
	return [...byId.values()].sort((a, b) => a.createdAt - b.createdAt || (a.externalId < b.externalId ? -1 : 1));
}
/** Each fulfilment once, in its newest state. Parcels (`id/2`) that a newer state of their fulfilment does not name are gone. */
function mergeFulfilments(known, told) {
	const byId = new Map(known.map((fulfilment) => [fulfilment.externalId, fulfilment]));
	for (const fulfilment of told) {
		const old = byId.get(fulfilment.externalId);
		if (!old || fulfilment.updatedAt >= old.updatedAt) byId.set(fulfilment.externalId, fulfilment);
	}
	return [...byId.values()].filter((parcel) => {
		const first = byId.get(parcel.externalId.replace(/\/\d+$/, ""));
		return first === void 0 || parcel.updatedAt >= first.updatedAt;
	});
}
/** Sum of what was really paid back, in the order's own currency; refunds in another currency are listed, not added. */
function sumRefunds(refunds, currency) {
	return refunds.reduce((sum, refund) => sum + (refund.currency === currency ? refund.amountMinor : 0), 0);
}
/**
* The order's total after these refunds. The shop's own figure holds the refunds listed with it and whatever else was made
* before it; a refund that came by itself and is newer is not in it yet.
*/
function currentTotalAfter(order, refunds) {
	const listed = new Set(order.refunds.map((refund) => refund.externalId));
	const late = refunds.filter((refund) => !listed.has(refund.externalId) && refund.createdAt > order.externalUpdatedAt);
	return Math.max(order.currentTotalMinor - sumRefunds(late, order.currency), 0);
}
/** True when both say the same, apart from the count of our own changes. */
function isSameOrder(a, b) {
	return isDeepStrictEqual({
		...a,
		version: 0,
		createdSeq: 0
	}, {
		...b,
		version: 0,
		createdSeq: 0
	});
}
// apps/sync-server/src/processing/apply-order.ts
function wantForOrder(event, storeId, wanted) {
	if (event.type === "order") {
		wanted.orders.add(event.order.externalId);
		for (const key of customerKeys(event.order, storeId)) wanted.identities.set(identityId(key), key);
	} else wanted.orders.add(event.type === "order-deleted" ? event.externalId : event.orderExternalId);
}
/** Strongest first: the shop's own customer number, then addresses. A guest without any has no customer. */
function customerKeys(order, storeId) {
	const { externalId, email, phone } = order.customer;
	return [
		...externalId === null ? [] : [{
			kind: "external",
			scope: storeId,
			value: externalId
		}],
		...email === null ? [] : [{
			kind: "email",
			scope: "",
			value: email
		}],
		...phone === null ? [] : [{
			kind: "phone",
			scope: "",
			value: phone
		}]
	];
}
/** Brings an order up to what the shop says (R12): older versions change nothing, parts are merged by their ids. */
function applyOrderEvent(work, event, receivedAt, environment) {
	if (event.type === "order") return applyOrder(work, event.order, receivedAt, environment);
	if (event.type === "order-deleted") {
		work.putOrderPart(event.externalId, {
			kind: "deletion",
			updatedAt: event.at,
			doc: { externalId: event.externalId }
		});
		return refresh(work, event.externalId, environment);
	}
	if (event.type === "refund") {
		work.putOrderPart(event.orderExternalId, {
			kind: "refund",
			updatedAt: event.updatedAt,
			doc: event.refund
		});
		return refresh(work, event.orderExternalId, environment);
	}
	const known = work.orderParts(event.orderExternalId).find((part) => part.kind === "fulfilment" && part.doc.externalId === event.fulfilment.externalId);
	if (known && known.updatedAt > event.fulfilment.updatedAt) return {
		state: "processed",
		reason: "older than what is stored"
	};
	work.putOrderPart(event.orderExternalId, {
		kind: "fulfilment",
		updatedAt: event.fulfilment.updatedAt,
		doc: event.fulfilment
	});
	return refresh(work, event.orderExternalId, environment);
}
function applyOrder(work, incoming, receivedAt, environment) {
	const stored = work.order(incoming.externalId);
	if (stored && incoming.externalUpdatedAt < stored.externalUpdatedAt) return {
		state: "processed",
		reason: "older than what is stored"
	};
	const { customer: contact, ...facts } = incoming;
	const keys = customerKeys(incoming, work.account.id);
	const customer = keys.length === 0 ? null : findOrCreateCustomer(work, keys, contact.name, receivedAt, environment.createId);
	return keep(work, withParts(work, {
		...facts,
		id: stored?.id ?? environment.createId(),
		storeId: work.account.id,
		customerId: customer?.id ?? stored?.customerId ?? null,
		version: (stored?.version ?? 0) + 1,
		createdSeq: 0,
		deleted: stored?.deleted ?? false
	}, environment), stored);
}
/** Merges parts that came by themselves into the stored order; without an order they wait for it. */
function refresh(work, externalId, environment) {
	const stored = work.order(externalId);
	if (!stored) return {
		state: "processed",
		reason: "kept until its order comes"
	};
	return keep(work, withParts(work, {
		...stored,
		version: stored.version + 1
	}, environment), stored);
}
function keep(work, order, stored) {
	if (stored && isSameOrder(order, stored)) return {
		state: "processed",
		reason: "nothing new"
	};
	work.putOrder(order);
	return { state: "processed" };
}
function withParts(work, order, environment) {
	const parts = work.orderParts(order.externalId);
	const refunds = mergeRefunds(parts.flatMap((part) => part.kind === "refund" ? [part.doc] : []), order.refunds);
	const fulfilments = mergeFulfilments(order.fulfilments, parts.flatMap((part) => part.kind === "fulfilment" ? [part.doc] : []));
	const merged = {
		...order,
		refunds,
		fulfilments,
		refundedMinor: sumRefunds(refunds, order.currency),
		currentTotalMinor: currentTotalAfter(order, refunds),
		deleted: order.deleted || parts.some((part) => part.kind === "deletion")
	};
	return {
		...merged,
		status: environment.orderStatus(merged)
	};
}
// apps/sync-server/src/processing/apply-rating.ts
function wantForRating(event, wanted) {
	wanted.threadIds.add(visitorReference(event.visitor));
}
/** What a visitor thinks of a conversation of his own; the first word stands. */
function applyRating(work, event) {
	const conversation = (work.conversationsByReference.get(visitorReference(event.visitor)) ?? []).find((one) => one.id === event.conversationId);
	if (!conversation) return {
		state: "ignored",
		reason: "the rating is about a conversation that is not the visitor’s"
	};
	if (conversation.satisfaction) return {
		state: "duplicate",
		reason: "this conversation has been rated"
	};
	const { score, comment, at } = event;
	work.putConversation({
		...conversation,
		satisfaction: {
			score,
			comment,
			at
		}
	});
	return { state: "processed" };
}
// apps/sync-server/src/processing/apply-visitor.ts
function wantForVisitor(event, accountId, wanted) {
	for (const key of [visitorKey(accountId, event.visitor), ...vouchedKeys(event.vouched, accountId)]) wanted.identities.set(identityId(key), key);
	wanted.threadIds.add(visitorReference(event.visitor));
}
/** What the shop vouches for, strongest first. */
function vouchedKeys(vouched, accountId) {
	if (!vouched) return [];
	const { subject, email, phone } = vouched;
	return [
		visitorKey(accountId, `${SUBJECT}${subject}`),
		...email === null ? [] : [{
			kind: "email",
			scope: "",
			value: email
		}],
		...phone === null ? [] : [{
			kind: "phone",
			scope: "",
			value: phone
		}]
	];
}
const SUBJECT = "user:";
/**
* Takes in who a visitor is (design: Identity). What the shop vouches for makes him the customer who has that address or
* number in mail and orders; what he typed is shown as claimed, and joins and opens nothing.
*/
function applyVisitor(work, event, receivedAt, { createId }) {
	const own = visitorKey(work.account.id, event.visitor);
	const before = work.findCustomerId(own);
	const keys = [...vouchedKeys(event.vouched, work.account.id), own];
	const owner = keys.map((key) => work.findCustomerId(key)).find((id) => id !== null) ?? null;
	const wasAnonymous = isAnonymous(owner === null ? null : work.customer(owner));
	const found = findOrCreateCustomer(work, keys, event.vouched?.name ?? "", receivedAt, createId);
	const customer = before === null || before === found.id ? found : moveVisitor(work, event.visitor, before, found);
	const next = describe(customer, event, wasAnonymous);
	if (next === customer) return {
		state: "processed",
		reason: "nothing new"
	};
	work.putCustomer(next);
	return { state: "processed" };
}
/** Known only by visiting: nobody vouches for anything about him. */
function isAnonymous(customer) {
	return customer?.identities.every((one) => one.claimed || one.kind === "external" && !one.value.startsWith(SUBJECT)) ?? true;
}
/**
* The conversations of a visitor who turns out to be a known customer become that customer's.
*
* @returns the customer, who is known as this visitor too from now on.
*/
function moveVisitor(work, visitor, fromId, to) {
	const key = visitorKey(work.account.id, visitor);
	work.moveIdentity(key, to.id);
	for (const conversation of work.conversationsByReference.get(visitorReference(visitor)) ?? []) if (conversation.customerId === fromId) work.putConversation({
		...conversation,
		customerId: to.id
	});
	const from = work.customer(fromId);
	if (from) {
		const left = from.identities.filter((one) => identityId(one) !== identityId(key));
		const mergedInto = left.every((one) => one.claimed) ? to.id : from.mergedInto;
		work.putCustomer({
			...from,
			identities: left,
			mergedInto
		});
	}
	const next = {
		...to,
		identities: [...to.identities, {
			...key,
			claimed: false
		}]
	};
	work.putCustomer(next);
	return next;
}
/** The customer with what the event says, or the very same one when it says nothing new. */
function describe(given, event, mayRename) {
	const { vouched, claimed, language, page } = event;
	let next = given;
	const name = vouched?.name || (vouched ? "" : claimed.name) || "";
	if (name !== "" && name !== next.name && mayRename) next = {
		...next,
		name
	};
	next = withClaim(next, "email", claimed.email?.toLowerCase() ?? null);
	next = withClaim(next, "phone", claimed.phone);
	if (language !== null && next.locale === null) next = {
		...next,
		locale: language
	};
	if (page !== null && next.attributes.page !== page) next = {
		...next,
		attributes: {
			...next.attributes,
			page
		}
	};
	return next;
}
/** The newest claim of a kind stands in place of the last; what is verified need not be claimed. */
function withClaim(customer, kind, value) {
	const isOther = (one) => !(one.claimed && one.kind === kind);
	const verified = kind === "email" ? customer.emails : customer.phones;
	const claims = customer.identities.filter((one) => !isOther(one)).map((one) => one.value);
	const wanted = value ?? claims[0] ?? "";
	const next = wanted === "" || verified.includes(wanted) ? [] : [wanted];
	if (claims.join("\n") === next.join("\n")) return customer;
	const added = next.map((one) => ({
		kind,
		scope: "",
		value: one,
		claimed: true
	}));
	return {
		...customer,
		identities: [...customer.identities.filter(isOther), ...added]
	};
}
// apps/sync-server/src/processing/engine.ts
const MAX_EVENTS = 200;
const MAX_BATCH_BYTES = 67108864;
const MAX_ATTEMPTS$1 = 4;
/** An event that cannot be applied; carries which one, so that the batch can go on without it (R4). */
var EventFailure = class extends Error {
	eventId;
	constructor(eventId, cause) {
		super("event cannot be applied", { cause });
		this.eventId = eventId;
	}
};
/**
* Turns stored events into documents (design: Processing). A batch of one account's lanes is read, applied in memory and
* written in one transaction. An event that cannot be read or applied becomes a dead letter, and its lane goes on.
*
* Crash points: nothing is visible before the commit, and the events stay pending; the commit writes documents, states,
* keys and change log at once; a hint lost after it costs at most the next sweep.
*/
var ProcessingEngine = class {
	#deps;
	constructor(deps) {
		this.#deps = deps;
	}
	/**
	* Processes up to one batch of events waiting in these lanes of an account.
	*
	* @returns how many were taken, and whether more may be waiting.
	* @throws what the database says when it is out of reach: nothing was lost, try again later.
	*/
	async processBatch(account, lanes) {
		const dead = /* @__PURE__ */ new Map();
		for (let attempt = 1;; attempt++) try {
			return await this.#attempt(account, lanes, dead, attempt > MAX_ATTEMPTS$1 ? 1 : MAX_EVENTS);
		} catch (error) {
			if (isConnectionProblem(error)) throw error;
			if (error instanceof EventFailure) dead.set(error.eventId, this.#explain(error.cause, account, error.eventId));
			else if (attempt > 8) {
				if (isPassing(error)) throw error;
				await this.#buryFirst(account, lanes, error, dead);
			} else this.#deps.log.warn({
				event: "processing.retry",
				accountId: account.id,
				attempt,
				err: error
			}, "a batch starts over");
		}
	}
	#explain(cause, account, eventId) {
		if (cause instanceof ParseError) return toStorableText(cause.message);
		this.#deps.log.error({
			event: "processing.failed",
			accountId: account.id,
			eventId,
			err: cause
		}, "an event could not be applied");
		return toStorableText(`Internal fault: ${cause instanceof Error ? cause.message : String(cause)}`);
	}
	/** Alone and still failing: the first waiting event is the one the database refuses. */
	async #buryFirst(account, lanes, error, dead) {
		const first = await this.#deps.db.selectFrom("inbound_states").select("event_id").where("account_id", "=", account.id).where("lane", "in", [...lanes]).where("state", "=", "pending").orderBy("event_id").limit(1).executeTakeFirst();
		if (!first || dead.has(first.event_id)) throw error;
		dead.set(first.event_id, this.#explain(error, account, first.event_id));
	}
	async #attempt(account, lanes, dead, limit) {
		const { db, now, bus, metrics } = this.#deps;
		const done = await db.transaction().execute(async (tx) => {
			const owned = await claimLanes(tx, account.laneNo, lanes);
			if (owned.length === 0) return null;
			const events = await readPending(tx, account.id, owned, limit);
			const [first] = events;
			if (!first) return null;
			const work = new UnitOfWork(tx, {
				...account,
				teamIds: first.team_ids
			});
			const verdicts = await this.#apply(work, account, events, dead);
			return {
				head: headOf(await appendChanges(tx, await work.save(now(), writeVerdicts(verdicts, now())), now())),
				verdicts,
				more: events.length === limit || verdicts.size < events.length,
				missingOrders: work.missingOrders()
			};
		});
		if (!done) return {
			taken: 0,
			more: false
		};
		bus.announce(done.head);
		for (const verdict of done.verdicts.values()) metrics.eventsProcessed.inc({
			kind: account.kind,
			state: verdict.state
		});
		for (const externalId of done.missingOrders) this.#deps.askForOrder(account, externalId);
		return {
			taken: done.verdicts.size,
			more: done.more
		};
	}
	async #apply(work, account, events, dead) {
		const verdicts = /* @__PURE__ */ new Map();
		const parsed = /* @__PURE__ */ new Map();
		const wanted = createWanted();
		let bytes = 0;
		for (const event of events) {
			if (bytes > MAX_BATCH_BYTES) break;
			const reason = dead.get(event.id);
			if (reason !== void 0) {
				verdicts.set(event.id, {
					state: "dead",
					reason
				});
				continue;
			}
			const body = await this.#readBody(event);
			bytes += body.length;
			const parts = await this.#parse(account, event, body);
			parsed.set(event.id, parts);
			if (event.dedupe_key !== null) wanted.keys.add(event.dedupe_key);
			for (const part of parts) wantForPart(part, account.id, wanted);
		}
		await work.load(wanted);
		const environment = {
			createId: this.#deps.createId,
			storeFile: (content) => this.#deps.files.storeFile(content),
			ownAddress: account.ownAddress,
			orderStatus: account.orderStatus
		};
		for (const event of events) {
			const parts = parsed.get(event.id);
			if (parts) verdicts.set(event.id, await this.#applyEvent(work, event, parts, environment));
		}
		return verdicts;
	}
	async #readBody(event) {
		if (event.body !== null || event.body_sha256 === null) return event.body ?? Buffer.alloc(0);
		try {
			return await this.#deps.files.readFile(event.body_sha256);
		} catch (error) {
			if (error.code !== "ENOENT") throw error;
			const lost = new ParseError("The body of this event is missing from the files folder.", { cause: error });
			throw new EventFailure(event.id, lost);
		}
	}
	async #parse(account, event, body) {
		const request = {
			method: "POST",
			pathSuffix: event.path_suffix,
			query: "",
			headers: event.headers,
			body
		};
		try {
			return await account.parse(request, event.received_at);
		} catch (error) {
			throw new EventFailure(event.id, error);
		}
	}
	async #applyEvent(work, event, parts, environment) {
		if (event.dedupe_key !== null && work.processedKeys.has(event.dedupe_key)) return {
			state: "duplicate",
			reason: "this event came before"
		};
		const outcomes = [];
		try {
			for (const part of parts) outcomes.push(await applyPart(work, part, event.received_at, environment));
		} catch (error) {
			if (isDiskProblem(error)) throw error;
			throw new EventFailure(event.id, error);
		}
		if (event.dedupe_key !== null) work.putKey(event.dedupe_key, event.id);
		const best = outcomes.find((outcome) => outcome.state === "processed") ?? outcomes.find((outcome) => outcome.state === "duplicate") ?? outcomes[0];
		return {
			state: best?.state ?? "ignored",
			reason: best?.reason ?? null
		};
	}
};
function wantForPart(part, accountId, wanted) {
	if (part.type === "message") wantForMessage(part, accountId, wanted);
	else if (part.type === "delivery") wantForDelivery(part, wanted);
	else if (part.type === "visitor") wantForVisitor(part, accountId, wanted);
	else if (part.type === "rating") wantForRating(part, wanted);
	else if (part.type !== "ignored") wantForOrder(part, accountId, wanted);
}
async function applyPart(work, part, receivedAt, environment) {
	switch (part.type) {
		case "message": return applyMessage(work, part, receivedAt, environment);
		case "delivery": return applyDelivery(work, part);
		case "visitor": return applyVisitor(work, part, receivedAt, environment);
		case "rating": return applyRating(work, part);
		case "ignored": return {
			state: "ignored",
			reason: part.reason
		};
		default: return applyOrderEvent(work, part, receivedAt, environment);
	}
}
/** Storing a file failed (disk full, too many open files): no fault of the event. */
function isDiskProblem(error) {
	return /^E[A-Z]+$/.test(String(error.code));
}
/** Deadlocks, lapsed statement, transaction and lock times: no fault of the event either, however often they come. */
function isPassing(error) {
	return /^(40|25P0|55P03|57014)/.test(String(error.code));
}
/**
* Lanes nobody else is working on; they are ours until the transaction ends, as is the wish that the account's teams do not
* change meanwhile (see `db/scope-lock.ts`).
*/
async function claimLanes(tx, laneNo, lanes) {
	return (await sql`
    ${sql.raw(PREPARED)} select lane, ${heldScopes}
    from unnest(${[...lanes]}::smallint[]) as wanted (lane)
    where pg_try_advisory_xact_lock(7203, ${laneNo * 64}::integer + lane)`.execute(tx)).rows.map((row) => row.lane);
}
async function readPending(tx, accountId, lanes, limit) {
	return (await sql`
    ${sql.raw(PREPARED)} with heads as materialized (
      select head.event_id
      from unnest(${[...lanes]}::smallint[]) as owned (lane)
      cross join lateral (
        select event_id from inbound_states
        where account_id = ${accountId} and lane = owned.lane and state = 'pending' order by event_id limit ${limit}
      ) head
      order by head.event_id limit ${limit}
    )
    select e.id, e.topic, e.dedupe_key, e.path_suffix, e.headers, e.body, e.body_sha256, e.received_at,
           (select team_ids from accounts where id = ${accountId}) as team_ids
    from heads join inbound_events e on e.id = heads.event_id order by e.id`.execute(tx)).rows;
}
function writeVerdicts(verdicts, nowMs) {
	const rows = [...verdicts];
	return {
		name: "verdicts_written",
		statement: sql`
    update inbound_states s set state = given.state, reason = given.reason, at = ${nowMs}
    from unnest(${rows.map(([id]) => id)}::bigint[], ${rows.map(([, verdict]) => verdict.state)}::text[],
                ${rows.map(([, verdict]) => verdict.reason)}::text[]) as given (event_id, state, reason)
    where s.event_id = given.event_id`
	};
}
// apps/sync-server/src/processing/apply-read-order.ts
/**
* Takes in an order read from its shop, by the rules for one that came as an event (R12), in a transaction of its own. A
* webhook may bring the same order at the same moment: the loser of the two meets a unique key and may simply try again.
*/
async function applyReadOrder(deps, account, order) {
	const { db, bus, now, createId } = deps;
	const head = await db.transaction().execute(async (tx) => {
		await holdScopes(tx);
		const { team_ids: teamIds } = await tx.selectFrom("accounts").select("team_ids").where("id", "=", account.id).executeTakeFirstOrThrow();
		const work = new UnitOfWork(tx, {
			...account,
			teamIds
		});
		const event = {
			type: "order",
			order
		};
		const wanted = createWanted();
		wantForOrder(event, account.id, wanted);
		await work.load(wanted);
		applyOrderEvent(work, event, now(), {
			createId,
			orderStatus: account.orderStatus
		});
		return headOf(await appendChanges(tx, await work.save(now()), now()));
	});
	bus.announce(head);
}
// apps/sync-server/src/processing/missing-orders.ts
const PATIENCE_MS = 1e3;
const READ_TIMEOUT_MS = 15e3;
const MAX_ATTEMPTS = 4;
const MAX_CONCURRENT = 2;
const MAX_WAITING = 1e3;
/**
* Asks shops for orders of which only parts came: a refund or fulfilment of an order placed before the shop was connected,
* or whose webhook was lost. Best effort, apart from the lanes: what is not read here comes with the order's next webhook.
*/
var MissingOrders = class {
	#deps;
	#waiting = /* @__PURE__ */ new Map();
	#running = /* @__PURE__ */ new Set();
	#stop = new AbortController();
	constructor(deps) {
		this.#deps = deps;
	}
	/** Takes note and returns at once. Accounts that may not read orders are passed over. */
	ask(account, externalId) {
		if (account.readOrder === null || this.#waiting.size >= MAX_WAITING || this.#stop.signal.aborted) return;
		this.#waiting.set(`${account.id} ${externalId}`, {
			account,
			externalId
		});
		if (this.#running.size >= MAX_CONCURRENT) return;
		const running = this.#work().finally(() => this.#running.delete(running));
		this.#running.add(running);
	}
	/** Gives up what is under way. */
	async stop() {
		this.#stop.abort();
		await Promise.all(this.#running);
	}
	async #work() {
		for (;;) {
			const [next] = this.#waiting;
			if (!next || this.#stop.signal.aborted) return;
			this.#waiting.delete(next[0]);
			await this.#fetch(next[1]);
		}
	}
	async #fetch(missing) {
		const { log, random } = this.#deps;
		let waitMs = PATIENCE_MS;
		for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) try {
			await setTimeout$1(waitMs, void 0, { signal: this.#stop.signal });
			if (await this.#isKnown(missing)) return;
			const order = await this.#read(missing);
			if (order) await applyReadOrder(this.#deps, missing.account, order);
			return;
		} catch (error) {
			if (this.#stop.signal.aborted) return;
			const { account } = missing;
			log.warn({
				event: "orders.read-failed",
				accountId: account.id,
				attempt,
				err: error
			}, "an order could not be read from its shop");
			if (!isWorthRepeating(error)) return;
			const asked = error instanceof PlatformError ? error.retryAfterMs : null;
			waitMs = backoffMs(attempt, random, asked ?? 0);
		}
	}
	async #isKnown({ account, externalId }) {
		return await this.#deps.db.selectFrom("orders").select("id").where("store_id", "=", account.id).where("external_id", "=", externalId).executeTakeFirst() !== void 0;
	}
	async #read({ account, externalId }) {
		const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(READ_TIMEOUT_MS)]);
		const order = await account.readOrder?.(externalId, signal) ?? null;
		return order?.externalId === externalId ? order : null;
	}
};
/** A refused token or an unreadable order stays so; limits, faults and lost connections pass. */
function isWorthRepeating(error) {
	if (error instanceof PlatformError) return error.status === null || error.status === 429 || error.status >= 500;
	return error.code !== void 0;
}
// apps/sync-server/src/processing/scheduler.ts
const WORKERS = 2;
const LANES_PER_CLAIM = 24;
const SWEEP_MS = 2e3;
const BACKOFF_MS = 500;
/**
* Decides whose events are processed next: accounts take turns, so one busy account never starves another, and a lane is
* worked on by one worker at a time.
*/
var LaneScheduler = class {
	#engine;
	#accounts;
	#db;
	#log;
	/** Insertion order is the turn order: an account served goes to the end. */
	#ready = /* @__PURE__ */ new Map();
	#busy = /* @__PURE__ */ new Map();
	#idle = [];
	#stop = new AbortController();
	#paused = false;
	#running = Promise.resolve();
	constructor(engine, accounts, db, log) {
		this.#engine = engine;
		this.#accounts = accounts;
		this.#db = db;
		this.#log = log;
	}
	start() {
		const workers = Array.from({ length: WORKERS }, () => this.#work());
		this.#running = Promise.all([...workers, this.#sweepForever()]);
	}
	/** Resolves when the batches under way have been committed. */
	async stop() {
		this.#stop.abort();
		this.#wakeWorkers();
		await this.#running;
	}
	/** Holds processing back, for benchmarks of ingest alone and for repairs; what arrives is kept. */
	setPaused(paused) {
		this.#paused = paused;
		this.#wakeWorkers();
	}
	wake(accountId, lane) {
		const lanes = this.#ready.get(accountId);
		if (lanes) lanes.add(lane);
		else this.#ready.set(accountId, /* @__PURE__ */ new Set([lane]));
		this.#idle.pop()?.();
	}
	#wakeWorkers() {
		for (const resolve of this.#idle.splice(0)) resolve();
	}
	async #work() {
		while (!this.#stop.signal.aborted) {
			const claim = this.#paused ? null : this.#nextClaim();
			if (!claim) {
				await new Promise((resolve) => this.#idle.push(resolve));
				continue;
			}
			await this.#serve(claim.accountId, claim.lanes);
		}
	}
	#nextClaim() {
		for (const [accountId, ready] of this.#ready) {
			const busy = this.#busy.get(accountId);
			const lanes = [...ready].filter((lane) => !busy?.has(lane)).slice(0, LANES_PER_CLAIM);
			if (lanes.length === 0) continue;
			for (const lane of lanes) ready.delete(lane);
			this.#ready.delete(accountId);
			if (ready.size > 0) this.#ready.set(accountId, ready);
			return {
				accountId,
				lanes
			};
		}
		return null;
	}
	async #serve(accountId, lanes) {
		const account = this.#accounts.get(accountId);
		if (!account) return;
		const busy = this.#busy.get(accountId) ?? /* @__PURE__ */ new Set();
		this.#busy.set(accountId, busy);
		for (const lane of lanes) busy.add(lane);
		let again = false;
		try {
			again = (await this.#engine.processBatch(account, lanes)).more;
		} catch (error) {
			this.#log.warn({
				event: "processing.unavailable",
				accountId,
				err: error
			}, "events wait until the database answers");
			await setTimeout$1(BACKOFF_MS, void 0, { signal: this.#stop.signal }).catch(() => void 0);
			again = true;
		} finally {
			for (const lane of lanes) busy.delete(lane);
		}
		if (again) for (const lane of lanes) this.wake(accountId, lane);
		else if (this.#ready.has(accountId)) this.#idle.pop()?.();
	}
	async #sweepForever() {
		while (!this.#stop.signal.aborted) {
			try {
				await this.#sweep();
			} catch (error) {
				this.#log.warn({
					event: "processing.sweep-failed",
					err: error
				}, "looking for waiting events failed");
			}
			await setTimeout$1(SWEEP_MS, void 0, { signal: this.#stop.signal }).catch(() => void 0);
		}
	}
	async #sweep() {
		for (const { account_id: accountId, lane } of await readPendingLanes(this.#db)) if (!this.#busy.get(accountId)?.has(lane)) this.wake(accountId, lane);
	}
};
/** The lanes in which events wait. One probe of the index for each, however many events wait in it. */
async function readPendingLanes(db) {
	const { rows } = await sql`
    with recursive waiting as (
      (select account_id, lane from inbound_states where state = 'pending' order by account_id, lane limit 1)
      union all
      select next.account_id, next.lane from waiting cross join lateral (
        select account_id, lane from inbound_states
        where state = 'pending' and (account_id, lane) > (waiting.account_id, waiting.lane)
        order by account_id, lane limit 1
      ) next
    )
    select account_id, lane from waiting`.execute(db);
	return rows;
}
// apps/sync-server/src/realtime/origin.ts
/**
* Whether a page of this origin may open a socket with the browser's session cookie. Browsers send cookies along with
* sockets opened by any page, and sockets know no CORS: the origin is all there is to go by.
*/
function isOwnOrigin(origin, host, publicUrl) {
	if (origin === void 0 || host === void 0) return false;
	if (publicUrl !== null && URL.canParse(publicUrl) && new URL(publicUrl).origin === origin) return true;
	return origin === `http://${host}` || origin === `https://${host}`;
}
// apps/sync-server/src/realtime/handshake-error.ts
/** Why a socket is not let in, in the form Socket.IO hands to the client's `connect_error`: as `data`. */
function toHandshakeError(error, log) {
	const known = error instanceof AppError ? error : new AppError("unavailable", "The server cannot take connections now.");
	if (!(error instanceof AppError)) log.warn({
		event: "socket.handshake-failed",
		err: error
	}, "a handshake failed");
	return Object.assign(new Error(known.message), { data: known.toProblem() });
}
// apps/sync-server/src/realtime/socket-server.ts
const authSchema = z.object({
	token: z.string().max(200).optional(),
	/** The agent the console belongs to; another one may have logged in with the same browser meanwhile. */
	agentId: z.string().max(200).optional(),
	checkpoint: z.string().max(1e3).nullish(),
	accessVersion: z.number().int().nullish()
});
/** 1 MB: a batch of commands, never a file. */
const MAX_MESSAGE_BYTES = 1048576;
/**
* The live side of the desk: handshake, one room per scope set, frames out, commands in. Knows no SQL and no rules; who is
* who is looked up again whenever the agent's directory entry changes.
*/
var SocketServer = class {
	#io;
	#deps;
	#states = /* @__PURE__ */ new Map();
	constructor(server, deps) {
		this.#deps = deps;
		this.#io = new Server(server, {
			serveClient: false,
			pingInterval: 1e4,
			pingTimeout: 2e4,
			maxHttpBufferSize: MAX_MESSAGE_BYTES,
			destroyUpgrade: false,
			cors: { origin: "*" }
		});
		this.#io.use((socket, next) => {
			this.#authenticate(socket).then(() => next(), (error) => next(toHandshakeError(error, deps.log)));
		});
		this.#io.on("connection", (socket) => this.#welcome(socket));
	}
	async #authenticate(socket) {
		const parsed = authSchema.safeParse(socket.handshake.auth);
		if (!parsed.success) throw new AppError("bad-input", "The socket handshake cannot be read.");
		const token = parsed.data.token ?? readBearer(socket) ?? this.#cookieToken(socket);
		const session = token === null ? null : await this.#deps.resolveToken(token);
		if (token === null || !session) throw new AppError("unauthenticated", "Sign in first.");
		if (parsed.data.agentId !== void 0 && parsed.data.agentId !== session.agent.id) throw new AppError("unauthenticated", "Another agent is logged in here now: log in again.");
		socket.data.session = session;
		socket.data.token = token;
		socket.data.checkpoint = parsed.data.checkpoint ?? null;
		socket.data.accessVersion = parsed.data.accessVersion ?? null;
	}
	#cookieToken(socket) {
		const { origin, host, cookie } = socket.handshake.headers;
		return this.#deps.isOwnOrigin(origin, host) ? this.#deps.readCookieToken(cookie) : null;
	}
	#welcome(socket) {
		const session = socket.data.session;
		const feedKey = this.#deps.joinFeed(session.agent);
		socket.join(`feed:${feedKey}`);
		this.#states.set(socket, {
			session,
			token: socket.data.token,
			feedKey
		});
		this.#deps.metrics.sockets.set(this.#states.size);
		socket.on("disconnect", () => {
			this.#deps.leaveFeed(this.#states.get(socket)?.feedKey ?? feedKey);
			this.#states.delete(socket);
			this.#deps.metrics.sockets.set(this.#states.size);
		});
		socket.on("commands", (body, acknowledge) => void this.#handleCommands(socket, body, acknowledge));
		let agent = session.agent;
		this.#deps.welcomeSignals(socket, () => {
			agent = this.#states.get(socket)?.session.agent ?? agent;
			return agent;
		});
		this.#greet(socket);
	}
	/** Another namespace on the same connection, with its own handshake. */
	namespace(name) {
		return this.#io.of(name);
	}
	/** Tells every console whose agent may read what has these scopes (R15); null tells all. */
	tell(scopes, event, payload) {
		for (const [socket, { session }] of this.#states) if (scopes === null || isVisible(scopes, scopesOf(session.agent))) socket.emit(event, payload);
	}
	async #greet(socket) {
		try {
			await this.#refresh(socket);
		} catch (error) {
			this.#deps.log.warn({
				event: "socket.unchecked",
				err: error
			}, "a new socket could not be looked at again");
			socket.disconnect(true);
		}
		const session = this.#states.get(socket)?.session;
		if (!session) return;
		const { accessVersion, checkpoint } = socket.data;
		if (accessVersion !== null && accessVersion !== session.agent.accessVersion) socket.emit("access-changed", {
			lost: [],
			gained: [],
			accessVersion: session.agent.accessVersion
		});
		if (checkpoint === null) return;
		try {
			await this.#deps.checkCheckpoint(checkpoint);
		} catch (error) {
			if (error instanceof AppError) socket.emit("resync", error.toProblem());
			else this.#deps.log.warn({
				event: "socket.checkpoint-unchecked",
				err: error
			}, "a checkpoint could not be checked");
		}
	}
	async #handleCommands(socket, body, acknowledge) {
		if (typeof acknowledge !== "function") return;
		const state = this.#states.get(socket);
		try {
			const session = state ? await this.#deps.resolveToken(state.token) : null;
			if (!session) throw new AppError("unauthenticated", "Sign in first.");
			acknowledge(await this.#deps.runCommands(session.agent, body));
		} catch (error) {
			if (!(error instanceof AppError)) this.#deps.log.error({
				event: "socket.commands-failed",
				err: error
			}, "commands failed");
			acknowledge({ problem: (error instanceof AppError ? error : new AppError("unavailable", "The server could not take the commands now.")).toProblem() });
		}
	}
	/** Sends a frame to everybody of a feed group; each gets the access version of his own session. */
	send(feedKey, frame) {
		const versions = /* @__PURE__ */ new Map();
		for (const [socket, state] of this.#states) {
			if (state.feedKey !== feedKey) continue;
			const version = state.session.agent.accessVersion;
			versions.set(version, [...versions.get(version) ?? [], socket]);
		}
		for (const [accessVersion, sockets] of versions) this.#io.to(sockets.map((socket) => socket.id)).emit("changes", {
			...frame,
			accessVersion
		});
	}
	/** Looks again at agents whose directory entry changed: gone ones are cut, others get their new room. */
	async refreshAgents(agentIds) {
		for (const [socket, { session }] of [...this.#states]) if (agentIds.includes(session.agent.id)) await this.#refresh(socket);
	}
	async #refresh(socket) {
		const token = this.#states.get(socket)?.token;
		const session = token === void 0 ? null : await this.#deps.resolveToken(token);
		const state = this.#states.get(socket);
		if (!state) return;
		if (!session) socket.disconnect(true);
		else if (session.agent.accessVersion > state.session.agent.accessVersion) this.#moveRoom(socket, state, session);
	}
	#moveRoom(socket, state, session) {
		this.#deps.leaveFeed(state.feedKey);
		const feedKey = this.#deps.joinFeed(session.agent);
		this.#states.set(socket, {
			...state,
			session,
			feedKey
		});
		socket.emit("access-changed", {
			lost: toList(scopesOf(state.session.agent)),
			gained: toList(scopesOf(session.agent)),
			accessVersion: session.agent.accessVersion
		});
	}
	/** Cuts the sockets of sessions that are over. */
	endSessions(end) {
		for (const [socket, { session }] of [...this.#states]) if ("sessionId" in end ? session.sessionId === end.sessionId : session.agent.id === end.agentId && session.sessionId !== end.exceptSessionId) socket.disconnect(true);
	}
	async close() {
		await this.#io.close();
	}
};
/** What the desktop app adds to its requests; pages cannot set this header on a socket. */
function readBearer(socket) {
	return /^bearer +(\S{1,200}) *$/i.exec(socket.handshake.headers.authorization ?? "")?.[1] ?? null;
}
function toList(scopes) {
	return scopes === "all" ? ["all"] : scopes;
}
// apps/sync-server/src/replication/changes-page.ts
/**
* The documents written after a checkpoint, in `seq` order, tombstones included, as the JSON text of a ChangesPage.
*
* Log rows and bodies are read in one REPEATABLE READ snapshot; `seq` is assigned under the change-log lock, so no slow
* transaction can land behind a checkpoint already handed out (R5).
*
* @throws AppError `bad-input` for what is not a checkpoint, `resync` when the checkpoint belongs to another history (a
*   restored backup), `access-changed` when the reader's access is not what the client believes.
*/
async function readChangesPage(db, deskId, reader, request, nowMs) {
	if (request.accessVersion !== null && request.accessVersion !== reader.accessVersion) throw new AppError("access-changed", "What you may see has changed: read everything again.", { data: {
		lost: [],
		gained: [],
		accessVersion: reader.accessVersion
	} });
	const limit = Math.min(request.limit, MAX_CHANGES_PER_PAGE);
	return db.transaction().setIsolationLevel("repeatable read").setAccessMode("read only").execute(async (tx) => {
		const from = await resolveCheckpoint(tx, deskId, request.checkpoint);
		const { rows, full } = await readLog(tx, from, limit, reader.scopes);
		const shell = {
			checkpoint: await createCheckpoint(tx, deskId, full ? rows.at(-1)?.seq ?? from : Math.max(from, await readHead(tx))),
			upToDate: !full,
			accessVersion: reader.accessVersion,
			serverTime: nowMs
		};
		return `{"changes":[${rows.map(toChangeText).join(",")}],${JSON.stringify(shell).slice(1)}`;
	});
}
/** The `seq` of a checkpoint that belongs to this desk's history. */
async function resolveCheckpoint(tx, deskId, text) {
	if (text === null || text === "") return 0;
	const checkpoint = decodeCheckpoint(text);
	if (!checkpoint) throw new AppError("bad-input", "The checkpoint cannot be read.", { errors: [{
		path: "checkpoint",
		message: "give back the checkpoint of the last page unchanged, or leave it out to start over"
	}] });
	if (!(checkpoint.deskId === deskId && (checkpoint.seq === 0 || await readMark(tx, checkpoint.seq) === checkpoint.mark))) throw new AppError("resync", "This checkpoint belongs to another history of the desk: start over.");
	return checkpoint.seq;
}
async function createCheckpoint(tx, deskId, seq) {
	return encodeCheckpoint({
		deskId,
		seq,
		mark: seq === 0 ? "" : await readMark(tx, seq) ?? ""
	});
}
async function readHead(tx) {
	return (await tx.selectFrom("commit_marks").select((eb) => eb.fn.max("last_seq").as("head")).executeTakeFirst())?.head ?? 0;
}
/** Begins the mark of the positions that a restore left out, which only the history it replaced may have used. */
const RESTORE_MARK = "restored.";
/**
* Where this history stood when it was restored, if `seq` is a position of the one it replaced (docs/adr/0013); null for every
* other position.
*/
async function findRestorePoint(db, seq) {
	const row = await db.selectFrom("commit_marks").select("first_seq").where("first_seq", "<=", seq).where("last_seq", ">=", seq).where("mark", "like", `${RESTORE_MARK}%`).executeTakeFirst();
	return row ? row.first_seq - 1 : null;
}
async function readMark(tx, seq) {
	const row = await tx.selectFrom("commit_marks").select(["mark", "first_seq"]).where("last_seq", ">=", seq).orderBy("last_seq").limit(1).executeTakeFirst();
	return row && row.first_seq <= seq ? row.mark : null;
}
const MAX_STORED_BYTES = 5242880;
/**
* Rows after `fromSeq` that the scopes may read, oldest first, with bodies: as many as `limit` and `MAX_STORED_BYTES` let
* pass. Each body is one look-up by its key: the cost of a page grows with the page, not with the desk.
*
* @returns the rows, and whether there may be more after them.
*/
async function readLog(tx, fromSeq, limit, scopes) {
	const visible = scopes === "all" ? sql`true` : sql`scopes && ${[...scopes]}::text[]`;
	const result = await sql`
    ${sql.raw(PREPARED)} with page as materialized (
      select * from change_log where seq > ${fromSeq} and ${visible} order by seq limit ${limit}
    ), bodies as (
      select page.*, case page.collection
          when 'message' then (select doc from messages where id = page.id)
          when 'conversation' then (select doc from conversations where id = page.id)
          when 'customer' then (select doc from customers where id = page.id)
          when 'order' then (select doc from orders where id = page.id)
          when 'command' then (select doc || jsonb_build_object('seq', page.created_seq) from commands where id = page.id)
          when 'directory' then (select doc from directory_docs where id = page.id)
        end as body
      from page
    ), measured as (
      select *, sum(pg_column_size(body)) over (order by seq rows between unbounded preceding and 1 preceding) as bytes_before
      from bodies
    )
    select seq, created_seq, collection, id, scopes, deleted, removed, (select count(*) from page) as found,
      (body || jsonb_build_object('createdSeq', created_seq))::text as doc
    from measured where coalesce(bytes_before, 0) < ${MAX_STORED_BYTES} order by seq`.execute(tx);
	const found = result.rows[0]?.found ?? 0;
	const rows = result.rows.map((row) => ({
		seq: row.seq,
		createdSeq: row.created_seq,
		collection: row.collection,
		id: row.id,
		scopes: row.scopes,
		gone: row.removed ? "removed" : row.deleted || row.doc === null ? "deleted" : null,
		docText: row.doc
	}));
	return {
		rows,
		full: found === limit || rows.length < found
	};
}
/** One entry of a page or frame as JSON text. A deleted order's row says so and carries no body. */
function toChangeText(row) {
	const head = `{"seq":${row.seq},"createdSeq":${row.createdSeq},"collection":"${row.collection}","id":${JSON.stringify(row.id)}`;
	return row.gone ? `${head},"${row.gone}":true}` : `${head},"doc":${row.docText}}`;
}
// apps/sync-server/src/replication/live-feed.ts
const MAX_ROWS_PER_ROUND$1 = 2e3;
const LOOK_MS$2 = 1e3;
const EMPTY_FRAME_MS = 1e4;
/**
* Reads each range of the change log once and turns it into one frame per distinct scope set (R7). Frames chain:
* `fromSeq` is the `toSeq` of the frame before; whoever misses one sees the gap and pulls.
*/
var LiveFeed = class {
	#deps;
	#groups = /* @__PURE__ */ new Map();
	#cursor = 0;
	#checkpoint = "";
	#pumping = false;
	#again = false;
	#timer = null;
	#hear = () => void this.#pump();
	constructor(deps) {
		this.#deps = deps;
	}
	async start() {
		this.#cursor = await readHead(this.#deps.db);
		this.#checkpoint = await createCheckpoint(this.#deps.db, this.#deps.deskId, this.#cursor);
		this.#deps.bus.on("head", this.#hear);
		this.#timer = setInterval(this.#hear, LOOK_MS$2);
	}
	stop() {
		if (this.#timer) clearInterval(this.#timer);
		this.#deps.bus.off("head", this.#hear);
	}
	/** The group of a new socket. It hears everything after the feed's cursor; what lies before, it pulls. */
	join(agent) {
		const scopes = scopesOf(agent);
		const key = scopes === "all" ? "all" : [...scopes].sort().join(",");
		const group = this.#groups.get(key) ?? {
			key,
			scopes,
			sentSeq: this.#cursor,
			sentAt: this.#deps.now(),
			members: 0
		};
		group.members += 1;
		this.#groups.set(key, group);
		return key;
	}
	leave(key) {
		const group = this.#groups.get(key);
		if (group && --group.members <= 0) this.#groups.delete(key);
	}
	get cursor() {
		return this.#cursor;
	}
	async #pump() {
		if (this.#pumping) {
			this.#again = true;
			return;
		}
		this.#pumping = true;
		try {
			do {
				this.#again = false;
				await this.#round();
			} while (this.#again);
		} catch (error) {
			this.#deps.log.warn({
				event: "feed.unavailable",
				err: error
			}, "live frames wait until the database answers");
		} finally {
			this.#pumping = false;
		}
	}
	async #round() {
		const { db, deskId } = this.#deps;
		if (this.#groups.size === 0) return this.#skip();
		const { rows, full } = await readLog(db, this.#cursor, MAX_ROWS_PER_ROUND$1, "all");
		const last = rows.at(-1)?.seq;
		if (last !== void 0) {
			const checkpoint = await createCheckpoint(db, deskId, last);
			const directory = rows.filter((row) => row.collection === "directory").map((row) => row.id);
			if (directory.length > 0) await this.#deps.onDirectoryChange(directory);
			this.#checkpoint = checkpoint;
			this.#cursor = last;
			if (full) this.#again = true;
		}
		const changes = /* @__PURE__ */ new Map();
		for (const group of this.#groups.values()) this.#serve(group, rows, changes);
	}
	/** Nobody listens: bodies are not read, and whoever joins pulls what lies before. */
	async #skip() {
		const head = await readHead(this.#deps.db);
		if (head === this.#cursor) return;
		const checkpoint = await createCheckpoint(this.#deps.db, this.#deps.deskId, head);
		if (this.#groups.size > 0) return;
		this.#checkpoint = checkpoint;
		this.#cursor = head;
	}
	#serve(group, rows, encoded) {
		if (group.sentSeq >= this.#cursor) return;
		const { scopes } = group;
		const visible = rows.filter((row) => isVisible(row.scopes, scopes));
		const now = this.#deps.now();
		if (visible.length === 0 && now - group.sentAt < EMPTY_FRAME_MS) return;
		const changes = visible.map((row) => {
			const known = encoded.get(row) ?? JSON.parse(toChangeText(row));
			encoded.set(row, known);
			return known;
		});
		this.#deps.send(group.key, {
			fromSeq: group.sentSeq,
			toSeq: this.#cursor,
			checkpoint: this.#checkpoint,
			serverTime: now,
			changes
		});
		group.sentSeq = this.#cursor;
		group.sentAt = now;
	}
};
// apps/sync-server/src/db/queries/chat.ts
const isShown = sql`m.kind in ('text', 'attachment') and not coalesce((m.doc->>'deleted')::boolean, false)
  and (m.direction = 'in' or m.status in ('sent', 'delivered', 'read', 'recalled'))`;
function selectOwn({ accountId, visitorId }, condition, rest) {
	return sql`
    select m.doc, l.seq, l.created_seq as "createdSeq", a.name as "agentName"
    from thread_refs r
    join messages m on m.channel_account_id = r.channel_account_id and m.conversation_id = r.conversation_id
    join change_log l on l.collection = 'message' and l.id = m.id and l.scope_left = ''
    left join agents a on m.doc->>'authorType' = 'agent' and a.id = m.doc->>'authorId'
    where r.channel_account_id = ${accountId} and r.external_id = ${visitorReference(visitorId)} and ${isShown} and ${condition}
    ${rest}`;
}
/** Messages of a visitor's own conversations that changed after `seq`, in that order. */
async function readChatChanges(db, visitor, seq, limit) {
	return (await selectOwn(visitor, sql`l.seq > ${seq}`, sql`order by l.seq limit ${limit}`).execute(db)).rows;
}
/** The newest messages of a visitor, or those before one of his; newest first. */
async function readChatPage(db, visitor, before, limit) {
	return (await selectOwn(visitor, before ? sql`(m.sent_at, l.created_seq) < (${before.sentAt}::bigint, ${before.createdSeq}::bigint)` : sql`true`, sql`order by m.sent_at desc, l.created_seq desc limit ${limit}`).execute(db)).rows;
}
/** A message by the id the visitor knows it by; null unless it is shown to him. */
async function findChatMessage(db, visitor, id) {
	const own = `${visitor.visitorId}/${id}`;
	return (await selectOwn(visitor, sql`((m.direction = 'out' and m.id = ${id}) or (m.direction = 'in' and m.external_id = ${own}))`, sql`limit 1`).execute(db)).rows[0] ?? null;
}
/** Of these messages, the ones agents sent to this visitor and that have not been reported as `read` (or `delivered`) yet. */
async function findUnreported(db, visitor, ids, outcome) {
	if (ids.length === 0) return [];
	const open = outcome === "read" ? ["sent", "delivered"] : ["sent"];
	return (await selectOwn(visitor, sql`m.direction = 'out' and m.id = any(${[...ids]}::text[]) and m.status = any(${open}::text[])`, sql`limit ${ids.length}`).execute(db)).rows.map((row) => row.doc.id);
}
/**
* The conversation each of these visitors is in: the unresolved one, else the last. Whoever answers has seen what came
* before the answer.
*/
async function readChatConversations(db, visitors) {
	if (visitors.length === 0) return [];
	const { rows } = await sql`
    select given.account_id as "accountId", given.visitor_id as "visitorId", current.doc,
           greatest(coalesce(seen.created_seq, 0), coalesce(answered.created_seq, 0)) as "seenSeq"
    from unnest(${visitors.map((one) => one.accountId)}::text[], ${visitors.map((one) => one.visitorId)}::text[])
      as given (account_id, visitor_id)
    cross join lateral (
      select c.id, c.doc from thread_refs r join conversations c on c.id = r.conversation_id
      where r.channel_account_id = given.account_id and r.external_id = 'visitor:' || given.visitor_id
      order by (c.status <> 'resolved') desc, c.last_message_at desc, c.id desc limit 1
    ) current
    left join chat_seen seen on seen.conversation_id = current.id
    left join lateral (
      select max(asked.created_seq) as created_seq
      from messages question join change_log asked on asked.collection = 'message' and asked.id = question.id
      where question.conversation_id = current.id and question.direction = 'in' and asked.created_seq < (
        select max(replied.created_seq)
        from messages answer join change_log replied on replied.collection = 'message' and replied.id = answer.id
        where answer.conversation_id = current.id and answer.direction = 'out' and answer.kind <> 'note'
          and answer.status in ('sent', 'delivered', 'read') and answer.doc->>'authorType' = 'agent')
    ) answered on true`.execute(db);
	return rows;
}
/** A conversation of this visitor, by its id. */
async function findOwnConversation(db, visitor, id) {
	return (await db.selectFrom("thread_refs as r").innerJoin("conversations as c", "c.id", "r.conversation_id").select("c.doc").where("r.channel_account_id", "=", visitor.accountId).where("r.external_id", "=", visitorReference(visitor.visitorId)).where("c.id", "=", id).executeTakeFirst())?.doc ?? null;
}
/** What changed in chats of these accounts after `fromSeq` up to `toSeq`, oldest first; messages only where they are shown. */
async function readChatLog(db, accountIds, fromSeq, toSeq, limit) {
	const { rows } = await sql`
    select l.seq, l.created_seq as "createdSeq", c.channel_account_id as "accountId",
           c.doc->'participants'->>0 as "visitorId", m.doc as message, a.name as "agentName"
    from change_log l
    left join messages m on l.collection = 'message' and m.id = l.id
    join conversations c on c.id = coalesce(m.conversation_id, case l.collection when 'conversation' then l.id end)
    left join agents a on m.doc->>'authorType' = 'agent' and a.id = m.doc->>'authorId'
    where l.seq > ${fromSeq} and l.seq <= ${toSeq} and l.collection in ('message', 'conversation')
      and c.channel_account_id = any(${[...accountIds]}::text[]) and (m.id is null or (${isShown}))
    order by l.seq limit ${limit}`.execute(db);
	return rows;
}
/** How far agents have read in these conversations. */
async function readSeen(db, conversationIds) {
	if (conversationIds.length === 0) return /* @__PURE__ */ new Map();
	const { rows } = await sql`
    select conversation_id as id, created_seq as seq from chat_seen
    where conversation_id = any(${[...conversationIds]}::text[])`.execute(db);
	return new Map(rows.map((row) => [row.id, row.seq]));
}
/** Writes down that an agent has had a visitor's message on screen; what was seen before stays seen. */
async function saveSeen(db, conversationId, messageId, atMs) {
	await sql`
    insert into chat_seen (conversation_id, created_seq, at)
    select m.conversation_id, l.created_seq, ${atMs}::bigint
    from messages m join change_log l on l.collection = 'message' and l.id = m.id and l.scope_left = ''
    where m.id = ${messageId} and m.conversation_id = ${conversationId} and m.direction = 'in'
    on conflict (conversation_id) do update set created_seq = excluded.created_seq, at = excluded.at
      where chat_seen.created_seq < excluded.created_seq`.execute(db);
}
/** A conversation of a chat with its readers, for what agents tell its visitor. */
async function findChat(db, conversationId) {
	const { rows } = await sql`
    select c.channel_account_id as "accountId", c.doc->'participants'->>0 as "visitorId", l.scopes
    from conversations c
    join change_log l on l.collection = 'conversation' and l.id = c.id and l.scope_left = ''
    join thread_refs r on r.channel_account_id = c.channel_account_id and r.conversation_id = c.id
      and r.external_id = 'visitor:' || (c.doc->'participants'->>0)
    where c.id = ${conversationId}`.execute(db);
	return rows[0] ?? null;
}
/** The customer a visitor is; null before he has said anything. */
async function findVisitorCustomer(db, visitor) {
	return (await db.selectFrom("identities as i").innerJoin("customers as c", "c.id", "i.customer_id").select("c.doc").where("i.kind", "=", "external").where("i.scope", "=", visitor.accountId).where("i.value", "=", visitor.visitorId).executeTakeFirst())?.doc ?? null;
}
// apps/sync-server/src/domain/office-hours.ts
const MINUTE_MS = 6e4;
const DAY_MS = 864e5;
const DAYS_AHEAD = 8;
/** Whether the desk answers at this instant, by the wall clock of its own time zone, daylight saving time included. */
function findOpening(hours, nowMs) {
	const today = toWallClock(nowMs, hours.timeZone);
	const midnight = today - (today % DAY_MS + DAY_MS) % DAY_MS;
	const lastDay = midnight + DAYS_AHEAD * DAY_MS;
	const spans = [];
	for (let day = midnight - DAY_MS; day <= lastDay; day += DAY_MS) {
		const weekday = weekdays[((day / DAY_MS + 3) % 7 + 7) % 7] ?? "mon";
		for (const [from, to] of hours.days[weekday] ?? []) spans.push({
			from: toInstant(day + toMinutes(from) * MINUTE_MS, hours.timeZone),
			to: toInstant(day + toMinutes(to) * MINUTE_MS, hours.timeZone)
		});
	}
	return findIn(mergeSpans(spans), nowMs, toInstant(lastDay + DAY_MS, hours.timeZone));
}
function findIn(spans, nowMs, horizon) {
	const current = spans.find((span) => span.from <= nowMs && nowMs < span.to);
	if (current) return {
		open: true,
		changesAt: current.to >= horizon ? null : current.to
	};
	return {
		open: false,
		changesAt: spans.find((span) => span.from > nowMs)?.from ?? null
	};
}
/** Spans that meet become one: 24:00 and the next day's 00:00 are the same instant, and nothing changes there. */
function mergeSpans(spans) {
	const merged = [];
	for (const span of spans.toSorted((a, b) => a.from - b.from)) {
		const last = merged.at(-1);
		if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
		else if (span.from < span.to) merged.push({ ...span });
	}
	return merged;
}
function toMinutes(time) {
	return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
/**
* The instant of a wall-clock time, given as if it were UTC. A time that comes twice is its first; one that the clocks skip
* is as long after the jump as it would have been after the hour before.
*/
function toInstant(wallClock, timeZone) {
	const before = offsetAt(wallClock - DAY_MS, timeZone);
	const after = offsetAt(wallClock + DAY_MS, timeZone);
	const candidates = [wallClock - before, wallClock - after].filter((instant) => toWallClock(instant, timeZone) === wallClock);
	return candidates.length > 0 ? Math.min(...candidates) : wallClock - before;
}
function offsetAt(instant, timeZone) {
	return toWallClock(instant, timeZone) - instant;
}
const formats = /* @__PURE__ */ new Map();
/** What clocks in the zone show, as if it were UTC; whole seconds. */
function toWallClock(instant, timeZone) {
	const format = formats.get(timeZone) ?? new Intl.DateTimeFormat("en-US", {
		timeZone,
		calendar: "gregory",
		numberingSystem: "latn",
		hourCycle: "h23",
		year: "numeric",
		month: "numeric",
		day: "numeric",
		hour: "numeric",
		minute: "numeric",
		second: "numeric"
	});
	formats.set(timeZone, format);
	const parts = {};
	for (const { type, value } of format.formatToParts(instant)) parts[type] = Number(value);
	const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
	return Date.UTC(year, month - 1, day, hour, minute, second);
}
// apps/sync-server/src/chat/present.ts
/** A message as its visitor sees it: no mail addresses, nothing about who may see it or what it was called outside. */
function toChatMessage(row, fileUrl) {
	const { doc } = row;
	const recalled = doc.status === "recalled";
	const own = doc.direction === "in";
	return {
		id: own ? (doc.externalId ?? doc.id).replace(/^.*\//, "") : doc.id,
		conversationId: doc.conversationId,
		author: doc.authorType === "customer" ? "visitor" : doc.authorType,
		authorName: own ? "" : row.agentName ?? "",
		text: recalled ? "" : doc.text,
		attachments: recalled ? [] : doc.attachments.map((one) => {
			const { id, name, contentType, sizeBytes } = one;
			return {
				id,
				name,
				contentType,
				sizeBytes,
				url: one.sha256 === null ? null : fileUrl(id)
			};
		}),
		at: doc.sentAt,
		order: row.createdSeq,
		recalled
	};
}
const noConversation = {
	id: null,
	state: "none",
	askRating: false,
	seenOrder: 0
};
function toChatConversation(row, asksRating) {
	if (!row) return noConversation;
	const { doc, seenSeq } = row;
	const resolved = doc.status === "resolved";
	return {
		id: doc.id,
		state: resolved ? "resolved" : "open",
		askRating: resolved && asksRating && !doc.satisfaction,
		seenOrder: seenSeq
	};
}
/** What everybody may know of a chat account. */
function toChatSettings(account, agentsOnline, nowMs) {
	const { officeHours, ...settings } = account.chat.settings;
	const opening = officeHours === null ? {
		open: true,
		changesAt: null
	} : findOpening(officeHours, nowMs);
	return {
		accountId: account.id,
		name: account.name,
		...settings,
		...opening,
		agentsOnline
	};
}
// apps/sync-server/src/chat/feed.ts
const LOOK_MS$1 = 1e3;
const MAX_ROWS_PER_ROUND = 1e3;
/**
* Hands visitors what changed in their own conversations. Reads the change log behind a cursor of its own, and only while
* somebody is connected: a widget reads its history after it has been welcomed, so that nothing falls between.
*/
var ChatFeed = class {
	#deps;
	#watched = /* @__PURE__ */ new Map();
	/** Visitors who may believe something that is not true any more. */
	#unsure = /* @__PURE__ */ new Set();
	#cursor = null;
	#looking = null;
	#again = false;
	#looksForSeen = false;
	#timer = null;
	#hear = () => this.#wake();
	constructor(deps) {
		this.#deps = deps;
	}
	start() {
		this.#deps.bus.on("head", this.#hear);
		this.#timer = setInterval(() => this.look(), LOOK_MS$1);
	}
	async stop() {
		if (this.#timer) clearInterval(this.#timer);
		this.#deps.bus.off("head", this.#hear);
		await this.#looking;
	}
	/** From now on, what is written for this visitor is delivered. Call `unwatch` once for each call. */
	async watch({ accountId, visitorId }) {
		const known = this.#watched.get(keyOf({
			accountId,
			visitorId
		}));
		if (known) known.widgets += 1;
		else this.#watched.set(keyOf({
			accountId,
			visitorId
		}), {
			accountId,
			visitorId,
			widgets: 1,
			conversation: null
		});
		if (this.#cursor === null) {
			const head = await readHead(this.#deps.db);
			if (this.#watched.size > 0) this.#cursor ??= head;
		}
	}
	unwatch(visitor) {
		const known = this.#watched.get(keyOf(visitor));
		if (known && --known.widgets <= 0) {
			this.#watched.delete(keyOf(visitor));
			this.#unsure.delete(known);
		}
		if (this.#watched.size === 0) this.#cursor = null;
	}
	/** The conversation a connected visitor is in, as far as he was told; null when nothing is known of one. */
	conversationOf(visitor) {
		return this.#watched.get(keyOf(visitor))?.conversation?.id ?? null;
	}
	/**
	* What a widget finds in its history need not be told again. News may have overtaken the history on its way: so we look
	* once more, and tell what is different.
	*/
	noteConversation(visitor, conversation) {
		const known = this.#watched.get(keyOf(visitor));
		if (!known) return;
		known.conversation = conversation;
		this.#unsure.add(known);
		this.#wake();
	}
	/** Looks soon, also for what the change log does not tell. */
	look() {
		this.#looksForSeen = true;
		this.#wake();
	}
	#wake() {
		if (this.#watched.size === 0) return;
		this.#again = true;
		this.#looking ??= this.#lookUntilDone().finally(() => {
			this.#looking = null;
		});
	}
	async #lookUntilDone() {
		try {
			while (this.#again && this.#watched.size > 0) {
				this.#again = false;
				await this.#tellChanges();
				await this.#tellUnsure();
				if (this.#looksForSeen) await this.#tellSeen();
			}
		} catch (error) {
			this.#deps.log.warn({
				event: "chat.feed-waits",
				err: error
			}, "visitors wait until the database answers");
		}
	}
	async #tellChanges() {
		const from = this.#cursor;
		const { db } = this.#deps;
		if (from === null) return;
		const head = await readHead(db);
		if (head <= from) {
			if (this.#cursor === from) this.#cursor = head;
			return;
		}
		const rows = await readChatLog(db, [...new Set([...this.#watched.values()].map((one) => one.accountId))], from, head, MAX_ROWS_PER_ROUND);
		const last = rows.at(-1);
		const full = rows.length === MAX_ROWS_PER_ROUND && last !== void 0;
		const cursor = full ? last.seq : head;
		const touched = this.#tellMessages(rows, cursor);
		await this.#tellConversations(touched);
		if (this.#cursor === from) this.#cursor = cursor;
		if (full) this.#again = true;
	}
	/** @returns the visitors in whose conversations something changed. */
	#tellMessages(rows, cursor) {
		const messages = /* @__PURE__ */ new Map();
		for (const { message: doc, ...row } of rows) {
			const visitor = this.#watched.get(keyOf(row));
			if (!visitor) continue;
			const known = messages.get(visitor) ?? [];
			if (doc) known.push(toChatMessage({
				...row,
				doc
			}, this.#deps.fileUrl));
			messages.set(visitor, known);
		}
		for (const [visitor, list] of messages) if (list.length > 0) this.#deps.deliver(visitor, {
			event: "messages",
			payload: {
				messages: list,
				cursor
			}
		});
		return [...messages.keys()];
	}
	async #tellConversations(visitors) {
		for (const row of await readChatConversations(this.#deps.db, visitors)) {
			const visitor = this.#watched.get(keyOf(row));
			if (visitor) this.#tellConversation(visitor, toChatConversation(row, this.#deps.asksRating(row.accountId)));
		}
	}
	async #tellUnsure() {
		const visitors = [...this.#unsure];
		this.#unsure.clear();
		try {
			await this.#tellConversations(visitors);
		} catch (error) {
			for (const visitor of visitors) this.#unsure.add(visitor);
			throw error;
		}
	}
	#tellConversation(visitor, next) {
		const before = visitor.conversation;
		visitor.conversation = next;
		const { seenOrder, ...state } = next;
		const { seenOrder: seenBefore, ...stateBefore } = before ?? {
			...next,
			seenOrder: 0,
			state: "none"
		};
		if (JSON.stringify(state) !== JSON.stringify(stateBefore)) this.#deps.deliver(visitor, {
			event: "conversation",
			payload: next
		});
		if (seenOrder > seenBefore) this.#deps.deliver(visitor, {
			event: "seen",
			payload: { order: seenOrder }
		});
	}
	/** What agents have had on screen is not in the change log. */
	async #tellSeen() {
		this.#looksForSeen = false;
		const visitors = [...this.#watched.values()].filter((one) => one.conversation?.id);
		const ids = visitors.map((one) => one.conversation?.id ?? "");
		const seen = await readSeen(this.#deps.db, ids);
		for (const visitor of visitors) {
			const { conversation } = visitor;
			const order = conversation?.id ? seen.get(conversation.id) ?? 0 : 0;
			if (conversation && order > conversation.seenOrder) this.#tellConversation(visitor, {
				...conversation,
				seenOrder: order
			});
		}
	}
};
function keyOf({ accountId, visitorId }) {
	return `${accountId}\n${visitorId}`;
}
// apps/sync-server/src/chat/files.ts
const HOUR_MS = 36e5;
const UPLOAD_KEY_MS = 24 * HOUR_MS;
const FILE_URL_STEP_MS = 12 * HOUR_MS;
/** Files of chats: visitors have no session that a route could check, so keys in the address and in a header stand for it. */
var ChatFiles = class {
	#deps;
	constructor(deps) {
		this.#deps = deps;
	}
	/** What lets the bearer upload files for this visitor. */
	createUploadKey({ accountId, visitorId }) {
		return this.#deps.keys.sign("upload", [accountId, visitorId], this.#deps.now() + UPLOAD_KEY_MS);
	}
	/** @throws AppError `unauthenticated`: a new connection gives a new key. */
	readUploadKey(key) {
		const [accountId, visitorId] = this.#deps.keys.read("upload", key, this.#deps.now()) ?? [];
		if (accountId === void 0 || visitorId === void 0) throw new AppError("unauthenticated", "The X-Chat-Key is not good, or no longer.");
		return {
			accountId,
			visitorId
		};
	}
	/** @throws AppError `rate-limited`, also before the first byte: `sizeBytes` may be what the client says. */
	takeUpload(visitor, address, sizeBytes) {
		this.#deps.limits.take("upload-bytes", visitor.visitorId, address, this.#deps.now(), sizeBytes);
	}
	/** Stores a file; a message of the same visitor may name it from now on. */
	async save(visitor, content, name, contentType) {
		const { db, store, now, createId } = this.#deps;
		if (content.length > 10485760) throw new AppError("too-large", `A file may have at most ${MAX_CHAT_FILE_BYTES} bytes.`);
		const stored = await store.storeFile(content);
		const id = createId();
		await saveUpload(db, {
			...stored,
			id,
			name,
			contentType,
			uploadedBy: visitorReference(visitor.visitorId),
			at: now()
		});
		return {
			id,
			name,
			contentType,
			sizeBytes: stored.sizeBytes,
			url: this.createUrl(id)
		};
	}
	/** @throws AppError `bad-input` when one of these files was not uploaded by this visitor. */
	async assertOwn(visitor, ids) {
		if (ids.length === 0) return;
		const found = new Set(await findUploadsOf(this.#deps.db, visitorReference(visitor.visitorId), ids));
		const missing = ids.findIndex((id) => !found.has(id));
		if (missing < 0) return;
		throw new AppError("bad-input", "This cannot be read.", { errors: [{
			path: `attachmentIds.${missing}`,
			message: "is not a file of yours: upload it first"
		}] });
	}
	createUrl(attachmentId) {
		const step = Math.floor(this.#deps.now() / FILE_URL_STEP_MS) + 2;
		return `/chat/files/${attachmentId}?key=${this.#deps.keys.sign("file", [attachmentId], step * FILE_URL_STEP_MS)}`;
	}
	/** The file a signed address names. @throws AppError `not-found`, whatever is wrong with it. */
	async find(attachmentId, key) {
		const [signedId] = this.#deps.keys.read("file", key, this.#deps.now()) ?? [];
		const found = signedId === attachmentId ? await findStoredFile(this.#deps.db, attachmentId) : null;
		if (!found) throw new AppError("not-found", "There is no such file, or its address is no longer good.");
		return found;
	}
};
// apps/sync-server/src/chat/history.ts
const PAGE = 50;
const CHANGES_PAGE = 200;
/**
* Messages of a visitor's own conversations, found by the visitor and never by the customer he may be: two people who share
* a mail address do not read each other's.
*
* @throws AppError `not-found` when `before` is not a message of his.
*/
async function readHistory(deps, visitor, request) {
	const { db } = deps;
	const head = await readHead(db);
	const conversation = await readConversation(deps, visitor);
	const { before, after } = request;
	const restoredAt = before === null && after !== null ? await findRestorePoint(db, after) : null;
	if (before === null && after !== null && after > 0 && after <= head && restoredAt === null) return readAfter(deps, visitor, after, head, conversation);
	const from = before === null ? null : await findChatMessage(db, visitor, before);
	if (before !== null && !from) throw new AppError("not-found", "There is no such message.");
	const rows = await readChatPage(db, visitor, from ? {
		sentAt: from.doc.sentAt,
		createdSeq: from.createdSeq
	} : null, 51);
	return {
		messages: rows.slice(0, PAGE).reverse().map((row) => toChatMessage(row, deps.fileUrl)),
		cursor: restoredAt ?? head,
		more: false,
		hasOlder: rows.length > PAGE,
		conversation
	};
}
async function readAfter(deps, visitor, after, head, conversation) {
	const rows = await readChatChanges(deps.db, visitor, after, CHANGES_PAGE);
	const last = rows.at(-1);
	const more = rows.length === CHANGES_PAGE && last !== void 0;
	return {
		messages: rows.map((row) => toChatMessage(row, deps.fileUrl)),
		cursor: more ? last.seq : Math.max(head, last?.seq ?? 0),
		more,
		hasOlder: true,
		conversation
	};
}
async function readConversation(deps, visitor) {
	const [row] = await readChatConversations(deps.db, [visitor]);
	return toChatConversation(row, deps.asksRating(visitor.accountId));
}
// apps/sync-server/src/chat/input.ts
/**
* Reads what a widget sent. Characters no database takes are dropped, as agents' are.
*
* @throws AppError `bad-input` naming every wrong field; no value is repeated.
*/
function parseChat(schema, payload) {
	const parsed = schema.safeParse(clean(payload));
	if (parsed.success) return parsed.data;
	throw new AppError("bad-input", "This cannot be read.", { errors: parsed.error.issues.slice(0, 20).map(({ path, message }) => ({
		path: path.join(".").slice(0, 200),
		message
	})) });
}
function clean(payload) {
	try {
		return toStorable(payload);
	} catch {
		return;
	}
}
// apps/sync-server/src/chat/gateway.ts
/**
* What widgets may ask for. Everything a visitor says goes into the inbox like a webhook, and is acknowledged when it is
* committed (R1): dedupe, order, dead letters and replay are those of every channel.
*
* Crash points: before the commit the widget has no acknowledgement and sends again under the same id; after it the event is
* there, and the same id again is a duplicate (R2). Knows nothing of sockets and routes.
*/
var ChatGateway = class {
	#deps;
	constructor(deps) {
		this.#deps = deps;
	}
	/**
	* Opens a session for a widget.
	*
	* @param origin - of the page, as the browser says; undefined where there is no page (an app).
	* @throws AppError `rate-limited`, `bad-input`, `not-found`, `forbidden` (origin), `unauthenticated` (identity).
	*/
	async open(auth, origin, address) {
		const { limits, visitors, now } = this.#deps;
		limits.takeConnection(address, now());
		const { accountId, visitorToken, identity, language, page } = parseChat(chatAuthSchema, auth);
		const account = await this.#admit(accountId, origin);
		const vouched = identity ? this.#readIdentity(account, identity) : null;
		const opened = await visitors.open(account.id, visitorToken ?? null, vouched);
		return {
			...opened,
			accountId: account.id,
			visitorId: opened.visitor.id,
			address,
			language: language ?? null,
			page: toPage(page ?? null),
			row: "none"
		};
	}
	/** Of sessions opened by a token alone: those that it would not open any more. */
	async findOutdated(sessions) {
		const anonymous = sessions.filter((session) => !session.visitor.identity);
		const signedIn = new Set(await this.#deps.visitors.findSignedIn(anonymous.map((session) => session.visitorId)));
		return new Set(anonymous.filter((session) => signedIn.has(session.visitorId)));
	}
	/** Counts a session among those that are open. @returns what to call once, when it has ended. */
	hold(session) {
		return this.#deps.limits.holdConnection(session.address);
	}
	/**
	* What everybody may know of a chat.
	*
	* @throws AppError `not-found` for what is no chat account, `forbidden` for a page of an origin that is not allowed.
	*/
	async readSettings(accountId, origin, address) {
		if (!this.#deps.accounts.get(accountId)) this.#deps.limits.takeConnection(address, this.#deps.now());
		return this.#toSettings(await this.#admit(accountId, origin));
	}
	/** @throws AppError as `readSettings` does, for a page that wants something else of the chat. */
	async assertAllowed(accountId, origin) {
		await this.#admit(accountId, origin);
	}
	async #admit(accountId, origin) {
		const account = await this.#findAccount(accountId);
		this.#checkOrigin(account, origin);
		return account;
	}
	#toSettings(account) {
		return toChatSettings(account, this.#deps.isSomebodyOnline(account), this.#deps.now());
	}
	async #findAccount(id) {
		const account = await this.#deps.accounts.find(id);
		if (!account?.chat) throw new AppError("not-found", "There is no chat with this account id.");
		return {
			...account,
			chat: account.chat
		};
	}
	/** The reason is counted on the account, so that its admin sees which origin is missing. */
	#checkOrigin(account, origin) {
		if (origin === void 0 || account.chat.allowsOrigin(origin)) return;
		const shown = toStorableText(origin).slice(0, 200);
		this.#reject(account, `the origin ${shown} is not in allowedOrigins`);
		throw new AppError("forbidden", `This chat does not take visitors from ${shown}: add it to allowedOrigins.`);
	}
	#readIdentity(account, token) {
		const verdict = account.chat.verifyIdentity(token, this.#deps.now());
		if (verdict.ok) return verdict.identity;
		this.#reject(account, `the identity of a visitor: ${verdict.reason}`);
		throw new AppError("unauthenticated", `The signed identity ${verdict.reason}.`, { errors: [{
			path: "identity",
			message: verdict.reason
		}] });
	}
	#reject(account, reason) {
		this.#deps.accounts.countRejection(account.id, reason, this.#deps.now());
		this.#deps.metrics.eventsRejected.inc({ kind: account.kind });
	}
	/** The first thing a widget hears. */
	async welcome(session) {
		const { db, files, now } = this.#deps;
		const settings = this.#toSettings(await this.#findAccount(session.accountId));
		if (session.hasSignedIn) await this.#store(session, { type: "profile" });
		const customer = await findVisitorCustomer(db, session);
		const { identity } = session.visitor;
		const claimed = customer?.identities.find((one) => one.claimed && one.kind === "email")?.value ?? "";
		return {
			visitorToken: session.newToken,
			identified: identity !== null,
			profile: {
				name: identity?.name || (customer?.name ?? ""),
				email: identity?.email ?? claimed
			},
			uploadKey: files.createUploadKey(session),
			settings,
			serverTime: now()
		};
	}
	/** Anything a widget says costs something, also what turns out to be nonsense. */
	takeEvent(session) {
		this.#take("event", session);
	}
	#take(action, session) {
		this.#deps.limits.take(action, session.visitorId, session.address, this.#deps.now());
	}
	async acceptMessage(session, payload) {
		const { id, text, attachmentIds } = parseChat(chatMessageSchema, payload);
		this.#take("message", session);
		await this.#deps.files.assertOwn(session, attachmentIds);
		return {
			id,
			at: await this.#store(session, {
				type: "message",
				id,
				text,
				attachmentIds
			})
		};
	}
	async acceptProfile(session, payload) {
		const profile = parseChat(chatProfileSchema, payload);
		this.#take("profile", session);
		return {
			id: session.visitorId,
			at: await this.#store(session, {
				type: "profile",
				...profile
			})
		};
	}
	/** @throws AppError `not-found` for a conversation of somebody else, `conflict` where there is nothing to rate. */
	async acceptRating(session, payload) {
		const { conversationId, score, comment } = parseChat(chatRatingSchema, payload);
		this.#take("profile", session);
		const account = await this.#findAccount(session.accountId);
		const conversation = await findOwnConversation(this.#deps.db, session, conversationId);
		if (!conversation) throw new AppError("not-found", "There is no such conversation.");
		const { satisfaction } = conversation;
		if (satisfaction?.score === score && satisfaction.comment === comment) return {
			id: conversationId,
			at: satisfaction.at
		};
		if (satisfaction) throw new AppError("conflict", "This conversation has been rated.");
		if (!account.chat.settings.askRating || conversation.status !== "resolved") throw new AppError("conflict", "This conversation cannot be rated now.");
		return {
			id: conversationId,
			at: await this.#store(session, {
				type: "rating",
				conversationId,
				score,
				comment
			})
		};
	}
	/** Receipts that say nothing new, or speak of messages that are not the visitor's, are dropped. */
	async acceptReceipt(session, payload) {
		const receipt = parseChat(chatReceiptSchema, payload);
		const { db } = this.#deps;
		const read = await findUnreported(db, session, receipt.read, "read");
		const delivered = await findUnreported(db, session, receipt.delivered, "delivered");
		if (read.length + delivered.length === 0) return;
		await this.#store(session, {
			type: "receipt",
			delivered: delivered.filter((id) => !read.includes(id)),
			read
		});
	}
	readHistory(session, payload) {
		const { after, before } = parseChat(chatHistorySchema, payload ?? {});
		return readHistory(this.#deps.history, session, {
			after: after ?? null,
			before: before ?? null
		});
	}
	/**
	* @returns when it was received, once it is committed.
	* @throws AppError `conflict` when the visitor is somebody else by now.
	*/
	async #store(session, event) {
		const { visitors, inbox, accounts, metrics, now } = this.#deps;
		if (session.row === "none") session.row = await visitors.keep(session.visitor) ? "kept" : "taken";
		if (session.row === "taken") throw new AppError("conflict", "You are signed in elsewhere by now: connect again.");
		const at = now();
		const request = {
			visitor: session.visitorId,
			vouched: session.visitor.identity,
			language: session.language,
			page: session.page,
			events: [{
				...event,
				at
			}]
		};
		const body = Buffer.from(JSON.stringify(request));
		const { topic, laneKey, dedupeKey } = describeChatRequest(request, body);
		await inbox.store({
			accountId: session.accountId,
			topic,
			dedupeKey,
			lane: laneOf(laneKey),
			pathSuffix: "",
			headers: {},
			body,
			bodySha256: null,
			receivedAt: at,
			oneTimeToken: null
		});
		metrics.eventsIngested.inc({ kind: "web-chat" });
		accounts.countEvent(session.accountId, at);
		return at;
	}
};
/** Where the visitor is, for the agent: a page of the web, without what follows `#` and without a password. */
function toPage(text) {
	const url = text === null ? null : URL.parse(text);
	if (url === null || url.protocol !== "https:" && url.protocol !== "http:") return null;
	url.username = "";
	url.password = "";
	url.hash = "";
	return url.href.slice(0, 2e3);
}
// apps/sync-server/src/chat/token-buckets.ts
const MAX_KEYS = 5e4;
/** Token buckets by key, in memory. However many keys are made up, no more than `MAX_KEYS` are remembered. */
var TokenBuckets = class {
	#size;
	#buckets = /* @__PURE__ */ new Map();
	constructor(size) {
		this.#size = size;
	}
	/** @returns 0 when it was taken, else the milliseconds until there is enough; then nothing was taken. */
	take(key, nowMs, cost = 1) {
		const { burst, perSecond } = this.#size;
		const tokens = this.#level(key, nowMs);
		if (tokens + 1e-6 < cost) return Math.max(1, Math.ceil((Math.min(cost, burst) - tokens) / perSecond * 1e3));
		this.#buckets.delete(key);
		this.#buckets.set(key, {
			tokens: tokens - cost,
			atMs: nowMs
		});
		if (this.#buckets.size > MAX_KEYS) this.#forget(nowMs);
		return 0;
	}
	#level(key, nowMs) {
		const known = this.#buckets.get(key);
		if (!known) return this.#size.burst;
		const gained = Math.max(0, nowMs - known.atMs) / 1e3 * this.#size.perSecond;
		return Math.min(this.#size.burst, known.tokens + gained);
	}
	/** Full buckets say nothing; if all are in use, a tenth goes anyway: memory comes first. */
	#forget(nowMs) {
		for (const key of this.#buckets.keys()) if (this.#level(key, nowMs) >= this.#size.burst) this.#buckets.delete(key);
		let surplus = this.#buckets.size - MAX_KEYS * .9;
		for (const key of this.#buckets.keys()) {
			if (surplus-- <= 0) return;
			this.#buckets.delete(key);
		}
	}
};
// apps/sync-server/src/chat/limits.ts
const MEGABYTE = 1048576;
const HOUR_SECONDS = 3600;
const PER_VISITOR = {
	event: {
		burst: 120,
		perSecond: 20
	},
	message: {
		burst: 30,
		perSecond: 1
	},
	profile: {
		burst: 10,
		perSecond: .2
	},
	"upload-bytes": {
		burst: 100 * MEGABYTE,
		perSecond: 100 * MEGABYTE / HOUR_SECONDS
	}
};
const PER_ADDRESS = {
	connect: {
		burst: 600,
		perSecond: 10
	},
	event: {
		burst: 2400,
		perSecond: 200
	},
	message: {
		burst: 300,
		perSecond: 10
	},
	profile: {
		burst: 100,
		perSecond: 2
	},
	"upload-bytes": {
		burst: 500 * MEGABYTE,
		perSecond: 500 * MEGABYTE / HOUR_SECONDS
	}
};
const MAX_OPEN_PER_ADDRESS = 2e3;
const RETRY_FULL_MS = 6e4;
/** Limits on what visitors may do, per visitor and per address. In memory: each node counts for itself. */
var ChatLimits = class {
	#visitors = toBuckets(PER_VISITOR);
	#addresses = toBuckets(PER_ADDRESS);
	/** Connections that are open now, by network; without those that have none. */
	#open = /* @__PURE__ */ new Map();
	/**
	* The visitor comes first: one who is refused takes nothing from others at his address.
	*
	* @throws AppError `rate-limited` with the time to wait.
	*/
	take(action, visitor, address, nowMs, cost = 1) {
		assertNow(this.#visitors[action].take(visitor, nowMs, cost));
		assertNow(this.#addresses[action].take(toNetwork(address), nowMs, cost));
	}
	/** A new connection: who it is, is not known yet, and tokens cost nothing. @throws AppError `rate-limited`. */
	takeConnection(address, nowMs) {
		const network = toNetwork(address);
		assertNow(this.#addresses.connect.take(network, nowMs));
		if ((this.#open.get(network) ?? 0) >= MAX_OPEN_PER_ADDRESS) assertNow(RETRY_FULL_MS);
	}
	/** A connection stands. @returns what to call once, when it has ended. */
	holdConnection(address) {
		const network = toNetwork(address);
		this.#open.set(network, (this.#open.get(network) ?? 0) + 1);
		return () => {
			const left = (this.#open.get(network) ?? 1) - 1;
			if (left > 0) this.#open.set(network, left);
			else this.#open.delete(network);
		};
	}
};
function assertNow(waitMs) {
	if (waitMs > 0) throw new AppError("rate-limited", "That was a lot at once. Try again in a moment.", { retryAfterMs: waitMs });
}
function toBuckets(sizes) {
	const entries = Object.entries(sizes).map(([action, size]) => [action, new TokenBuckets(size)]);
	return Object.fromEntries(entries);
}
// apps/sync-server/src/chat/settings-watch.ts
const LOOK_MS = 1e3;
/**
* Tells widgets when something they show has changed: the desk opens or closes, somebody comes or goes, the admin changed a
* setting, here or on another node. Looking is cheaper than being told by each of them.
*/
var SettingsWatch = class {
	#deps;
	#told = /* @__PURE__ */ new Map();
	#timer = null;
	constructor(deps) {
		this.#deps = deps;
	}
	start() {
		this.#timer = setInterval(() => this.look(), LOOK_MS);
	}
	stop() {
		if (this.#timer) clearInterval(this.#timer);
	}
	/** What a widget has just been welcomed with. */
	note(settings) {
		const text = JSON.stringify(settings);
		const before = this.#told.get(settings.accountId);
		if (before === void 0) this.#told.set(settings.accountId, text);
		else if (before !== text) this.#told.set(settings.accountId, "");
	}
	look() {
		const told = /* @__PURE__ */ new Map();
		for (const accountId of this.#deps.connectedAccounts()) {
			const settings = this.#deps.read(accountId);
			if (!settings) continue;
			const text = JSON.stringify(settings);
			const before = this.#told.get(accountId);
			if (before !== void 0 && before !== text) this.#deps.tell(accountId, settings);
			told.set(accountId, text);
		}
		this.#told = told;
	}
};
// apps/sync-server/src/chat/signed-keys.ts
/**
* Keys that say what their bearer may do, until when, without a row anywhere: `{facts}.{expiry}.{proof}`. All nodes have
* the same secret, so a key of one is good at the others.
*/
var SignedKeys = class {
	#secret;
	/** @param masterKey - the server's own; what signs here cannot be used to open what it encrypts. */
	constructor(masterKey) {
		this.#secret = Buffer.from(hkdfSync("sha256", masterKey, "", "tradewind chat keys", 32));
	}
	/** @param facts - kept readable in the key; free of dots. */
	sign(purpose, facts, expiresAtMs) {
		const body = [...facts, String(expiresAtMs)].join(".");
		return `${body}.${this.#prove(purpose, body)}`;
	}
	/** @returns the facts; null for a key that is forged, of another purpose, or no longer good. */
	read(purpose, key, nowMs) {
		const at = key.lastIndexOf(".");
		const body = key.slice(0, Math.max(0, at));
		const given = Buffer.from(key.slice(at + 1));
		const expected = Buffer.from(this.#prove(purpose, body));
		if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
		const facts = body.split(".");
		return Number(facts.pop()) > nowMs ? facts : null;
	}
	#prove(purpose, body) {
		return createHmac("sha256", this.#secret).update(`${purpose}\n${body}`).digest("base64url");
	}
};
// apps/sync-server/src/chat/visitors.ts
const ID_LENGTH = 32;
/** Hex, so that no rule for mail addresses (lower case) makes two of one. 128 bits of a hash do not lead back to a token. */
function toId(accountId, kind, value) {
	return createHash("sha256").update(`chat visitor\n${accountId}\n${kind}\n${value}`).digest("hex").slice(0, ID_LENGTH);
}
function toTokenHash(accountId, token) {
	return createHash("sha256").update(`chat token\n${accountId}\n${token}`).digest();
}
/** Who is who among the visitors of chats. A row is written when a visitor does something, not for everybody who looks. */
var VisitorStore = class {
	#db;
	#now;
	constructor(db, now) {
		this.#db = db;
		this.#now = now;
	}
	/**
	* The visitor whom a token or the shop's word opens. A token that was never seen, was guessed, or belongs to somebody the
	* shop vouches for, is as good as none, and the answer does not tell which.
	*/
	async open(accountId, token, identity) {
		const known = token !== null && visitorTokenSchema.safeParse(token).success ? token : null;
		const row = known === null ? null : await this.#findByToken(accountId, known);
		if (identity) return this.#openIdentified(accountId, identity, row);
		if (known !== null && (row === null || row.subject === null)) return {
			visitor: this.#toAnonymous(accountId, known),
			newToken: null,
			hasSignedIn: false
		};
		const newToken = randomBytes(32).toString("base64url");
		return {
			visitor: this.#toAnonymous(accountId, newToken),
			newToken,
			hasSignedIn: false
		};
	}
	#toAnonymous(accountId, token) {
		return {
			accountId,
			id: toId(accountId, "token", token),
			tokenHash: toTokenHash(accountId, token),
			identity: null
		};
	}
	async #openIdentified(accountId, identity, row) {
		const toOpened = (id, hasSignedIn) => ({
			visitor: {
				accountId,
				id,
				tokenHash: null,
				identity
			},
			newToken: null,
			hasSignedIn
		});
		const known = await this.#findBySubject(accountId, identity.subject);
		if (known !== null) return toOpened(known, false);
		if (row !== null && row.subject === null && await this.#signIn(row.id, identity.subject)) return toOpened(row.id, true);
		return toOpened(await this.#findBySubject(accountId, identity.subject) ?? toId(accountId, "user", identity.subject), false);
	}
	/** Which of these visitors the shop vouches for by now. */
	async findSignedIn(ids) {
		if (ids.length === 0) return [];
		return (await this.#db.selectFrom("chat_visitors").select("id").where("id", "=", sql`any(${[...ids]}::text[])`).where("subject", "is not", null).execute()).map(({ id }) => id);
	}
	/** Makes an anonymous visitor the shop's customer, once. @returns false when somebody else was faster. */
	async #signIn(id, subject) {
		try {
			return (await this.#db.updateTable("chat_visitors").set({
				subject,
				last_seen_at: this.#now()
			}).where("id", "=", id).where("subject", "is", null).executeTakeFirst()).numUpdatedRows > 0n;
		} catch (error) {
			if (isUniqueViolation(error)) return false;
			throw error;
		}
	}
	async #findByToken(accountId, token) {
		return await this.#db.selectFrom("chat_visitors").select(["id", "subject"]).where("token_hash", "=", toTokenHash(accountId, token)).executeTakeFirst() ?? null;
	}
	async #findBySubject(accountId, subject) {
		return (await this.#db.selectFrom("chat_visitors").select("id").where("account_id", "=", accountId).where("subject", "=", subject).executeTakeFirst())?.id ?? null;
	}
	/**
	* Writes the visitor down, before the first thing he does is stored.
	*
	* @returns false when he is somebody else by now: he signed in, here or on another device, since he connected.
	*/
	async keep(visitor) {
		const at = this.#now();
		const subject = visitor.identity?.subject ?? null;
		try {
			return (await this.#db.insertInto("chat_visitors").values({
				id: visitor.id,
				account_id: visitor.accountId,
				token_hash: visitor.tokenHash,
				subject,
				created_at: at,
				last_seen_at: at
			}).onConflict((conflict) => conflict.column("id").doUpdateSet({ last_seen_at: at })).returning("subject").executeTakeFirstOrThrow()).subject === subject;
		} catch (error) {
			if (isUniqueViolation(error)) return false;
			throw error;
		}
	}
};
// apps/sync-server/src/http/chat.ts
const ONE_YEAR = "public, max-age=31536000, immutable";
const FIVE_MINUTES = "public, max-age=300";
/** Everything below `/chat/`: the widget's programs, public settings, and the files of conversations. */
function createChatRoutes(deps) {
	const router = Router();
	const bodies = deps.bodies ?? new BodyBudget();
	router.use("/chat", (request, response, next) => {
		response.locals.route = "/chat";
		response.set("Cross-Origin-Resource-Policy", "cross-origin");
		if (request.method === "OPTIONS") sendPreflight(response);
		else next();
	});
	router.get(["/chat/widget.js", "/chat/:name"], sendProgram(deps.widgetDir));
	router.get("/chat/accounts/:id", async (request, response) => {
		allowOrigin(request, response);
		const settings = await deps.gateway.readSettings(request.params.id, request.headers.origin, request.ip ?? "");
		response.set("Cache-Control", "no-store").json(settings);
	});
	router.post("/chat/files", async (request, response) => {
		const lease = bodies.open();
		await takeFile(deps, request, response, lease).finally(() => lease.release());
	});
	router.get("/chat/files/:id", async (request, response) => {
		const found = await deps.files.find(request.params.id, String(request.query.key ?? ""));
		await sendStoredFile(response, deps.filesDir, found.sha256, {
			...found,
			inline: true
		});
	});
	router.use("/chat", () => {
		throw new AppError("not-found", "There is nothing at this address.");
	});
	return router;
}
/** Which account is meant is not known yet: the request itself is refused where its page may not make it. */
function sendPreflight(response) {
	response.set({
		"Access-Control-Allow-Origin": "*",
		"Access-Control-Allow-Methods": "GET, POST",
		"Access-Control-Allow-Headers": "content-type, x-chat-key, x-file-name",
		"Access-Control-Max-Age": "600"
	});
	response.status(204).end();
}
/** Also on refusals: a page that cannot read why it was refused cannot tell its developer. */
function allowOrigin(request, response) {
	response.vary("Origin");
	if (request.headers.origin !== void 0) response.set("Access-Control-Allow-Origin", request.headers.origin);
}
function sendProgram(folder) {
	const compressed = new CompressedFiles(folder);
	return async (request, response, next) => {
		const name = request.path.slice(6);
		if (!/^(?:widget\.js|client-[A-Za-z0-9_-]+\.js)$/.test(name)) return next();
		if (!await isThere(join(folder, "widget.js"))) throw new AppError("unavailable", "The chat widget is not built on this server. Build it: npm run build");
		const setHeaders = () => response.set({
			"Access-Control-Allow-Origin": "*",
			"Cache-Control": name === "widget.js" ? FIVE_MINUTES : ONE_YEAR
		});
		if (await compressed.send(request, response, name, setHeaders)) return;
		setHeaders();
		response.sendFile(name, {
			root: folder,
			cacheControl: false
		}, (error) => {
			if (error && !response.headersSent) response.removeHeader("Cache-Control");
			if (error && !response.headersSent) next(error);
		});
	};
}
async function isThere(path) {
	try {
		await access(path);
		return true;
	} catch {
		return false;
	}
}
async function takeFile({ files, gateway }, request, response, lease) {
	allowOrigin(request, response);
	response.set("Cache-Control", "no-store");
	const visitor = files.readUploadKey(String(request.headers["x-chat-key"] ?? ""));
	await gateway.assertAllowed(visitor.accountId, request.headers.origin);
	const name = parseFileName(request.headers["x-file-name"]);
	if (request.headers["content-encoding"] !== void 0) throw new AppError("unsupported-media-type", "Send the file as it is, without Content-Encoding.");
	files.takeUpload(visitor, request.ip ?? "", Number(request.headers["content-length"] ?? 10485760));
	const content = await readContent(request, lease);
	response.status(201).json(await files.save(visitor, content, name, toMediaType(request.headers["content-type"])));
}
async function readContent(request, lease) {
	const read = await readBody$1(request, MAX_CHAT_FILE_BYTES, lease);
	if (read.ok && read.body.length > 0) return read.body;
	const reason = read.ok ? "empty" : read.reason;
	if (reason === "too-large") throw new AppError("too-large", `A file may have at most ${MAX_CHAT_FILE_BYTES} bytes.`);
	if (reason === "busy") throw new AppError("unavailable", "Too many files are being uploaded at once. Try again in a moment.");
	if (reason === "aborted") throw new AppError("bad-input", "The request ended before the file did.");
	throw new AppError("bad-input", "The file is empty.", { errors: [{
		path: "",
		message: "send the bytes of the file as the body"
	}] });
}
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
z.object({ agents: z.record(z.string(), presenceSchema) });
// apps/sync-server/src/realtime/typing-signal.ts
/** Who falls silent has stopped; who types says so again every few seconds. */
const TYPING_LASTS_MS = 8e3;
/** That one person types in one place: begins, goes on, ends by word, by silence, or when the person leaves. */
var TypingSignal = class {
	#tell;
	#place = null;
	#timer = null;
	constructor(tell) {
		this.#tell = tell;
	}
	/** @param isSame - whether two places are one; another place ends the first. */
	start(place, isSame) {
		if (this.#place !== null && !isSame(this.#place, place)) this.stop();
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.stop(), TYPING_LASTS_MS);
		this.#place = place;
		this.#tell(place, true);
	}
	stop() {
		if (this.#timer) clearTimeout(this.#timer);
		const place = this.#place;
		this.#place = null;
		if (place !== null) this.#tell(place, false);
	}
};
// apps/sync-server/src/realtime/agent-signals.ts
const PRESENCE_STEP_MS = 200;
/**
* What consoles say that is no command, because it is of this moment only: who is here, who types, what was read. Nothing is
* acknowledged, and what cannot be read or may not be said is dropped.
*/
var AgentSignals = class {
	#deps;
	#timer = null;
	#told = "{}";
	constructor(deps) {
		this.#deps = deps;
	}
	/** @param agent - as the session says at the moment, and after its end as it was. */
	welcome(socket, agent) {
		const { presence } = this.#deps;
		presence.set(socket.id, agent, "online");
		socket.emit("presence", { agents: presence.states() });
		this.#tellPresence();
		this.#listen(socket, "presence", livePresenceSchema, ({ state }) => {
			presence.set(socket.id, agent, state);
			this.#tellPresence();
		});
		const typing = this.#createTyping(agent);
		this.#listen(socket, "typing", liveTypingSchema, typing.hear);
		this.#listen(socket, "seen", liveSeenSchema, async ({ conversationId, messageId }) => {
			if (await this.#findVisible(agent, conversationId)) await this.#deps.saveSeen(conversationId, messageId);
		});
		socket.on("disconnect", () => {
			typing.end();
			presence.remove(socket.id);
			this.#tellPresence();
		});
	}
	#listen(socket, event, schema, handle) {
		socket.on(event, async (payload) => {
			try {
				await handle(parseChat(schema, payload));
			} catch (error) {
				if (error instanceof AppError) return;
				this.#deps.log.warn({
					event: "signals.failed",
					signal: event,
					err: error
				}, "a signal of a console was lost");
			}
		});
	}
	/** The chat, if this agent may see it (R15). */
	async #findVisible(agent, conversationId) {
		const chat = await this.#deps.findChat(conversationId);
		return chat && isVisible(chat.scopes, scopesOf(agent())) ? chat : null;
	}
	/** The newest word counts, also when looking up an earlier one takes longer. */
	#createTyping(agent) {
		const signal = new TypingSignal((visitor, typing) => {
			this.#deps.tellVisitor(visitor, {
				typing,
				name: agent().name
			});
		});
		let turn = 0;
		return {
			hear: async ({ conversationId, typing }) => {
				const own = ++turn;
				const visitor = typing ? await this.#findVisible(agent, conversationId) : null;
				if (own !== turn) return;
				if (visitor) signal.start(visitor, (a, b) => a.visitorId === b.visitorId && a.accountId === b.accountId);
				else signal.stop();
			},
			end: () => {
				turn++;
				signal.stop();
			}
		};
	}
	#tellPresence() {
		this.#timer ??= setTimeout(() => {
			this.#timer = null;
			const agents = this.#deps.presence.states();
			const told = JSON.stringify(agents);
			if (told === this.#told) return;
			this.#told = told;
			this.#deps.tellAgents("presence", { agents });
		}, PRESENCE_STEP_MS);
	}
	stop() {
		if (this.#timer) clearTimeout(this.#timer);
	}
};
// apps/sync-server/src/realtime/chat-namespace.ts
/** Socket.IO namespace `/chat` (packages/shared/src/chat/wire.ts): handshake, events in, news out. Knows no SQL and no rules. */
var ChatNamespace = class {
	#namespace;
	#deps;
	#underWay = /* @__PURE__ */ new Set();
	constructor(namespace, deps) {
		this.#namespace = namespace;
		this.#deps = deps;
		namespace.use((socket, next) => {
			this.#open(socket).then(() => next(), (error) => next(toHandshakeError(error, deps.log)));
		});
		namespace.on("connection", (socket) => this.#follow(this.#welcome(socket)));
	}
	async #open(socket) {
		const { auth, headers } = socket.handshake;
		const address = this.#deps.addressOf(socket.request);
		const session = await this.#deps.gateway.open(auth, headers.origin, address);
		socket.data.session = session;
		if (session.hasSignedIn) this.#cutAnonymous(session);
	}
	/** A visitor who has signed in is not opened by the token alone any more, here neither. */
	#cutAnonymous(session) {
		for (const socket of this.#namespace.sockets.values()) {
			const other = socket.data.session;
			if (other.visitorId === session.visitorId && !other.visitor.identity) socket.disconnect(true);
		}
	}
	/** The same for who signed in on another server, or at the very moment at which the other tab was let in. */
	async cutOutdated() {
		const sockets = [...this.#namespace.sockets.values()];
		const outdated = await this.#deps.gateway.findOutdated(sockets.map((socket) => socket.data.session));
		for (const socket of sockets) if (outdated.has(socket.data.session)) socket.disconnect(true);
	}
	async #welcome(socket) {
		const { gateway, feed, log } = this.#deps;
		const session = socket.data.session;
		const typing = new TypingSignal(this.#deps.tellTyping);
		const release = gateway.hold(session);
		socket.on("disconnect", () => {
			release();
			typing.stop();
			feed.unwatch(session);
		});
		this.#listen(socket, session, typing);
		try {
			await Promise.all([socket.join([roomOf(session), accountRoomOf(session.accountId)]), feed.watch(session)]);
			const welcome = await gateway.welcome(session);
			this.#deps.noteSettings(welcome.settings);
			socket.emit("welcome", welcome);
		} catch (error) {
			log.warn({
				event: "chat.welcome-failed",
				err: error
			}, "a visitor could not be welcomed");
			socket.disconnect(true);
		}
	}
	#listen(socket, session, typing) {
		const { gateway } = this.#deps;
		const on = (event, handle) => {
			socket.on(event, (...given) => this.#follow(this.#answer(socket, session, given, handle)));
		};
		on("message", (payload) => {
			typing.stop();
			return gateway.acceptMessage(session, payload);
		});
		on("history", async (payload) => {
			const history = await gateway.readHistory(session, payload);
			this.#deps.feed.noteConversation(session, history.conversation);
			return history;
		});
		on("profile", (payload) => gateway.acceptProfile(session, payload));
		on("rate", (payload) => gateway.acceptRating(session, payload));
		on("receipt", (payload) => gateway.acceptReceipt(session, payload));
		on("typing", (payload) => {
			if (parseChat(chatTypingSchema, payload).typing) typing.start(session, () => true);
			else typing.stop();
		});
	}
	/** Runs what an event asks for and acknowledges it; an event without acknowledgement is answered by nothing. */
	async #answer(socket, session, given, handle) {
		const last = given.at(-1);
		const acknowledge = typeof last === "function" ? last : null;
		try {
			this.#deps.gateway.takeEvent(session);
			const answer = await handle(typeof given[0] === "function" ? void 0 : given[0]);
			acknowledge?.(answer);
		} catch (error) {
			acknowledge?.({ problem: this.#toProblem(error) });
			if (session.row === "taken") socket.disconnect(true);
		}
	}
	#toProblem(error) {
		if (error instanceof AppError) return error.toProblem();
		this.#deps.log.warn({
			event: "chat.unavailable",
			err: error
		}, "a widget could not be answered; it tries again");
		return new AppError("unavailable", "The chat is out of reach. Try again in a moment.", { retryAfterMs: 2e3 }).toProblem();
	}
	#follow(work) {
		this.#underWay.add(work);
		work.finally(() => this.#underWay.delete(work));
	}
	/** Resolves when nothing a widget asked for is being worked on any more; for the end, when the sockets are closed. */
	async settled() {
		await Promise.all(this.#underWay);
	}
	/** Hands news to all widgets of a visitor that are connected here. */
	deliver(visitor, news) {
		this.#namespace.to(roomOf(visitor)).emit(news.event, news.payload);
	}
	/** Tells all widgets of an account. */
	tellAccount(accountId, event, payload) {
		this.#namespace.to(accountRoomOf(accountId)).emit(event, payload);
	}
	/** The accounts whose widgets are connected here. */
	connectedAccounts() {
		const accounts = [...this.#namespace.sockets.values()].map((socket) => socket.data.session.accountId);
		return [...new Set(accounts)];
	}
};
function roomOf({ accountId, visitorId }) {
	return `visitor:${accountId}:${visitorId}`;
}
function accountRoomOf(accountId) {
	return `account:${accountId}`;
}
// apps/sync-server/src/realtime/client-address.ts
/** Where a request comes from: the first address, seen from us, that is not a proxy we trust. */
function findClientAddress(request, trust) {
	const header = [request.headers["x-forwarded-for"] ?? []].flat().join(",");
	const forwarded = header === "" ? [] : header.split(",").map((one) => one.trim());
	const path = [request.socket.remoteAddress ?? "", ...forwarded.reverse()];
	return path.find((address, step) => step === path.length - 1 || !trust(address, step)) ?? "";
}
// apps/sync-server/src/realtime/presence.ts
/** Who is at the desk, as far as this node knows: the best of an agent's sockets; who has none is offline. */
var Presence = class {
	#sockets = /* @__PURE__ */ new Map();
	/** @param agent - asked whenever it matters, as teams and roles change. */
	set(socketId, agent, state) {
		this.#sockets.set(socketId, {
			agent,
			state
		});
	}
	remove(socketId) {
		this.#sockets.delete(socketId);
	}
	/** By agent id; absent means offline. */
	states() {
		const states = {};
		for (const { agent, state } of this.#sockets.values()) {
			const { id } = agent();
			if (states[id] !== "online") states[id] = state;
		}
		return states;
	}
	onlineAgents() {
		return [...this.#sockets.values()].filter((one) => one.state === "online").map((one) => one.agent());
	}
};
// apps/sync-server/src/website-chat.ts
const WIDGET_DIR = fileURLToPath(new URL("../../chat-widget/dist", import.meta.url));
/** How long a tab that another server's sign-in has made outdated may stay. */
const OUTDATED_MS = 3e3;
/** Wires the parts of the website chat: gateway, feed, files, and what agents and visitors see of each other. Decides nothing. */
function createWebsiteChat(deps) {
	const { db, accounts, log, now, createId } = deps;
	const presence = new Presence();
	const limits = new ChatLimits();
	const files = new ChatFiles({
		db,
		store: deps.files,
		keys: new SignedKeys(deps.key),
		limits,
		now,
		createId
	});
	const history = {
		db,
		fileUrl: (id) => files.createUrl(id),
		asksRating: (accountId) => accounts.get(accountId)?.chat?.settings.askRating ?? false
	};
	const isSomebodyOnline = ({ teamIds }) => presence.onlineAgents().some((agent) => isVisible(toAccountScopes(teamIds), scopesOf(agent)));
	const gateway = new ChatGateway({
		...deps,
		visitors: new VisitorStore(db, now),
		limits,
		files,
		history,
		isSomebodyOnline
	});
	const feed = new ChatFeed({
		...history,
		bus: deps.bus,
		log,
		deliver: (visitor, news) => namespace?.deliver(visitor, news)
	});
	const signals = new AgentSignals({
		log,
		presence,
		findChat: (id) => findChat(db, id),
		saveSeen: async (conversationId, messageId) => {
			await saveSeen(db, conversationId, messageId, now());
			feed.look();
		},
		tellVisitor: (visitor, payload) => namespace?.deliver(visitor, {
			event: "typing",
			payload
		}),
		tellAgents: (event, payload) => deps.sockets().tell(null, event, payload)
	});
	const watch = new SettingsWatch({
		connectedAccounts: () => namespace?.connectedAccounts() ?? [],
		read: (id) => {
			const account = accounts.get(id);
			if (!account?.chat) return null;
			return toChatSettings({
				...account,
				chat: account.chat
			}, isSomebodyOnline(account), now());
		},
		tell: (id, settings) => namespace?.tellAccount(id, "settings", settings)
	});
	let namespace = null;
	let timer;
	const cutOutdated = () => {
		namespace?.cutOutdated().catch((error) => {
			log.warn({
				event: "chat.outdated-wait",
				err: error
			}, "widgets are looked at again when the database answers");
		});
	};
	return {
		signals,
		router: createChatRoutes({
			widgetDir: WIDGET_DIR,
			filesDir: deps.files.folder,
			files,
			gateway
		}),
		/** Opens the namespace for widgets. @param trust - whose `X-Forwarded-For` to believe. */
		open: (trust) => {
			namespace = new ChatNamespace(deps.sockets().namespace("/chat"), {
				gateway,
				feed,
				log,
				noteSettings: (settings) => watch.note(settings),
				addressOf: (request) => findClientAddress(request, trust),
				tellTyping: (session, typing) => {
					const conversationId = feed.conversationOf(session);
					const account = accounts.get(session.accountId);
					if (conversationId === null || !account) return;
					deps.sockets().tell(toAccountScopes(account.teamIds), "typing", {
						conversationId,
						typing
					});
				}
			});
			feed.start();
			watch.start();
			timer = setInterval(cutOutdated, OUTDATED_MS);
		},
		stop: async () => {
			clearInterval(timer);
			watch.stop();
			signals.stop();
			await namespace?.settled();
			await feed.stop();
		}
	};
}
// apps/sync-server/src/main.ts
const VERSION = "0.1.0";
const CONSOLE_DIR = fileURLToPath(new URL("../../desktop/dist/renderer", import.meta.url));
/** Wires the server's parts in order and listens. Decides nothing. */
async function startServer(config, options) {
	const { log, dataDir } = options;
	const now = options.now ?? Date.now;
	const createId = () => createUuidV7(now());
	const node = randomUUID();
	const { database, key, desk } = await openDesk(config, {
		databaseUrl: options.databaseUrl,
		dataDir,
		log,
		now
	});
	const { db, pool } = database;
	const metrics = createMetrics();
	const bus = new ChangeBus();
	const files = await FileStore.open(dataDir);
	const sessions = new SessionStore(db, now);
	const secrets = new SecretBox(key);
	const connectors = new ConnectorCatalog(channelConnectors, storeConnectors);
	const accounts = new AccountDirectory({
		db,
		connectors,
		secrets,
		log,
		strictEgress: config.strictEgress
	});
	await accounts.start();
	const publicUrl = () => config.publicUrl ?? address();
	const mail = new DeskMail({
		db,
		accounts,
		log,
		now
	});
	const people = createPeople({
		db,
		bus,
		now,
		sessions,
		secrets,
		mail,
		log,
		publicUrl
	});
	const missingOrders = new MissingOrders({
		db,
		bus,
		log,
		now,
		createId,
		random: Math.random
	});
	const scheduler = new LaneScheduler(new ProcessingEngine({
		db,
		accounts,
		files,
		bus,
		metrics,
		log,
		now,
		createId,
		askForOrder: (account, externalId) => missingOrders.ask(account, externalId)
	}), accounts, db, log);
	const inbox = new Inbox(pool, (events) => {
		for (const event of events) scheduler.wake(event.accountId, event.lane);
	});
	const outbound = new OutboundWorker({
		db,
		accounts,
		files,
		bus,
		metrics,
		log,
		now,
		random: Math.random,
		node,
		...options.sendTimeoutMs === void 0 ? {} : { sendTimeoutMs: options.sendTimeoutMs }
	});
	const housekeeping = new Housekeeping({
		db,
		bus,
		log,
		now
	});
	const commandDeps = {
		db,
		accounts,
		bus,
		metrics,
		log,
		now,
		createId,
		wakeOutbound: () => outbound.wake()
	};
	const chat = createWebsiteChat({
		db,
		accounts,
		inbox,
		files,
		bus,
		metrics,
		log,
		now,
		createId,
		key,
		sockets: () => sockets
	});
	const neededVersion = await latestVersion();
	const app = createApp({
		config,
		version: VERSION,
		db,
		log,
		metrics,
		files,
		people,
		accounts: new AccountService({
			db,
			connectors,
			secrets,
			directory: accounts,
			sessions,
			bus,
			now,
			publicUrl
		}),
		teams: new TeamService({
			db,
			bus,
			now
		}),
		now,
		findUnreadiness: () => findUnreadiness(pool, neededVersion),
		consoleDir: CONSOLE_DIR,
		wakeProcessing: (accountId, lane) => scheduler.wake(accountId, lane),
		routes: [...createSyncRoutes({ readChanges: (reader, request) => readChangesPage(db, desk.id, reader, request, now()) }), ...createCommandRoutes({
			runBatch: (agent, body) => runBatch(commandDeps, agent, body),
			findResult: (agent, id) => findResult(db, agent, id)
		})],
		routers: [chat.router]
	});
	const webhooks = createWebhookHandler({
		accounts,
		inbox,
		files,
		metrics,
		log,
		now
	});
	const server = createServer(routeRequests(webhooks, app));
	server.requestTimeout = 12e4;
	const sockets = new SocketServer(server, {
		log,
		metrics,
		resolveToken: (token) => sessions.resolveToken(token),
		readCookieToken: readSessionCookie,
		isOwnOrigin: (origin, host) => isOwnOrigin(origin, host, config.publicUrl),
		checkCheckpoint: async (checkpoint) => void await resolveCheckpoint(db, desk.id, checkpoint),
		joinFeed: (agent) => feed.join(agent),
		leaveFeed: (group) => feed.leave(group),
		runCommands: (agent, body) => runBatch(commandDeps, agent, body),
		welcomeSignals: (socket, agent) => chat.signals.welcome(socket, agent)
	});
	const feed = new LiveFeed({
		db,
		bus,
		deskId: desk.id,
		log,
		now,
		send: (group, frame) => sockets.send(group, frame),
		onDirectoryChange: (ids) => {
			sessions.forgetCached();
			return sockets.refreshAgents(ids);
		}
	});
	sessions.onSessionEnded((end) => sockets.endSessions(end));
	await feed.start();
	chat.open(app.get("trust proxy fn"));
	scheduler.start();
	outbound.start();
	housekeeping.start();
	try {
		await listen(server, config.port, config.bind);
	} catch (error) {
		await stopWork();
		throw error;
	}
	const { port } = server.address();
	await rememberPublicUrl(db, publicUrl());
	log.info({
		event: "server.listening",
		port,
		mode: config.mode
	}, "the server takes requests");
	function address() {
		const listening = server.address();
		return `http://${config.bind.includes(":") ? `[${config.bind}]` : config.bind}:${listening.port}`;
	}
	/** What feeds the database stops first, the database itself last. */
	async function stopWork() {
		feed.stop();
		await chat.stop();
		await scheduler.stop();
		await missingOrders.stop();
		await outbound.stop();
		await people.resets.settled();
		await mail.stop();
		await housekeeping.stop();
		await accounts.close();
		await database.close();
	}
	return {
		address: address(),
		port,
		setupLink: desk.setupCode === null ? null : `${publicUrl()}/#/setup/${desk.setupCode}`,
		setProcessingPaused: (paused) => scheduler.setPaused(paused),
		close: async () => {
			const closed = new Promise((resolve) => server.close(() => resolve()));
			const timer = setTimeout(() => server.closeAllConnections(), 2e3);
			await sockets.close();
			server.closeIdleConnections();
			await closed;
			clearTimeout(timer);
			await stopWork();
			log.info({ event: "server.stopped" }, "the server has stopped");
		}
	};
}
function listen(server, port, host) {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, host, () => {
			server.off("error", reject);
			resolve();
		});
	});
}
// apps/sync-server/src/observability/redact.ts
const HIDDEN_NAMES = /* @__PURE__ */ new Set([
	"authorization",
	"cookie",
	"cookies",
	"setcookie",
	"body",
	"rawbody",
	"text",
	"html",
	"subject",
	"preview",
	"note",
	"query",
	"parameters",
	"detail",
	"to",
	"cc",
	"bcc",
	"from",
	"recipient",
	"recipients",
	"sender",
	"participants",
	"customername",
	"ip",
	"config",
	"secrets"
]);
const HIDDEN_ENDINGS = [
	"token",
	"password",
	"secret",
	"key",
	"signature",
	"email",
	"emails",
	"phone",
	"phones",
	"address",
	"addresses",
	"credentials"
];
const MAIL_ADDRESS = /[^\s@"'<>()[\],;:\\]+@[^\s@"'<>()[\],;:\\]+/g;
const BEARER = /\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]+/gi;
const SESSION_TOKEN = /\btw_[A-Za-z0-9_-]{20,}/g;
const URL_QUERY = /(\bhttps?:\/\/[^\s?#"]+)\?[^\s"]*/g;
const URL_CREDENTIALS = /:\/\/[^\s/@]*@/g;
const REDACTED = "[redacted]";
function isHidden(name) {
	const plain = name.toLowerCase().replaceAll(/[-_]/g, "");
	return HIDDEN_NAMES.has(plain) || HIDDEN_ENDINGS.some((ending) => plain.endsWith(ending));
}
/** Hides what looks like a credential or a mail address inside a sentence. */
function scrubText(text) {
	return text.replaceAll(URL_CREDENTIALS, `://${REDACTED}@`).replaceAll(URL_QUERY, `$1?${REDACTED}`).replaceAll(BEARER, `$1 ${REDACTED}`).replaceAll(SESSION_TOKEN, REDACTED).replaceAll(MAIL_ADDRESS, (found) => found.includes("[redacted]") ? found : REDACTED);
}
/** A copy in which every value with a telling name is hidden, at any depth, and every sentence is scrubbed. */
function redact(value) {
	if (typeof value === "string") return scrubText(value);
	if (Array.isArray(value)) return value.map(redact);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, isHidden(name) && inner !== null ? REDACTED : redact(inner)]));
}
// apps/sync-server/src/observability/logger.ts
/**
* The server's log: one JSON object a line. Redaction happens here, on the finished line, so that no caller, child logger
* or error can go around it.
*
* @param destination - where lines go; standard output when absent.
*/
function createLogger(level, destination = process.stdout) {
	return pino({
		level,
		base: null,
		serializers: { err: toLoggedError },
		timestamp: pino.stdTimeFunctions.isoTime
	}, { write: (line) => destination.write(redactLine(line)) });
}
function redactLine(line) {
	return `${JSON.stringify(redact(JSON.parse(line)))}\n`;
}
/** Only these fields: a database error also carries the row it refused, an HTTP error the request it sent. */
function toLoggedError(error) {
	if (!(error instanceof Error)) return {
		type: typeof error,
		message: String(error)
	};
	return {
		type: error.name,
		message: error.message,
		stack: error.stack,
		..."code" in error && typeof error.code === "string" ? { code: error.code } : {},
		...error.cause === void 0 ? {} : { cause: toLoggedError(error.cause) }
	};
}
// apps/sync-server/kept-entry.ts
const [dataDir, databaseUrl] = process.argv.slice(2);
const server = await startServer({
	...parseConfig({
		TRADEWIND_ADMIN_EMAIL: "admin@shop.example",
		TRADEWIND_ADMIN_PASSWORD: "a long enough password",
		TRADEWIND_DATA: dataDir
	}, ["--no-demo", "--headless"]),
	port: 0
}, {
	databaseUrl,
	dataDir,
	log: createLogger("error")
});
process.send({ port: server.port });
process.on("disconnect", () => void server.close().then(() => process.exit(0)));
export {};
