import getPort, { portNumbers } from 'get-port';

/** Below the ports that Linux (from 32768) and macOS (from 49152) give to connections, and to servers that take any port. */
const FIRST_PORT = 10_000;
const PORTS_OF_A_PROCESS = 100;
const PROCESSES = 220;

const given = new Set<number>();

/**
 * Finds a free port of the loopback address for a server that starts later, maybe in another process. Nobody is given it
 * meanwhile: the system gives no ports of this range, and each process that calls this has a part of it.
 */
export async function freePort(): Promise<number> {
  if (given.size === PORTS_OF_A_PROCESS) given.clear();
  const first = FIRST_PORT + (process.pid % PROCESSES) * PORTS_OF_A_PROCESS;
  const port = portNumbers(first, first + PORTS_OF_A_PROCESS - 1);
  const found = await getPort({ host: '127.0.0.1', port, exclude: given });
  given.add(found);
  return found;
}
