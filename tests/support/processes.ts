import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { ROOT_DIR } from '@cruddur/config/env';
import { createLocalDynamoDbClient, startDynamoDb } from '@cruddur/local';
import { freePort } from '@cruddur/local/free-port';
import { startCuttableProxy } from './cuttable-proxy.ts';
import { inheritedEnv } from './env.ts';

/** A process that tests kill and restart. */
export interface Victim {
  name: string;
  /** Of the current process. */
  pid: () => number | undefined;
  /** Whether the current process works, and not only runs. */
  isUp(): Promise<boolean>;
  /** Sends SIGKILL. */
  kill(): Promise<void>;
  /** Sends SIGKILL, then starts the same process again. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a Node program as a separate process: a source file with tsx, a built one without.
 *
 * @param file - absolute, or relative to the repository
 * @param isUp - whether the process that was started at this time (as in `Date.now()`) works
 */
export function startProgram(
  name: string,
  file: string,
  env: Record<string, string>,
  isUp: (startedAt: number) => Promise<boolean> = () => Promise.resolve(true),
): Victim {
  let child: ChildProcess;
  let startedAt: number;
  const options = file.endsWith('.ts') ? ['--import', '@cruddur/config/typescript'] : ['--enable-source-maps'];
  const start = () => {
    startedAt = Date.now();
    child = spawn(process.execPath, [...options, path.resolve(ROOT_DIR, file)], {
      cwd: ROOT_DIR,
      env: { ...inheritedEnv(), ...env },
      stdio: 'ignore',
    });
  };
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  start();
  return {
    name,
    pid: () => child.pid,
    isUp: () => isUp(startedAt),
    kill: () => end('SIGKILL'),
    async killAndRestart() {
      await end('SIGKILL');
      start();
    },
    stop: () => end('SIGTERM'),
  };
}

/** Waits until a condition is true, for a minute at most. */
async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`not within 60 s: ${what}`);
    await sleep(20);
  }
}

/**
 * Waits until all writes that DynamoDB Local acknowledged are in its file. It acknowledges shortly before it commits: in
 * 25 kills under load, it lost 10 of 1,280 acknowledged writes. DynamoDB itself loses none.
 *
 * Commits are in order, so this waits for a last write: its text is in the file, and SQLite has removed the journal.
 */
async function untilFlushed(endpoint: string, dataDir: string): Promise<void> {
  const client = createLocalDynamoDbClient(endpoint);
  const TableName = `flushed-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  client.destroy();
  const [file = ''] = (await readdir(dataDir)).filter((name) => name.endsWith('.db'));
  const isCommitted = async () =>
    (await readFile(path.join(dataDir, file))).includes(TableName) &&
    !existsSync(path.join(dataDir, `${file}-journal`));
  await until(isCommitted, `DynamoDB Local writes ${TableName} to ${file}`);
}

/** DynamoDB Local with its data in a file, behind a proxy that is cut when it is killed. */
export async function startDynamoDbVictim(options: {
  dataDir: string;
  logFile: string;
}): Promise<Victim & { endpoint: string }> {
  const port = await freePort();
  const start = () => startDynamoDb({ ...options, port });
  let engine = await start();
  const network = await startCuttableProxy(engine.endpoint);
  return {
    name: 'DynamoDB',
    endpoint: new URL(network.url).origin,
    pid: () => engine.pid,
    // A restart waits until it answers.
    isUp: () => Promise.resolve(true),
    async kill() {
      await network.cut();
      process.kill(engine.pid, 'SIGKILL');
      await engine.exited;
    },
    async killAndRestart() {
      await network.cut();
      // From here on, callers receive no acknowledgement.
      await untilFlushed(engine.endpoint, options.dataDir);
      process.kill(engine.pid, 'SIGKILL');
      await engine.exited;
      engine = await start();
      await network.restore();
    },
    async stop() {
      await network.cut();
      await engine.stop();
    },
  };
}

/**
 * Kills every victim once a round, in random order. Waits before each kill for `underLoad`, and until the victim is up.
 * Returns when all are up again.
 *
 * @returns how often each was killed
 */
export async function killInTurn(
  victims: readonly Victim[],
  { rounds, underLoad }: { rounds: number; underLoad: () => Promise<void> },
): Promise<Record<string, number>> {
  const kills: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    for (const victim of shuffle(victims)) {
      await underLoad();
      await untilUp(victim);
      await victim.killAndRestart();
      kills[victim.name] = (kills[victim.name] ?? 0) + 1;
    }
  }
  for (const victim of victims) await untilUp(victim);
  return kills;
}

function untilUp(victim: Victim): Promise<void> {
  return until(() => victim.isUp(), `${victim.name} is up`);
}

function shuffle<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
