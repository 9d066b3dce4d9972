import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router-dom';
import { readWebEnv } from '../env.ts';
import { SessionProvider } from '../session/session-context.ts';
import { createSessionStore } from '../session/session-store.ts';
import { AppBoundary } from '../ui/boundaries.tsx';
import type { Prefetched } from './prefetch.ts';
import { AppRoutes, importAmplify, preloadPage } from './routes.tsx';

/** Renders the page at the current address once its code has loaded. */
export async function mountPage(prefetched: Prefetched): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  const session = createSessionStore(readWebEnv(window.cruddurConfig), importAmplify);
  await session.refresh();
  await preloadPage(session.current() !== null);
  createRoot(root).render(
    <StrictMode>
      <SessionProvider value={session}>
        <BrowserRouter>
          <AppBoundary>
            <AppRoutes prefetched={prefetched} />
          </AppBoundary>
        </BrowserRouter>
      </SessionProvider>
    </StrictMode>,
  );
}
