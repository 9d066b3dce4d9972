import { Suspense } from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';
import { RequireNoSession, RequireSession } from './auth/require-session.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { PageLoading } from './page-loading.tsx';
import { lazyPage } from './ui/lazy-part.ts';

const importMessagesApp = () => import('./messages-app.tsx');

const MessagesApp = lazyPage(importMessagesApp);
const ConversationPage = lazyPage(async () => ({ default: (await importMessagesApp()).ConversationPage }));
const NoConversationPage = lazyPage(async () => ({ default: (await importMessagesApp()).NoConversationPage }));
const SignInPage = lazyPage(() => import('./auth/sign-in-page.tsx'));
const SignUpPage = lazyPage(() => import('./auth/sign-up-page.tsx'));
const ConfirmPage = lazyPage(() => import('./auth/confirm-page.tsx'));
const RecoverPage = lazyPage(() => import('./auth/recover-page.tsx'));

/** Begins to load a page's code while Amplify looks for the session, not after. */
export function preloadPage(pathname: string): void {
  // A failure shows when the page is drawn.
  if (pathname.startsWith('/messages')) importMessagesApp().catch(() => undefined);
}

/** Which page stands at which address; each part of the app is loaded when it is first needed. */
export function AppRoutes() {
  return (
    <Suspense fallback={<PageLoading />}>
      <Routes>
        <Route index element={<Navigate to="/messages" replace />} />
        <Route element={<RequireNoSession />}>
          <Route path="signin" element={<SignInPage onSubmitting={() => preloadPage('/messages')} />} />
          <Route path="signup" element={<SignUpPage />} />
          <Route path="confirm" element={<ConfirmPage />} />
          <Route path="recover" element={<RecoverPage />} />
        </Route>
        <Route element={<RequireSession />}>
          <Route path="messages" element={<MessagesApp />}>
            <Route index element={<NoConversationPage />} />
            {/* One element for both: the first message turns the second into the first, and nothing may flicker. */}
            <Route path=":messageGroupUuid" element={<ConversationPage />} />
            <Route path="new/:handle" element={<ConversationPage />} />
          </Route>
        </Route>
        <Route path="*" element={<NotFoundPage />} />
      </Routes>
    </Suspense>
  );
}
