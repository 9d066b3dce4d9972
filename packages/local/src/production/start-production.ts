import assert from 'node:assert';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { processEnv, ROOT_DIR, type StackEnv } from '@cruddur/config/env';
import { pageConfigScript } from '@cruddur/config/page-config';
import { securityHeaders } from '@cruddur/config/security-headers';
import { LOCAL_VAPID_SUBJECT, readLocalVapidKeys } from '@cruddur/config/vapid-keys';
import { type Engine, startEngine, waitUntilReady } from '../engines/engine.ts';
import { engineDied, StackError } from '../engines/errors.ts';
import { freePort } from '../engines/free-port.ts';
import { assertPortFree, LOOPBACK } from '../engines/ports.ts';
import { describeStack } from '../stack/describe-stack.ts';
import { localFiles } from '../stack/local-files.ts';
import { type Programs, print } from '../stack/supervise.ts';
import { createFront } from './front.ts';

/**
 * Finds the output of `npm run build`.
 *
 * @throws {StackError} if a part is missing
 */
export function findBuild(rootDir: string = ROOT_DIR) {
  const at = (file: string) => path.join(rootDir, 'apps', file);
  const build = {
    server: at('server/dist/main.js'),
    handler: at('stream-lambda/dist/handler.mjs'),
    indexHandler: at('stream-lambda/dist/index-handler.mjs'),
    pushHandler: at('stream-lambda/dist/push-handler.mjs'),
    web: at('web/dist'),
  };
  const needed = [
    build.server,
    build.handler,
    build.indexHandler,
    build.pushHandler,
    path.join(build.web, 'index.html'),
  ];
  const missing = needed.find((file) => !existsSync(file));
  if (missing === undefined) return build;
  throw new StackError(`There is no ${path.relative(rootDir, missing)}: run \`npm run build\` first.`);
}

const STREAM_ENTRY = fileURLToPath(new URL('./stream.ts', import.meta.url));

/**
 * Starts the bundled server in one process, the bundled Lambdas in another, and the built page in front of them.
 *
 * @throws {StackError} if one of them does not start; the others are stopped
 */
export async function startProduction(
  stack: StackEnv,
  { build, signal }: { build: ReturnType<typeof findBuild>; signal: AbortSignal },
): Promise<Programs> {
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
    if (stack.dynamodb.endpoint !== undefined) programs.push(await startStream(stack, build));
    await waitUntilReady(server, async () => assert.ok((await fetch(`${apiUrl}/healthz`)).ok), signal);
    await front.listen({ port: stack.webPort, host: LOOPBACK });
  } catch (error) {
    await stop();
    throw error;
  }
  print(describeStack(stack, { oneAddress: true }));
  print(`  Logs        ${localFiles(stack.localDataDir).logs}\n`);
  return { failed: Promise.race(programs.map((program) => program.exited)).then(engineDied), stop };
}

function startServer(stack: StackEnv, file: string): Promise<Engine> {
  return startEngine({
    name: 'The server',
    command: process.execPath,
    args: ['--enable-source-maps', file],
    logFile: path.join(localFiles(stack.localDataDir).logs, 'server.log'),
    stopSignal: 'SIGTERM',
    // The front is the only proxy.
    env: { TRUSTED_PROXY_HOPS: '1', ...processEnv(), NODE_ENV: 'production' },
  });
}

/** The Lambdas find their stores as on AWS: by the variables that the SDK reads, and those of the database. */
async function startStream(
  stack: StackEnv,
  { handler, indexHandler, pushHandler }: ReturnType<typeof findBuild>,
): Promise<Engine> {
  const queuePort = String(await freePort());
  const credentials = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  return startEngine({
    name: 'The stream runner',
    command: process.execPath,
    args: [
      '--enable-source-maps',
      '--import',
      '@cruddur/config/typescript',
      STREAM_ENTRY,
      handler,
      indexHandler,
      pushHandler,
      queuePort,
    ],
    logFile: path.join(localFiles(stack.localDataDir).logs, 'stream.log'),
    stopSignal: 'SIGTERM',
    env: {
      ...(stack.dynamodb.embedded && credentials),
      ...processEnv(),
      ...(stack.postgres.embedded && { DATABASE_URL: stack.postgres.url }),
      AWS_REGION: stack.region,
      AWS_ENDPOINT_URL_DYNAMODB: stack.dynamodb.endpoint,
      DDB_TABLE: stack.tableName,
      LOCAL_DATA_DIR: stack.localDataDir,
      FAILED_RECORDS_URL: pathToFileURL(localFiles(stack.localDataDir).failedRecords).href,
      ...pushVariables(stack, queuePort),
      POWERTOOLS_LOG_LEVEL: 'WARN',
      POWERTOOLS_METRICS_DISABLED: 'true',
      NODE_ENV: 'production',
    },
  });
}

/** As on AWS, but for the keys, which are in a file here, and the queue, which is in the stream runner. */
function pushVariables({ localDataDir }: StackEnv, queuePort: string) {
  // An empty line of `.env` is no value.
  const { VAPID_KEYS, VAPID_SUBJECT } = processEnv();
  return {
    PUSH_QUEUE_URL: `http://${LOOPBACK}:${queuePort}/push`,
    VAPID_KEYS: VAPID_KEYS || JSON.stringify(readLocalVapidKeys(localDataDir)),
    VAPID_SUBJECT: VAPID_SUBJECT || LOCAL_VAPID_SUBJECT,
  };
}

function cognitoOrigin({ cognito }: StackEnv): string {
  if (cognito.endpoint !== undefined) return new URL(cognito.endpoint).origin;
  // A pool's id starts with its region, which may differ from the table's.
  return `https://cognito-idp.${cognito.userPoolId.split('_')[0]}.amazonaws.com`;
}
