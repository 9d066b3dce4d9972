import { useState } from 'react';
import { localStore } from './local-store.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

// public/theme.js reads the same key before the first paint.
const KEY = 'theme';

/** The theme chosen in this browser. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(() => THEMES.find((known) => known === localStore.get(KEY)) ?? 'system');
  const choose = (next: Theme) => {
    setTheme(next);
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    localStore.set(KEY, next === 'system' ? null : next);
  };
  return [theme, choose];
}
