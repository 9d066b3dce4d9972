import { setupI18n } from '@lingui/core';
import { LANGUAGES, type Language } from './choose-language.ts';
import type { en } from './en/index.ts';
import type { PlaceholderOf } from './text-types.ts';

type Catalogue = typeof en;
/** Texts that are loaded together. */
export type TextSet = keyof Catalogue;
type Texts = Catalogue['first'] & Catalogue['auth'] & Catalogue['later'];
export type TextKey = keyof Texts;
/** Of a text without values. */
export type PlainTextKey = { [Key in TextKey]: ValuesOf<Texts[Key]> extends [] ? Key : never }[TextKey];

type ValuesOf<Text extends string> = [PlaceholderOf<Text>] extends [never]
  ? []
  : [values: Record<PlaceholderOf<Text>, string | number>];

const i18n = setupI18n();

/**
 * A text in the page's language. The language is chosen before the page is rendered and never changes afterwards, so this is an
 * ordinary function: no component depends on it. Call it when rendering, not when a module loads.
 *
 * @param key - of the catalogue (`en`)
 * @param values - for the message's placeholders. Numbers are formatted where the message says `#` or `{count, number}`
 * @throws Error if no language has been loaded
 */
export function t<Key extends TextKey>(key: Key, ...[values]: ValuesOf<Texts[Key]>): string {
  return i18n._(key, values);
}

/** The page's language. */
export const language = (): Language => LANGUAGES.find((each) => each === i18n.locale) ?? 'en';

/** A number as the page's language writes it: `1,024`, `1.024`. */
export const formatNumber = (value: number): string => i18n.number(value);

/** Several parts as one phrase: `a, b and c`. */
export const formatList = (parts: readonly string[]): string =>
  new Intl.ListFormat(language(), { type: 'conjunction' }).format(parts);

/** The module of a set. */
export interface TextsModule {
  texts: Record<string, string>;
}

const SETS: Record<Language, Record<TextSet, () => Promise<TextsModule>>> = {
  en: {
    first: () => import('./en/first/index.ts'),
    auth: () => import('./en/auth.ts'),
    later: () => import('./en/later/index.ts'),
  },
  de: {
    first: () => import('./de/first/index.ts'),
    auth: () => import('./de/auth.ts'),
    later: () => import('./de/later/index.ts'),
  },
};

/** Imports a set, in the page's language. Its texts are in use once `addTexts` has received them. */
export const importTexts = (set: TextSet, chosen = language()): Promise<TextsModule> => SETS[chosen][set]();

/** Adds a set to the texts that `t` knows. It must be in the page's language. */
export const addTexts = ({ texts }: TextsModule): void => i18n.load(i18n.locale, texts);

/** Loads a language's first texts, and makes it the page's language. */
export async function loadLanguage(chosen: Language): Promise<void> {
  const { texts } = await importTexts('first', chosen);
  // A copy, to which `addTexts` adds.
  i18n.loadAndActivate({ locale: chosen, messages: { ...texts } });
}
