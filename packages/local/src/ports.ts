import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StackEnv } from '@cruddur/config/env';
import getPort from 'get-port';
import { StackError } from './errors.ts';
import { describePortOwner } from './port-owner.ts';

/** Every service here listens on this address only. */
export const LOOPBACK = '127.0.0.1';

/** A free port of the loopback interface. */
export function freePort(): Promise<number> {
  return getPort({ host: LOOPBACK });
}

/** A service that needs a port, and the environment variable that says which. */
export interface PortNeed {
  service: string;
  variable: string;
}

/** The needs of the embedded services. */
export const EMBEDDED_PORTS = {
  dynamodb: { service: 'DynamoDB', variable: 'DYNAMODB_PORT' },
  postgres: { service: 'PostgreSQL', variable: 'POSTGRES_PORT' },
  cognito: { service: 'Cognito', variable: 'COGNITO_PORT' },
} as const satisfies Record<string, PortNeed>;

/**
 * Makes sure that a service can listen on a port.
 *
 * @throws {StackError} naming the port, the variable and the process that listens there
 */
export async function assertPortFree(port: number, need: PortNeed): Promise<void> {
  if (await isPortFree(port)) return;
  const owner = await describePortOwner(port);
  throw new StackError(
    `Port ${port}, which ${need.service} needs, is in use by ${owner}: end that, or set ${need.variable} to another port.`,
  );
}

/**
 * Makes sure that no two services are to listen on the same port.
 *
 * @throws {StackError} naming the variables of both
 */
export function assertPortsDiffer(stack: StackEnv): void {
  const needs: [string, number][] = [
    ['WEB_PORT', stack.webPort],
    ['API_PORT', stack.apiPort],
  ];
  for (const name of ['dynamodb', 'postgres', 'cognito'] as const) {
    if (stack[name].embedded) needs.push([EMBEDDED_PORTS[name].variable, stack[name].port]);
  }
  for (const [index, [variable, port]] of needs.entries()) {
    const twin = needs.slice(0, index).find(([, other]) => other === port);
    if (twin) throw new StackError(`${twin[0]} and ${variable} are both ${port}: set one of them to another port.`);
  }
}

/** Waits for processes that are ending to release their ports, but no longer than the time-out. */
export async function waitForPorts(ports: readonly number[], timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (const port of ports) {
    while (Date.now() < deadline && !(await isPortFree(port))) await sleep(50);
  }
}

function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
