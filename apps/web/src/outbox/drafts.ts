import type { LocalStore } from '../ui/local-store.ts';
import { type Target, targetKey } from './outbox-item.ts';

/** What is written and not sent, by target; kept over reloads, wiped at sign-out. */
export interface Drafts {
  get(target: Target): string;
  /** An empty text removes the draft. */
  set(target: Target, text: string): void;
  /** Takes the draft along when a person's group becomes known. */
  move(from: Target, to: Target): void;
}

/** Keys of one person's drafts. */
export const draftPrefix = (userId: string) => `draft:${userId}:`;

export function createDrafts(store: LocalStore, userId: string): Drafts {
  const keyOf = (target: Target) => draftPrefix(userId) + targetKey(target);
  const drafts: Drafts = {
    get: (target) => store.get(keyOf(target)) ?? '',
    set: (target, text) => store.set(keyOf(target), text === '' ? null : text),
    move(from, to) {
      const text = drafts.get(from);
      if (text === '') return;
      drafts.set(to, text);
      drafts.set(from, '');
    },
  };
  return drafts;
}
