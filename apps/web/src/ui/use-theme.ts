import { useState } from 'react';
import { localStore } from './local-store.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

// public/early.js reads the same key before the first paint.
const KEY = 'theme';

/** The theme chosen in this browser. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(() => THEMES.find((known) => known === localStore.get(KEY)) ?? 'system');
  const choose = (next: Theme) => {
    setTheme(next);
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    colourBars(next);
    localStore.set(KEY, next === 'system' ? null : next);
  };
  return [theme, choose];
}

/** Lets the browser's bars follow a theme: the page names a colour for each. */
function colourBars(theme: Theme): void {
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[data-theme]')) {
    const { theme: own } = meta.dataset;
    if (theme === 'system') meta.media = `(prefers-color-scheme: ${own})`;
    else meta.media = own === theme ? 'all' : 'not all';
  }
}
