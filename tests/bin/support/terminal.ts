import { spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import { type BinCommand, binEnv, binFile } from './run-bin.ts';

/** Whether util-linux's `script`, which runs a process on a terminal, is installed. */
export const hasTerminal =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

/** Runs a command on a separate terminal. `type` is typed as soon as the screen shows the cue. */
export async function runOnTerminal(
  command: BinCommand,
  args: readonly string[],
  { env = {}, cue, type = '' }: { env?: Record<string, string>; cue?: string; type?: string },
): Promise<{ exitCode: number | null; screen: string; raw: string }> {
  const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, ...inherited } = binEnv();
  const line = `stty cols 160 rows 40; exec ${[binFile(command), ...args].map((word) => `'${word}'`).join(' ')}`;
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', line, '/dev/null'], {
    cwd: tmpdir(),
    env: { ...inherited, TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
    // Ends a hanging command.
    timeout: 100_000,
  });
  let raw = '';
  let typed = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text;
    if (typed || cue === undefined || !stripVTControlCharacters(raw).includes(cue)) return;
    typed = true;
    child.stdin.write(type);
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { exitCode, screen: stripVTControlCharacters(raw), raw };
}
