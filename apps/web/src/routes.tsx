import { lazy, Suspense } from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';
import { RequireNoSession, RequireSession } from './auth/require-session.tsx';
import { NotFoundPage } from './not-found-page.tsx';

const importMessagesApp = () => import('./messages-app.tsx');

const MessagesApp = lazy(importMessagesApp);
const ConversationPage = lazy(() => importMessagesApp().then((module) => ({ default: module.ConversationPage })));
const NoConversationPage = lazy(() => importMessagesApp().then((module) => ({ default: module.NoConversationPage })));
const SignInPage = lazy(() => import('./auth/sign-in-page.tsx'));
const SignUpPage = lazy(() => import('./auth/sign-up-page.tsx'));
const ConfirmPage = lazy(() => import('./auth/confirm-page.tsx'));
const RecoverPage = lazy(() => import('./auth/recover-page.tsx'));

// The messages' code comes while Amplify looks for the session, not after.
if (window.location.pathname.startsWith('/messages')) void importMessagesApp();

/** Which page stands at which address; each part of the app is loaded when it is first needed. */
export function AppRoutes() {
  return (
    <Suspense fallback={null}>
      <Routes>
        <Route index element={<Navigate to="/messages" replace />} />
        <Route element={<RequireNoSession />}>
          <Route path="signin" element={<SignInPage onSubmitting={() => void importMessagesApp()} />} />
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
