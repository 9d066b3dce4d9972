import { countWords } from './count-words.ts';

/** The words of the browser's tab: what is unread first, since a tab shows little of the rest. */
export function pageTitle(title: string, unread = 0): string {
  const words = title === '' ? 'Cruddur Messages' : `${title} · Cruddur`;
  if (unread <= 0) return words;
  return `(${countWords(unread)}) ${words}`;
}
