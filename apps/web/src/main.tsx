import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router-dom';
import { createSessionStore } from './auth/session.ts';
import { SessionProvider } from './auth/session-context.tsx';
import { readWebEnv } from './env.ts';
import { AppRoutes, preloadPage } from './routes.tsx';
import { AppBoundary } from './ui/app-boundary.tsx';
import './ui/theme.css';

const session = createSessionStore(readWebEnv(import.meta.env));
void session.refresh();
preloadPage(window.location.pathname);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <SessionProvider value={session}>
      <BrowserRouter>
        <AppBoundary>
          <AppRoutes />
        </AppBoundary>
      </BrowserRouter>
    </SessionProvider>
  </StrictMode>,
);
