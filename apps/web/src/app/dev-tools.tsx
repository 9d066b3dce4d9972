import { lazy, Suspense } from 'react';

// Vite replaces the mode when it builds: a production build has neither this import nor its chunk.
const QueryDevtools =
  import.meta.env.MODE === 'development'
    ? lazy(async () => {
        const { ReactQueryDevtools } = await import('@tanstack/react-query-devtools');
        return { default: ReactQueryDevtools };
      })
    : undefined;

/** TanStack Query's devtools, in development. Their button is at the edge of a wide page, where it covers no control. */
export function DevTools() {
  if (QueryDevtools === undefined) return null;
  return (
    <div className="fixed top-2/5 right-4 max-xl:hidden">
      <Suspense>
        <QueryDevtools buttonPosition="relative" />
      </Suspense>
    </div>
  );
}
