import { v4 } from 'uuid';
import { type LocalStore, removeKeys } from '../ui/local-store.ts';
import { DRAFT_PREFIX } from './drafts.ts';
import { OUTBOX_PREFIX } from './outbox-store.ts';

/** Key of a mark that is made when the first person signs in, and removed by each sign-out. */
const MARK = 'written';

/** What people have written in this browser and not sent, until the next sign-out. */
export interface Written {
  /** Drops what is written after a sign-out: by a tab that was asleep meanwhile, or for an answer that came late. */
  store: LocalStore;
  /**
   * Follows sign-outs of other tabs. Returns what ends it.
   *
   * @param onReopened - called when people have signed out and in again: this store is closed for good
   */
  follow(onReopened: () => void): () => void;
}

/** Opens what people have written. A sign-out in any tab closes it in all of them. */
export function openWritten(local: LocalStore): Written {
  const mark = local.get(MARK) ?? v4();
  if (local.get(MARK) === null) local.set(MARK, mark);
  return {
    store: {
      ...local,
      set(key, value) {
        if (local.get(MARK) === mark) local.set(key, value);
      },
    },
    follow: (onReopened) =>
      local.onOtherTab((key) => {
        if (key !== null && key !== MARK) return;
        const current = local.get(MARK);
        // This tab may have written in the instant before it heard of the sign-out.
        if (current === null) wipeWritten(local);
        else if (current !== mark) onReopened();
      }),
  };
}

/** Removes everything that anyone has written in this browser. No tab can write it again. */
export function wipeWritten(local: LocalStore): void {
  local.set(MARK, null);
  removeKeys(local, DRAFT_PREFIX);
  removeKeys(local, OUTBOX_PREFIX);
}
