/** Whether a path is a route of the page. Files have a dot in their name and are at the root, or in `/assets/`. */
export function isPageRoute(pathname: string): boolean {
  return !/^\/((assets|trpc)\/|healthz$|readyz$|[^/]*\.[^/]*$)/.test(pathname);
}
