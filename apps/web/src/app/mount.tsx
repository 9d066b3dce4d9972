import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router-dom';
import { readWebEnv } from '../env.ts';
import { createSessionStore } from '../session/session.ts';
import { SessionProvider } from '../session/session-context.tsx';
import { AppBoundary } from '../ui/app-boundary.tsx';
import type { Ahead } from './prefetch.ts';
import { AppRoutes, loadPage } from './routes.tsx';

/**
 * Draws the page at the present address.
 *
 * @param ahead - what the API was asked ahead
 */
export async function mountPage(ahead: Ahead): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  const session = createSessionStore(readWebEnv(window.cruddurConfig));
  // What is drawn before both are there would be nothing, and taken away again.
  await Promise.all([session.refresh(), loadPage(window.location.pathname)]);
  createRoot(root).render(
    <StrictMode>
      <SessionProvider value={session}>
        <BrowserRouter>
          <AppBoundary>
            <AppRoutes ahead={ahead} />
          </AppBoundary>
        </BrowserRouter>
      </SessionProvider>
    </StrictMode>,
  );
}
