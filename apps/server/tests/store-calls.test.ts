import { observeQueries } from '@cruddur/db';
import { traceCalls } from '@cruddur/ddb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { firstAttemptId } from '../../../tests/support/first-attempt-id.ts';
import { startTestServer, type TestServer } from './test-server.ts';

type Person = Awaited<ReturnType<TestServer['signIn']>>;

let server: TestServer;
let ana: Person;
let group: string;
/** Of the newest message that is no reply. */
let messageUuid: string;
let createdAt: string;
const calls: string[] = [];

beforeAll(async () => {
  server = await startTestServer();
  traceCalls(server.services.store.client, ({ operation }) => calls.push(operation));
  const { $client: pool } = server.services.db as unknown as { $client: Parameters<typeof observeQueries>[0] };
  observeQueries(pool, ({ statement }) => calls.push(statement.replace(/\s+/g, ' ').slice(0, 16)));
  ana = await server.signIn('ana');
  const ben = await server.signIn('ben');
  await Promise.all([ana.api.users.me.query(), ben.api.users.me.query()]);
  const draft = { message: 'Is the lantern lit?', clientMessageUuid: firstAttemptId(), handle: 'ben' };
  ({ messageGroupUuid: group, createdAt } = await ana.api.messages.create.mutate(draft));
  // After one call, members and people are known.
  await ana.api.messageGroups.markRead.mutate({ messageGroupUuid: group, createdAt });
  await ana.api.messages.list.query({ messageGroupUuid: group });
  await ana.api.users.short.query({ handle: 'ben' });
});

afterAll(() => server.stop());

beforeEach(() => {
  calls.length = 0;
});

const address = () => ({ messageGroupUuid: group, messageUuid, createdAt });
const NOTIFY = 'select pg_notify';

describe('a known person calls the stores', () => {
  it.each<[string, () => Promise<unknown>, string[]]>([
    ['never for users.me', () => ana.api.users.me.query(), []],
    ['never for users.short of a known person', () => ana.api.users.short.query({ handle: 'ben' }), []],
    ['once for messages.list', () => ana.api.messages.list.query({ messageGroupUuid: group }), ['Query']],
    [
      'twice for messageGroups.list, for rows and read markers',
      () => ana.api.messageGroups.list.query(),
      ['Query', 'Query'],
    ],
    [
      'twice for messageGroups.find, for the row and its read marker',
      () => ana.api.messageGroups.find.query({ handle: 'ben' }),
      ['Query', 'BatchGetItem'],
    ],
    [
      'three times for messageGroups.counts, for rows, read markers and requests',
      () => ana.api.messageGroups.counts.query(),
      ['Query', 'Query', 'Query'],
    ],
    [
      'once for messages.create, and notifies the other instances',
      async () => {
        const draft = { message: 'It is', clientMessageUuid: firstAttemptId(), messageGroupUuid: group };
        ({ uuid: messageUuid, createdAt } = await ana.api.messages.create.mutate(draft));
      },
      ['TransactWriteItems', NOTIFY],
    ],
    [
      'twice for messageGroups.markRead, to move the marker and to count what is newer, and notifies the other instances',
      () => ana.api.messageGroups.markRead.mutate({ messageGroupUuid: group, createdAt }),
      ['UpdateItem', 'Query', NOTIFY],
    ],
    [
      'once for messageGroups.readMarkers',
      () => ana.api.messageGroups.readMarkers.query({ messageGroupUuid: group }),
      ['BatchGetItem'],
    ],
    [
      'never for messageGroups.signalTyping, but notifies the other instances',
      () => ana.api.messageGroups.signalTyping.mutate({ messageGroupUuid: group }),
      [NOTIFY],
    ],
    [
      'twice for a reply, which reads its target',
      async () => {
        const draft = { message: 'It is', clientMessageUuid: firstAttemptId(), messageGroupUuid: group };
        await ana.api.messages.create.mutate({ ...draft, replyTo: { messageUuid, createdAt } });
      },
      ['GetItem', 'TransactWriteItems', NOTIFY],
    ],
    [
      'once for messages.list with a quote whose target is in the page',
      () => ana.api.messages.list.query({ messageGroupUuid: group }),
      ['Query'],
    ],
    [
      'twice for messages.list with quotes of other messages',
      () => ana.api.messages.list.query({ messageGroupUuid: group, limit: 1 }),
      ['Query', 'BatchGetItem'],
    ],
    [
      'once for messages.react',
      () => ana.api.messages.react.mutate({ ...address(), emoji: '🏮', isOn: true }),
      ['UpdateItem', NOTIFY],
    ],
    [
      'twice for messages.edit, to read and to write',
      () => ana.api.messages.edit.mutate({ ...address(), message: 'It was', revision: 0 }),
      ['GetItem', 'TransactWriteItems', NOTIFY],
    ],
    [
      'twice for messages.history, for the message and its earlier versions',
      () => ana.api.messages.history.query(address()),
      ['GetItem', 'Query'],
    ],
    [
      'three times for messages.delete of an edited message, to find and erase its earlier versions',
      () => ana.api.messages.delete.mutate(address()),
      ['UpdateItem', 'Query', 'BatchWriteItem', NOTIFY],
    ],
  ])('%s', async (_, call, expected) => {
    await call();
    // Some run in parallel.
    expect(calls.toSorted()).toEqual(expected.toSorted());
  });

  it('strongly consistent for messages.list where it is asked for, quotes included', async () => {
    const { middlewareStack } = server.services.store.client;
    const reads: unknown[] = [];
    middlewareStack.add(
      (next) => (args) => {
        const { RequestItems, ...input } = args.input as { RequestItems?: Record<string, object> };
        reads.push(Object.values(RequestItems ?? { input })[0]);
        return next(args);
      },
      { step: 'initialize', name: 'reads' },
    );
    // The newest message is a reply.
    for (const consistentRead of [undefined, true]) {
      await ana.api.messages.list.query({ messageGroupUuid: group, limit: 1, consistentRead });
    }
    middlewareStack.remove('reads');
    expect(reads).toMatchObject([false, false, true, true].map((ConsistentRead) => ({ ConsistentRead })));
  });

  it('once for users.search', async () => {
    await ana.api.users.search.query({ query: 'be' });
    expect(calls).toEqual([expect.stringMatching(/select/)]);
  });
});
