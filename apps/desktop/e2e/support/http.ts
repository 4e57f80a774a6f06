/** Sends JSON and reads JSON; a refusal becomes an error that shows the answer. */
export async function requestJson<T>(
  url: string,
  options: { method?: string; body?: unknown; token?: string } = {},
): Promise<T> {
  const response = await fetch(url, {
    method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${options.method ?? 'request'} ${url}: ${response.status} ${text}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}
