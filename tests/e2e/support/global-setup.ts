import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { launchBrowserServer } from './browser.ts';
import type { SharedStack } from './shared-stack.ts';
import { startProductionStack } from './stack.ts';

/**
 * Provides a URL. Its first request builds the product, and starts the stack and the browser that all spec files share:
 * not earlier, because other projects' tests run first, and an idle stack uses a tenth of a core.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: ReturnType<typeof start> | undefined;
  const server = createServer((_request, response) => {
    starting ??= start();
    starting.then(
      ({ shared }) => response.end(JSON.stringify(shared)),
      (error: unknown) => response.writeHead(500).end(describe(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  project.provide('sharedStackUrl', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return async () => {
    server.close();
    server.closeAllConnections();
    // A failed start was reported to each spec file.
    const started = await starting?.catch(() => undefined);
    await started?.stop();
  };
}

async function start(): Promise<{ shared: SharedStack; stop: () => Promise<void> }> {
  const browser = await launchBrowserServer();
  try {
    const stack = await startProductionStack();
    const { webUrl, cognitoUrl, env } = stack;
    return {
      shared: { webUrl, cognitoUrl, env, browserUrl: browser.wsEndpoint() },
      stop: async () => {
        await Promise.all([browser.close(), stack.stop()]);
      },
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n${describe(error.cause)}`;
}
