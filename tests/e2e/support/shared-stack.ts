import { inject } from 'vitest';

/** The stack and the browser that all spec files share. */
export interface SharedStack {
  /** One address for page and API. */
  webUrl: string;
  cognitoUrl: string;
  /** The variables that the stack was started with. */
  env: Record<string, string>;
  /** WebSocket URL of the browser. */
  browserUrl: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** A request to this URL starts the {@link SharedStack}, if none runs, and is answered once it runs. */
    sharedStackUrl: string;
  }
}

let shared: Promise<SharedStack> | undefined;

/**
 * Starts the shared stack and browser, or waits until they run.
 *
 * @throws Error with the reason why they did not start
 */
export function sharedStack(): Promise<SharedStack> {
  shared ??= askFor(inject('sharedStackUrl'));
  return shared;
}

async function askFor(url: string): Promise<SharedStack> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as SharedStack;
}
