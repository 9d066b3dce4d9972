import { PaneMessage } from '../ui/pane-message.tsx';
import { useTitle } from '../ui/use-title.ts';
import { useUnread } from './use-unread-groups.ts';

/** Shown next to the list while no conversation is open. */
export function NoConversationPage() {
  useTitle('Messages', useUnread().total);
  return <PaneMessage title="Select a conversation">Choose one from the list, or start a new one.</PaneMessage>;
}
