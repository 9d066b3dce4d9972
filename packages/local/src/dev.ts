import { describeStack } from './stack/describe-stack.ts';
import { print, supervise } from './stack/supervise.ts';

// The entry of `npm run dev`: the embedded services, set up, until a signal ends them.

await supervise(async (stack) => {
  print(describeStack(stack));
  return {};
});
