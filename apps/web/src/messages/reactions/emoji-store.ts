import { useEffect, useSyncExternalStore } from 'react';
import { createListeners } from '../../ui/listeners.ts';
import { type EmojiData, namesOf, onlyDrawable } from './emoji-data.ts';
import { isDrawnInColour } from './is-drawn.ts';

/** Where the build puts the data (vite.config.ts). Its name contains a hash of the content. */
declare const EMOJI_DATA_URL: string;

export type EmojiState =
  | { kind: 'idle' | 'loading' | 'failed' }
  | { kind: 'ready'; data: EmojiData; names: ReadonlyMap<string, string> };

/** The emoji data, loaded when first needed. A failed load can be repeated. */
export function createEmojiStore(fetchData: () => Promise<EmojiData>) {
  const { subscribe, notify } = createListeners();
  let state: EmojiState = { kind: 'idle' };
  const set = (next: EmojiState) => {
    state = next;
    notify();
  };
  return {
    subscribe,
    get: () => state,
    load() {
      if (state.kind === 'loading' || state.kind === 'ready') return;
      set({ kind: 'loading' });
      fetchData().then(
        (data) => set({ kind: 'ready', data, names: namesOf(data) }),
        () => set({ kind: 'failed' }),
      );
    },
  };
}

export const emojiStore = createEmojiStore(async () => {
  const response = await fetch(EMOJI_DATA_URL);
  if (!response.ok) throw new Error(`The emoji data was answered with ${response.status}`);
  return onlyDrawable((await response.json()) as EmojiData, isDrawnInColour);
});

/** The emoji data. `isNeeded` loads it, once for the whole page. */
export function useEmojiData(isNeeded: boolean): EmojiState {
  const state = useSyncExternalStore(emojiStore.subscribe, emojiStore.get);
  useEffect(() => {
    // A failed load is repeated when the next one needs it.
    if (isNeeded) emojiStore.load();
  }, [isNeeded]);
  return state;
}
