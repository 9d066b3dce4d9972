export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * The language that was chosen in this browser, or else the first of the reader's languages that the page has.
 *
 * @param stored - what was chosen, if anything; anything else is ignored
 * @param preferred - BCP 47 tags, as in `navigator.languages`
 */
export function chooseLanguage(stored: string | null, preferred: readonly string[]): Language {
  const candidates = [stored, ...preferred].map((tag) => tag?.toLowerCase().split('-')[0]);
  return candidates.flatMap((tag) => LANGUAGES.filter((each) => each === tag))[0] ?? 'en';
}
