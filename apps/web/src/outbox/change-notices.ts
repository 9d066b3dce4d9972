import { useEffect } from 'react';
import { t } from '../i18n/t.ts';
import { reasonWords } from '../trpc/reason-words.ts';
import { useToasts } from '../ui/use-toasts.ts';
import { useChangeNotices, useMessageChanges } from './use-message-changes.ts';

/** Shows once why a change was rolled back. Draws nothing. */
export function ChangeNotices(): null {
  const notices = useChangeNotices();
  const { discard } = useMessageChanges();
  const { show } = useToasts();
  useEffect(() => {
    for (const { id, kind, reason } of notices) {
      show({ id, words: t(`actions.undone.${kind}`, { reason: reasonWords(reason) }) });
      discard(id);
    }
  }, [notices, discard, show]);
  return null;
}
