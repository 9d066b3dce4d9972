import { v4 } from 'uuid';
import { type LocalStore, removeKeys } from '../ui/local-store.ts';
import { CHANGES_PREFIX } from './change-store.ts';
import { DRAFT_PREFIX } from './drafts.ts';
import { OUTBOX_PREFIX } from './outbox-store.ts';

/** Key of a random id, created when the first person signs in and removed by each sign-out. */
const EPOCH_KEY = 'written';
/** Keys of the emoji that people have chosen. */
export const EMOJI_PREFIX = 'emoji:';

/** Opens the storage of drafts, outboxes and changes. A sign-out in any tab closes it in all tabs. */
export function openUnsentStorage(local: LocalStore) {
  const epoch = local.get(EPOCH_KEY) ?? v4();
  if (local.get(EPOCH_KEY) === null) local.set(EPOCH_KEY, epoch);
  const isOpen = () => local.get(EPOCH_KEY) === epoch;
  return {
    /** After a sign-out it is empty and ignores writes, such as those of a tab that was asleep or of a late answer. */
    store: {
      ...local,
      get: (key) => (isOpen() ? local.get(key) : null),
      keys: (prefix) => (isOpen() ? local.keys(prefix) : []),
      set: (key, value) => isOpen() && local.set(key, value),
    } satisfies LocalStore,
    /** Follows sign-outs in other tabs. Calls back if people have signed in again: this store is closed for good. */
    follow: (onReopened: () => void) =>
      local.onOtherTab((key) => {
        if (key !== null && key !== EPOCH_KEY) return;
        const current = local.get(EPOCH_KEY);
        // This tab may have written just before it noticed the sign-out.
        if (current === null) wipeUnsent(local);
        else if (current !== epoch) onReopened();
      }),
  };
}

/** Deletes all drafts, unsent messages, unsent changes and chosen emoji in this browser, and closes the storage of all but the last. */
export function wipeUnsent(local: LocalStore): void {
  local.set(EPOCH_KEY, null);
  removeKeys(local, DRAFT_PREFIX);
  removeKeys(local, OUTBOX_PREFIX);
  removeKeys(local, CHANGES_PREFIX);
  removeKeys(local, EMOJI_PREFIX);
}
