import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT_DIR } from '@cruddur/config/env';
import { readJavaHome, startDynamoDb } from '@cruddur/local';
import getPort from 'get-port';
import { startCuttableProxy } from './cuttable-proxy.ts';
import { inheritedEnv } from './env.ts';

/** A process that is killed without warning, and comes back. */
export interface Victim {
  name: string;
  /** Of the process that runs now. */
  pid: () => number | undefined;
  /** SIGKILL, then the same process anew. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a Node program of the repository as a separate process: a source file with tsx, a built one without. */
export function startProgram(name: string, file: string, env: Record<string, string>): Victim {
  let child: ChildProcess;
  const loader = file.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const start = () => {
    child = spawn(process.execPath, [...loader, path.join(ROOT_DIR, file)], {
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

// DynamoDB Local acknowledges a write a moment before it is in its file: killed under load, the bare engine lost 10 of
// 1,280 acknowledged writes in 25 kills, and none when it was cut off from its callers a quarter of a second before.
// DynamoDB itself loses none. So callers lose it at once, answers included, and the process dies after this long.
const FLUSH_MS = 500;

/** DynamoDB Local with its data in a file, behind a network that is cut when it is killed. */
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
      await sleep(FLUSH_MS);
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
 * Kills the victims in turn, in a random order that changes every round, until told to stop; the first round is always
 * finished. Gives how often each was killed.
 */
export async function killInTurn(victims: readonly Victim[], signal: AbortSignal): Promise<Record<string, number>> {
  const kills: Record<string, number> = {};
  let round: Victim[] = [];
  for (let count = 0; count < victims.length || !signal.aborted; count++) {
    if (round.length === 0) round = shuffle(victims);
    await sleep(400 + Math.random() * 1200);
    const victim = round.pop();
    if (!victim) break;
    await victim.killAndRestart();
    kills[victim.name] = (kills[victim.name] ?? 0) + 1;
  }
  return kills;
}

function shuffle<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
