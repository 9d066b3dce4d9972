// Runs before the first paint, so that a chosen theme does not flash. A file, since a strict CSP forbids inline scripts.
try {
  const theme = localStorage.getItem('cruddur:theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's preference holds.
}
