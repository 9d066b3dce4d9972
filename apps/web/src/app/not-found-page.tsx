import { Link } from 'react-router-dom';
import { PaneMessage } from '../ui/pane-message.tsx';
import { useTitle } from '../ui/use-title.ts';

/** Shown at an unknown address. */
export function NotFoundPage() {
  useTitle('Not found');
  return (
    <main className="flex min-h-full flex-col">
      <h1 className="sr-only">Not found</h1>
      <PaneMessage
        title="Page not found"
        action={
          <Link to="/messages" className="font-medium text-moss underline underline-offset-4">
            Back to messages
          </Link>
        }
      />
    </main>
  );
}
