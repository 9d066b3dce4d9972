import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT_DIR, readStackEnv } from '@cruddur/config/env';
import { SEEDED_PASSWORD } from '@cruddur/config/seed';
import { createDynamoDb, type TableRef } from '@cruddur/ddb';
import { freePort } from '@cruddur/local/free-port';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Acknowledged, expectOnce, retryUntilAnswered } from '../support/acknowledged.ts';
import { bundledProgram } from '../support/bundled-programs.ts';
import { signInWithPassword } from '../support/cognito.ts';
import { inheritedEnv } from '../support/env.ts';
import { startProgram } from '../support/processes.ts';
import { acknowledge, draftTo, eventually, expectUnavailable, outcomeOf } from './support/calls.ts';
import { canHaveSmallDisk, onSmallDisk, withSmallFiles } from './support/small-disk.ts';
import { apiAt } from './support/system.ts';

const CHUNK = Buffer.alloc(2 * 2 ** 20);

let dir: string;
let disk: string;
let env: Record<string, string>;
let program: string[];
let supervisor: ChildProcess | undefined;
let output: string;

beforeAll(async () => {
  program = [process.execPath, '--enable-source-maps', await bundledProgram('supervisor')];
});
beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'cruddur-disk-'));
  chmodSync(dir, 0o711);
  disk = path.join(dir, 'data');
  mkdirSync(disk);
  const ports: number[] = [];
  while (ports.length < 4) ports.push(await freePort());
  const [API_PORT = '', DYNAMODB_PORT = '', COGNITO_PORT = '', POSTGRES_PORT = ''] = ports.map(String);
  env = { API_PORT, DYNAMODB_PORT, COGNITO_PORT, POSTGRES_PORT, LOCAL_DATA_DIR: disk };
});
afterEach(async () => {
  if (supervisor?.exitCode === null) {
    supervisor.kill('SIGTERM');
    await once(supervisor, 'exit');
  }
  await rm(dir, { recursive: true, force: true });
});

/** Starts the embedded services with a command. `output` grows as they print. */
function start([file = '', ...args]: readonly string[]): ChildProcess {
  output = '';
  const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  const child = spawn(file, args, { cwd: ROOT_DIR, env: { ...inheritedEnv(), ...quiet, ...env } });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  supervisor = child;
  return child;
}

/** Expects the embedded services to refuse to start, with one line that contains the folder. */
async function expectRefusal(command: readonly string[], line: RegExp): Promise<void> {
  const [code] = await once(start(command), 'close');
  expect(output).toMatch(line);
  expect(output.trim().split('\n')).toHaveLength(1);
  expect(output).toContain(disk);
  expect(code).toBe(1);
}

const hasSmallDisk = canHaveSmallDisk();
const where = hasSmallDisk ? '' : ' (skipped: this machine does not allow us to mount a small disk)';

describe('the embedded services', { timeout: 240_000 }, () => {
  it('do not start if they can write nothing, or no database', async () => {
    await expectRefusal(withSmallFiles(0, program), /^The disk of .* is full: free some space\.\n$/);
    await expectRefusal(withSmallFiles(512, program), /^PostgreSQL could not create .*: the disk is full, free some/);
  });

  it.runIf(hasSmallDisk)(`do not start on a disk that is full or nearly full${where}`, async () => {
    await expectRefusal(onSmallDisk(disk, '8k', program), /^The disk of .* is full: 0 MB are left of the 100 MB/);
    await expectRefusal(onSmallDisk(disk, '60m', program), /^The disk of .* is full: (59|60) MB are left of the 100/);
  });

  it.runIf(hasSmallDisk)(`lose nothing when the disk fills up, and continue when there is space${where}`, async () => {
    const services = start(onSmallDisk(disk, '160m', program));
    await eventually(() => expect(output).toContain('Sign in as'), 120_000);
    const server = startProgram('server', await bundledProgram('server'), {
      ...env,
      LOG_LEVEL: 'silent',
      RATE_LIMIT_FACTOR: '1000',
    });
    const stack = readStackEnv(env);
    const client = createDynamoDb({ region: stack.region, ...stack.dynamodb });
    const table: TableRef = { client, tableName: stack.tableName };
    try {
      const { clientId, endpoint = '' } = stack.cognito;
      const account = { handle: 'andrewbrown', password: SEEDED_PASSWORD };
      const { accessToken } = await signInWithPassword({ clientId, endpoint }, account);
      const api = apiAt(`http://127.0.0.1:${env.API_PORT}`, accessToken);
      await retryUntilAnswered(() => api.users.me.query());
      const place = { handle: 'loren' };
      const first = await acknowledge(draftTo(place, 'Before the disk fills'), [api]);
      const written: Acknowledged[] = [first];
      const refused: ReturnType<typeof draftTo>[] = [];
      const filler = path.join(`/proc/${services.pid}/root`, disk, 'filler');
      let isFull = false;
      const send = async (name: string) => {
        for (let i = 0; i < 10 || refused.length < 20; i++) {
          isFull ||= !hasRoom(filler);
          const draft = draftTo(place, `${name} ${i} ${'x'.repeat(900)}`);
          const { answer: message, refused: reason } = await outcomeOf(() => draft.send(api));
          if (message) written.push({ ...draft, message });
          else refused.push(draft);
          expect([undefined, 'store_unavailable']).toContain(reason);
        }
      };
      await Promise.all(['One', 'Two', 'Three', 'Four'].map(send));
      expect(isFull).toBe(true);
      const { messageGroupUuid, createdAt } = first.message;
      await expectUnavailable(
        () => draftTo({ handle: 'londo' }, 'To a new person').send(api),
        () => api.messageGroups.markRead.mutate({ messageGroupUuid, createdAt }),
      );
      // Reading still works, and every acknowledged message exists.
      expect((await api.messages.list.query({ messageGroupUuid })).items).not.toEqual([]);
      await expectOnce(table, written);

      rmSync(filler);
      for (const draft of refused) written.push(await acknowledge(draft, [api]));
      await expectOnce(table, written);
    } finally {
      await server.stop();
      client.destroy();
    }
  });
});

/** Appends two megabytes to a file. Returns false if the disk is full. */
function hasRoom(filler: string): boolean {
  try {
    appendFileSync(filler, CHUNK);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
    return false;
  }
}
