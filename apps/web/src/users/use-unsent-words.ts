import { formatList, t } from '../i18n/t.ts';
import { isWaiting } from '../outbox/change-item.ts';
import { useOutboxItems } from '../outbox/outbox-context.ts';
import { useChangeItems } from '../outbox/use-message-changes.ts';

/** What signing out would discard, apart from drafts; empty if there is nothing. */
export function useUnsentWords(): string {
  const messages = useOutboxItems().filter((item) => item.sent === null).length;
  // A refused reaction or deletion is rolled back already.
  const changes = useChangeItems().filter((item) => isWaiting(item) || (item.kind === 'edit' && !item.done)).length;
  return formatList([
    ...(messages > 0 ? [t('app.unsent.messages', { count: messages })] : []),
    ...(changes > 0 ? [t('app.unsent.changes', { count: changes })] : []),
  ]);
}
