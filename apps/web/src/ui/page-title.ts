import { countWords } from './count-words.ts';

/** The title of the browser's tab: the number of unread conversations first, since a tab shows little of the rest. */
export function pageTitle(title: string, unread = 0): string {
  const words = title === '' ? 'Cruddur Messages' : `${title} · Cruddur`;
  if (unread <= 0) return words;
  return `(${countWords(unread)}) ${words}`;
}
