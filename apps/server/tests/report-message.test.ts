import { randomUUID } from 'node:crypto';
import { listReports } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RATE_LIMITS } from '../src/rate-limits.ts';
import { refusalOf, startTestServer, type TestServer } from './test-server.ts';

type Person = Awaited<ReturnType<TestServer['signIn']>>;

let server: TestServer;
let ana: Person;
let ben: Person;
let address: { messageGroupUuid: string; messageUuid: string; createdAt: string };

beforeAll(async () => {
  server = await startTestServer();
  [ana, ben] = [await server.signIn('ana', 'Ana Lantern'), await server.signIn('ben', 'Ben Harbour')];
  await Promise.all([ana.api.users.me.query(), ben.api.users.me.query()]);
  const draft = { message: 'Buy my lamps', clientMessageUuid: v7(), handle: 'ben' };
  const { messageGroupUuid, uuid: messageUuid, createdAt } = await ana.api.messages.create.mutate(draft);
  address = { messageGroupUuid, messageUuid, createdAt };
});
afterAll(() => server.stop());

const openReports = async () => (await listReports(server.services.store, 'open', { limit: 50 })).items;

describe('messages.report', () => {
  it('keeps the message with reason and note for the moderators, once', async () => {
    const report = () => ben.api.messages.report.mutate({ ...address, reason: 'spam', note: '  Every day  ' });
    expect(await report()).toBeNull();
    expect(await report()).toBeNull();
    expect(await openReports()).toMatchObject([
      {
        reporter: { handle: 'ben' },
        reason: 'spam',
        note: 'Every day',
        message: { sender: { handle: 'ana', displayName: 'Ana Lantern' }, message: 'Buy my lamps' },
      },
    ]);
  });

  it('counts a note in code points, and takes a blank one as none', async () => {
    const another = await ana.api.messages.create.mutate({
      message: 'Really',
      clientMessageUuid: v7(),
      messageGroupUuid: address.messageGroupUuid,
    });
    const of = { ...address, messageUuid: another.uuid, createdAt: another.createdAt, reason: 'other' as const };
    const tooLong = ben.api.messages.report.mutate({ ...of, note: '🏮'.repeat(501) });
    expect(await refusalOf(tooLong)).toEqual({ code: 'BAD_REQUEST', reason: 'input_invalid' });
    await ben.api.messages.report.mutate({ ...of, note: ' ' });
    expect((await openReports()).at(-1)).toMatchObject({ note: null });
    await ana.api.messages.create.mutate({ message: 'Hm', clientMessageUuid: v7(), handle: 'ben' });
    const { items } = await ben.api.messages.list.query({ messageGroupUuid: address.messageGroupUuid });
    const newest = items.at(-1) ?? expect.fail('no message');
    const note = '🏮'.repeat(500);
    const at = { ...of, messageUuid: newest.uuid, createdAt: newest.createdAt };
    await ben.api.messages.report.mutate({ ...at, note });
    expect((await openReports()).at(-1)).toMatchObject({ note });
  });

  it('is refused for an own message, an absent one, and an unknown reason', async () => {
    const report = (person: Person, of = address, reason: 'spam' | 'abuse' | 'other' = 'abuse') =>
      refusalOf(person.api.messages.report.mutate({ ...of, reason }));
    expect(await report(ana)).toEqual({ code: 'BAD_REQUEST', reason: 'report_of_own_message' });
    const absent = { ...address, messageUuid: randomUUID() };
    expect(await report(ben, absent)).toEqual({ code: 'NOT_FOUND', reason: 'message_not_found' });
    expect(await report(ben, address, 'dull' as 'other')).toEqual({ code: 'BAD_REQUEST', reason: 'input_invalid' });
  });

  it('is limited for each person', async () => {
    const eve = await server.signIn('eve');
    const report = () => refusalOf(eve.api.messages.report.mutate({ ...address, reason: 'abuse' }));
    for (let n = 0; n < RATE_LIMITS.report.points; n++) {
      expect(await report()).toMatchObject({ reason: 'message_group_not_found' });
    }
    expect(await report()).toEqual({ code: 'TOO_MANY_REQUESTS', reason: 'rate_limited' });
    expect(await ben.api.messages.report.mutate({ ...address, reason: 'abuse' })).toBeNull();
  });
});
