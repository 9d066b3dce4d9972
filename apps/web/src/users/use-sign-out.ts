import { formatList, t } from '../i18n/t.ts';
import { isWaiting } from '../outbox/change-item.ts';
import { useOutboxItems } from '../outbox/outbox-context.ts';
import { wipeUnsent } from '../outbox/unsent-storage.ts';
import { useChangeItems } from '../outbox/use-message-changes.ts';
import { useSessionStore } from '../session/session-store.ts';
import { localStore } from '../ui/local-store.ts';
import { deleteExport } from './delete-export.ts';

/** Removes what people wrote and downloaded from the browser for good, in every tab. */
function wipeBrowser(): void {
  wipeUnsent(localStore);
  deleteExport();
}

/** Signs out, and removes all drafts and unsent messages from the browser for good, in every tab. */
export function useSignOut(): () => void {
  const store = useSessionStore();
  return () => {
    store.signOut('requested');
    wipeBrowser();
  };
}

/** The same for all of the person's devices. Rejects, and changes nothing, if Cognito does not answer. */
export function useSignOutEverywhere(): () => Promise<void> {
  const store = useSessionStore();
  return async () => {
    await store.signOutEverywhere();
    wipeBrowser();
  };
}

/** What signing out would discard, apart from drafts; empty if there is nothing. */
export function useUnsentWords(): string {
  const messages = useOutboxItems().filter((item) => item.sent === null).length;
  // A refused reaction or deletion is rolled back already.
  const changes = useChangeItems().filter((item) => isWaiting(item) || (item.kind === 'edit' && !item.done)).length;
  return formatList([
    ...(messages > 0 ? [t('people.unsent.messages', { count: messages })] : []),
    ...(changes > 0 ? [t('people.unsent.changes', { count: changes })] : []),
  ]);
}
