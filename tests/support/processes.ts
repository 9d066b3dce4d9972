import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { ROOT_DIR } from '@cruddur/config/env';
import { createLocalDynamoDbClient, readJavaHome, startDynamoDb } from '@cruddur/local';
import getPort from 'get-port';
import { startCuttableProxy } from './cuttable-proxy.ts';
import { inheritedEnv } from './env.ts';

/** A process that is killed without warning, and started again. */
export interface Victim {
  name: string;
  /** Of the current process. */
  pid: () => number | undefined;
  /** Sends SIGKILL, then starts the same process again. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a Node program as a separate process: a source file with tsx, a built one without.
 *
 * @param file - absolute, or relative to the repository
 */
export function startProgram(name: string, file: string, env: Record<string, string>): Victim {
  let child: ChildProcess;
  const options = file.endsWith('.ts') ? ['--import', 'tsx'] : ['--enable-source-maps'];
  const start = () => {
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
    async killAndRestart() {
      await end('SIGKILL');
      start();
    },
    stop: () => end('SIGTERM'),
  };
}

/**
 * Waits until everything that DynamoDB Local has acknowledged is in its file. It acknowledges a write shortly before it
 * commits it: in 25 kills under load, the engine lost 10 of 1,280 acknowledged writes. DynamoDB itself loses none.
 *
 * It commits writes in order, so this waits until a last write is committed: its text is in the file, and the journal,
 * which SQLite removes on commit, is gone.
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
  while (!(await isCommitted())) await sleep(20);
}

/** DynamoDB Local with its data in a file, behind a proxy that is cut when it is killed. */
export async function startDynamoDbVictim(options: {
  dataDir: string;
  logFile: string;
}): Promise<Victim & { endpoint: string }> {
  const port = await getPort({ host: '127.0.0.1' });
  const start = () => startDynamoDb({ ...options, port, javaHome: readJavaHome() });
  let engine = await start();
  const network = await startCuttableProxy(engine.endpoint);
  return {
    name: 'DynamoDB',
    endpoint: new URL(network.url).origin,
    pid: () => engine.pid,
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
 * Kills every victim once a round, in random order. Waits for `underLoad` before each kill.
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
      await victim.killAndRestart();
      kills[victim.name] = (kills[victim.name] ?? 0) + 1;
    }
  }
  return kills;
}

function shuffle<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
