import { type Request, type Response, Router } from 'express';
import type { LabContext } from '../context.ts';
import { parseForm } from '../http/parse-form.ts';
import { readBody } from '../http/read-body.ts';
import type { Fault } from '../outgoing/faults.ts';
import { requestFaultKinds } from '../outgoing/faults.ts';
import type { MailgunAccount } from './mail.ts';
import { buildMime } from './mime.ts';
import { type ParsedSend, parseMimeSend, parseSend } from './parse-send.ts';
import type { MailgunSimulator } from './simulator.ts';

const LARGEST_MESSAGE_BYTES = 25 * 1024 * 1024;

function readApiKey(request: Request): string | null {
  const match = /^Basic (.+)$/i.exec(request.headers.authorization ?? '');
  const [user, ...password] = Buffer.from(match?.[1] ?? '', 'base64')
    .toString('utf8')
    .split(':');
  return user === 'api' ? password.join(':') : null;
}

function refuse(response: Response, status: number, message: string): void {
  response.status(status).json({ message });
}

/** Checks the key before anything else is told, then that the domain is one of that key's. */
function findAccount(simulator: MailgunSimulator, request: Request, response: Response): MailgunAccount | null {
  const apiKey = readApiKey(request);
  const ofKey = [...simulator.accounts.values()].filter((account) => account.apiKey === apiKey);
  if (ofKey.length === 0) {
    response.status(401).set('www-authenticate', 'Basic realm="MG API"').type('text/plain').send('Forbidden');
    return null;
  }
  const domain = String(request.params.domain).toLowerCase();
  const account = ofKey.find((candidate) => candidate.domain.toLowerCase() === domain);
  if (!account) refuse(response, 404, `Domain not found: ${domain}`);
  return account ?? null;
}

/** @returns true when the fault has answered, or hung up, and nothing was accepted. */
function failBeforeAccepting(fault: Fault | null, request: Request, response: Response): boolean {
  if (fault?.kind === 'answer-429') {
    response
      .status(429)
      .set('retry-after', String(fault.retryAfterSeconds ?? 1))
      .json({ message: 'Too many requests' });
  } else if (fault?.kind === 'answer-400')
    refuse(response, 400, "'to' parameter is not a valid address. please check documentation");
  else if (fault?.kind === 'answer-500') refuse(response, 500, 'Internal Server Error');
  else if (fault?.kind === 'answer-503') refuse(response, 503, 'Service Unavailable');
  else if (fault?.kind === 'reset-before-accept') request.socket.resetAndDestroy();
  else return false;
  return true;
}

/** The two ways to send and the fetching of stored mails, below `/mailgun`. */
export function createMailgunRouter(simulator: MailgunSimulator, context: LabContext): Router {
  const router = Router();

  const handleSend =
    (parse: (form: NonNullable<Awaited<ReturnType<typeof parseForm>>>) => ParsedSend) =>
    async (request: Request, response: Response): Promise<void> => {
      const body = await readBody(request, LARGEST_MESSAGE_BYTES);
      const account = findAccount(simulator, request, response);
      if (!account) return;
      if (!body) return refuse(response, 413, 'Message is too large: the limit is 25 MB');
      const form = await parseForm(request.headers['content-type'] ?? '', body);
      if (!form)
        return refuse(response, 400, 'Send the parameters as multipart/form-data or application/x-www-form-urlencoded');
      const parsed = parse(form);
      if (!parsed.ok) return refuse(response, 400, parsed.message);
      const { to, cc, bcc } = parsed.request;
      const recipients = [...to, ...cc, ...bcc].map(({ address }) => address);
      const fault = simulator.faults.take(requestFaultKinds, { recipients });
      if (failBeforeAccepting(fault, request, response)) return;
      const mail = simulator.accept(account, parsed.request);
      if (fault?.kind === 'reset-after-accept') {
        request.socket.resetAndDestroy();
        return;
      }
      if (fault?.kind === 'timeout-after-accept') {
        // Without a time the answer never comes: the socket stays open until the sender gives up or the lab closes.
        if (fault.delayMs === undefined || !(await context.timers.sleep(fault.delayMs))) return;
      }
      response.json({ id: mail.messageId, message: 'Queued. Thank you.' });
    };

  router.post('/v3/:domain/messages', handleSend(parseSend));
  router.post('/v3/:domain/messages.mime', handleSend(parseMimeSend));

  router.get('/v3/domains/:domain/messages/:key', (request, response) => {
    if (!findAccount(simulator, request, response)) return;
    const stored = simulator.stored.get(request.params.key);
    if (!stored) return refuse(response, 404, 'Message not found');
    if (request.headers.accept === 'message/rfc2822') {
      response.type('message/rfc2822').send(stored.mail.rawMime ?? buildMime(stored.mail));
      return;
    }
    const { from, to, subject, text, html } = stored.mail;
    response.json({ from: from.address, recipients: to, subject, 'body-plain': text, 'body-html': html });
  });

  router.get('/v3/domains/:domain/messages/:key/attachments/:index', (request, response) => {
    if (!findAccount(simulator, request, response)) return;
    const file = simulator.stored.get(request.params.key)?.mail.attachments[Number(request.params.index)];
    if (!file) return refuse(response, 404, 'Attachment not found');
    response.type(file.contentType).send(file.content);
  });

  return router;
}
