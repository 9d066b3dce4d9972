import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { processEnv, type StackEnv } from '@cruddur/config/env';
import { pageConfigScript } from '@cruddur/config/page-config';
import { securityHeaders } from '@cruddur/config/security-headers';
import { describeStack } from '../describe-stack.ts';
import { type Engine, startEngine, waitUntilReady } from '../engine.ts';
import { engineDied } from '../errors.ts';
import { localFiles } from '../local-files.ts';
import { assertPortFree, LOOPBACK } from '../ports.ts';
import { print, type Running } from '../supervise.ts';
import type { Build } from './build.ts';
import { createFront } from './front.ts';

const STREAM_ENTRY = fileURLToPath(new URL('./stream.ts', import.meta.url));

/**
 * Starts what is deployed to AWS, above the services of this environment: the bundled server and the bundled Lambda,
 * each a process of its own, and the built page before them.
 *
 * @throws {StackError} where one of them does not come up; the others are stopped then
 */
export async function startProduction(
  stack: StackEnv,
  { build, signal }: { build: Build; signal: AbortSignal },
): Promise<Running> {
  await assertPortFree(stack.webPort, { service: 'the page', variable: 'WEB_PORT' });
  await assertPortFree(stack.apiPort, { service: 'the API', variable: 'API_PORT' });
  const apiUrl = `http://${LOOPBACK}:${stack.apiPort}`;
  const front = await createFront({
    webDir: build.web,
    apiUrl,
    headers: securityHeaders({ cognitoOrigins: [cognitoOrigin(stack)], https: false }),
    pageConfig: pageConfigScript(stack.cognito),
  });
  const programs: Engine[] = [];
  const stop = async () => {
    await front.close();
    await Promise.all(programs.map((program) => program.stop()));
  };
  try {
    const server = await startServer(stack, build.server);
    programs.push(server);
    // On AWS the deployed Lambda reads the stream; a second reader would only repeat its work.
    if (stack.dynamodb.endpoint !== undefined) programs.push(await startStream(stack, build.handler));
    await waitUntilReady(server, () => fetchOk(`${apiUrl}/healthz`), { signal });
    await front.listen({ port: stack.webPort, host: LOOPBACK });
  } catch (error) {
    await stop();
    throw error;
  }
  print(describeStack(stack, { oneAddress: true }));
  print(`  Logs        ${localFiles(stack.localDataDir).logs}\n`);
  return { failed: whenOneEnds(programs), stop };
}

function startServer(stack: StackEnv, file: string): Promise<Engine> {
  return startEngine({
    name: 'The server',
    command: process.execPath,
    args: ['--enable-source-maps', file],
    logFile: path.join(localFiles(stack.localDataDir).logs, 'server.log'),
    stopSignal: 'SIGTERM',
    // The front is the one proxy before it.
    env: { TRUSTED_PROXY_HOPS: '1', ...processEnv(), NODE_ENV: 'production' },
  });
}

/** The Lambda is told where its table is as it is on AWS: by the variables that the SDK reads. */
function startStream(stack: StackEnv, handler: string): Promise<Engine> {
  const credentials = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  return startEngine({
    name: 'The stream runner',
    command: process.execPath,
    args: ['--enable-source-maps', '--import', '@cruddur/config/typescript', STREAM_ENTRY, handler],
    logFile: path.join(localFiles(stack.localDataDir).logs, 'stream.log'),
    stopSignal: 'SIGTERM',
    env: {
      ...(stack.dynamodb.embedded ? credentials : {}),
      ...processEnv(),
      AWS_REGION: stack.region,
      AWS_ENDPOINT_URL_DYNAMODB: stack.dynamodb.endpoint,
      DDB_TABLE: stack.tableName,
      LOCAL_DATA_DIR: stack.localDataDir,
      POWERTOOLS_LOG_LEVEL: 'WARN',
      POWERTOOLS_METRICS_DISABLED: 'true',
      NODE_ENV: 'production',
    },
  });
}

function cognitoOrigin({ cognito }: StackEnv): string {
  if (cognito.endpoint !== undefined) return new URL(cognito.endpoint).origin;
  // A pool's id begins with its region, which need not be the table's.
  return `https://cognito-idp.${cognito.userPoolId.split('_')[0]}.amazonaws.com`;
}

async function fetchOk(url: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
}

async function whenOneEnds(programs: readonly Engine[]) {
  return engineDied(await Promise.race(programs.map((program) => program.exited)));
}
