import { afterAll, describe, expect, it } from 'vitest';
import { chooseLanguage } from './choose-language.ts';
import { addTexts, formatList, formatNumber, importTexts, language, loadLanguage, t } from './t.ts';

afterAll(() => loadLanguage('en'));

describe('t', () => {
  it('is in the language that was loaded, with numbers as it writes them', async () => {
    await loadLanguage('en');
    expect(language()).toBe('en');
    expect([t('time.minutes', { count: 5 }), formatNumber(1024), formatList(['a', 'b'])]).toEqual([
      '5 min',
      '1,024',
      'a and b',
    ]);
    await loadLanguage('de');
    expect(language()).toBe('de');
    expect([t('time.minutes', { count: 5 }), formatNumber(1024), formatList(['a', 'b'])]).toEqual([
      '5 Min.',
      '1.024',
      'a und b',
    ]);
  });

  it('knows the texts of a set once they have been added, in the language that was loaded', async () => {
    await loadLanguage('de');
    expect(t('auth.password')).toBe('auth.password');
    addTexts(await importTexts('auth'));
    expect([t('auth.password'), t('time.today')]).toEqual(['Passwort', 'Heute']);
  });

  it('fails the type check without a value that a text needs, and with a key that does not exist', () => {
    // @ts-expect-error -- `count` is missing
    expect(t('time.minutes', {})).not.toContain('undefined');
    // @ts-expect-error -- there is no such key
    expect(() => t('time.never')).not.toThrow();
  });
});

describe('chooseLanguage', () => {
  it.each([
    [null, ['de-AT', 'en'], 'de'],
    [null, ['fr-CA', 'en-GB'], 'en'],
    [null, ['fr', 'DE'], 'de'],
    [null, ['fr', 'tlh'], 'en'],
    [null, [], 'en'],
    ['en', ['de'], 'en'],
    ['de', ['en'], 'de'],
    ['<script>', ['de'], 'de'],
  ])('chooses, with %s stored and the reader’s languages %s, %s', (stored, preferred, chosen) => {
    expect(chooseLanguage(stored, preferred)).toBe(chosen);
  });
});
