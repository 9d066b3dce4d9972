import { PaneMessage } from '../ui/pane-message.tsx';
import { useTitle } from '../ui/use-title.ts';
import { useUnread } from '../unread/use-unread-groups.ts';

/** What stands beside the list while nothing of it is open. */
export function NoConversationPage() {
  useTitle('Messages', useUnread().total);
  return <PaneMessage title="Pick up a thread.">Choose a conversation, or write to somebody new.</PaneMessage>;
}
