import type { ConnectedAccount } from '../src/accounts/connected-account.ts';
import type { InboundEvent } from '../src/connector.ts';
import type { Db } from '../src/db/database.ts';

/** Adds an account row as the account service would, without a real connector's secrets. */
export async function insertAccount(
  db: Db,
  given: { id: string; family: 'channel' | 'store'; kind: string; address?: string; teamIds?: readonly string[] },
): Promise<void> {
  await db
    .insertInto('accounts')
    .values({
      id: given.id,
      family: given.family,
      kind: given.kind,
      name: given.id,
      address: given.address ?? '',
      config: '{}',
      secrets: Buffer.alloc(0),
      team_ids: [...(given.teamIds ?? [])],
      last_rejected_at: null,
      last_rejected_reason: null,
      last_event_at: null,
      created_at: 0,
    })
    .execute();
}

/** A connected account whose "platform" sends our own InboundEvents as JSON; what it cannot read throws. */
export function connectJsonAccount(given: Partial<ConnectedAccount> & { id: string }): ConnectedAccount {
  return {
    family: 'channel',
    kind: 'json',
    name: given.id,
    teamIds: [],
    laneNo: 1,
    ownAddress: 'support@shop.example',
    maxBodyBytes: 1_000_000,
    capabilities: null,
    chat: null,
    acceptedReply: null,
    verify: () => ({ ok: false, status: 401, reason: 'not used' }),
    parse: (request) => JSON.parse(request.body.toString('utf8')) as InboundEvent[],
    maySend: true,
    createExternalId: (messageId) => `<${messageId}@shop.example>`,
    send: () => Promise.reject(new Error('not used')),
    fetchFile: () => Promise.reject(new Error('not used')),
    orderStatus: (order) => order.status,
    readOrder: null,
    ...given,
  };
}
