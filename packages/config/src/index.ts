export * from './constants.ts';
export * from './display-name.ts';
export * from './group-state.ts';
export * from './message-changes.ts';
export * from './message-text.ts';
export * from './reports.ts';
export * from './search-text.ts';
export * from './settings.ts';
