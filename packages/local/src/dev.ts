import { describeStack } from './describe-stack.ts';
import { print, supervise } from './supervise.ts';

// The entry of `npm run dev`: the embedded services, set up, until a signal ends them.

await supervise(async (stack) => {
  print(describeStack(stack));
  return {};
});
