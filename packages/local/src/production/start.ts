import { StackError } from '../engines/errors.ts';
import { supervise } from '../stack/supervise.ts';
import { findBuild, startProduction } from './start-production.ts';

// The entry of `npm start`: the build, at one address, on top of the embedded services.

try {
  const build = findBuild();
  await supervise((stack, signal) => startProduction(stack, { build, signal }));
} catch (error) {
  if (!(error instanceof StackError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
