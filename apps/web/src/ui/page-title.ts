import { useEffect } from 'react';

/** The largest number that a badge shows. */
export const MOST_COUNTED = 99;

/** A number as a badge shows it: `99+` beyond 99. */
export const countWords = (count: number): string => (count > MOST_COUNTED ? `${MOST_COUNTED}+` : String(count));

/** The title of the browser's tab: the number of unread conversations first, since a tab shows little of the rest. */
export function pageTitle(title: string, unread = 0): string {
  const words = title === '' ? 'Cruddur Messages' : `${title} · Cruddur`;
  if (unread <= 0) return words;
  return `(${countWords(unread)}) ${words}`;
}

/** Names the page in the browser's tab, with the number of unread conversations, if any. */
export function useTitle(title: string, unread = 0): void {
  useEffect(() => {
    document.title = pageTitle(title, unread);
  }, [title, unread]);
}
