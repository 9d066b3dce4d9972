import type { TestProject } from 'vitest/node';
import { type Stack, startDevStack } from './stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    webUrl: string;
    apiUrl: string;
    stackEnv: Record<string, string>;
  }
}

/** Starts the stack that the browser tests share. */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  return provideStack(project, startDevStack());
}

/** Tells a project's tests where their stack is; gives what ends it. */
export async function provideStack(project: TestProject, starting: Promise<Stack>): Promise<() => Promise<void>> {
  const stack = await starting;
  project.provide('webUrl', stack.webUrl);
  project.provide('apiUrl', stack.apiUrl);
  project.provide('stackEnv', stack.env);
  return () => stack.stop();
}
