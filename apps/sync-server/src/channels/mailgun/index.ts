import type { ChannelConnector } from '../../connector.ts';
import { parseAddresses } from '../../mail/addresses.ts';
import { type MailgunConfig, mailgunConfigSchema } from './config.ts';
import { fetchStoredFile } from './fetch-file.ts';
import { parseMailgun } from './parse.ts';
import { sendMail } from './send.ts';
import { verifyMailgun } from './verify.ts';

export const mailgunConnector: ChannelConnector<MailgunConfig> = {
  kind: 'mailgun',
  configSchema: mailgunConfigSchema,
  secretKeys: ['signingKey', 'apiKey'],
  maxBodyBytes: 40 * 1024 * 1024,
  capabilities: {
    // A Message-Id of our own is kept, but Mailgun does not promise to drop a second request with it.
    idempotentSend: false,
    receipts: true,
    edit: false,
    recall: false,
    typing: false,
    windowHours: null,
    maxTextLength: null,
  },
  verify: verifyMailgun,
  parse: (request, _config, receivedAtMs) => parseMailgun(request, receivedAtMs),
  displayAddress: (config) => parseAddresses(config.fromAddress)[0]?.address ?? config.fromAddress,
  maySend: (config) => config.apiKey !== undefined,
  createExternalId: (messageId, config) => `<${messageId}@${config.domain}>`,
  send: sendMail,
  fetchFile: fetchStoredFile,
};
