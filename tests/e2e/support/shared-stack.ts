import { inject } from 'vitest';

/** The stack that all spec files share. */
export interface SharedStack {
  /** One address for page and API. */
  webUrl: string;
  cognitoUrl: string;
  /** The variables that the stack was started with. */
  env: Record<string, string>;
}

/** The Chromium that all spec files share. */
export interface SharedBrowser {
  /** A WebSocket. */
  browserUrl: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * A request to `stack` or `browser` below this URL starts the {@link SharedStack} or {@link SharedBrowser}, if none runs,
     * and is answered once it runs.
     */
    sharedUrl: string;
  }
}

let stack: Promise<SharedStack> | undefined;
let browser: Promise<SharedBrowser> | undefined;

/**
 * Starts the shared stack, or waits until it runs.
 *
 * @throws Error with the reason why it did not start
 */
export function sharedStack(): Promise<SharedStack> {
  stack ??= askFor<SharedStack>('stack');
  return stack;
}

/** Lets this file's helpers use a stack that it has started, instead of the shared one. */
export function useStack(own: SharedStack): void {
  stack = Promise.resolve(own);
}

/**
 * Starts the shared browser, or waits until it runs.
 *
 * @throws Error with the reason why it did not start
 */
export function sharedBrowser(): Promise<SharedBrowser> {
  browser ??= askFor<SharedBrowser>('browser');
  return browser;
}

async function askFor<T>(what: string): Promise<T> {
  const response = await fetch(new URL(what, inject('sharedUrl')));
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}
