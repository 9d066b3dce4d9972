import type { LocalStore } from '../ui/local-store.ts';
import { type Target, targetKey } from './outbox-item.ts';

/** What is written and not sent, by target; kept over reloads, wiped at sign-out. */
export interface Drafts {
  get(target: Target): string;
  /** An empty text removes the draft. */
  set(target: Target, text: string): void;
  /** Takes the draft along when a person's group becomes known; from then on both names mean the group's draft. */
  move(from: Target, to: Target): void;
}

/** Keys of one person's drafts. */
export const draftPrefix = (userId: string) => `draft:${userId}:`;

export function createDrafts(store: LocalStore, userId: string): Drafts {
  // A letter typed in the instant of the move still names the person; it must not be lost.
  const moved = new Map<string, string>();
  const keyOf = (target: Target) => {
    const key = targetKey(target);
    return draftPrefix(userId) + (moved.get(key) ?? key);
  };
  const drafts: Drafts = {
    get: (target) => store.get(keyOf(target)) ?? '',
    set: (target, text) => store.set(keyOf(target), text === '' ? null : text),
    move(from, to) {
      if (moved.has(targetKey(from))) return;
      const text = drafts.get(from);
      drafts.set(from, '');
      if (text !== '') drafts.set(to, text);
      moved.set(targetKey(from), targetKey(to));
    },
  };
  return drafts;
}
