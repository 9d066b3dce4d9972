import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { StackError } from './errors.ts';
import { identifyProcess } from './process-identity.ts';
import { writeFileAtomic } from './write-file-atomic.ts';

const schema = z.object({ pid: z.number(), startedAt: z.string(), ready: z.boolean() });

/** Who runs the stack of a data folder. */
export type Supervisor = z.infer<typeof schema>;

/** A data folder that this process has for itself. */
export interface Claim {
  /** True where the supervisor before was killed, so that its engines may be about to end only. */
  stale: boolean;
  /** Lets those who wait for the stack go on. */
  markReady(): Promise<void>;
  release(): void;
}

/** Finds the supervisor that runs now; one that was killed without tidying up does not count. */
export async function findSupervisor(file: string): Promise<Supervisor | undefined> {
  if (!existsSync(file)) return undefined;
  const supervisor = readSupervisor(file);
  const running = supervisor && (await identifyProcess(supervisor.pid));
  return running && running.startedAt === supervisor.startedAt ? supervisor : undefined;
}

/**
 * Claims a data folder for this process.
 *
 * @throws {StackError} when another supervisor has it
 */
export async function claimDataDir(file: string): Promise<Claim> {
  mkdirSync(path.dirname(file), { recursive: true });
  const running = await findSupervisor(file);
  if (running !== undefined) throw inUse(file, running.pid);
  const stale = existsSync(file);
  rmSync(file, { force: true });
  const { startedAt = '' } = (await identifyProcess(process.pid)) ?? {};
  const supervisor: Supervisor = { pid: process.pid, startedAt, ready: false };
  try {
    writeFileSync(file, JSON.stringify(supervisor), { flag: 'wx' });
  } catch (error) {
    if (!isExisting(error)) throw error;
    throw inUse(file, (await findSupervisor(file))?.pid);
  }
  return {
    stale,
    markReady: () => writeFileAtomic(file, JSON.stringify({ ...supervisor, ready: true })),
    release: () => rmSync(file, { force: true }),
  };
}

function inUse(file: string, pid: number | undefined): StackError {
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  return new StackError(
    `The stack of ${path.dirname(file)} already runs in ${who}: end that one, or set LOCAL_DATA_DIR to another folder.`,
  );
}

function readSupervisor(file: string): Supervisor | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
