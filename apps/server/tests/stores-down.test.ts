import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CuttableProxy } from '../../../tests/support/cuttable-proxy.ts';
import { indexTable } from './index-table.ts';
import { refusalOf, startCuttableServer, type TestServer } from './test-server.ts';

const unavailable = { code: 'SERVICE_UNAVAILABLE', reason: 'store_unavailable' };

let server: TestServer;
let ana: Awaited<ReturnType<TestServer['signIn']>>;
let group: string;
let dynamodb: CuttableProxy;
let postgres: CuttableProxy;

let stop: () => Promise<void>;

beforeAll(async () => {
  ({ server, dynamodb, postgres, ana, group, stop } = await startCuttableServer());
});

afterEach(async () => {
  await Promise.all([dynamodb.restore(), postgres.restore()]);
});

afterAll(() => stop());

const send = (clientMessageUuid = v7(), message = 'Are you there?') =>
  ana.api.messages.create.mutate({ message, clientMessageUuid, messageGroupUuid: group });
const thread = async () => (await ana.api.messages.list.query({ messageGroupUuid: group, limit: 100 })).items;
const readyz = async () => (await fetch(`${server.url}/readyz`)).json();

describe('while DynamoDB is down', () => {
  it('every call that needs it is refused with store_unavailable, and works afterwards', async () => {
    await indexTable(server.services);
    await dynamodb.cut();
    expect(await refusalOf(send())).toEqual(unavailable);
    expect(await refusalOf(ana.api.messages.list.query({ messageGroupUuid: group }))).toEqual(unavailable);
    expect(await refusalOf(ana.api.messageGroups.list.query())).toEqual(unavailable);
    expect(await refusalOf(ana.api.messages.search.query({ query: 'hello' }))).toEqual(unavailable);
    expect(await readyz()).toEqual({ status: 'unavailable', postgres: 'ok', dynamodb: 'unavailable' });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await dynamodb.restore();
    const sent = await send();
    expect(await thread()).toContainEqual(sent);
  });

  it('changes are refused with store_unavailable, and written once by their retries', async () => {
    const [quoted, reacted, edited, deleted] = [await send(), await send(), await send(), await send()];
    const { messages } = ana.api;
    const addressOf = ({ uuid: messageUuid, createdAt }: typeof quoted) => ({ messageUuid, createdAt });
    const of = (message: typeof quoted) => ({ messageGroupUuid: group, ...addressOf(message) });
    const reply = { message: 'At six', clientMessageUuid: v7(), messageGroupUuid: group, replyTo: addressOf(quoted) };
    const changes = [
      () => messages.create.mutate(reply),
      () => messages.react.mutate({ ...of(reacted), emoji: '👍', isOn: true }),
      () => messages.edit.mutate({ ...of(edited), message: 'At the mill?', revision: 0 }),
      () => messages.delete.mutate(of(deleted)),
    ];
    for (const begin of [() => dynamodb.cut(), async () => dynamodb.loseAnswers()]) {
      await begin();
      const refusals = await Promise.all(changes.map((change) => refusalOf(change())));
      expect(refusals).toEqual(Array(4).fill(unavailable));
      await dynamodb.restore();
    }
    const results = await Promise.all(changes.map((change) => change()));
    expect(results).toMatchObject([
      { message: 'At six', replyTo: { uuid: quoted.uuid }, version: 0 },
      { uuid: reacted.uuid, reactions: [{ emoji: '👍' }], version: 1 },
      { uuid: edited.uuid, message: 'At the mill?', revision: 1, version: 1 },
      { uuid: deleted.uuid, message: '', version: 1 },
    ]);
    const [, ...now] = (await thread()).slice(-5);
    expect(now).toEqual([...results.slice(1), results[0]]);
  });

  it('a call is refused with store_unavailable if DynamoDB accepts requests and never answers', async () => {
    dynamodb.freeze();
    expect(await refusalOf(send())).toEqual(unavailable);
  });

  it('a write whose outcome was lost exists once after the retry', async () => {
    const [uuid, before] = [v7(), await thread()];
    dynamodb.loseAnswers();
    expect(await refusalOf(send(uuid, 'Only once'))).toEqual(unavailable);
    await dynamodb.restore();
    const sent = await send(uuid, 'Only once');
    expect(await thread()).toEqual([...before, sent]);
  });
});

describe('while PostgreSQL is down', () => {
  it('known people still read and write', async () => {
    await postgres.cut();
    const sent = await send();
    expect(await thread()).toContainEqual(sent);
    await ana.api.messages.create.mutate({ message: 'By handle', clientMessageUuid: v7(), handle: 'ben' });
  });

  it('known people still change their messages', async () => {
    const { uuid: messageUuid, createdAt } = await send();
    await postgres.cut();
    const address = { messageGroupUuid: group, messageUuid, createdAt };
    await ana.api.messages.react.mutate({ ...address, emoji: '👍', isOn: true });
    await ana.api.messages.edit.mutate({ ...address, message: 'Edited', revision: 0 });
    expect(await thread()).toContainEqual(expect.objectContaining({ message: 'Edited', version: 2 }));
    const tombstone = await ana.api.messages.delete.mutate(address);
    expect(await thread()).toContainEqual(tombstone);
  });

  it('unknown people and searches are refused with store_unavailable, and work afterwards', async () => {
    const dora = await server.signIn('dora');
    await postgres.cut();
    expect(await refusalOf(dora.api.users.me.query())).toEqual(unavailable);
    expect(await refusalOf(ana.api.users.search.query({ query: 'be' }))).toEqual(unavailable);
    expect(await refusalOf(ana.api.messages.search.query({ query: 'hello' }))).toEqual(unavailable);
    expect(await readyz()).toEqual({ status: 'unavailable', postgres: 'unavailable', dynamodb: 'ok' });
    await postgres.restore();
    await indexTable(server.services);
    expect((await ana.api.messages.search.query({ query: 'hello' })).items).toMatchObject([
      { person: { handle: 'ben' } },
    ]);
    expect(await dora.api.users.me.query()).toMatchObject({ handle: 'dora' });
  });
});
