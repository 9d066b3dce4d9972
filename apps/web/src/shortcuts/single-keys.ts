import { localStore } from '../ui/local-store.ts';

// A preference of this browser, not of the person: sign-out keeps it.
const KEY = 'single-keys';

/** Whether single characters are shortcuts. Speech input and shaky hands trigger them by accident (WCAG 2.1.4). */
export const readSingleKeys = (): boolean => localStore.get(KEY) !== 'off';

export const writeSingleKeys = (on: boolean): void => localStore.set(KEY, on ? null : 'off');
