/** Says that the program did not load, where not even what draws pages is there. The words are `AppBoundary`'s. */
export function showNotLoaded(root: HTMLElement): void {
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
  root.replaceChildren(main);
}
