import { createMessage, type Person } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { LATER } from '../../apps/server/tests/bus-contract.ts';
import { openStream, type TestStream } from '../../apps/server/tests/open-stream.ts';
import { type Instance, startTestServer, type TestServer } from '../../apps/server/tests/test-server.ts';
import { handler } from '../../apps/stream-lambda/src/handler.ts';
import { BUS_RIGHTS } from '../../infra/src/bus/bus-rights.ts';
import { eventOf, lambdaContext } from '../support/stream.ts';
import { openTableStream } from '../support/table-stream.ts';
import { type RedisServer, startRedis } from './support/redis-server.ts';
import { startSecretsManager } from './support/secrets-manager.ts';

type SignedIn = Awaited<ReturnType<TestServer['signIn']>>;

let redis: RedisServer;
let secretsManager: Awaited<ReturnType<typeof startSecretsManager>>;
let server: TestServer;
let other: Instance;
let ana: SignedIn;
let ben: SignedIn;
let group: string;
let sender: Person;
/** Calls the Lambda, which reads its password at the bus from a secret, with the table's records since the last call. */
let runLambda: () => Promise<void>;
const streams: TestStream[] = [];

beforeAll(async () => {
  redis = await startRedis();
  server = await startTestServer({ redisUrl: redis.url, rateLimitFactor: 10 });
  other = await server.startInstance();
  [ana, ben] = [await server.signIn('ana', 'Ana Lantern'), await server.signIn('ben', 'Ben Harbour')];
  sender = await ana.api.users.me.query();
  await ben.api.users.me.query();
  const first = await ana.api.messages.create.mutate({ message: 'Hello', clientMessageUuid: v7(), handle: 'ben' });
  group = first.messageGroupUuid;
  const { store } = server.services;
  const readRecords = await openTableStream(store, inject('dynamodbEndpoint'));
  secretsManager = await startSecretsManager('a-password');
  await redis.admin.call('ACL', 'SETUSER', 'stream', 'reset', '>a-password', ...BUS_RIGHTS.stream.split(' '));
  for (const [name, value] of Object.entries({
    AWS_REGION: await store.client.config.region(),
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: inject('dynamodbEndpoint'),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    DDB_TABLE: store.tableName,
    REDIS_URL: redis.url.replace('//', '//stream@'),
    REDIS_SECRET_ID: 'password of stream',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  })) {
    vi.stubEnv(name, value);
  }
  runLambda = async () => void (await handler(eventOf(await readRecords()), lambdaContext));
  await runLambda();
});
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
  await redis.stop();
  secretsManager.stop();
});

async function open(person: SignedIn, url: string): Promise<TestStream> {
  const stream = await openStream(url, person.accessToken);
  streams.push(stream);
  return stream;
}

const write = (message: string) =>
  ana.api.messages.create.mutate({ message, clientMessageUuid: v7(), messageGroupUuid: group });
/** What a server leaves that ends between its write and its publication. */
const writeWithoutPublishing = (text: string) =>
  createMessage(server.services.store, group, { uuid: v7(), sender, text });

const caughtUp = ({ events }: TestStream) => events.filter(({ type }) => type === 'caught_up').length;

describe('streams over Redis', () => {
  it('receive each message and change, on every instance, once', async () => {
    const all = await Promise.all([open(ben, server.url), open(ben, other.url), open(ana, other.url)]);
    const { uuid: messageUuid, createdAt } = await write('On every screen');
    for (const stream of all) await expect.poll(() => stream.texts(), LATER).toContain('On every screen');
    const address = { messageGroupUuid: group, messageUuid, createdAt };
    const edited = await ana.api.messages.edit.mutate({ ...address, message: 'Edited', revision: 0 });
    for (const { events } of all) {
      const changes = () => events.flatMap((event) => (event.type === 'changed' ? [event.message] : []));
      await expect.poll(changes, LATER).toEqual([edited]);
    }
    for (const stream of all) expect(stream.texts().filter((text) => text === 'On every screen')).toHaveLength(1);
  });

  it('catch up with a message that a server stored but did not publish, once the Lambda announces it', async () => {
    const stream = await open(ben, other.url);
    await writeWithoutPublishing('Stored only');
    await runLambda();
    await expect.poll(() => caughtUp(stream), LATER).toBeGreaterThan(1);
    await expect.poll(() => stream.texts(), LATER).toContain('Stored only');
  });

  it('learn nothing of a message in a request that their person declined', async () => {
    const eve = await server.signIn('eve', 'Eve Stranger');
    await eve.api.users.me.query();
    await ben.api.users.updateSettings.mutate({ whoMayMessage: 'requests' });
    const send = (place: { handle: string } | { messageGroupUuid: string }, message: string) =>
      eve.api.messages.create.mutate({ message, clientMessageUuid: v7(), ...place });
    const { messageGroupUuid } = await send({ handle: 'ben' }, 'May I?');
    await ben.api.messageGroups.decline.mutate({ messageGroupUuid });
    await runLambda();
    const [ofBen, ofEve] = [await open(ben, other.url), await open(eve, other.url)];
    await send({ messageGroupUuid }, 'Hidden');
    await expect.poll(() => ofEve.texts(), LATER).toContain('Hidden');
    await runLambda();
    // Until the announcement of a later message has been answered.
    await writeWithoutPublishing('After it');
    await runLambda();
    await expect.poll(() => ofBen.texts(), LATER).toContain('After it');
    await expect.poll(() => caughtUp(ofBen), LATER).toBeGreaterThan(1);
    expect(ofBen.texts()).not.toContain('Hidden');
  });

  it('catch up when Redis was restarted, with what was sent meanwhile', async () => {
    const stream = await open(ben, other.url);
    await redis.kill();
    await write('While Redis was down');
    expect(stream.texts()).not.toContain('While Redis was down');
    await redis.start();
    await runLambda();
    await expect.poll(() => stream.texts(), LATER).toContain('While Redis was down');
    await expect
      .poll(async () => {
        await write('Heard again');
        return stream.texts();
      }, LATER)
      .toContain('Heard again');
  });
});
