// Runs in the build (vite.config.ts), not in the page.
import emojibase from 'emojibase-data/en/data.json' with { type: 'json' };
import messages from 'emojibase-data/en/messages.json' with { type: 'json' };
import github from 'emojibase-data/en/shortcodes/github.json' with { type: 'json' };
import slack from 'emojibase-data/en/shortcodes/iamcal.json' with { type: 'json' };
import { type EmojiData, type EmojiEntry, SKIN_TONES } from './emoji-data.ts';

/** Newest version of Unicode's emoji that is offered: servers on Node 20.19 accept no newer ones as reactions. */
const EMOJI_VERSION_MAX = 16;

/** The names people type between colons, as Slack's and GitHub's users know them. */
const shortcodes: readonly Record<string, string | string[]>[] = [slack, github];

/**
 * Emojibase's English data, reduced to what the page needs. Source of categories, names and search words: CLDR, through
 * emojibase.
 */
export function buildEmojiData(): EmojiData {
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
  return { categories: groups.map(({ message }) => message), emojis };
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
