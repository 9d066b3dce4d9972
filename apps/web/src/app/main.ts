import { chooseLanguage } from '../i18n/choose-language.ts';
import { importTexts, loadLanguage } from '../i18n/t.ts';
import { storedAccessToken, userIdOf } from '../session/stored-session.ts';
import { keepPageOnDrop } from '../ui/keep-page.ts';
import { storedLanguage } from '../ui/stored-language.ts';
import { prefetch } from './prefetch.ts';
import { findRestorable } from './restorable.ts';
import '../ui/theme.css';

// A small entry, so that the first answers, React and the page's code load in parallel. On slow 4G the prefetch saves 0.3 s,
// and loading the page's code here 0.5 s: decision 0014.

const language = chooseLanguage(storedLanguage(), navigator.languages);
document.documentElement.lang = language;
keepPageOnDrop();
const clientId = window.cruddurConfig?.COGNITO_CLIENT_ID;
const token = typeof clientId === 'string' ? storedAccessToken(clientId) : null;
const userId = userIdOf(token);
if (token !== null) showSkeleton(window.location.pathname);
// Ignore a failure: the page reads everything from the server.
const restorable = userId === undefined ? undefined : findRestorable(userId, window.location).catch(() => undefined);
const prefetched = prefetch({
  pathname: window.location.pathname,
  token,
  now: Date.now,
  fetch: (...args) => fetch(...args),
});
const pageCode =
  token === null
    ? [import('../auth/sign-in-page.tsx'), import('../session/amplify.ts'), importTexts('auth', language)]
    : [import('./messages-app.tsx')];
// A failure shows when the page is rendered.
for (const code of pageCode) code.catch(() => undefined);

Promise.all([import('./routes.tsx'), loadLanguage(language)])
  .then(([{ mountPage }]) => mountPage(prefetched, restorable))
  .catch((error: unknown) => {
    // `early.js` says so.
    window.dispatchEvent(new Event('not-loaded'));
    throw error;
  });

/** Shows the page's skeleton, which `build-skeleton.tsx` has put into the HTML, until React draws something. */
function showSkeleton(pathname: string): void {
  const [, page, conversation] = pathname.split('/');
  if (page !== 'messages') return;
  document.documentElement.dataset.skeleton = conversation ? 'open' : 'list';
  document.getElementById('skeleton')?.removeAttribute('hidden');
}
