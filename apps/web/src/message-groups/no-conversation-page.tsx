import { useTitle } from '../ui/page-title.ts';
import { PaneMessage } from '../ui/pane-message.tsx';
import { useMessageGroups } from './message-groups-provider.tsx';

/** Shown next to the list while no conversation is open. */
export function NoConversationPage() {
  useTitle('Messages', useMessageGroups().unread.total);
  return <PaneMessage title="Select a conversation">Choose one from the list, or start a new one.</PaneMessage>;
}
