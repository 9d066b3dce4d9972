// Which code belongs to which page. By itself, so that the entry can begin to fetch a page's code before React has come.

export const importMessagesApp = () => import('./messages-app.tsx');
export const importSignInPage = () => import('../auth/sign-in-page.tsx');
export const importAmplify = () => import('../session/amplify.ts');

/**
 * Begins to load the code of the page at an address, beside whatever else is on its way.
 *
 * @param isSignedIn - whether a token is stored: else Amplify is asked before anything is drawn
 */
export function preloadPage(pathname: string, isSignedIn: boolean): void {
  const page = pathname.startsWith('/messages')
    ? importMessagesApp
    : pathname === '/signin'
      ? importSignInPage
      : undefined;
  // A failure shows when the page is drawn.
  for (const load of [page, isSignedIn ? undefined : importAmplify]) load?.().catch(() => undefined);
}
