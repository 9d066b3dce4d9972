import { createUser } from '@cruddur/db';
import { messageItem, micros } from '@cruddur/ddb';
import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putItems } from '../../../../tests/support/messages.ts';
import { RATE_LIMITS } from '../../src/rate-limits.ts';
import { openStream } from '../open-stream.ts';
import { callOf } from '../send-request.ts';
import { clientOf, refusalOf, startTestServer, type TestServer } from '../test-server.ts';

/** The limits are a tenth of the real ones, so that a flood is short. */
const FACTOR = 0.1;

let server: TestServer;
let victim: Awaited<ReturnType<TestServer['signIn']>>;
let people = 0;

beforeAll(async () => {
  server = await startTestServer({ rateLimitFactor: FACTOR, trustedProxyHops: 2 });
  victim = await server.signIn('victim');
  await victim.api.users.me.query();
});

afterAll(() => server.stop());

async function attacker() {
  const person = await server.signIn(`attacker${people++}`);
  await person.api.users.me.query();
  return person;
}

/** A new thread that ends with 110 of the longest messages. */
async function longThread({ api }: Awaited<ReturnType<typeof attacker>>) {
  const first = await api.messages.create.mutate({
    message: 'Long ones follow',
    clientMessageUuid: v7(),
    handle: 'victim',
  });
  const sender = await api.users.me.query();
  const messages = Array.from({ length: 110 }, (_, i) =>
    messageItem(first.messageGroupUuid, micros(Date.now() * 1000 + i), sender, {
      uuid: v7(),
      text: '\u{1f40b}'.repeat(1024),
    }),
  );
  await putItems(server.services.store, messages);
  return first;
}

const points = (limit: keyof typeof RATE_LIMITS) => RATE_LIMITS[limit].points * FACTOR;

/** Makes calls one after the other until one is refused. Returns how many succeeded, and the refusal. */
async function flood(most: number, call: (i: number) => Promise<Response>) {
  for (let passed = 0; passed <= most; passed++) {
    const response = await call(passed);
    if (response.status === 429) return { passed, response };
    // Unread answers are limited too.
    await response.arrayBuffer();
  }
  throw new Error(`${most} calls went through`);
}

