import { type PlainTextKey, t } from '../../i18n/t.ts';
/** As emojibase numbers them, from 1. */
export const SKIN_TONES = ['light', 'medium-light', 'medium', 'medium-dark', 'dark'] as const;
export type SkinTone = (typeof SKIN_TONES)[number];

export interface EmojiEntry {
  /** In its RGI form, without skin tone. */
  emoji: string;
  /** In the page's language; in English lower case, such as `thumbs up`. */
  label: string;
  /** Index in `EmojiData.categories`. */
  category: number;
  /** Version of Unicode's emoji that added it. */
  version: number;
  /** Further words that find it. */
  tags: string[];
  /** Without colons, such as `thumbsup`. */
  shortcodes: string[];
  skins?: Record<SkinTone, string>;
}

export interface EmojiData {
  /** In the page's language; in English lower case, such as `smileys & emotion`. */
  categories: string[];
  /** As part of an emoji's name, such as `dark skin tone`. */
  tones: Record<SkinTone, string>;
  /** In the order in which they are shown. */
  emojis: EmojiEntry[];
}

/** The quick reactions of a person who has not reacted yet, with names of their own: most chips need no other names. */
const DEFAULT_NAMES: Record<string, PlainTextKey> = {
  '👍': 'actions.emoji.thumbsUp',
  '❤️': 'actions.emoji.redHeart',
  '😂': 'actions.emoji.tearsOfJoy',
  '😮': 'actions.emoji.openMouth',
  '😢': 'actions.emoji.crying',
  '🙏': 'actions.emoji.foldedHands',
};
export const DEFAULT_REACTIONS: readonly string[] = Object.keys(DEFAULT_NAMES);

/** The name of each emoji, including those with a skin tone: `thumbs up: dark skin tone`. */
export function namesOf({ emojis, tones }: EmojiData): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { emoji, label, skins } of emojis) {
    names.set(emoji, label);
    for (const tone of SKIN_TONES) if (skins) names.set(skins[tone], `${label}: ${tones[tone]}`);
  }
  return names;
}

/** Whether an emoji's name is known without the data. */
export const isNamed = (emoji: string): boolean => emoji in DEFAULT_NAMES;

/** The name of an emoji as far as it is known without or with the data; the emoji itself if it is not. */
export function nameOf(emoji: string, names: ReadonlyMap<string, string> | undefined): string {
  const key = DEFAULT_NAMES[emoji];
  return key === undefined ? (names?.get(emoji) ?? emoji) : t(key);
}

/** An emoji with a skin tone, if it has any. */
export function withTone({ emoji, skins }: Pick<EmojiEntry, 'emoji' | 'skins'>, tone: SkinTone | null): string {
  return (tone && skins?.[tone]) ?? emoji;
}

/** An emoji of flags, which Windows does not draw. */
const SAMPLE_FLAG = '🇪🇺';
/** Of a country or a region: letters of its code, or tags. */
const FLAG = /^\p{RI}|\u{e007f}$/u;

/**
 * Leaves out what the device cannot draw: newer versions than its font knows, judged by one emoji of each, and flags.
 * Everything is kept if it draws nothing: then the test has failed, not the font.
 */
export function onlyDrawable(data: EmojiData, isDrawn: (emoji: string) => boolean): EmojiData {
  const samples = new Map<number, string>();
  for (const { version, emoji } of data.emojis) if (!samples.has(version)) samples.set(version, emoji);
  const newest = [...samples.keys()].sort((a, b) => b - a).find((version) => isDrawn(samples.get(version) ?? ''));
  if (newest === undefined) return data;
  const hasFlags = isDrawn(SAMPLE_FLAG);
  return {
    ...data,
    emojis: data.emojis.filter(({ version, emoji }) => version <= newest && (hasFlags || !FLAG.test(emoji))),
  };
}
