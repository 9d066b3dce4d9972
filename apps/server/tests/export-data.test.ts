import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RATE_LIMITS } from '../src/rate-limits.ts';
import { clientOf, refusalOf, startTestServer, type TestServer } from './test-server.ts';

type Person = Awaited<ReturnType<TestServer['signIn']>>;
type Line = Awaited<ReturnType<Person['api']['users']['exportData']['query']>>['lines'][number];

let server: TestServer;
let ana: Person;
let ben: Person;
beforeAll(async () => {
  server = await startTestServer();
  [ana, ben] = [await server.signIn('ana', 'Ana Lantern'), await server.signIn('ben', 'Ben Harbour')];
  await Promise.all([ana.api.users.me.query(), ben.api.users.me.query()]);
});
afterAll(() => server.stop());

describe('users.exportData', () => {
  it('has profile, settings, conversations and messages, also when another instance continues', async () => {
    const other = clientOf((await server.startInstance()).url, ana.accessToken);
    const me = await ana.api.users.me.query();
    await ana.api.users.updateSettings.mutate({ sendsTyping: false });
    const draft = { message: 'Are the lanterns packed?', clientMessageUuid: v7(), handle: 'ben' };
    const message = await ana.api.messages.create.mutate(draft);
    const lines: Line[] = [];
    let page = await ana.api.users.exportData.query();
    for (lines.push(...page.lines); page.nextCursor !== null; lines.push(...page.lines)) {
      page = await other.users.exportData.query({ cursor: page.nextCursor });
    }
    expect(page.progress).toBe(1);
    const names = { handle: 'ben', displayName: 'Ben Harbour', uuid: expect.any(String) };
    expect(lines).toEqual([
      {
        type: 'profile',
        uuid: me.uuid,
        handle: 'ana',
        displayName: 'Ana Lantern',
        email: expect.stringContaining('@'),
        createdAt: expect.stringMatching(/Z$/),
      },
      { type: 'settings', whoMayMessage: 'everyone', sendsReadReceipts: true, sendsTyping: false },
      expect.objectContaining({ type: 'conversation', uuid: message.messageGroupUuid, person: names }),
      expect.objectContaining({ type: 'message', uuid: message.uuid, message: 'Are the lanterns packed?' }),
    ]);
  });

  it('refuses the cursor of another person', async () => {
    const { nextCursor } = await ana.api.users.exportData.query();
    const stolen = ben.api.users.exportData.query({ cursor: nextCursor });
    expect(await refusalOf(stolen)).toEqual({ code: 'BAD_REQUEST', reason: 'cursor_invalid' });
  });

  it('is limited for each person', async () => {
    const eve = await server.signIn('eve');
    for (let n = 0; n < RATE_LIMITS.export.points; n++) await eve.api.users.exportData.query();
    expect(await refusalOf(eve.api.users.exportData.query())).toMatchObject({ reason: 'rate_limited' });
    expect((await ben.api.users.exportData.query()).lines).not.toEqual([]);
  });
});