async function expectLimited(response: Response, seconds: number) {
  expect(await response.text()).toContain('"reason":"rate_limited"');
  const wait = Number(response.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(seconds);
}

describe('a flood', () => {
  it('of messages is stopped, and the other person can continue', async () => {
    const eve = await attacker();
    const call = callOf(server.url, eve.accessToken);
    const { passed, response } = await flood(points('send'), () =>
      call('messages.create', { message: 'Spam', clientMessageUuid: v7(), handle: 'victim' }),
    );
    expect(passed).toBe(points('send'));
    await expectLimited(response, RATE_LIMITS.send.duration);
    const { handle } = await eve.api.users.me.query();
    await victim.api.messages.create.mutate({ message: 'Stop it', clientMessageUuid: v7(), handle });
  });

  it('of edits, deletions, reactions and settings together is stopped, and messages still go through', async () => {
    const eve = await attacker();
    const { messageGroupUuid, uuid, createdAt } = await eve.api.messages.create.mutate({
      message: 'To be changed',
      clientMessageUuid: v7(),
      handle: 'victim',
    });
    const call = callOf(server.url, eve.accessToken);
    const address = { messageGroupUuid, messageUuid: uuid, createdAt };
    const changes = [
      () => call('messages.react', { ...address, emoji: '👍', isOn: true }),
      () => call('messages.edit', { ...address, message: 'Changed', revision: 0 }),
      // There is no such message: a refused change counts too.
      () => call('messages.delete', { ...address, messageUuid: v7() }),
      () => call('users.updateSettings', { sendsTyping: false }),
    ];
    const { passed, response } = await flood(
      points('change'),
      (i) => changes[i % changes.length]?.() ?? Promise.reject(new Error('none')),
    );
    expect(passed).toBe(points('change'));
    await expectLimited(response, RATE_LIMITS.change.duration);
    await eve.api.messages.create.mutate({ message: 'Unharmed', clientMessageUuid: v7(), messageGroupUuid });
  });

  it('of new conversations is stopped, while known ones and retries work', async () => {
    const eve = await attacker();
    const most = points('newGroup');
    const { db } = server.services;
    for (let i = 0; i <= most; i++) {
      await createUser(db, {
        handle: `prey${i}`,
        displayName: 'Prey',
        email: `prey${i}@x.example`,
        cognitoUserId: v7(),
      });
    }
    const call = callOf(server.url, eve.accessToken);
    const write = (handle: string) => call('messages.create', { message: 'Hi', clientMessageUuid: v7(), handle });
    const { passed, response } = await flood(most, (i) => write(`prey${i}`));
    expect(passed).toBe(most);
    await expectLimited(response, RATE_LIMITS.newGroup.duration);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(RATE_LIMITS.send.duration);
    expect((await write('prey0')).status).toBe(200);
    expect((await eve.api.messageGroups.list.query()).items).toHaveLength(most);
    await victim.api.messages.create.mutate({ message: 'Hi', clientMessageUuid: v7(), handle: 'prey0' });
  });

  it('of searches of messages at once leaves connections for the other person', async () => {
    const eve = await attacker();
    const running = async () => {
      const { rows } = await server.services.db.execute<{ running: number }>(
        sql`select count(*)::int as running from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock' and query like '%strpos%'`,
      );
      return rows[0]?.running;
    };
    // Each search lasts as long as the lock, or until it times out.
    const { searches } = await server.services.db.transaction(async (tx) => {
      await tx.execute(sql`lock table search_messages`);
      const all = Array.from({ length: points('search') }, (_, i) =>
        eve.api.messages.search.query({ query: `vic ${i}` }),
      );
      const searches = Promise.allSettled(all);
      await expect.poll(running).toBe(2);
      expect(await victim.api.users.search.query({ query: 'vic' })).toHaveLength(1);
      // In an object: the transaction ends before they do.
      return { searches };
    });
    await searches;
  });

  it('of searches for people and messages together is stopped, per person', async () => {
    const eve = await attacker();
    const call = callOf(server.url, eve.accessToken);
    const search = (i: number) =>
      call(i % 2 === 0 ? 'users.search' : 'messages.search', { query: 'vic' }, { method: 'GET' });
    const { passed, response } = await flood(points('search'), search);
    expect(passed).toBe(points('search'));
    await expectLimited(response, RATE_LIMITS.search.duration);
    expect(await victim.api.users.search.query({ query: 'vic' })).toHaveLength(1);
    // Other calls still work.
    expect((await call('users.me', {}, { method: 'GET' })).status).toBe(200);
  });

  it('of calls of any kind is stopped, per person, also in batches', async () => {
    const eve = await attacker();
    const batch = () =>
      fetch(`${server.url}/trpc/${Array(10).fill('users.me').join(',')}?batch=1&input=%7B%7D`, {
        headers: { authorization: `Bearer ${eve.accessToken}` },
      }).then(async (response) => (await response.json()) as { error?: { data: { reason: string } } }[]);
    const answers = (await Promise.all(Array.from({ length: 8 }, batch))).flat();
    const limited = answers.filter(({ error }) => error?.data.reason === 'rate_limited');
    // One call created her row.
    expect(answers.length - limited.length).toBe(points('call') - 1);
    expect((await victim.api.users.me.query()).handle).toBe('victim');
  });

  it('of few but expensive calls is stopped by their units, streams included, and others can continue', async () => {
    const eve = await attacker();
    const { messageGroupUuid } = await longThread(eve);
    const call = callOf(server.url, eve.accessToken);
    // Twenty of the longest messages cost 11 units. A larger page would first reach the limit of unread answers.
    const { passed, response } = await flood(Math.ceil(points('unit') / 10), async () => {
      const page = await call('messages.list', { messageGroupUuid, limit: 20 }, { method: 'GET' });
      // Read, so that its connection can end.
      return new Response(await page.text(), page);
    });
    expect(passed).toBeGreaterThan(points('unit') / 15);
    await expectLimited(response, RATE_LIMITS.unit.duration);
    const stream = await openStream(server.url, eve.accessToken, { lastEventId: '0' });
    expect(stream.error()?.data).toMatchObject({ reason: 'rate_limited', retryAfter: expect.any(Number) });
    stream.close();
    // Calls without units still work.
    expect((await call('users.me', {}, { method: 'GET' })).status).toBe(200);
    const { items } = await victim.api.messages.list.query({ messageGroupUuid, limit: 20 });
    expect(items).toHaveLength(20);
  });

  it.each<[string, (address: object) => [string, object, 'GET' | 'POST']]>([
    ['reactions to', (address) => ['messages.react', { ...address, emoji: '👍', isOn: true }, 'POST']],
    ['histories of', (address) => ['messages.history', address, 'GET']],
    [
      'replies to',
      ({ messageGroupUuid, ...replyTo }: { messageGroupUuid?: string }) => [
        'messages.create',
        { messageGroupUuid, replyTo, message: 'Who?', clientMessageUuid: v7() },
        'POST',
      ],
    ],
  ])('of %s absent messages, which are searched for in the thread, is stopped by its units', async (_, ask) => {
    const eve = await attacker();
    const { messageGroupUuid, createdAt } = await longThread(eve);
    const call = callOf(server.url, eve.accessToken);
    const { passed, response } = await flood(points('unit') / 50, async () => {
      const [name, input, method] = ask({ messageGroupUuid, messageUuid: v7(), createdAt });
      const answer = await call(name, input, { method });
      return new Response(await answer.text(), answer);
    });
    // One search reads the thread around the time, at most 1 MB.
    expect(passed).toBeGreaterThan(0);
    await expectLimited(response, RATE_LIMITS.unit.duration);
    // Calls without units still work.
    expect((await call('users.me', {}, { method: 'GET' })).status).toBe(200);
  });

  it('of invalid tokens is stopped by network address, and valid ones from the same address work', async () => {
    const from = { 'x-forwarded-for': '198.51.100.7, 10.0.0.1' };
    const { passed, response } = await flood(points('badToken'), (i) =>
      callOf(server.url, `guess${i}`)('users.me', {}, { method: 'GET', headers: from }),
    );
    expect(passed).toBe(points('badToken'));
    await expectLimited(response, RATE_LIMITS.badToken.duration);
    const good = await callOf(server.url, victim.accessToken)('users.me', {}, { method: 'GET', headers: from });
    expect(good.status).toBe(200);
    expect((await refusalOf(clientOf(server.url, 'guess').users.me.query())).reason).toBe('token_invalid');
  });
});

describe('a flood of attempts to sign in', () => {
  /** Calls Cognito as the page does. */
  const signIn = (USERNAME: string, PASSWORD: string) =>
    fetch(server.cognito.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
      },
      body: JSON.stringify({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: server.cognito.clientId,
        AuthParameters: { USERNAME, PASSWORD },
      }),
    }).then(async (response) => ({ status: response.status, answer: await response.text() }));

  it('is stopped by Cognito per account, by any of its names', async () => {
    const eve = await attacker();
    for (let i = 0; i < 5; i++) expect((await signIn(eve.email, `guess${i}`)).answer).toContain('Incorrect username');
    // Meanwhile the right password gets the same answer as a wrong one.
    expect((await signIn(eve.email.split('@')[0] ?? '', eve.password)).answer).toContain('Password attempts exceeded');
    expect((await signIn(victim.email, victim.password)).status).toBe(200);
    await expect.poll(async () => (await signIn(eve.email, eve.password)).status).toBe(200);
  });

  it('does not reveal who has an account', async () => {
    const [known, unknown] = [await signIn('victim', 'wrong'), await signIn('nobody-at-all', 'wrong')];
    expect(known).toEqual(unknown);
  });
});

describe('behind two proxies', () => {
  const bad = (forwarded: string) =>
    callOf(server.url, 'guess')('users.me', {}, { method: 'GET', headers: { 'x-forwarded-for': forwarded } });

  it('a forged address does not replace the one that the proxies saw', async () => {
    const most = points('badToken');
    const { passed } = await flood(most, (i) => bad(`192.0.2.${i}, 203.0.113.5, 10.0.0.1`));
    expect(passed).toBe(most);
    expect((await bad('203.0.113.5, 10.0.0.1')).status).toBe(429);
    // The address that she names is not counted as hers.
    expect((await bad('203.0.113.5, 203.0.113.6, 10.0.0.1')).status).toBe(401);
  });

  it('all addresses of one IPv6 network count as one', async () => {
    const { passed } = await flood(points('badToken'), (i) => bad(`2001:db8:1:2::${(i + 1).toString(16)}, 10.0.0.1`));
    expect(passed).toBe(points('badToken'));
    expect((await bad('2001:db8:1:3::1, 10.0.0.1')).status).toBe(401);
  });
});
