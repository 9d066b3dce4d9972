import type { TestProject } from 'vitest/node';
import { startDevStack } from './stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    webUrl: string;
    apiUrl: string;
    stackEnv: Record<string, string>;
  }
}

/** Starts the stack that the browser tests share. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startDevStack();
  project.provide('webUrl', stack.webUrl);
  project.provide('apiUrl', stack.apiUrl);
  project.provide('stackEnv', stack.env);
  return () => stack.stop();
}
