export * from './display-name.ts';
export * from './limits.ts';
export * from './message-text.ts';
export * from './names.ts';
