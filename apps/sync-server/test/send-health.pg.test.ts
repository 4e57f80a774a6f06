import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestDesk, type TestDesk } from './desk.ts';
import { FakePlatform } from './fake-platform.ts';

let desk: TestDesk;
const platform = new FakePlatform();
let apiBaseUrl: string;
beforeAll(async () => {
  desk = await startTestDesk();
  apiBaseUrl = await platform.start();
});
afterAll(async () => {
  await desk.close();
  await platform.stop();
});

async function connectChannel(url: string): Promise<string> {
  const keys = {
    signingKey: 'k',
    apiKey: 'a',
    domain: 'mg.example',
    fromAddress: 'support@mg.example',
    apiBaseUrl: url,
  };
  return (await desk.admin.call('POST', '/api/channels', { kind: 'mailgun', name: 'Mail', config: keys })).body.id;
}

const problemOf = async (id: string) => (await desk.admin.get(`/api/channels/${id}`)).sendProblem;

async function send(channelAccountId: string, status: string): Promise<void> {
  const command = { type: 'start-conversation', channelAccountId, to: 'li@example.com', subject: 'Hi', text: 'Hello' };
  const { messageId } = await desk.mei.command(command);
  await vi.waitFor(async () => expect((await desk.mei.get(`/api/messages/${messageId}`)).status).toBe(status));
}

test('an account whose key is refused says so since the first time, until a mail leaves', async () => {
  const id = await connectChannel(apiBaseUrl);
  expect(await problemOf(id)).toBeNull();
  platform.answerJson(401, { message: 'Invalid private key' });
  const before = Date.now();
  await send(id, 'failed');
  const first = await vi.waitFor(async () => {
    const problem = await problemOf(id);
    expect(problem).toMatchObject({ text: 'Invalid private key' });
    return problem;
  });
  expect(first.since).toBeGreaterThanOrEqual(before);
  platform.answerJson(403, { message: 'Domain is not allowed to send' });
  await send(id, 'failed');
  await vi.waitFor(async () =>
    expect(await problemOf(id)).toEqual({ text: 'Domain is not allowed to send', since: first.since }),
  );
  platform.answerJson(200, { id: '<x@mg.example>', message: 'Queued.' });
  await send(id, 'sent');
  await vi.waitFor(async () => expect(await problemOf(id)).toBeNull());
  const listed = (await desk.admin.get('/api/channels')).items.find((one: { id: string }) => one.id === id);
  expect(listed.sendProblem).toBeNull();
});

test('what is wrong with one message is not the account’s problem', async () => {
  const id = await connectChannel(apiBaseUrl);
  platform.answerJson(400, { message: "'to' parameter is not a valid address" });
  await send(id, 'failed');
  expect(await problemOf(id)).toBeNull();
});

test('a platform that cannot be reached is', async () => {
  const id = await connectChannel('http://127.0.0.1:9');
  await desk.mei.command({
    type: 'start-conversation',
    channelAccountId: id,
    to: 'li@example.com',
    subject: 'Hi',
    text: 'Hello',
  });
  await vi.waitFor(async () =>
    expect(await problemOf(id)).toMatchObject({ text: expect.stringContaining('cannot be reached') }),
  );
});

test('a shop sends nothing and has no such problem', async () => {
  expect((await desk.admin.get(`/api/stores/${desk.storeId}`)).sendProblem).toBeNull();
});
