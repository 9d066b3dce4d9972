// The way out if a service worker is broken: deployed in its place, it removes worker and caches, and pages reload from the
// network (docs/deployment.md, "Roll back"). `npm run dev` serves it, since a worker of `npm start` may be left at the same address.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(remove()));

async function remove() {
  for (const name of await caches.keys()) await caches.delete(name);
  // Only pages that had a worker: a page that has just registered this one must not reload again and again.
  const pages = await self.clients.matchAll({ type: 'window' });
  await self.registration.unregister();
  // The address that the page was loaded at: a worker knows no later one.
  for (const page of pages) page.navigate(page.url);
}
