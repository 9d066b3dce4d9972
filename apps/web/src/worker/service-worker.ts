import { hiddenText, rememberLanguage } from './hidden-text.ts';
import type { PageMessage, WorkerMessage } from './messages.ts';
import { isPageRoute } from './page-route.ts';
import { listenForPushes } from './push.ts';
import { createShellCaches, type Shell } from './shell.ts';

// Decision 0027. The worker takes over at once, since it serves pages of earlier builds too: only a page that starts gets the
// new build.

declare const self: ServiceWorkerGlobalScope;
/** Written by the build. */
declare const SHELL: Shell;

const PAGE = '/index.html';
/** Its content depends on the deployment, not on the build. */
const CONFIG = '/config.js';
const CONFIG_CACHE = 'page-config';

const shell = createShellCaches(caches, SHELL);

listenForPushes(self, () => hiddenText(caches));

self.addEventListener('install', (event) => {
  bypassWorker(event, '/trpc/*');
  event.waitUntil(install());
});

self.addEventListener('activate', (event) => event.waitUntil(activate()));

self.addEventListener('message', (event) => {
  const message = event.data as PageMessage;
  if (message.type === 'page_started') event.waitUntil(welcome(event.source as WindowClient, message.language));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (pathname === CONFIG) event.respondWith(answerConfig(event));
  else if (shell.has(pathname) || pathname.startsWith('/assets/')) event.respondWith(answerFile(request, pathname));
  else if (request.mode === 'navigate' && isPageRoute(pathname)) event.respondWith(answerFile(request, PAGE));
});

async function install(): Promise<void> {
  await shell.fill();
  const cache = await caches.open(CONFIG_CACHE);
  await cache.add(CONFIG);
  await self.skipWaiting();
}

async function activate(): Promise<void> {
  await shell.removeOldest();
  await self.clients.claim();
  for (const page of await pages()) announceBuild(page);
}

async function welcome(page: WindowClient, language: string | undefined): Promise<void> {
  await rememberLanguage(caches, language);
  announceBuild(page);
  const all = await pages();
  if (all.every(({ id }) => id === page.id)) await shell.removeEarlier();
}

const pages = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true });

function announceBuild(page: WindowClient): void {
  page.postMessage({ type: 'build', build: SHELL.build } satisfies WorkerMessage);
}

/** Storage that fails must not be worse than no worker. */
async function answerFile(request: Request, path: string): Promise<Response> {
  const found = await shell.find(path).catch(() => undefined);
  return found ?? fetch(request);
}

/** The stored configuration at once, which is renewed for the next start. */
async function answerConfig(event: FetchEvent): Promise<Response> {
  const cache = await caches.open(CONFIG_CACHE).catch(() => undefined);
  const renew = async () => {
    const response = await fetch(event.request);
    if (response.ok) await cache?.put(CONFIG, response.clone());
    return response;
  };
  const renewed = renew();
  event.waitUntil(renewed.catch(() => undefined));
  return (await cache?.match(CONFIG)) ?? renewed;
}

/** Lets requests go to the network without waking the worker, where the browser can. Elsewhere they pass through it untouched. */
function bypassWorker(event: ExtendableEvent, pattern: string): void {
  const { addRoutes } = event as { addRoutes?: (route: object) => Promise<void> };
  if (!addRoutes) return;
  const adding = addRoutes.call(event, { condition: { urlPattern: pattern }, source: 'network' });
  // Ignore: without the route, they pass through.
  event.waitUntil(adding.catch(() => undefined));
}
