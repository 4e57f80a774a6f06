import type { CommandInput } from '@tradewind/shared/commands/registry';
import { type CommandResult, commandsResponseSchema } from '@tradewind/shared/protocol/commands';
import { z } from 'zod';

/** The server answered that it cannot, or will not. */
export class DeskError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'DeskError';
    this.status = status;
  }
}

const loginSchema = z.object({ token: z.string(), agent: z.object({ id: z.string() }) });
const uploadSchema = z.object({ id: z.string() });
const problemSchema = z.object({
  title: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

const ATTEMPTS = 4;
const REQUEST_TIMEOUT_MS = 30_000;

/** One person's access to the server's API. */
export class DeskClient {
  readonly agentId: string;
  #serverUrl: string;
  #token: string;

  private constructor(serverUrl: string, token: string, agentId: string) {
    this.#serverUrl = serverUrl;
    this.#token = token;
    this.agentId = agentId;
  }

  /** @throws DeskError with status 401 when the password is not the right one. */
  static async login(serverUrl: string, email: string, password: string): Promise<DeskClient> {
    const answer = loginSchema.parse(await request(serverUrl, null, 'POST', '/api/auth/login', { email, password }));
    return new DeskClient(serverUrl, answer.token, answer.agent.id);
  }

  async request<TSchema extends z.ZodType>(
    schema: TSchema,
    method: string,
    path: string,
    body?: object,
  ): Promise<z.output<TSchema>> {
    return schema.parse(await request(this.#serverUrl, this.#token, method, path, body));
  }

  /** Carries out one command; sending it again under its id is always safe. */
  async command(command: CommandInput): Promise<CommandResult> {
    const { results } = await this.request(commandsResponseSchema, 'POST', '/api/commands', { commands: [command] });
    const [result] = results;
    if (!result) throw new DeskError(200, 'the server gave no result for a command');
    return result;
  }

  /** @returns the id under which a reply may carry the file. */
  async upload(file: { name: string; contentType: string; content: Buffer }): Promise<string> {
    const headers = { 'content-type': file.contentType, 'x-file-name': encodeURIComponent(file.name) };
    const body = new Uint8Array(file.content);
    const { id } = uploadSchema.parse(
      await send(this.#serverUrl, this.#token, 'POST', '/api/attachments', { headers, body }),
    );
    return id;
  }

  async logout(): Promise<void> {
    await request(this.#serverUrl, this.#token, 'POST', '/api/auth/logout');
  }
}

function request(
  serverUrl: string,
  token: string | null,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  return send(
    serverUrl,
    token,
    method,
    path,
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );
}

/** Every request made here may be repeated: reads, commands with ids, files, and what is looked up by name before. */
async function send(
  serverUrl: string,
  token: string | null,
  method: string,
  path: string,
  { headers, body }: { headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> },
): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(serverUrl + path, {
      method,
      headers: { ...headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) return text === '' ? {} : JSON.parse(text);
    const isPassing = response.status === 429 || response.status === 503;
    if (!isPassing || attempt === ATTEMPTS)
      throw new DeskError(response.status, `${method} ${path.split('?')[0]}: ${describe(response.status, text)}`);
    await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
  }
}

function describe(status: number, text: string): string {
  try {
    const problem = problemSchema.parse(JSON.parse(text));
    const fields = (problem.errors ?? []).map(({ path, message }) => `${path} ${message}`);
    return [`${status} ${problem.title}`, ...fields].join('; ');
  } catch {
    return String(status); // not a problem document
  }
}
