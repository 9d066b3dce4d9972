import { type ErrorInfo, StrictMode, Suspense, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { Link, Redirect, Route, Switch } from 'wouter';
import { RequireNoSession, RequireSession } from '../auth/return-to.tsx';
import { readWebEnv } from '../env.ts';
import { t } from '../i18n/t.ts';
import { wipeStored } from '../persist/wipe-stored.ts';
import { createSessionStore, SessionProvider, useSession } from '../session/session-store.ts';
import { AppBoundary } from '../ui/boundaries.tsx';
import { useOnline } from '../ui/browser.ts';
import { importAgain, lazyPart, usePreload } from '../ui/lazy-part.tsx';
import { PaneMessage } from '../ui/notice.tsx';
import { PageRouter } from '../ui/page-router.tsx';
import { useTitle } from '../ui/page-title.ts';
import type { RestorableRef } from './messages-app.tsx';
import type { Prefetched } from './prefetch.ts';
import type { Restorable } from './restorable.ts';

/** How long the first render waits for the browser's storage, in milliseconds. It has read before the code has loaded. */
const STORAGE_TIMEOUT_MS = 500;

const importAmplify = () => import('../session/amplify.ts');

// Its own parts import its code by the address that failed. With another one, they would not load, or have contexts of their own.
const MessagesApp = lazyPart(() => import('./messages-app.tsx'), 'first', untilReload);
const SignInPage = lazyPart(() => import('../auth/sign-in-page.tsx'), 'auth');
const SignUpPage = lazyPart(() => import('../auth/sign-up-page.tsx'), 'auth');
const ConfirmPage = lazyPart(() => import('../auth/confirm-page.tsx'), 'auth');
const RecoverPage = lazyPart(() => import('../auth/recover-page.tsx'), 'auth');

// Signing out offline must show the sign-in page, not an empty one. The service worker loads what is left of the page's files.
const NEEDED_LATER = [SignInPage.preload, importAmplify, startWorker];

type WorkerPart = typeof import('./register-worker.ts');
let workerPart: WorkerPart | undefined;

async function startWorker(): Promise<void> {
  workerPart ??= await import('./register-worker.ts').catch(importAgain<WorkerPart>);
  await workerPart.registerWorker();
}

/**
 * Renders the page at the current address once its code has loaded.
 *
 * @param reading - what the page has stored at an earlier visit
 */
export async function mountPage(
  prefetched: Prefetched,
  reading: Promise<Restorable | undefined> | undefined,
): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  const session = createSessionStore(readWebEnv(window.cruddurConfig), importAmplify);
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, STORAGE_TIMEOUT_MS));
  const restorable: RestorableRef = { current: await Promise.race([reading, late]) };
  session.subscribe(() => {
    if (session.current() !== null) return;
    restorable.current = undefined;
    delete document.documentElement.dataset.skeleton;
    wipeStored();
  });
  // An expired token need not be refreshed before what is stored is shown.
  if (restorable.current) session.resume(restorable.current.userId);
  else await session.refresh();
  await preloadPage(session.current() !== null);
  createRoot(root, { onCaughtError: wipeAfterError }).render(
    <StrictMode>
      <SessionProvider value={session}>
        <PageRouter>
          <AppBoundary>
            <AppRoutes prefetched={prefetched} restorable={restorable} />
          </AppBoundary>
        </PageRouter>
      </SessionProvider>
    </StrictMode>,
  );
}

function untilReload(failure: unknown): never {
  throw failure;
}

/** So that a page that fails does not fail again because of what is stored. */
function wipeAfterError(error: unknown, { componentStack }: ErrorInfo): void {
  console.error(error, componentStack);
  wipeStored();
}

/** Loads the code of the first page. A failure shows when the page is rendered. */
async function preloadPage(isSignedIn: boolean): Promise<void> {
  await (isSignedIn ? MessagesApp : SignInPage).preload().catch(() => undefined);
}

/** However a session has ended: in this tab or another one, by the person or by the server. */
function useNoNotificationsSignedOut(): void {
  const session = useSession();
  useEffect(() => {
    if (session !== null) return;
    import('../notifications/registration.ts')
      .then(({ endNotifications }) => endNotifications())
      .catch((error: unknown) => console.warn('Notifications in this browser were not ended.', error));
  }, [session]);
}

function AppRoutes({ prefetched, restorable }: { prefetched: Prefetched; restorable: RestorableRef }) {
  usePreload(NEEDED_LATER);
  useNoNotificationsSignedOut();
  return (
    <Suspense fallback={<PageLoading />}>
      <Switch>
        <Route path="/">
          <Redirect to="/messages" replace />
        </Route>
        <Route path={/^\/(?:signin|signup|confirm|recover)\/?$/i}>
          <RequireNoSession>
            <AuthPages />
          </RequireNoSession>
        </Route>
        <Route path={/^\/(?:messages|settings)(?:\/.*)?$/i}>
          <RequireSession>
            <MessagesApp prefetched={prefetched} restorable={restorable} notFound={<NotFoundPage />} />
          </RequireSession>
        </Route>
        <Route>
          <NotFoundPage />
        </Route>
      </Switch>
    </Suspense>
  );
}

function AuthPages() {
  return (
    <Switch>
      <Route path="/signin">
        <SignInPage onSubmitting={() => void preloadPage(true)} />
      </Route>
      <Route path="/signup">
        <SignUpPage />
      </Route>
      <Route path="/confirm">
        <ConfirmPage />
      </Route>
      <Route path="/recover">
        <RecoverPage />
      </Route>
    </Switch>
  );
}

/** Empty while a page's code loads, because that is short. Offline, it shows a message. */
function PageLoading() {
  if (useOnline()) return null;
  return (
    <main className="flex min-h-full flex-col">
      <PaneMessage title={t('errors.offline')}>{t('app.offlinePage.hint')}</PaneMessage>
    </main>
  );
}

function NotFoundPage() {
  useTitle(t('app.notFound'));
  return (
    <main className="flex min-h-full flex-col">
      <h1 className="sr-only">{t('app.notFound')}</h1>
      <PaneMessage
        title={t('app.notFound.words')}
        action={
          <Link to="/messages" className="font-medium text-moss underline underline-offset-4">
            {t('app.backToMessages')}
          </Link>
        }
      />
    </main>
  );
}
