import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CognitoEngine, startCognito } from '@cruddur/local';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { clockSetBack } from './clock-set-back.ts';
import { dynamodbAway } from './dynamodb-away.ts';
import { postgresAway } from './postgres-away.ts';
import { runnerDown } from './runner-down.ts';
import { serverKilled } from './server-killed.ts';
import { slowStores } from './slow-stores.ts';
import { type System, startSystem } from './support/system.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-faults-'));
const systems: System[] = [];
let cognito: CognitoEngine;

beforeAll(async () => {
  cognito = await startCognito({ dataDir: path.join(dir, 'cognito'), logFile: path.join(dir, 'cognito.log') });
});
afterAll(async () => {
  await Promise.all(systems.map((system) => system.stop()));
  await cognito.stop();
  await rm(dir, { recursive: true, force: true });
});

async function start(): Promise<System> {
  const system = await startSystem(cognito);
  systems.push(system);
  return system;
}

// Concurrent, because most scenarios wait for deadlines.
describe.concurrent('real processes', { timeout: 180_000 }, () => {
  describe.concurrent('of one system', () => {
    let system: System;
    beforeAll(async () => {
      system = await start();
    });

    it('serve known users while PostgreSQL is away, and recover afterwards', () => postgresAway(system));
    it('keep all messages, in order on every page, when a clock is set back', () => clockSetBack(system));
  });

  describe.concurrent('of another system', () => {
    let system: System;
    beforeAll(async () => {
      system = await start();
    });

    it.sequential('refuse calls and leave nothing half-done while DynamoDB is away', () => dynamodbAway(system));
    it.sequential('answer or refuse every call while both stores are slow by 2 s, without a backlog', () =>
      slowStores(system));
    it.sequential('show the threads while the stream runner is down, and the lists when it is back', () =>
      runnerDown(system));
    it.sequential('lose and duplicate nothing when one of two servers is killed under load', () =>
      serverKilled(system));
  });
});
