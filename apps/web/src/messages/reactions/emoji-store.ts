import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import type { Language } from '../../i18n/choose-language.ts';
import { language } from '../../i18n/t.ts';
import { createListeners } from '../../ui/listeners.ts';
import { type EmojiData, namesOf, onlyDrawable } from './emoji-data.ts';
import { isDrawnInColour } from './is-drawn.ts';

/** Where the build puts each language's data (vite.config.ts). The names contain a hash of the content. */
declare const EMOJI_DATA_URLS: Record<Language, string>;

type EmojiState =
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
  const load = () => {
    if (state.kind === 'loading' || state.kind === 'ready') return;
    set({ kind: 'loading' });
    fetchData().then(
      (data) => set({ kind: 'ready', data, names: namesOf(data) }),
      () => set({ kind: 'failed' }),
    );
  };
  return { subscribe, get: () => state, load };
}

async function fetchEmojiData(): Promise<EmojiData> {
  const response = await fetch(EMOJI_DATA_URLS[language()]);
  if (!response.ok) throw new Error(`The emoji data was answered with ${response.status}`);
  return onlyDrawable((await response.json()) as EmojiData, isDrawnInColour);
}

/** One store for the whole page. */
export const EmojiStoreContext = createContext(createEmojiStore(fetchEmojiData));

/** The emoji data, which `isNeeded` loads. `load` repeats a load that failed. */
export function useEmojiData(isNeeded: boolean) {
  const { subscribe, get, load } = useContext(EmojiStoreContext);
  const state = useSyncExternalStore(subscribe, get);
  useEffect(() => {
    if (isNeeded) load();
  }, [isNeeded, load]);
  return { state, load };
}
