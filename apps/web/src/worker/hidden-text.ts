import { chooseLanguage } from '../i18n/choose-language.ts';
import { push as de } from '../i18n/de/push.ts';
import { push as en } from '../i18n/en/push.ts';

const CACHE = 'page-language';
const KEY = '/language';
const WORDS = { en: en['push.newMessage'], de: de['push.newMessage'] };

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
