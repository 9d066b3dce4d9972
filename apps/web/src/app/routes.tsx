import { Suspense } from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';
import { RequireNoSession, RequireSession } from '../auth/require-session.tsx';
import { lazyPage } from '../ui/lazy-part.ts';
import { NotFoundPage } from './not-found-page.tsx';
import { PageLoading } from './page-loading.tsx';
import { importMessagesApp, importSignInPage } from './page-modules.ts';
import type { Ahead } from './prefetch.ts';

const MessagesApp = lazyPage(importMessagesApp);
const ConversationPage = lazyPage(async () => ({ default: (await importMessagesApp()).ConversationPage }));
const NoConversationPage = lazyPage(async () => ({ default: (await importMessagesApp()).NoConversationPage }));
const SignInPage = lazyPage(importSignInPage);
const SignUpPage = lazyPage(() => import('../auth/sign-up-page.tsx'));
const ConfirmPage = lazyPage(() => import('../auth/confirm-page.tsx'));
const RecoverPage = lazyPage(() => import('../auth/recover-page.tsx'));

/** Loads the code of the page at an address, if it can: what fails here is tried again, and shown, when it is drawn. */
export async function loadPage(pathname: string): Promise<void> {
  const parts = pathname.startsWith('/messages') ? [MessagesApp, ConversationPage, NoConversationPage] : [];
  await Promise.allSettled((pathname === '/signin' ? [SignInPage] : parts).map((part) => part.load()));
}

/** Which page stands at which address; each part of the app is loaded when it is first needed. */
export function AppRoutes({ ahead }: { ahead: Ahead }) {
  return (
    <Suspense fallback={<PageLoading />}>
      <Routes>
        <Route index element={<Navigate to="/messages" replace />} />
        <Route element={<RequireNoSession />}>
          <Route path="signin" element={<SignInPage onSubmitting={() => void loadPage('/messages')} />} />
          <Route path="signup" element={<SignUpPage />} />
          <Route path="confirm" element={<ConfirmPage />} />
          <Route path="recover" element={<RecoverPage />} />
        </Route>
        <Route element={<RequireSession />}>
          <Route path="messages" element={<MessagesApp ahead={ahead} />}>
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
