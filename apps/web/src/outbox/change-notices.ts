import { useEffect } from 'react';
import { reasonWords } from '../trpc/reason-words.ts';
import { useToasts } from '../ui/use-toasts.ts';
import { useChangeNotices, useMessageChanges } from './use-message-changes.ts';

const WORDS = {
  reaction: 'Your reaction was not saved.',
  deletion: 'Your message was not deleted.',
  edit: 'Your edit was not saved.',
} as const;

/** Shows once why a change was rolled back. Draws nothing. */
export function ChangeNotices(): null {
  const notices = useChangeNotices();
  const { discard } = useMessageChanges();
  const { show } = useToasts();
  useEffect(() => {
    for (const { id, kind, reason } of notices) {
      show({ id, words: `${WORDS[kind]} ${reasonWords(reason)}` });
      discard(id);
    }
  }, [notices, discard, show]);
  return null;
}
