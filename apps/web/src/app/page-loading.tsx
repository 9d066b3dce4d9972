import { PaneMessage } from '../ui/pane-message.tsx';
import { useOnline } from '../ui/use-online.ts';

/** Shown until a page's code has loaded: nothing, because that is soon, unless there is no network. */
export function PageLoading() {
  if (useOnline()) return null;
  return (
    <main className="flex min-h-full flex-col">
      <PaneMessage title="You’re offline.">This page loads when you reconnect.</PaneMessage>
    </main>
  );
}
