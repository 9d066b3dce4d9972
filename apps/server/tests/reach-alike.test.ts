import { observeQueries } from '@cruddur/db';
import { traceCalls } from '@cruddur/ddb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { firstAttemptId } from '../../../tests/support/first-attempt-id.ts';
import { startTestServer, type TestServer } from './test-server.ts';

// A person who is refused must not learn why.

type Person = Awaited<ReturnType<typeof newPerson>>;

let server: TestServer;
const calls: string[] = [];

beforeAll(async () => {
  server = await startTestServer({ rateLimitFactor: 20 });
  traceCalls(server.services.store.client, ({ operation }) => calls.push(operation));
  const { $client: pool } = server.services.db as unknown as { $client: Parameters<typeof observeQueries>[0] };
  observeQueries(pool, ({ statement }) => calls.push(statement.replace(/\s+/g, ' ')));
});
afterAll(() => server.stop());

let people = 0;
async function newPerson() {
  // Of a fixed width, so that answers have the same length.
  const handle = `person${String(++people).padStart(3, '0')}`;
  const { api, accessToken } = await server.signIn(handle);
  await api.users.me.query();
  return { handle, api, accessToken };
}

const block = (by: Person, other: Person) => by.api.users.block.mutate({ handle: other.handle });

/** Why Ana's message to Ben is refused. */
const REASONS = {
  'blocked by me': (ana: Person, ben: Person) => block(ana, ben),
  'blocked by them': (ana: Person, ben: Person) => block(ben, ana),
  'blocked by both': (ana: Person, ben: Person) => Promise.all([block(ana, ben), block(ben, ana)]),
};
const NEW_REASONS = {
  ...REASONS,
  nobody: (_: Person, ben: Person) => ben.api.users.updateSettings.mutate({ whoMayMessage: 'nobody' }),
};

/** The answer of a refused message, without what differs in each, and the store calls behind it. */
async function refuse(ana: Person, place: { handle: string } | { messageGroupUuid: string }) {
  calls.length = 0;
  const response = await fetch(`${server.url}/trpc/messages.create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ana.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'Bring a lantern', clientMessageUuid: firstAttemptId(), ...place }),
  });
  const headers = new Map(response.headers);
  for (const own of ['date', 'x-request-id']) headers.delete(own);
  const body = (await response.text()).replace(/"requestId":"[^"]*"/, '"requestId":""');
  return { calls: calls.toSorted(), status: response.status, headers: [...headers], body };
}

it.each(['handle', 'messageGroupUuid'] as const)(
  'refuses a message to an existing conversation, named by %s, with the same answer and calls for either block',
  async (by) => {
    const answers: Awaited<ReturnType<typeof refuse>>[] = [];
    for (const close of Object.values(REASONS)) {
      const [ana, ben] = [await newPerson(), await newPerson()];
      const draft = { message: 'Hello', clientMessageUuid: firstAttemptId(), handle: ben.handle };
      const { messageGroupUuid } = await ana.api.messages.create.mutate(draft);
      await close(ana, ben);
      answers.push(await refuse(ana, by === 'handle' ? { handle: ben.handle } : { messageGroupUuid }));
    }
    expect(answers[0]).toMatchObject({ status: 400, body: expect.stringContaining('recipient_unavailable') });
    expect(answers).toEqual(answers.map(() => answers[0]));
  },
);

it('refuses a first message with the same answer and calls for either block, and where nobody may write', async () => {
  const answers: Awaited<ReturnType<typeof refuse>>[] = [];
  for (const close of Object.values(NEW_REASONS)) {
    const [ana, ben] = [await newPerson(), await newPerson()];
    await ana.api.users.short.query({ handle: ben.handle });
    // A first attempt to anyone looks for the origin's conversations of both.
    await ana.api.users.unblock.mutate({ handle: ben.handle });
    await close(ana, ben);
    answers.push(await refuse(ana, { handle: ben.handle }));
  }
  expect(answers[0]).toMatchObject({ status: 400, body: expect.stringContaining('recipient_unavailable') });
  expect(answers).toEqual(answers.map(() => answers[0]));
});
