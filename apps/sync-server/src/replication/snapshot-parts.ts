import { AppError } from '@tradewind/shared/protocol/errors';
import { type CollectionName, collectionSchema } from '@tradewind/shared/protocol/sync';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { isVisibleSql, type Scopes } from '../auth/scopes.ts';

/** Whom a part is for, and what its pages have in common. */
export interface PartContext {
  scopes: Scopes;
  agentId: string;
  /** Position of the log's head before the part's first row was read. */
  asOfSeq: number;
  recentSince: number;
}

/**
 * One walk of a part, by keys that an index has: units from the greatest `(key, id)` down. A unit is one document of
 * `collection`, with what belongs to it.
 */
export interface Stage {
  collection: CollectionName;
  /** Rows `(key, id, customer_id)`; the walk and its limit are laid around it. */
  source: RawBuilder<unknown>;
  /** The column that is `key`; null where units are ordered by `id` alone. */
  keyColumn: 'updated_at' | 'external_updated_at' | 'created_seq' | null;
  /** Units left out, in a query with `unit` and its log row `log`. */
  skip?: RawBuilder<SqlBool>;
  /** What comes with a unit. */
  with: { messages: boolean; orders: boolean; customer: boolean };
  /** Whether its customer (and his orders) came before, in a query with `unit`. */
  customerGiven: RawBuilder<SqlBool>;
}

/** The rank of unresolved conversations: before all others. */
const UNRESOLVED = Number.MAX_SAFE_INTEGER;
const NEVER = sql<SqlBool>`false`;
const ALWAYS = sql<SqlBool>`true`;

/** A place in the order of a walk, as SQL. */
interface Place {
  key: RawBuilder<unknown>;
  id: RawBuilder<unknown>;
}
const FIRST = sql`''`;
/** Of the unit looked at. */
const UNIT: Place = { key: sql`unit.key`, id: sql`unit.id` };
/** Below everything. */
const ANY: Place = { key: sql`(-1)`, id: FIRST };

const ALONE = { messages: false, orders: false, customer: false };

/**
 * What a part consists of.
 *
 * `open`, `recent` and `history` divide the conversations: unresolved ones, and those resolved by their last change. A
 * customer comes with the first of his conversations or orders in a part, once per part: what an earlier part gave is not
 * known here, and a conversation that was reopened or begun since then brings no customer and no orders by itself.
 *
 * @throws AppError `forbidden` for a scope the reader does not have, `bad-input` for a collection that does not exist.
 */
export function findStages(part: string, context: PartContext): Stage[] {
  if (part === 'open') return openStages(context);
  if (part === 'recent') return recentStages(context);
  if (part === 'history') return historyStages(context);
  const [kind, ...rest] = part.split(':');
  if (kind === 'conversation') return [conversationStage(rest.join(':'))];
  if (kind === 'scope') return scopeStages(rest.join(':'), context);
  return rangeStages(rest);
}

function openStages(context: PartContext): Stage[] {
  return [
    logStage('directory'),
    {
      collection: 'command',
      source: sql`select 0::bigint as key, id, null::text as customer_id from commands
        where agent_id = ${context.agentId} and status = 'held' and doc->>'answeredBy' is null`,
      keyColumn: null,
      with: ALONE,
      customerGiven: NEVER,
    },
    {
      collection: 'personal',
      source: sql`select 0::bigint as key, id, null::text as customer_id from personal where agent_id = ${context.agentId}`,
      keyColumn: null,
      with: ALONE,
      customerGiven: NEVER,
    },
    {
      collection: 'conversation',
      source: sql`select ${UNRESOLVED}::bigint as key, id, customer_id from conversations where status <> 'resolved'`,
      keyColumn: null,
      with: { messages: true, orders: true, customer: true },
      customerGiven: hasConversationBefore(context, UNIT, ALWAYS),
    },
  ];
}

function recentStages(context: PartContext): Stage[] {
  const since = sql`${context.recentSince}::bigint`;
  const resolved = sql<SqlBool>`other.status = 'resolved'`;
  return [
    resolvedStage(sql`>= ${since}`, hasConversationBefore(context, UNIT, resolved)),
    orderStage(
      sql`>= ${since}`,
      sql<SqlBool>`(${hasConversationBefore(context, { key: since, id: FIRST }, resolved)} or ${hasOrderBefore(context, UNIT, ALWAYS)})`,
    ),
  ];
}

function historyStages(context: PartContext): Stage[] {
  const since = sql`${context.recentSince}::bigint`;
  const oldConversation = sql<SqlBool>`other.status = 'resolved' and other.updated_at < ${since}`;
  const oldOrder = sql<SqlBool>`other.external_updated_at < ${since}`;
  const withConversation = hasConversationBefore(context, ANY, oldConversation);
  return [
    resolvedStage(sql`< ${since}`, hasConversationBefore(context, UNIT, oldConversation)),
    orderStage(sql`< ${since}`, sql<SqlBool>`(${withConversation} or ${hasOrderBefore(context, UNIT, oldOrder)})`),
    {
      collection: 'customer',
      source: sql`select 0::bigint as key, id, id as customer_id from customers`,
      keyColumn: null,
      skip: sql<SqlBool>`(${withConversation} or ${hasOrderBefore(context, ANY, oldOrder)})`,
      with: ALONE,
      customerGiven: NEVER,
    },
  ];
}

