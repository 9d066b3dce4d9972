import { PaneMessage } from '../ui/pane-message.tsx';
import { useTitle } from '../ui/use-title.ts';
import { useMessageGroups } from './message-groups-provider.tsx';

/** Shown next to the list while no conversation is open. */
export function NoConversationPage() {
  useTitle('Messages', useMessageGroups().unread.total);
  return <PaneMessage title="Select a conversation">Choose one from the list, or start a new one.</PaneMessage>;
}
