import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readStackEnv, type StackEnv } from '@cruddur/config/env';
import getPort from 'get-port';
import { inheritedEnv } from '../../../../tests/support/env.ts';

const SOURCES = fileURLToPath(new URL('../../src', import.meta.url));

/** A data folder and ports for supervisors, each a process of its own. */
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
    while (ports.length < 3) ports.push(await getPort({ host: '127.0.0.1', exclude: ports }));
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

  /** Runs one of the package's entries; `output` grows as it prints. */
  run(entry: 'dev' | 'reset', env: Record<string, string> = {}) {
    const script = path.join(SOURCES, `${entry}.ts`);
    const child = spawn(process.execPath, ['--import', 'tsx', script], { env: { ...this.env, ...env }, cwd: SOURCES });
    this.#children.push(child);
    const process_ = {
      child,
      output: '',
      exited: once(child, 'exit').then(([code, signal]) => ({ code, signal }) as { code: number; signal: string }),
      /** Resolves when the stack is ready. */
      ready: async (): Promise<void> => {
        while (!process_.output.includes('Sign in as')) {
          if (child.exitCode !== null) throw new Error(`The supervisor ended:\n${process_.output}`);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      },
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        process_.output += String(chunk);
      });
    }
    return process_;
  }

  /** The processes that work on the data folder, whoever started them. */
  engines(): { pid: number; command: string }[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => ({ pid: Number(pid), command: readCommand(pid) }))
      .filter(({ command }) => command.includes(this.dataDir));
  }

  async end(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const { pid } of this.engines()) process.kill(pid, 'SIGKILL');
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function readCommand(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
