import type { ChannelConnector } from '../../connector.ts';
import { type WebChatConfig, webChatConfigSchema } from './config.ts';
import { verifyIdentity } from './identity.ts';
import { parseWebChat } from './parse.ts';
import { sendToVisitor } from './send.ts';
import { verifyWebChat } from './verify.ts';

export const webChatConnector: ChannelConnector<WebChatConfig> = {
  kind: 'web-chat',
  configSchema: webChatConfigSchema,
  secretKeys: ['identitySecret'],
  maxBodyBytes: 1024 * 1024,
  capabilities: {
    idempotentSend: true,
    receipts: true,
    edit: false,
    recall: false,
    typing: true,
    windowHours: null,
    maxTextLength: null,
  },
  hostedChat: {
    allowsOrigin: (origin, config) => config.allowedOrigins.includes(origin),
    verifyIdentity,
    settings: ({ greeting, accentColor, officeHours, preChat, askRating }) => ({
      greeting: greeting === undefined || greeting === '' ? null : greeting,
      accentColor: accentColor ?? null,
      officeHours: officeHours ?? null,
      preChat,
      askRating,
    }),
  },
  verify: verifyWebChat,
  parse: (request, _config, receivedAtMs) => parseWebChat(request, receivedAtMs),
  displayAddress: (config) => config.allowedOrigins[0] ?? '',
  createExternalId: (messageId) => messageId,
  send: sendToVisitor,
};
