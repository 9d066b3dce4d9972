export * from './redis-nodes.ts';
export * from './redis-publisher.ts';
export * from './redis-subscriber.ts';
export * from './redis-url.ts';
