import type { Quote } from '../cache/message-copies.ts';
import { createListeners } from '../ui/listeners.ts';
import type { LocalStore } from '../ui/local-store.ts';
import { type Target, targetKey } from './outbox-item.ts';

/** How much of a draft is stored, in UTF-16 code units. The rest of a longer one is only in its tab's memory. */
export const DRAFT_STORED_MAX = 10_000;
/** Limit of stored drafts per person. A further one replaces the least recently changed. */
export const DRAFTS_MAX = 100;
export const DRAFT_PREFIX = 'draft:';
/** How much of a draft a list shows, in UTF-16 code units. */
const BEGINNING_MAX = 200;

interface StoredDraft {
  text: string;
  /** The message that it replies to. */
  replyTo?: Quote | null;
  /** Milliseconds since the epoch. */
  changedAt: number;
}

export type Drafts = ReturnType<typeof createDrafts>;

/** Unsent texts by target, shared by all tabs. They survive reloads and are deleted at sign-out. */
export function createDrafts(store: LocalStore, userId: string, deviceNow: () => number) {
  const prefix = `${DRAFT_PREFIX}${userId}:`;
  const { subscribe, notify } = createListeners();
  /** Texts typed in this tab, by key. Of a long draft, only a part is stored. */
  const typed = new Map<string, string>();
  const moved = new Map<string, string>();
  const keyOf = (target: Target) => prefix + (moved.get(targetKey(target)) ?? targetKey(target));
  /** Read it each time: another tab may have changed or sent the draft. */
  const get = (target: Target) => {
    const key = keyOf(target);
    const stored = parseDraft(store.get(key)).text;
    const whole = typed.get(key) ?? '';
    // If they differ, another tab has changed it.
    return shorten(whole) === stored ? whole : stored;
  };
  const write = (key: string, draft: Pick<StoredDraft, 'text' | 'replyTo'>) => {
    const isNew = store.get(key) === null;
    const isEmpty = draft.text === '' && !draft.replyTo;
    store.set(key, isEmpty ? null : JSON.stringify({ ...draft, changedAt: deviceNow() } satisfies StoredDraft));
    if (isNew) removeOldest(store, prefix);
  };
  const set = (target: Target, text: string) => {
    const key = keyOf(target);
    const short = shorten(text);
    typed.set(key, text);
    const before = parseDraft(store.get(key));
    if (short !== before.text) write(key, { text: short, replyTo: before.replyTo ?? null });
    notify();
  };
  const replies = createReplyReader(store);
  return {
    get,
    /** An empty text removes the draft, unless it is a reply. */
    set,
    /** The key of each target with a text, and its beginning, for a list. */
    beginnings: (): [string, string][] =>
      store
        .keys(prefix)
        .map((key): [string, string] => [
          key.slice(prefix.length),
          shorten(parseDraft(store.get(key)).text, BEGINNING_MAX),
        ])
        .filter(([, text]) => text.trim() !== ''),
    /** The message that the draft replies to. The same object until it changes. */
    replyTo: (target: Target): Quote | null => replies(keyOf(target)),
    setReplyTo(target: Target, replyTo: Quote | null) {
      const key = keyOf(target);
      write(key, { text: parseDraft(store.get(key)).text, replyTo });
      notify();
    },
    /** Removes the draft: it was sent. */
    clear(target: Target) {
      typed.delete(keyOf(target));
      write(keyOf(target), { text: '' });
      notify();
    },
    /** Moves the draft when a person's group becomes known. From then on both targets mean the group's draft. */
    move(from: Target, to: Target) {
      if (moved.has(targetKey(from))) return;
      const texts = [get(to), get(from)].filter((text) => text !== '');
      set(from, '');
      set(to, texts.join('\n'));
      moved.set(targetKey(from), targetKey(to));
    },
    subscribe: (listener: () => void) => {
      const unsubscribe = subscribe(listener);
      const stop = store.onOtherTab((key) => {
        if (key === null || key.startsWith(prefix)) listener();
      });
      return () => {
        unsubscribe();
        stop();
      };
    },
  };
}

/** Reads the quote of a draft, which stays the same object while the stored draft does. */
function createReplyReader(store: LocalStore) {
  let last: { key: string; stored: string; replyTo: Quote | null } | undefined;
  return (key: string): Quote | null => {
    const replyTo = parseDraft(store.get(key)).replyTo ?? null;
    const stored = JSON.stringify(replyTo);
    if (last?.key !== key || last.stored !== stored) last = { key, stored, replyTo };
    return last.replyTo;
  };
}

function removeOldest(store: LocalStore, prefix: string): void {
  const drafts = store.keys(prefix).map((key) => ({ key, ...parseDraft(store.get(key)) }));
  drafts.sort((a, b) => a.changedAt - b.changedAt);
  for (const { key } of drafts.slice(0, -DRAFTS_MAX)) store.set(key, null);
}

/** The part of a text that is stored. It ends with a whole code point. */
function shorten(text: string, max = DRAFT_STORED_MAX): string {
  return text.length <= max ? text : text.slice(0, max).replace(/[\ud800-\udbff]$/, '');
}

/** Reads a draft back from storage. An earlier version stored the bare text. */
function parseDraft(stored: string | null): StoredDraft {
  try {
    const draft = JSON.parse(stored ?? 'null') as StoredDraft | null;
    if (typeof draft?.text === 'string') return draft;
  } catch {
    // Not JSON: a bare text.
  }
  return { text: stored ?? '', changedAt: 0 };
}
