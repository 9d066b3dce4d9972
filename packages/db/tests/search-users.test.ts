import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser, type DatabaseHandle, searchUsers } from '../src/index.ts';
import { newUser, openMigratedDatabase, type TestDatabase } from './users-database.ts';

const PEOPLE: Record<string, string> = {
  ann: 'Zoë Quill',
  annabel: 'Bel Ann',
  Anna: 'Someone Else',
  zed: 'Ann Zed',
  yan: 'Jean-Luc Picard',
  obrien: "Miles O'Brien",
  brown: '(Bob) Ångström, 100% Real',
  under_score: 'Percent %sign',
  underxscore: 'Back\\slash',
  fox: '🦊Fox Fire & Water',
  rtl: 'ليلى حداد',
  cyr: 'Жанна ИВАНОВА',
  long: `${'x'.repeat(300)} hidden`,
};

describe('searchUsers', () => {
  let database: DatabaseHandle & TestDatabase;
  beforeAll(async () => {
    database = await openMigratedDatabase();
    for (const [handle, displayName] of Object.entries(PEOPLE)) {
      await createUser(database.db, newUser({ handle, displayName }));
    }
  });
  afterAll(() => database.drop());

  async function search(query: string, limit = 10): Promise<string[]> {
    const found = await searchUsers(database.db, { query, limit });
    return found.map(({ handle }) => handle);
  }

  it('sorts the exact handle first, then prefixes of handles, then display names', async () => {
    expect(await search('ann')).toEqual(['ann', 'Anna', 'annabel', 'zed']);
    expect(await search(' ANN ')).toEqual(['ann', 'Anna', 'annabel', 'zed']);
    expect(await search('ann', 2)).toEqual(['ann', 'Anna']);
    expect(await search('ann', 4)).toEqual(['ann', 'Anna', 'annabel', 'zed']);
  });

  it('returns only uuid, handle and display name', async () => {
    const [zed] = await searchUsers(database.db, { query: 'zed', limit: 1 });
    expect(zed).toEqual({ uuid: expect.any(String), handle: 'zed', displayName: 'Ann Zed' });
  });

  it('finds any word of a display name by a prefix, not by its middle', async () => {
    expect(await search('qui')).toEqual(['ann']);
    expect(await search('uill')).toEqual([]);
  });

  it.each([
    ['luc', 'yan'],
    ['jean-l', 'yan'],
    ["o'b", 'obrien'],
    ['bri', 'obrien'],
    ['bob', 'brown'],
    ['(bob', 'brown'],
  ])('finds the parts of a compound word: %s', async (query, handle) => {
    expect(await search(query)).toEqual([handle]);
  });

  it('requires all of several words to match', async () => {
    expect(await search('pica jea')).toEqual(['yan']);
    expect(await search('zed zed ann')).toEqual(['zed']);
    expect(await search('ye luc')).toEqual([]);
    expect(await search('ya luc')).toEqual(['yan']);
    expect(await search('anna else')).toEqual(['Anna']);
    expect(await search('ann picard')).toEqual([]);
  });

  it('ignores accents, width and the kind of apostrophe', async () => {
    const names = {
      kovacs: 'Kovács János',
      obrian: 'Conor O’Brian',
      strauss: 'Łukasz Strauß',
      ahmed: 'أحمد علي',
      hv: 'Hélène Ørsted',
    };
    for (const [handle, displayName] of Object.entries(names)) {
      await createUser(database.db, newUser({ handle: `f-${handle}`, displayName }));
    }
    const found: Record<string, string> = {
      'kovacs janos': 'kovacs',
      KOVÁCS: 'kovacs',
      ｋｏｖａｃｓ: 'kovacs',
      "o'brian": 'obrian',
      'O’BRIAN': 'obrian',
      'o＇brian': 'obrian',
      'lukasz strauss': 'strauss',
      ŁUKASZ: 'strauss',
      strauß: 'strauss',
      احمد: 'ahmed',
      'helene orsted': 'hv',
      helène: 'hv',
    };
    for (const [query, handle] of Object.entries(found))
      expect([query, await search(query)]).toEqual([query, [`f-${handle}`]]);
  });

  it('folds case, and composes accents, in every alphabet', async () => {
    expect(await search('ånG')).toEqual(['brown']);
    expect(await search('ångström'.normalize('NFD'))).toEqual(['brown']);
    expect(await search('жАН')).toEqual(['cyr']);
    expect(await search('иванова')).toEqual(['cyr']);
    expect(await search('حد')).toEqual(['rtl']);
    expect(await search('🦊')).toEqual(['fox']);
  });

  it.each([
    ['%', ['under_score']],
    ['100%', ['brown']],
    ['_', []],
    ['under_', ['under_score']],
    ['back\\s', ['underxscore']],
    ['\\', []],
    ["'", []],
    ["' or 1=1 --", []],
    ['ann | zed', []],
    ['ann & zed', []],
    ['&', ['fox']],
    ['!ann', []],
    ['ann:*', []],
    ["x' <-> 'y", []],
    [':*', []],
    ['""', []],
    ['＇', []],
    ['ﷺ'.repeat(100), []],
    ['＼', []],
    ['ﹷ＇＼ ＆ ＇｜！', []],
  ])('treats %j as plain text', async (query, handles) => {
    expect(await search(query)).toEqual(handles);
  });

  it.each(['', '   ', '\u00a0', 'ann\0', '\0', 'a'.repeat(101), '😀'.repeat(2000)])(
    'matches no one for text number %#',
    async (query) => {
      expect(await search(query)).toEqual([]);
    },
  );

  it('searches only the first 200 characters of a display name', async () => {
    expect(await search('xxx')).toEqual(['long']);
    expect(await search('hidden')).toEqual([]);
    const user = newUser({ displayName: '字'.repeat(5000) });
    await createUser(database.db, user);
    expect(await search('字'.repeat(100))).toEqual([user.handle]);
  });

  it('accepts a hundred words of one letter', async () => {
    expect(await search('q '.repeat(50).trim())).toEqual(['ann']);
    const letters = 'abcdefghijklmnopqrstuvwxyzäöüß0123456789éèêëîïôûç'.split('').join(' ');
    expect(await search(letters)).toEqual([]);
  });

  it('has a stable order for users with the same words', async () => {
    const handles = Array.from({ length: 12 }, () => `same-${randomUUID().slice(0, 8)}`);
    await Promise.all(
      handles.map((handle) => createUser(database.db, newUser({ handle, displayName: 'Twin Twinson' }))),
    );
    expect(await search('twin', 20)).toEqual(handles.toSorted());
    expect(await search('twin', 5)).toEqual(handles.toSorted().slice(0, 5));
  });
});
