import { useEffect } from 'react';

/** The largest number that a badge shows. */
export const MOST_COUNTED = 99;

/** A number as a badge shows it: `99+` beyond 99. */
export const countWords = (count: number): string => (count > MOST_COUNTED ? `${MOST_COUNTED}+` : String(count));

/** The number of unread conversations comes first, since a tab shows only the beginning. */
export function pageTitle(title: string, unread = 0): string {
  const words = title === '' ? 'Cruddur Messages' : `${title} · Cruddur`;
  if (unread <= 0) return words;
  return `(${countWords(unread)}) ${words}`;
}

export function useTitle(title: string, unread = 0): void {
  useEffect(() => {
    document.title = pageTitle(title, unread);
  }, [title, unread]);
}
