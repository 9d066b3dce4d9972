import { observeQueries } from '@cruddur/db';
import { traceCalls } from '@cruddur/ddb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { firstAttemptId } from '../../../tests/support/first-attempt-id.ts';
import { indexTable } from './index-table.ts';
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
    [
      'twice for messages.list, for messages and the state of the conversation',
      () => ana.api.messages.list.query({ messageGroupUuid: group }),
      ['Query', 'GetItem'],
    ],
    [
      'twice for messageGroups.list, for rows and read markers',
      () => ana.api.messageGroups.list.query(),
      ['Query', 'Query'],
    ],
    ['once for devices.list', () => ana.api.devices.list.query(), ['Query']],
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
      'twice for messages.create, for the gate and to write, and notifies the other instances',
      async () => {
        const draft = { message: 'It is', clientMessageUuid: firstAttemptId(), messageGroupUuid: group };
        ({ uuid: messageUuid, createdAt } = await ana.api.messages.create.mutate(draft));
      },
      ['GetItem', 'TransactWriteItems', NOTIFY],
    ],
    [
      'three times for messageGroups.markRead, for the gate, to move the marker and to count what is newer, and notifies the other instances',
      () => ana.api.messageGroups.markRead.mutate({ messageGroupUuid: group, createdAt }),
      ['GetItem', 'UpdateItem', 'Query', NOTIFY],
    ],
    [
      'once for messageGroups.readMarkers',
      () => ana.api.messageGroups.readMarkers.query({ messageGroupUuid: group }),
      ['BatchGetItem'],
    ],
    [
      'once for messageGroups.signalTyping, for the gate, and notifies the other instances',
      () => ana.api.messageGroups.signalTyping.mutate({ messageGroupUuid: group }),
      ['GetItem', NOTIFY],
    ],
    [
      'three times for a reply, which reads its target',
      async () => {
        const draft = { message: 'It is', clientMessageUuid: firstAttemptId(), messageGroupUuid: group };
        await ana.api.messages.create.mutate({ ...draft, replyTo: { messageUuid, createdAt } });
      },
      ['GetItem', 'GetItem', 'TransactWriteItems', NOTIFY],
    ],
    [
      'twice for messages.list with a quote whose target is in the page',
      () => ana.api.messages.list.query({ messageGroupUuid: group }),
      ['Query', 'GetItem'],
    ],
    [
      'three times for messages.list with quotes of other messages',
      () => ana.api.messages.list.query({ messageGroupUuid: group, limit: 1 }),
      ['Query', 'GetItem', 'BatchGetItem'],
    ],
    [
      'twice for messages.react, for the gate and to write',
      () => ana.api.messages.react.mutate({ ...address(), emoji: '🏮', isOn: true }),
      ['GetItem', 'UpdateItem', NOTIFY],
    ],
    [
      'three times for messages.edit, for the gate, to read and to write',
      () => ana.api.messages.edit.mutate({ ...address(), message: 'It was', revision: 0 }),
      ['GetItem', 'GetItem', 'TransactWriteItems', NOTIFY],
    ],
    [
      'three times for messages.history, for the message, its earlier versions and the state of the conversation',
      () => ana.api.messages.history.query(address()),
      ['GetItem', 'GetItem', 'Query'],
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

  it('strongly consistent for messages.list where it is asked for, quotes included, and always for the state', async () => {
    const { middlewareStack } = server.services.store.client;
    const reads: { isOfMarker: boolean; isConsistent: unknown }[] = [];
    middlewareStack.add(
      (next) => (args) => {
        const { RequestItems, ...input } = args.input as { RequestItems?: Record<string, object> };
        const [read] = Object.values(RequestItems ?? { input });
        reads.push({
          isOfMarker: 'Key' in (read ?? {}),
          isConsistent: (read as { ConsistentRead?: boolean }).ConsistentRead,
        });
        return next(args);
      },
      { step: 'initialize', name: 'reads' },
    );
    // The newest message is a reply.
    for (const consistentRead of [undefined, true]) {
      await ana.api.messages.list.query({ messageGroupUuid: group, limit: 1, consistentRead });
    }
    middlewareStack.remove('reads');
    const consistencyOf = (ofMarker: boolean) =>
      reads.filter(({ isOfMarker }) => isOfMarker === ofMarker).map(({ isConsistent }) => isConsistent);
    expect(consistencyOf(false)).toEqual([false, false, true, true]);
    expect(consistencyOf(true)).toEqual([true, true]);
  });

  it('three times for messages.search: for the index, the states of the conversations, and the messages', async () => {
    await indexTable(server.services);
    calls.length = 0;
    const { items } = await ana.api.messages.search.query({ query: 'lantern' });
    expect(items).toHaveLength(1);
    expect(calls).toEqual([expect.stringMatching(/select/), 'BatchGetItem', 'BatchGetItem']);
  });

  it('once for messages.search without a hit', async () => {
    expect((await ana.api.messages.search.query({ query: 'lighthouse' })).items).toEqual([]);
    expect(calls).toEqual([expect.stringMatching(/select/)]);
  });

  it('once for users.search', async () => {
    await ana.api.users.search.query({ query: 'be' });
    expect(calls).toEqual([expect.stringMatching(/select/)]);
  });
});
