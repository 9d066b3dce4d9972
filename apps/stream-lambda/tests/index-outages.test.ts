import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { Logger } from '@aws-lambda-powertools/logger';
import { createDatabase, type DatabaseHandle } from '@cruddur/db';
import { listMessageGroups, verifyTable } from '@cruddur/ddb';
import {
  createDynamoDbStreams,
  passesIndexFilters,
  type StreamRunner,
  type StreamRunnerOptions,
  startStreamRunner,
} from '@cruddur/local';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { type CuttableProxy, startCuttableProxy } from '../../../tests/support/cuttable-proxy.ts';
import { eventOf, lambdaContext } from '../../../tests/support/stream.ts';
import { createHandler } from '../src/create-handler.ts';
import { createIndexHandler } from '../src/create-index-handler.ts';
import { find, openIndexDatabase, silent, startConversation } from './indexed-conversation.ts';

let database: Awaited<ReturnType<typeof openIndexDatabase>>;
let chat: Awaited<ReturnType<typeof startConversation>>;
/** The network between the index handler and PostgreSQL. */
let network: CuttableProxy;
let behind: DatabaseHandle;

beforeAll(async () => {
  database = await openIndexDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  chat = await startConversation(database);
  network = await startCuttableProxy(database.url);
  behind = createDatabase(network.url, { max: 1, connectionTimeoutMillis: 500, queryTimeoutMillis: 500 });
});
afterEach(async () => {
  await network.cut();
  await behind.close();
});

const indexHandler = (logger = silent) => createIndexHandler({ table: chat.store, db: behind.db, logger });

describe('while PostgreSQL is away, the index handler', () => {
  it.each(['cut', 'freeze'] as const)(
    'reports the whole batch, logs no text, and indexes it after (%s)',
    async (fault) => {
      await chat.send('While it was away');
      const records = await chat.readStream();
      const logger = new Logger({ logLevel: 'ERROR' });
      const log = vi.spyOn(logger, 'error').mockReturnValue();
      const handler = indexHandler(logger);
      await network[fault]();
      const { batchItemFailures } = await handler(eventOf(records), lambdaContext);
      const indexable = records.filter(({ dynamodb }) => dynamodb?.Keys?.pk?.S?.startsWith('MSG#'));
      expect(batchItemFailures).toEqual([{ itemIdentifier: indexable[0]?.dynamodb?.SequenceNumber }]);
      expect(await find(database, chat.ben, 'away')).toEqual([]);
      const logged = inspect(log.mock.calls, { depth: 10, showHidden: true });
      expect(logged).toContain('record failed');
      expect(logged).not.toMatch(/while it was away/i);
      await network.restore();
      await expect.poll(() => handler(eventOf(records), lambdaContext)).toEqual({ batchItemFailures: [] });
      expect(await find(database, chat.ben, 'away')).toHaveLength(1);
    },
  );
});

describe('two consumers of one stream', () => {
  let dir: string;
  const runners: StreamRunner[] = [];
  const fileOf = (name: string, kind: string) => path.join(dir, `${name}-${kind}`);

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'cruddur-consumers-'));
  });
  afterEach(async () => {
    await Promise.all(runners.splice(0).map((runner) => runner.stop()));
    await rm(dir, { recursive: true });
  });

  async function run(name: string, options: Pick<StreamRunnerOptions, 'handler'> & Partial<StreamRunnerOptions>) {
    const { client, tableName } = chat.store;
    const region = await client.config.region();
    const streams = createDynamoDbStreams({ region, endpoint: inject('dynamodbEndpoint'), embedded: true });
    const runner = startStreamRunner({
      dynamodb: client,
      streams,
      tableName,
      pollIntervalMs: 10,
      checkpointFile: fileOf(name, 'checkpoint.json'),
      deadLetterFile: fileOf(name, 'dead-letters.jsonl'),
      log: () => undefined,
      ...options,
    });
    runners.push(runner);
  }

  const listed = async (text: string) => {
    const { items } = await listMessageGroups(chat.store, { userUuid: chat.ben.uuid, limit: 10 });
    return items.some(({ message }) => message === text);
  };

  it('keep their own progress: the lists stay current while the index is stuck, and the index catches up', async () => {
    await network.cut();
    await run('rows', { handler: createHandler({ table: chat.store, logger: silent }) });
    const index = { handler: indexHandler(), passesFilters: passesIndexFilters, maximumRetryAttempts: 10_000 };
    await run('index', index);
    for (const text of ['First', 'Second', 'Third']) {
      await chat.send(text);
      await expect.poll(() => listed(text)).toBe(true);
      expect(await find(database, chat.ben, text)).toEqual([]);
    }
    expect(existsSync(fileOf('index', 'dead-letters.jsonl'))).toBe(false);
    await network.restore();
    for (const text of ['Hello', 'First', 'Second', 'Third']) {
      await expect.poll(() => find(database, chat.ben, text)).toHaveLength(1);
    }
    expect((await verifyTable(chat.store)).breaches).toEqual([]);
    expect(existsSync(fileOf('rows', 'dead-letters.jsonl'))).toBe(false);
  });
});
