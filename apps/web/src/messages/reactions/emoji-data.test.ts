import { isReactionEmoji } from '@cruddur/config';
import { afterAll, describe, expect, it } from 'vitest';
import { loadLanguage } from '../../i18n/t.ts';
import { buildEmojiData } from './build-emoji-data.ts';
import { DEFAULT_REACTIONS, nameOf, namesOf, onlyDrawable, withTone } from './emoji-data.ts';

const data = buildEmojiData('en');
const find = (label: string) => {
  const entry = data.emojis.find((each) => each.label === label);
  if (entry === undefined) throw new Error(`no ${label}`);
  return entry;
};

describe('buildEmojiData', () => {
  it('has the emoji in nine categories, with names, search words and shortcodes', () => {
    expect(data.categories).toHaveLength(9);
    expect(data.emojis.length).toBeGreaterThan(1_800);
    expect(data.emojis.filter(({ label, shortcodes }) => label === '' || shortcodes.length === 0)).toEqual([]);
    expect(find('thumbs up')).toMatchObject({ emoji: '👍', shortcodes: ['+1', 'thumbsup'], skins: { dark: '👍🏿' } });
  });

  it('has the same emoji and shortcodes in German, under German names', () => {
    const german = buildEmojiData('de');
    const forms = ({ emojis }: typeof data) =>
      emojis.map(({ emoji, skins, shortcodes }) => ({ emoji, skins, shortcodes }));
    expect(forms(german)).toEqual(forms(data));
    expect(german.emojis.find(({ emoji }) => emoji === '👍')).toMatchObject({ label: 'Daumen hoch' });
    expect(namesOf(german).get('👍🏿')).toBe('Daumen hoch: dunkle Hautfarbe');
  });

  it('has each emoji in the form that the server accepts, so that one emoji is one reaction', () => {
    const all = data.emojis.flatMap(({ emoji, skins }) => [emoji, ...Object.values(skins ?? {})]);
    expect(all.filter((emoji) => !isReactionEmoji(emoji))).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('names', () => {
  afterAll(() => loadLanguage('en'));

  it.each(['de', 'en'] as const)(
    'are the same for the default reactions with and without the data: %s',
    async (language) => {
      await loadLanguage(language);
      const names = namesOf(buildEmojiData(language));
      expect(DEFAULT_REACTIONS).toHaveLength(6);
      for (const emoji of DEFAULT_REACTIONS) {
        expect(names.get(emoji)).toBe(nameOf(emoji, undefined));
        expect(names.get(emoji)).not.toBe(emoji);
      }
    },
  );

  it('include skin tones, and are the emoji itself while they are not known', () => {
    expect(nameOf('👍🏿', namesOf(data))).toBe('thumbs up: dark skin tone');
    expect(nameOf('👍🏿', undefined)).toBe('👍🏿');
  });
});

describe('withTone', () => {
  it('changes only emoji that have skin tones', () => {
    expect(withTone(find('thumbs up'), 'medium')).toBe('👍🏽');
    expect(withTone(find('thumbs up'), null)).toBe('👍');
    expect(withTone(find('red heart'), 'medium')).toBe('❤️');
  });
});

describe('onlyDrawable', () => {
  it('leaves out newer versions than the font has', () => {
    const old = new Set(data.emojis.filter(({ version }) => version <= 13).map(({ emoji }) => emoji));
    const drawable = onlyDrawable(data, (emoji) => old.has(emoji) || emoji === '🇪🇺');
    expect(Math.max(...drawable.emojis.map(({ version }) => version))).toBe(13);
    expect(drawable.emojis.some(({ label }) => label === 'flag: Canada')).toBe(true);
  });

  it('leaves out flags where they are drawn as letters', () => {
    const { emojis } = onlyDrawable(data, (emoji) => !/\p{RI}/u.test(emoji));
    expect(emojis.some(({ label }) => label === 'flag: Canada')).toBe(false);
    expect(emojis.some(({ label }) => label === 'rainbow flag')).toBe(true);
  });

  it('keeps everything if the device seems to draw nothing', () => {
    expect(onlyDrawable(data, () => false)).toBe(data);
  });
});
