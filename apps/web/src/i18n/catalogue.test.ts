import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from './choose-language.ts';
import { de as german } from './de/index.ts';
import { en as english } from './en/index.ts';

const en = { ...english.first, ...english.auth, ...english.later };
const de = { ...german.first, ...german.auth, ...german.later };

/** The names of a compiled message's values, each with how it is used: `count plural`. */
function placeholdersOf(message: string): string[] {
  const compiled = compileMessage(message);
  const found = new Set<string>();
  const walk = (tokens: unknown): void => {
    if (!Array.isArray(tokens)) return;
    for (const token of tokens) {
      if (!Array.isArray(token)) continue;
      const [name, kind, branches] = token;
      found.add(`${name} ${kind ?? ''}`);
      for (const branch of Object.values(typeof branches === 'object' ? (branches ?? {}) : {})) walk(branch);
    }
  };
  walk(compiled);
  return [...found].sort();
}

const source = readdirSync(path.join(import.meta.dirname, '..'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.') && !/i18n[/\\]/.test(file))
  .map((file) => readFileSync(path.join(import.meta.dirname, '..', file), 'utf8'))
  .join('\n');
const templates = [...source.matchAll(/`([a-z]+\.[\w.]*)\$\{/g)].map(([, start = '']) => start);

describe('the catalogue', () => {
  it.each(Object.entries(en))('has the same values in English and German: %s', (key, text) => {
    const translated = de[key as keyof typeof de];
    expect(placeholdersOf(translated)).toEqual(placeholdersOf(text));
    expect(translated.trim()).not.toBe('');
  });

  it('has no key that the page never names', () => {
    const isNamed = (key: string) => source.includes(`'${key}'`) || templates.some((start) => key.startsWith(start));
    expect(Object.keys(en).filter((key) => !isNamed(key))).toEqual([]);
  });

  it('says the same as the page without it: that the page could not be loaded', () => {
    const early = readFileSync(path.join(import.meta.dirname, '../../public/early.js'), 'utf8');
    for (const language of LANGUAGES) {
      const texts = { en, de }[language];
      expect(early).toContain(`  ${language}: {\n`);
      expect(early).toContain(`'${texts['app.notLoaded']} ${texts['app.notLoaded.hint']}'`);
      expect(early).toContain(`'${texts['app.reload']}'`);
    }
  });

  it('has only keys of known areas, so that a text is found by its key', () => {
    expect(Object.keys(en).filter((key) => !/^[a-z]+\.[a-z]/.test(key))).toEqual([]);
  });
});
