import { freePort } from '@cruddur/local/free-port';
import type { BrowserContext } from 'playwright-core';
import { afterAll } from 'vitest';
import { type CuttableProxy, startCuttableProxy } from '../../support/cuttable-proxy.ts';
import { startProgram, type Victim } from '../../support/processes.ts';
import { untilAnswered } from '../../support/until-answered.ts';
import { sharedStack } from './shared-stack.ts';

/** Another instance of the built server, on the stores of the shared stack. */
interface SecondInstance {
  server: Victim;
  /** The network between this server and its pages. */
  network: CuttableProxy;
  /** Routes the calls of a browser context's pages to it, as a load balancer may. */
  serve(context: BrowserContext): Promise<void>;
}

/**
 * Starts a second instance for a spec file. Call it at the top level; it is stopped afterwards.
 *
 * @param variables - what differs from the shared stack's
 */
export async function startSecondInstance(variables: Record<string, string> = {}): Promise<SecondInstance> {
  const port = String(await freePort());
  const { env: stackEnv } = await sharedStack();
  const env = { ...stackEnv, ...variables, API_PORT: port, LOG_LEVEL: 'warn', NODE_ENV: 'production' };
  const server = startProgram('server', 'apps/server/dist/main.js', env);
  const network = await startCuttableProxy(`http://127.0.0.1:${port}`);
  afterAll(() => Promise.all([network.cut(), server.stop()]));
  await untilAnswered(`http://127.0.0.1:${port}/readyz`);
  return {
    server,
    network,
    async serve(context) {
      const isCall = ({ pathname }: URL) => pathname.startsWith('/trpc/');
      await context.route(isCall, (route) => {
        const { pathname, search } = new URL(route.request().url());
        return route.continue({ url: new URL(pathname + search, network.url).href });
      });
    },
  };
}
