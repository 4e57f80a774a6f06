import type { World } from '../world/world.ts';

/** One request of an admin or a script. @throws Error when the answer is not a good one. */
export async function callApi(
  world: World,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token !== '') headers.authorization = `Bearer ${token}`;
  const answer = await world.network.call(null, {
    method,
    path,
    headers,
    body: body === undefined ? null : Buffer.from(JSON.stringify(body)),
  });
  const text = answer.body.toString('utf8');
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}
