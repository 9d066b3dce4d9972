import { Suspense } from 'react';
import { Link, Navigate, Route, Routes } from 'react-router-dom';
import { RequireNoSession, RequireSession } from '../auth/require-session.tsx';
import { useOnline } from '../ui/browser.ts';
import { lazyPart, usePreload } from '../ui/lazy-part.tsx';
import { PaneMessage } from '../ui/notice.tsx';
import { useTitle } from '../ui/page-title.ts';
import type { Prefetched } from './prefetch.ts';

export const importAmplify = () => import('../session/amplify.ts');

const MessagesApp = lazyPart(() => import('./messages-app.tsx'));
const SignInPage = lazyPart(() => import('../auth/sign-in-page.tsx'));
const SignUpPage = lazyPart(() => import('../auth/sign-up-page.tsx'));
const ConfirmPage = lazyPart(() => import('../auth/confirm-page.tsx'));
const RecoverPage = lazyPart(() => import('../auth/recover-page.tsx'));

// Signing out offline must show the sign-in page, not an empty one.
const NEEDED_LATER = [SignInPage.preload, importAmplify];

/** Loads the code of the first page. A failure shows when the page is rendered. */
export async function preloadPage(isSignedIn: boolean): Promise<void> {
  await (isSignedIn ? MessagesApp : SignInPage).preload().catch(() => undefined);
}

export function AppRoutes({ prefetched }: { prefetched: Prefetched }) {
  usePreload(NEEDED_LATER);
  return (
    <Suspense fallback={<PageLoading />}>
      <Routes>
        <Route index element={<Navigate to="/messages" replace />} />
        <Route element={<RequireNoSession />}>
          <Route path="signin" element={<SignInPage onSubmitting={() => void preloadPage(true)} />} />
          <Route path="signup" element={<SignUpPage />} />
          <Route path="confirm" element={<ConfirmPage />} />
          <Route path="recover" element={<RecoverPage />} />
        </Route>
        <Route element={<RequireSession />}>
          <Route path="messages/*" element={<MessagesApp prefetched={prefetched} notFound={<NotFoundPage />} />} />
        </Route>
        <Route path="*" element={<NotFoundPage />} />
      </Routes>
    </Suspense>
  );
}

/** Empty while a page's code loads, which is short, unless there is no network. */
function PageLoading() {
  if (useOnline()) return null;
  return (
    <main className="flex min-h-full flex-col">
      <PaneMessage title="You’re offline.">This page loads when you reconnect.</PaneMessage>
    </main>
  );
}

function NotFoundPage() {
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
