import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RawWebhook, VerifyResult } from '../../connector.ts';
import { type ChatRequest, chatRequestSchema, describeChatRequest } from '../chat-request.ts';
import type { WebChatConfig } from './config.ts';

/** How far the time of a request may lie from ours: a captured one is of no use after it. */
const TOLERANCE_MS = 300_000;

/** HMAC-SHA256 over `{timestamp}.{body}`, in hex behind `v1=`. */
export function signChatRequest(secret: string, timestamp: string, body: Buffer | string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}

/** Proves a post of the shop's own backend genuine (README.md, Relaying from your own backend). */
export function verifyWebChat(request: RawWebhook, config: WebChatConfig, nowMs: number): VerifyResult {
  if (config.identitySecret === undefined) return reject(401, 'no identitySecret is configured');
  const timestamp = request.headers['x-tradewind-timestamp'] ?? '';
  const signature = request.headers['x-tradewind-signature'] ?? '';
  if (timestamp === '' || signature === '') return reject(401, 'the signature headers are missing');
  const given = Buffer.from(signature);
  const expected = Buffer.from(signChatRequest(config.identitySecret, timestamp, request.body));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reject(401, 'wrong signature');
  const atMs = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1_000 : Number.NaN;
  if (!(Math.abs(nowMs - atMs) <= TOLERANCE_MS)) return reject(403, 'the timestamp is more than 5 minutes off');
  const read = readChatRequest(request.body);
  if (!read) return reject(400, 'the body is not a chat request');
  return { ok: true, facts: describeChatRequest(read, request.body) };
}

/** Null for what is no chat request. */
export function readChatRequest(body: Buffer): ChatRequest | null {
  try {
    return chatRequestSchema.safeParse(JSON.parse(body.toString('utf8'))).data ?? null;
  } catch {
    return null; // not JSON
  }
}

function reject(status: number, reason: string): VerifyResult {
  return { ok: false, status, reason };
}
