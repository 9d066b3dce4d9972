import { STORAGE_PREFIX } from '../ui/local-store.ts';

// A preference of this browser, not of the person: sign-out keeps it.
const KEY = `${STORAGE_PREFIX}single-keys`;

/** Whether single characters are shortcuts. Speech input and shaky hands trigger them by accident (WCAG 2.1.4). */
export const readSingleKeys = (): boolean => localStorage.getItem(KEY) !== 'off';

export function writeSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, 'off');
}
