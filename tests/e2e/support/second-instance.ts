import getPort from 'get-port';
import type { BrowserContext } from 'playwright-core';
import { inject } from 'vitest';
import { type CuttableProxy, startCuttableProxy } from '../../support/cuttable-proxy.ts';
import { startProgram, type Victim } from '../../support/processes.ts';
import { untilAnswered } from '../../support/until-answered.ts';

/** Another server instance on the stores of the stack. */
export interface SecondInstance {
  server: Victim;
  /** Between the pages that use it and the server. */
  network: CuttableProxy;
  /** Has a browser's pages call it, as a load balancer may: they do not notice. */
  serve(context: BrowserContext): Promise<void>;
  stop(): Promise<void>;
}

export async function startSecondInstance(): Promise<SecondInstance> {
  const port = String(await getPort({ host: '127.0.0.1' }));
  const env = { ...inject('stackEnv'), API_PORT: port, LOG_LEVEL: 'warn' };
  const server = startProgram('server', 'apps/server/src/main.ts', env);
  const network = await startCuttableProxy(`http://127.0.0.1:${port}`);
  const stop = async () => {
    await Promise.all([network.cut(), server.stop()]);
  };
  try {
    await untilAnswered(`http://127.0.0.1:${port}/readyz`);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    server,
    network,
    stop,
    async serve(context) {
      // By the path's beginning: a development page has sources in a folder of this name.
      const isCall = ({ pathname }: URL) => pathname.startsWith('/trpc/');
      await context.route(isCall, (route) => {
        const { pathname, search } = new URL(route.request().url());
        return route.continue({ url: new URL(pathname + search, network.url).href });
      });
    },
  };
}
