// Runs before the first paint, so that a chosen theme does not flash. A file, since a strict CSP forbids inline scripts.
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
