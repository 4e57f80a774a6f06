import { useCallback } from 'react';
import { type Account, listAccounts } from '../desk/api/accounts.ts';
import type { ApiResult } from '../desk/api/client.ts';
import { listInvites, listPeople } from '../desk/api/people.ts';
import { type DeskSettings, readDeskSettings } from '../desk/api/setup.ts';
import { type Load, useLoad } from '../desk/api/use-load.ts';

/** The guide shows how things stand while somebody works at the platforms beside it. */
const LOOK_EVERY_MS = 5_000;

export interface GuideFacts {
  desk: DeskSettings;
  mailbox: Account | null;
  shop: Account | null;
  chat: Account | null;
  colleagues: number;
}

async function readFacts(ownId: string): Promise<ApiResult<GuideFacts>> {
  const [desk, channels, stores, people, invites] = await Promise.all([
    readDeskSettings(),
    listAccounts('channels'),
    listAccounts('stores'),
    listPeople(),
    listInvites(),
  ]);
  if (!desk.ok) return desk;
  if (!channels.ok) return channels;
  if (!stores.ok) return stores;
  if (!people.ok) return people;
  if (!invites.ok) return invites;
  return {
    ok: true,
    value: {
      desk: desk.value,
      mailbox: channels.value.find(({ kind }) => kind === 'mailgun') ?? null,
      chat: channels.value.find(({ kind }) => kind === 'web-chat') ?? null,
      shop: stores.value[0] ?? null,
      colleagues: people.value.filter(({ id }) => id !== ownId).length + invites.value.length,
    },
  };
}

/** How far the desk is, from what the server has. */
export function useGuideFacts(ownId: string): Load<GuideFacts> {
  return useLoad(
    useCallback(() => readFacts(ownId), [ownId]),
    LOOK_EVERY_MS,
  );
}
