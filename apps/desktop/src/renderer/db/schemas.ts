import type { RxJsonSchema } from 'rxdb';
import type { OwnDocs, ReplicaDocs } from './documents.ts';

/**
 * Part of the replica's name: raising it starts an empty replica that is filled again from the server. Only outbox and
 * drafts live on, in a database of their own. Needed when an index or a key below changes, or what is stored means
 * something else; never for added fields.
 */
export const replicaVersion = 3;

const ID_LENGTH = 100;

/**
 * A schema with the key and the indexed fields, nothing else: RxDB refuses to open a collection whose schema has
 * changed under the same version, so naming every field would turn each field added to a document into a resync.
 * The shape of documents is checked by zod where they enter; unknown fields are kept.
 *
 * @param indexes - names of string fields that `find` selects by.
 */
function toSchema<TDoc>(indexes: readonly (keyof TDoc & string)[] = []): RxJsonSchema<TDoc> {
  const key = { type: 'string', maxLength: ID_LENGTH };
  const schema = {
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: Object.fromEntries(['id', ...indexes].map((field) => [field, key])),
    // Dexie storage indexes only fields that are required; a document with null there is stored, but not in the index.
    required: ['id', ...indexes],
    // By key too: `queryAllDocs` reads through it.
    indexes: ['id', ...indexes],
  };
  // RxDB derives key and property names from the document type; here they are chosen at run time from the same type.
  return schema as unknown as RxJsonSchema<TDoc>;
}

type SchemasOf<TDocs> = { [TName in keyof TDocs]: RxJsonSchema<TDocs[TName]> };

export const replicaSchemas: SchemasOf<ReplicaDocs> = {
  customers: toSchema(),
  conversations: toSchema(['status']),
  // By status too: the list marks conversations with a message that was not sent.
  messages: toSchema(['conversationId', 'status']),
  orders: toSchema(['customerId']),
  directory: toSchema(),
  commands: toSchema(),
  personal: toSchema(),
  meta: toSchema(),
};

export const ownSchemas: SchemasOf<OwnDocs> = {
  outbox: toSchema(),
  drafts: toSchema(),
};
