import { language } from '../i18n/t.ts';
import type { PageMessage, WorkerMessage } from '../worker/messages.ts';
import { announceUpdate } from './update.tsx';

/** Asks for a new build when the page is shown again, at most this often, in milliseconds. */
const CHECK_EVERY_MS = 60 * 60 * 1000;

/** Of the worker's file. Made once: a Trusted Types policy cannot be created twice. */
let url: string | undefined;

/**
 * Registers the service worker, which keeps the page's files, and announces a new build of the page.
 *
 * @throws if its file cannot be loaded, such as offline. Then it can be called again
 */
export async function registerWorker(): Promise<void> {
  // Not in an insecure context, nor in Firefox's private windows. `npm run dev` has no worker.
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener('message', compareBuild);
  url ??= workerUrl();
  await serviceWorker.register(url);
  const registration = await serviceWorker.ready;
  registration.active?.postMessage({ type: 'page_started', language: language() } satisfies PageMessage);
  checkWhenShown(registration);
}

function compareBuild({ data }: MessageEvent<WorkerMessage>): void {
  const build = document.querySelector<HTMLMetaElement>('meta[name="build"]')?.content;
  if (data.type === 'build' && data.build !== build) announceUpdate();
}

function checkWhenShown(registration: ServiceWorkerRegistration): void {
  let checkedAt = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - checkedAt < CHECK_EVERY_MS) return;
    checkedAt = Date.now();
    // Offline, for example: the next time.
    registration.update().catch(() => undefined);
  });
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: () => string }): { createScriptURL(url: string): string };
}

/** The Content-Security-Policy allows this policy only, which can name no other script. */
function workerUrl(): string {
  const path = '/service-worker.js';
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
  return trustedTypes?.createPolicy('cruddur-worker', { createScriptURL: () => path }).createScriptURL(path) ?? path;
}