function resolvedStage(time: RawBuilder<unknown>, customerGiven: RawBuilder<SqlBool>): Stage {
  return {
    collection: 'conversation',
    source: sql`select updated_at as key, id, customer_id, updated_at from conversations
      where status = 'resolved' and updated_at ${time}`,
    keyColumn: 'updated_at',
    with: { messages: true, orders: false, customer: true },
    customerGiven,
  };
}

function orderStage(time: RawBuilder<unknown>, customerGiven: RawBuilder<SqlBool>): Stage {
  return {
    collection: 'order',
    source: sql`select external_updated_at as key, id, customer_id, external_updated_at from orders
      where not deleted and external_updated_at ${time}`,
    keyColumn: 'external_updated_at',
    with: { messages: false, orders: false, customer: true },
    customerGiven,
  };
}

/** One unit by its id, wherever its walk has it by now. */
export function toSingle(stage: Stage, id: string): Stage {
  const table = sql.table(stage.collection === 'order' ? 'orders' : 'conversations');
  return {
    ...stage,
    source: sql`select 0::bigint as key, id, customer_id from ${table} where id = ${id}`,
    keyColumn: null,
  };
}

/** One conversation, whole. */
function conversationStage(id: string): Stage {
  return {
    collection: 'conversation',
    source: sql`select 0::bigint as key, id, customer_id from conversations where id = ${id}`,
    keyColumn: null,
    with: { messages: true, orders: true, customer: true },
    customerGiven: NEVER,
  };
}

/** All that carries a scope, whatever its age; customers and orders by scopes of their own. */
function scopeStages(scope: string, { scopes }: PartContext): Stage[] {
  if (!scopes.includes(scope)) {
    throw new AppError('forbidden', 'You do not have this scope.'); // the same for one that does not exist
  }
  const skip = scope === 'all' ? NEVER : sql<SqlBool>`not (log.scopes @> array[${scope}::text])`;
  const walk = (collection: CollectionName) => ({ ...logStage(collection), skip });
  const conversations = { ...walk('conversation'), with: { ...ALONE, messages: true } };
  return [walk('directory'), conversations, walk('customer'), walk('order')];
}

function rangeStages([name, from, to]: string[]): Stage[] {
  const collection = collectionSchema.safeParse(name);
  if (!collection.success) {
    throw new AppError('bad-input', 'There is no such part.', {
      errors: [{ path: 'part', message: 'the range names a collection that does not exist' }],
    });
  }
  return [
    {
      collection: collection.data,
      source: sql`select created_seq as key, id, null::text as customer_id, created_seq from change_log
        where collection = ${collection.data} and scope_left = ''
          and created_seq >= ${Number(from)}::bigint and created_seq < ${Number(to)}::bigint`,
      keyColumn: 'created_seq',
      with: ALONE,
      customerGiven: NEVER,
    },
  ];
}

/** A whole collection, by id. */
function logStage(collection: CollectionName): Stage {
  return {
    collection,
    source: sql`select 0::bigint as key, id, null::text as customer_id from change_log
      where collection = ${collection} and scope_left = ''`,
    keyColumn: null,
    with: ALONE,
    customerGiven: NEVER,
  };
}

/**
 * Whether the unit's customer came with a conversation of this part before a place in its order. One that changed since the part
 * began does not count: it may have been elsewhere when the walk passed.
 *
 * @param within - which conversations, called `other`, are of this part.
 */
function hasConversationBefore(
  { scopes, asOfSeq }: PartContext,
  place: Place,
  within: RawBuilder<SqlBool>,
): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (
    select 1 from conversations other join change_log log
      on log.collection = 'conversation' and log.id = other.id and log.scope_left = ''
    where other.customer_id = unit.customer_id and log.seq <= ${asOfSeq}::bigint and ${isVisibleSql(scopes)} and ${within}
      and (case when other.status = 'resolved' then other.updated_at else ${UNRESOLVED}::bigint end, other.id)
        > (${place.key}, ${place.id}))`;
}

/** The same for orders. */
function hasOrderBefore(
  { scopes, asOfSeq }: PartContext,
  place: Place,
  within: RawBuilder<SqlBool>,
): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (
    select 1 from orders other join change_log log
      on log.collection = 'order' and log.id = other.id and log.scope_left = ''
    where other.customer_id = unit.customer_id and not other.deleted and log.seq <= ${asOfSeq}::bigint
      and ${isVisibleSql(scopes)} and ${within} and (other.external_updated_at, other.id) > (${place.key}, ${place.id}))`;
}
