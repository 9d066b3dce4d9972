import { waitForLocalStack } from '@cruddur/local/wait';

// The stores start in parallel with this process.
await waitForLocalStack();
await import('./main.ts');
