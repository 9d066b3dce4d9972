import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createOutput } from './output.ts';

const ERASE = '\u001b[1G\u001b[0K';

/** A terminal of 20 columns, which shows both standard output and standard error. */
function open({ verbose = false, isTTY = true, env = {} }: { verbose?: boolean; isTTY?: boolean; env?: object } = {}) {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns: 20 });
  const io = { env: { ...env }, stdin: new PassThrough(), stdout: stream, stderr: stream };
  const out = createOutput({ verbose }, io);
  return { out, screen: (): string => (stream.read() as string | null) ?? '' };
}

it('shows progress on the last line, below other output, and removes it at the end', async () => {
  const { out, screen } = open();
  await out.withProgress('Counting', async (update) => {
    expect(screen()).toBe('Counting');
    await out.line({}, () => 'one');
    expect(screen()).toBe(`${ERASE}one\n`);
    update('Counting: 1');
    expect(screen()).toBe('Counting: 1');
    out.say('two');
    expect(screen()).toBe(`${ERASE}two\n`);
    update('Counting: 2 of very many');
    expect(screen()).toBe('Counting: 2 of very');
  });
  expect(screen()).toBe(ERASE);
});

it('removes progress after a failure', async () => {
  const { out, screen } = open();
  const failed = out.withProgress('Counting', () => Promise.reject(new Error('no')));
  await expect(failed).rejects.toThrow('no');
  expect(screen()).toBe(`Counting${ERASE}`);
});

it.each([
  ['is not on a terminal', { isTTY: false }],
  ['is on a terminal without cursor control', { env: { TERM: 'dumb' } }],
  ['runs in CI', { env: { CI: 'true' } }],
  ['is verbose', { verbose: true }],
])('shows no progress if the command %s', async (_, circumstances) => {
  const { out, screen } = open(circumstances);
  const result = await out.withProgress('Counting', (update) => {
    update('Counting: 1');
    return Promise.resolve(1);
  });
  expect([result, screen()]).toEqual([1, '']);
});
