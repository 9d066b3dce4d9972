import { LANGUAGES, type Language } from '../i18n/choose-language.ts';
import { localStore } from './local-store.ts';

const KEY = 'language';

/** The language chosen in this browser; `null`: that of the browser. */
export const storedLanguage = (): Language | null => LANGUAGES.find((known) => known === localStore.get(KEY)) ?? null;

/** Stores the choice, and loads the page in that language. What is unsent is stored already. */
export function chooseStoredLanguage(language: Language | null): void {
  localStore.set(KEY, language);
  window.location.reload();
}
