import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { freePort } from '@cruddur/local/free-port';
import { bundledProgram } from '../../../tests/support/bundled-programs.ts';
import { namedServices } from '../../../tests/support/cognito.ts';
import { inheritedEnv } from '../../../tests/support/env.ts';
import { untilAnswered } from '../../../tests/support/until-answered.ts';
import type { TestServer } from './test-server.ts';

/**
 * Starts the server as a separate process on the stores of a test server.
 *
 * @param options.fromSources - runs the sources with tsx. The default is the bundle, which starts faster.
 */
export async function startServerProcess(
  { stack, cognito }: Pick<TestServer, 'stack' | 'cognito'>,
  env: Record<string, string>,
  { fromSources = false } = {},
) {
  const port = await freePort();
  const program = fromSources
    ? ['--import', '@cruddur/config/typescript', path.join(ROOT_DIR, 'apps/server/src/main.ts')]
    : ['--enable-source-maps', await bundledProgram('server')];
  const child = spawn(process.execPath, program, {
    cwd: ROOT_DIR,
    env: {
      ...inheritedEnv(),
      ...namedServices({
        cognito,
        databaseUrl: stack.postgres.url,
        dynamodbEndpoint: stack.dynamodb.endpoint ?? '',
        tableName: stack.tableName,
        region: stack.region,
      }),
      API_PORT: String(port),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const url = `http://127.0.0.1:${port}`;
  // If the process ends at once, the test decides whether that is right.
  await untilAnswered(`${url}/readyz`, { hasEnded: () => child.exitCode !== null }).catch((error: unknown) => {
    if (child.exitCode === null) throw error;
  });
  return {
    url,
    /** Its standard output and error. */
    output: () => output,
    isRunning: () => child.exitCode === null,
    /** Ends it at once, with what it was doing. */
    kill: () => child.kill('SIGKILL'),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

export type ServerProcess = Awaited<ReturnType<typeof startServerProcess>>;
