import { storedAccessToken } from '../session/stored-session.ts';
import { prefetch } from './prefetch.ts';
import '../ui/theme.css';

// A small entry, so that the first answers, React and the page's code load in parallel. On slow 4G the prefetch saves 0.3 s,
// and loading the page's code here 0.5 s: decision 0014.

const clientId = window.cruddurConfig?.COGNITO_CLIENT_ID;
const token = typeof clientId === 'string' ? storedAccessToken(clientId) : null;
const prefetched = prefetch({
  pathname: window.location.pathname,
  token,
  now: Date.now,
  fetch: (...args) => fetch(...args),
});
const pageCode =
  token === null
    ? [import('../auth/sign-in-page.tsx'), import('../session/amplify.ts')]
    : [import('./messages-app.tsx')];
// A failure shows when the page is rendered.
for (const code of pageCode) code.catch(() => undefined);

import('./routes.tsx')
  .then(({ mountPage }) => mountPage(prefetched))
  .catch((error: unknown) => {
    showNotLoaded();
    throw error;
  });

/** `AppBoundary` without React, which may have failed to load. */
function showNotLoaded(): void {
  const words = document.createElement('p');
  words.setAttribute('role', 'alert');
  words.textContent =
    'Couldn’t load Cruddur. Check your connection and reload the page. Your drafts and unsent messages are kept.';
  const reload = document.createElement('button');
  reload.type = 'button';
  reload.className = 'mt-4 underline';
  reload.textContent = 'Reload';
  reload.addEventListener('click', () => window.location.reload());
  const main = document.createElement('main');
  main.className = 'mx-auto max-w-md p-8';
  main.append(words, reload);
  document.body.replaceChildren(main);
}
