import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inheritedEnv } from '../../support/env.ts';

/** A program that runs until it is stopped. */
interface Program {
  hasEnded(): boolean;
  /**
   * Waits until it prints something, on any of its streams.
   *
   * @throws {Error} with what it printed if it ends before, or is not installed
   */
  untilPrinted(what: RegExp): Promise<RegExpExecArray>;
  /** Stops it with SIGTERM, and waits until it has ended. */
  stop(): Promise<void>;
}

/** Starts a program. Its fourth stream is a pipe, too: some print what only programs read there. */
export function startProgram(command: string, args: string[], env: Record<string, string>): Program {
  const child = spawn(command, args, { env: { ...inheritedEnv(), ...env }, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of child.stdio.slice(1)) stream?.on('data', (chunk) => (printed += String(chunk)));
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`${command} did not start (${error.message}): is it installed?`));
    child.once('exit', () => resolve(`${command} has ended. It printed:\n${printed}`));
  });
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  return {
    hasEnded: () => hasEnded,
    async untilPrinted(what) {
      for (;;) {
        const match = what.exec(printed);
        if (match) return match;
        if (hasEnded) throw new Error(await ended);
        const read = child.stdio.slice(1).map((stream) => (stream ? once(stream, 'data') : ended));
        await Promise.race([...read, ended]);
      }
    },
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** Creates a temporary folder for all that a browser writes, and the variables that make it write there. */
export async function createHome() {
  const home = await mkdtemp(path.join(tmpdir(), 'cruddur-browser-'));
  const env = {
    HOME: home,
    XDG_CACHE_HOME: path.join(home, 'cache'),
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_DATA_HOME: path.join(home, 'data'),
    XDG_RUNTIME_DIR: home,
    // Neither start nor ask a desktop's bus.
    DBUS_SESSION_BUS_ADDRESS: 'disabled:',
    NO_AT_BRIDGE: '1',
    LANGUAGE: 'en_GB',
  };
  // A process of the browser may still write while it ends.
  return { home, env, remove: () => rm(home, { recursive: true, force: true, maxRetries: 5 }) };
}
