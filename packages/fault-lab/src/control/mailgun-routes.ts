import { Router } from 'express';
import { LabError } from '../context.ts';
import type { MailgunSimulator } from '../mailgun/simulator.ts';
import { awaitDeliveries, handleBody } from './handle.ts';
import { answerSchema, eventSchema, inboundSchema, mailgunAccountSchema, mailgunSettingsSchema } from './schemas.ts';

/** `/lab/mailgun`: connect accounts, write as a customer, look into the outbox, report on mails. */
export function createMailgunControl(mailgun: MailgunSimulator): Router {
  const router = Router();

  const findSent = (messageId: string) => {
    const mail = mailgun.outbox.find(messageId);
    if (!mail) throw new LabError(`no mail with Message-Id ${messageId} was sent`);
    return mail;
  };
  const listAccounts = () =>
    [...mailgun.accounts.values()].map(({ id, domain, address, webhookUrl }) => ({ id, domain, address, webhookUrl }));

  router.get('/accounts', (_request, response) => void response.json({ items: listAccounts() }));
  router.post(
    '/accounts',
    handleBody(mailgunAccountSchema, (body) => ({ id: mailgun.connect(body).id })),
  );

  router.post(
    '/inbound',
    handleBody(inboundSchema, async ({ accountId, form, ...draft }) => {
      const posting = mailgun.postInbound(draft, { accountId, form });
      return { messageId: posting.mail.messageId, deliveries: await awaitDeliveries([posting]) };
    }),
  );

  router.get('/outbox', (_request, response) => void response.json({ items: mailgun.sent.toReversed().slice(0, 200) }));
  router.delete('/outbox', (_request, response) => {
    mailgun.outbox.clear();
    response.status(204).end();
  });
  router.post(
    '/outbox/:messageId/events',
    handleBody(eventSchema, async ({ event, ...details }, request) => ({
      deliveries: await awaitDeliveries([
        mailgun.postEvent(findSent(String(request.params.messageId)), event, details),
      ]),
    })),
  );
  router.post(
    '/outbox/:messageId/reply',
    handleBody(answerSchema, async ({ form, ...draft }, request) => {
      const sent = findSent(String(request.params.messageId));
      const posting = mailgun.postInbound(mailgun.buildReply(sent, draft), { accountId: sent.accountId, form });
      return { messageId: posting.mail.messageId, deliveries: await awaitDeliveries([posting]) };
    }),
  );

  router.get('/settings', (_request, response) => void response.json(mailgun.settings));
  router.patch(
    '/settings',
    handleBody(mailgunSettingsSchema, (body) => Object.assign(mailgun.settings, body)),
  );
  return router;
}
