import type { Request, RequestHandler, Response } from 'express';
import { json } from 'express';
import type { z } from 'zod';
import type { Delivery, Posting } from '../outgoing/webhook-poster.ts';

// How long an answer waits to tell what the product said; faults can make a webhook take longer, then it goes on alone.
const LONGEST_WAIT_MS = 5_000;

/** Bodies must say that they are JSON: another site's page cannot send that without asking first, and the lab never agrees. */
const parseJson: RequestHandler[] = [
  (request, response, next) => {
    if (request.is('application/json') || request.headers['content-length'] === '0') next();
    else response.status(415).json({ error: 'send JSON with content-type: application/json' });
  },
  json({ limit: '40mb' }),
];

/** A route that takes a JSON body of this shape. */
export function handleBody<TSchema extends z.ZodType>(
  schema: TSchema,
  handle: (body: z.output<TSchema>, request: Request, response: Response) => unknown,
): RequestHandler[] {
  return [
    ...parseJson,
    async (request, response) => {
      const parsed = schema.safeParse(request.body ?? {});
      if (!parsed.success) {
        const errors = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
        response.status(400).json({ error: 'the body is not what this address takes', errors });
        return;
      }
      const answer = await handle(parsed.data, request, response);
      if (!response.headersSent) response.json(answer);
    },
  ];
}

/** What became of some webhooks so far, after at most five seconds. */
export async function awaitDeliveries(postings: readonly Posting[]): Promise<Delivery[]> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LONGEST_WAIT_MS);
    timer.unref();
  });
  await Promise.race([Promise.all(postings.map((posting) => posting.finished)), timeUp]);
  clearTimeout(timer);
  return postings.map((posting) => posting.delivery);
}
