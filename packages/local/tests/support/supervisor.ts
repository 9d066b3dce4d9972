import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT_DIR, readStackEnv, type StackEnv } from '@cruddur/config/env';
import { type BundledProgram, bundledProgram } from '../../../../tests/support/bundled-programs.ts';
import { inheritedEnv } from '../../../../tests/support/env.ts';
import { freePort } from '../../src/engines/free-port.ts';

/** A data folder and ports for supervisors, which are separate processes. */
export class SupervisorTrial {
  readonly dataDir: string;
  readonly env: Record<string, string>;
  readonly #children: ChildProcess[] = [];

  private constructor(dataDir: string, env: Record<string, string>) {
    this.dataDir = dataDir;
    this.env = env;
  }

  static async create(): Promise<SupervisorTrial> {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'cruddur-supervisor-'));
    const ports: number[] = [];
    while (ports.length < 3) ports.push(await freePort());
    const [DYNAMODB_PORT, COGNITO_PORT, POSTGRES_PORT] = ports.map(String);
    return new SupervisorTrial(dataDir, {
      ...inheritedEnv(),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      LOCAL_DATA_DIR: dataDir,
      DYNAMODB_PORT: DYNAMODB_PORT ?? '',
      COGNITO_PORT: COGNITO_PORT ?? '',
      POSTGRES_PORT: POSTGRES_PORT ?? '',
    });
  }

  get stack(): StackEnv {
    return readStackEnv(this.env);
  }

  /** Runs one of the package's programs; `output` grows as it prints. */
  async run(program: BundledProgram & ('supervisor' | 'reset'), env: Record<string, string> = {}) {
    const file = await bundledProgram(program);
    const child = spawn(process.execPath, ['--enable-source-maps', file], {
      env: { ...this.env, ...env },
      cwd: ROOT_DIR,
    });
    this.#children.push(child);
    const running = {
      child,
      output: '',
      /** Resolves when it has ended and all of its output is read. */
      exited: once(child, 'close').then(([code, signal]) => ({ code, signal }) as { code: number; signal: string }),
      /** Resolves when the output contains a text, by default that of a stack that is ready. */
      printed: (text = 'Sign in as') =>
        new Promise<void>((resolve, reject) => {
          const check = () => {
            if (running.output.includes(text)) resolve();
          };
          child.stdout.on('data', check);
          child.once('close', () => reject(new Error(`${program} ended:\n${running.output}`)));
          check();
        }),
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        running.output += String(chunk);
      });
    }
    return running;
  }

  /** The processes that use the data folder, whatever started them. */
  engines(): { pid: number; command: string }[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => ({ pid: Number(pid), command: readCommand(pid) }))
      .filter(({ command }) => command.includes(this.dataDir));
  }

  /** Kills the one engine whose command matches. */
  kill(command: RegExp): void {
    process.kill(this.pidOf(command), 'SIGKILL');
  }

  /**
   * Finds the one engine whose command matches. A child that PostgreSQL has just forked has its parent's command for a
   * moment: it does not count.
   */
  pidOf(command: RegExp): number {
    const matches = this.engines().filter((engine) => command.test(`${engine.command} `));
    const pids = new Set(matches.map(({ pid }) => pid));
    const engines = matches.filter(({ pid }) => {
      const parent = readParent(pid);
      return parent !== undefined && !pids.has(parent);
    });
    const [engine] = engines;
    if (!engine || engines.length > 1) throw new Error(`${engines.length} engines match ${command}`);
    return engine.pid;
  }

  async end(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const { pid } of this.engines()) process.kill(pid, 'SIGKILL');
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/**
 * Stops PostgreSQL's process for checkpoints. A clean shutdown waits for it, and hangs.
 *
 * @param pid - PostgreSQL's main process
 * @returns the pid of the stopped process
 */
export function holdCheckpointer(pid: number): number {
  const isCheckpointer = (name: string) =>
    /^\d+$/.test(name) && readParent(Number(name)) === pid && readCommand(name).includes('checkpointer');
  const checkpointer = Number(readdirSync('/proc').find(isCheckpointer));
  process.kill(checkpointer, 'SIGSTOP');
  return checkpointer;
}

/** The pid of a process's parent; undefined if the process has ended. */
function readParent(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

function readCommand(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
