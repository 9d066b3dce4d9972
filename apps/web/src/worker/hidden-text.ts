import { chooseLanguage } from '../i18n/choose-language.ts';
import { worker as de } from '../i18n/de/first/worker.ts';
import { worker as en } from '../i18n/en/first/worker.ts';

const CACHE = 'page-language';
const KEY = '/language';
const WORDS = { en: en['worker.newMessage'], de: de['worker.newMessage'] };

/** Keeps the language of the page that has started last. Without storage, notifications are in the browser's language. */
export async function rememberLanguage(caches: CacheStorage, language: string | undefined): Promise<void> {
  if (language === undefined) return;
  const cache = await caches.open(CACHE).catch(() => undefined);
  await cache?.put(KEY, new Response(language)).catch(() => undefined);
}

/** What a notification shows in place of a hidden text, in the page's language. */
export async function hiddenText(caches: CacheStorage): Promise<string> {
  const stored = await caches.match(KEY, { cacheName: CACHE }).catch(() => undefined);
  return WORDS[chooseLanguage((await stored?.text()) ?? null, navigator.languages)];
}
