import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createOutput } from './output.ts';
import { withProgress } from './progress.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const ERASE = '\u001b[1G\u001b[0K';

const redraw = () => vi.advanceTimersByTime(80);

/** A terminal of 20 columns, which shows both standard output and standard error. */
function open({ verbose = false, isTTY = true, env = {} }: { verbose?: boolean; isTTY?: boolean; env?: object } = {}) {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns: 20 });
  const io = { env: { ...env }, stdin: new PassThrough(), stdout: stream, stderr: stream };
  const session = { out: createOutput({ json: false, verbose }, io), io };
  return { session, screen: (): string => (stream.read() as string | null) ?? '' };
}

it('shows its progress on the last line, below other output, and removes it in the end', async () => {
  const { session, screen } = open();
  await withProgress(session, 'Counting', async (update) => {
    expect(screen()).toBe('⠋ Counting');
    await session.out.line({}, () => 'one');
    expect(screen()).toBe(`${ERASE}one\n`);
    update('Counting: 1');
    redraw();
    expect(screen()).toBe('⠙ Counting: 1');
    session.out.say('two');
    expect(screen()).toBe(`${ERASE}two\n`);
    update('Counting: 2 of very many');
    redraw();
    expect(screen()).toBe('⠹ Counting: 2 of ve');
  });
  expect(screen()).toBe(ERASE);
});

it('removes it after a failure too', async () => {
  const { session, screen } = open();
  const failed = withProgress(session, 'Counting', () => Promise.reject(new Error('no')));
  await expect(failed).rejects.toThrow('no');
  expect(screen()).toBe(`⠋ Counting${ERASE}`);
});

it.each([
  ['is not on a terminal', { isTTY: false }],
  ['is on a terminal without cursor control', { env: { TERM: 'dumb' } }],
  ['runs in CI', { env: { CI: 'true' } }],
  ['is verbose', { verbose: true }],
])('shows nothing if the command %s', async (_, circumstances) => {
  const { session, screen } = open(circumstances);
  const result = await withProgress(session, 'Counting', (update) => {
    update('Counting: 1');
    return Promise.resolve(1);
  });
  expect([result, screen()]).toEqual([1, '']);
});
