import { StackError } from '../errors.ts';
import { supervise } from '../supervise.ts';
import { findBuild } from './build.ts';
import { startProduction } from './start-production.ts';

// The entry of `npm start`: what `npm run build` made, at one address, above the embedded services.

try {
  const build = findBuild();
  await supervise((stack, signal) => startProduction(stack, { build, signal }));
} catch (error) {
  if (!(error instanceof StackError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
