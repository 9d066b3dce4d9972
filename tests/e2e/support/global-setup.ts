import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { launchBrowserServer } from './browser.ts';
import type { SharedBrowser, SharedStack } from './shared-stack.ts';
import { startProductionStack } from './stack.ts';

interface Started {
  shared: SharedStack | SharedBrowser;
  stop: () => Promise<unknown>;
}

const STARTS: Record<string, () => Promise<Started>> = { '/stack': startStack, '/browser': startBrowser };

/**
 * Provides a URL. The first request below it builds the product and starts the stack, or starts the browser, that all spec
 * files share: not earlier, because other projects' tests run first, and an idle stack uses a tenth of a core.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const starting = new Map<string, Promise<Started>>();
  const startOnce = (path = '') => {
    const started = starting.get(path) ?? STARTS[path]?.() ?? Promise.reject(new Error(`nothing is shared at ${path}`));
    starting.set(path, started);
    return started;
  };
  const server = createServer((request, response) => {
    startOnce(request.url).then(
      ({ shared }) => response.end(JSON.stringify(shared)),
      (error: unknown) => response.writeHead(500).end(describe(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  project.provide('sharedUrl', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return async () => {
    server.close();
    server.closeAllConnections();
    // A failed start was reported to each spec file.
    const started = await Promise.allSettled(starting.values());
    await Promise.all(started.filter((one) => one.status === 'fulfilled').map(({ value }) => value.stop()));
  };
}

async function startStack(): Promise<Started> {
  const stack = await startProductionStack();
  const { webUrl, cognitoUrl, env } = stack;
  return { shared: { webUrl, cognitoUrl, env }, stop: () => stack.stop() };
}

async function startBrowser(): Promise<Started> {
  const browser = await launchBrowserServer();
  return { shared: { browserUrl: browser.wsEndpoint() }, stop: () => browser.close() };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n${describe(error.cause)}`;
}
