// Runs in the build (vite.config.ts), not in the page.
import german from 'emojibase-data/de/data.json' with { type: 'json' };
import germanMessages from 'emojibase-data/de/messages.json' with { type: 'json' };
import english from 'emojibase-data/en/data.json' with { type: 'json' };
import englishMessages from 'emojibase-data/en/messages.json' with { type: 'json' };
import github from 'emojibase-data/en/shortcodes/github.json' with { type: 'json' };
import slack from 'emojibase-data/en/shortcodes/iamcal.json' with { type: 'json' };
import type { Language } from '../../i18n/choose-language.ts';
import { type EmojiData, type EmojiEntry, SKIN_TONES } from './emoji-data.ts';

/** Newest version of Unicode's emoji that is offered: servers on Node 20.19 accept no newer ones as reactions. */
const EMOJI_VERSION_MAX = 16;

/** The names people type between colons, as Slack's and GitHub's users know them. */
const shortcodes: readonly Record<string, string | string[]>[] = [slack, github];

const SOURCES = {
  en: { emojibase: english, messages: englishMessages },
  de: { emojibase: german, messages: germanMessages },
};

/**
 * Emojibase's data in a language, reduced to what the page needs. Source of categories, names and search words: CLDR, through
 * emojibase. The shortcodes are the same in every language.
 */
export function buildEmojiData(language: Language): EmojiData {
  const { emojibase, messages } = SOURCES[language];
  const groups = messages.groups.filter(({ key }) => key !== 'component');
  const emojis = emojibase.flatMap(({ group, emoji, label, version, tags, hexcode, skins }): EmojiEntry[] => {
    const category = groups.findIndex(({ order }) => order === group);
    if (category === -1 || version > EMOJI_VERSION_MAX) return [];
    const tones = (skins ?? []).flatMap(({ tone, emoji: drawn }) => {
      const name = typeof tone === 'number' ? SKIN_TONES[tone - 1] : undefined;
      return name === undefined ? [] : [[name, fullyQualified(drawn)] as const];
    });
    return [
      {
        emoji: fullyQualified(emoji),
        label,
        category,
        version,
        tags: tags ?? [],
        shortcodes: shortcodesOf(hexcode),
        ...(tones.length > 0 && { skins: Object.fromEntries(tones) as EmojiEntry['skins'] }),
      },
    ];
  });
  return { categories: groups.map(({ message }) => message), tones: toneNames(emojibase), emojis };
}

/** As CLDR writes them in `thumbs up: dark skin tone`. */
function toneNames(emojibase: typeof english): EmojiData['tones'] {
  const skins = emojibase.find(({ hexcode }) => hexcode === '1F44D')?.skins ?? [];
  const names = SKIN_TONES.map((name, index) => {
    const label = skins.find(({ tone }) => tone === index + 1)?.label.split(': ')[1];
    if (label === undefined) throw new Error(`Emojibase has no name for the skin tone ${name}`);
    return [name, label] as const;
  });
  return Object.fromEntries(names) as EmojiData['tones'];
}

function shortcodesOf(hexcode: string): string[] {
  return [...new Set(shortcodes.flatMap((set) => set[hexcode] ?? []))];
}

/**
 * The RGI form. Emojibase adds U+FE0F to emoji that are drawn in colour anyway: 👍 with it is another string than 👍, and
 * would be another reaction.
 */
function fullyQualified(emoji: string): string {
  return emoji.replace(/(\p{Emoji_Presentation}|\p{Emoji_Modifier})\ufe0f/gu, '$1');
}
