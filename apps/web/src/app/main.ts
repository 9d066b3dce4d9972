import { storedToken } from '../session/stored-token.ts';
import { showNotLoaded } from './not-loaded.ts';
import { preloadPage } from './page-modules.ts';
import { askAhead } from './prefetch.ts';
import '../ui/theme.css';

// As small as can be: what it asks for comes over the network side by side, not one after the other.
const { pathname } = window.location;
const token = storedToken(() => window.localStorage, window.cruddurConfig?.COGNITO_CLIENT_ID as string | undefined);
const ahead = askAhead({ pathname, token, now: Date.now, fetch: (...args) => fetch(...args) });
preloadPage(pathname, token !== null);
import('./mount.tsx')
  .then(({ mountPage }) => mountPage(ahead))
  .catch((error: unknown) => {
    showNotLoaded(document.body);
    throw error;
  });
// The first use of dates reads the tables of all languages, 20 ms: now, while the rest is on its way.
if (pathname.startsWith('/messages')) new Intl.DateTimeFormat().format();
