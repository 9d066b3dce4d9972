import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { afterPaint } from '../ui/timers.ts';

/** Stores what the page shows for the next visit, and shows stored threads that cannot be read. */
export function KeepStored({ userId }: { userId: string }) {
  const client = useQueryClient();
  useEffect(() => {
    let isOver = false;
    // The first thread does not need it.
    let end = afterPaint(() => {
      import('../persist/keep-stored.ts')
        .then(({ keepStored }) => {
          if (!isOver) end = keepStored(client, userId);
        })
        // Ignore: the page works without it.
        .catch(() => undefined);
    });
    return () => {
      isOver = true;
      end();
    };
  }, [client, userId]);
  return null;
}
