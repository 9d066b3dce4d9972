import { useEffect } from 'react';
import { pageTitle } from './page-title.ts';

/** Names the page in the browser's tab, with the number of unread conversations, if any. */
export function useTitle(title: string, unread = 0): void {
  useEffect(() => {
    document.title = pageTitle(title, unread);
  }, [title, unread]);
}
