import type { TestProject } from 'vitest/node';
import { provideStack } from './global-setup.ts';
import { startProductionStack } from './stack.ts';

/** Builds, and starts the built stack that the browser tests of the production build share. */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  return provideStack(project, startProductionStack());
}
