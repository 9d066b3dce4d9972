import { PaneMessage } from './ui/pane-message.tsx';
import { useOnline } from './ui/use-online.ts';

/** What stands until a page's code has come: nothing, since that is soon, unless the network is away. */
export function PageLoading() {
  if (useOnline()) return null;
  return (
    <main className="flex min-h-full flex-col">
      <PaneMessage title="You are offline.">This page comes when the network is back.</PaneMessage>
    </main>
  );
}
