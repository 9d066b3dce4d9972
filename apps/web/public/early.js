// Runs before the page's program, or without it. A file, since a strict CSP forbids inline scripts.

// Before the first paint, so that a chosen theme does not flash.
try {
  const theme = localStorage.getItem('cruddur:theme');
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
    // The colour of the browser's bars. `use-theme.ts` does the same.
    for (const meta of document.querySelectorAll('meta[data-theme]')) {
      meta.media = meta.dataset.theme === theme ? 'all' : 'not all';
    }
  }
} catch {
  // Storage is blocked: the system's preference holds.
}

// Here instead of in the catalogue, which may be what failed to load.
const NOT_LOADED = {
  en: {
    words:
      'Couldn’t load Cruddur. Check your connection and reload the page. Your drafts and unsent messages are kept.',
    reload: 'Reload',
  },
  de: {
    words:
      'Cruddur konnte nicht geladen werden. Prüfe deine Verbindung und lade die Seite neu. Deine Entwürfe und ungesendeten Nachrichten bleiben erhalten.',
    reload: 'Neu laden',
  },
};

/** As `choose-language.ts` does. */
function chooseLanguage() {
  let stored = null;
  try {
    stored = localStorage.getItem('cruddur:language');
  } catch {
    // Storage is blocked: the browser's languages hold.
  }
  const tags = [stored, ...navigator.languages].map((tag) => tag?.toLowerCase().split('-')[0]);
  return tags.find((tag) => Object.hasOwn(NOT_LOADED, tag)) ?? 'en';
}

/** `AppBoundary` without React, which may have failed to load. */
function showNotLoaded() {
  const language = chooseLanguage();
  document.documentElement.lang = language;
  const words = document.createElement('p');
  words.setAttribute('role', 'alert');
  words.textContent = NOT_LOADED[language].words;
  const reload = document.createElement('button');
  reload.type = 'button';
  reload.className = 'mt-4 underline';
  reload.textContent = NOT_LOADED[language].reload;
  reload.addEventListener('click', () => location.reload());
  const main = document.createElement('main');
  main.className = 'mx-auto max-w-md p-8';
  main.append(words, reload);
  document.body.replaceChildren(main);
}

// `main.ts` says so; if it has not loaded itself, its element does.
addEventListener('not-loaded', showNotLoaded);
addEventListener('error', ({ target }) => target.type === 'module' && showNotLoaded(), { capture: true });
