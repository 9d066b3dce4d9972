import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { StackError } from '../engines/errors.ts';
import { identifyProcess } from '../engines/process-identity.ts';
import { writeFileAtomic } from '../write-file-atomic.ts';

const schema = z.object({ pid: z.number(), startedAt: z.string(), ready: z.boolean() });

/** The process that runs the stack of a data folder. */
type Supervisor = z.infer<typeof schema>;

/** Ignores the file of a supervisor that was killed. */
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
export async function claimDataDir(file: string) {
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
    if (codeOf(error) !== 'EEXIST') throw error;
    throw inUse(file, (await findSupervisor(file))?.pid);
  }
  return {
    /** True if the previous supervisor was killed, so that its engines may still be ending. */
    stale,
    /** Makes `waitForLocalStack` resolve. */
    markReady: () => writeFileAtomic(file, JSON.stringify({ ...supervisor, ready: true })),
    release: () => rmSync(file, { force: true }),
  };
}

function inUse(file: string, pid: number | undefined): StackError {
  const stack = `The stack of ${path.dirname(file)} already runs in ${pid ? `process ${pid}` : 'another process'}`;
  return new StackError(`${stack}: end that one, or set LOCAL_DATA_DIR to another folder.`);
}

function readSupervisor(file: string): Supervisor | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
/** Codes of a folder that is not writable, or is a file. */
const UNUSABLE = new Set(['EACCES', 'EROFS', 'ENOTDIR', 'EEXIST']);

/** Turns an error of the data folder into a sentence for people. Returns any other error unchanged. */
export function explainDataDirError(error: unknown, dataDir: string): unknown {
  const code = codeOf(error);
  if (FULL.has(code)) {
    return new StackError(`The disk of ${dataDir} is full: free some space.`, { cause: error });
  }
  if (!UNUSABLE.has(code)) return error;
  const remedy = 'make it writable, or set LOCAL_DATA_DIR to another folder';
  return new StackError(`The data folder ${dataDir} cannot be written (${code}): ${remedy}.`, { cause: error });
}

/** @throws {StackError} if there is no room for the embedded engines */
export function assertDiskSpace(dataDir: string): void {
  const { bavail, bsize } = statfsSync(dataDir);
  const free = bavail * bsize;
  // The first set-up needs as much. With less, the engines are not reliable.
  if (free >= 100 * 2 ** 20) return;
  const left = `${Math.floor(free / 2 ** 20)} MB are left of the 100 MB needed`;
  throw new StackError(`The disk of ${dataDir} is full: ${left}, free some space.`);
}
