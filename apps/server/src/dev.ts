import { waitForLocalStack } from '@cruddur/local/wait';

// The stores come up beside this process; until they answer there is nothing to serve.
await waitForLocalStack();
await import('./main.ts');
