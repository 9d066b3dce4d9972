import { STORAGE_PREFIX } from '../ui/local-store.ts';

// A preference of the browser, not of the person: it stays at sign-out.
const KEY = `${STORAGE_PREFIX}single-keys`;

/** Whether a single character may be a shortcut. Speech input and shaky hands press such by chance (WCAG 2.1.4). */
export const readSingleKeys = (): boolean => localStorage.getItem(KEY) !== 'off';

export function writeSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, 'off');
}
