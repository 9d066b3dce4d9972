export * from './event.ts';
export * from './notification.ts';
export * from './publish-queue.ts';
export * from './within-time.ts';
