import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexTable } from './index-table.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let api: Awaited<ReturnType<TestServer['signIn']>>['api'];

/** What is written, what is searched for, and the parts of the text that are marked. */
const SCRIPTS: [script: string, text: string, queries: Record<string, string[]>][] = [
  [
    'Latin',
    'Le cafe\u0301 naïve à Łódź, près de Sørøy',
    { CAFÉ: ['cafe\u0301'], 'af\u00e9 lod': ['afe\u0301', 'Łód'], roy: ['røy'], NAIVE: ['naïve'] },
  ],
  [
    'German',
    'Große Straße: MASSE und Maße',
    { strasse: ['Straße'], STRASSE: ['Straße'], straße: ['Straße'], maße: ['MASSE', 'Maße'], GROẞE: ['Große'] },
  ],
  [
    'Turkish',
    'İstanbul’da ILIK bir gün, ılıman',
    {
      istanbul: ['İstanbul'],
      İSTANBUL: ['İstanbul'],
      ılık: ['ILIK'],
      ilik: ['ILIK'],
      ILIMAN: ['ılıman'],
      "'DA": ['’da'],
    },
  ],
  ['Greek', 'Ο ΔΡΟΜΟΣ, ο δρόμος', { δρομος: ['ΔΡΟΜΟΣ', 'δρόμος'], ΌΜΟΣ: ['ΟΜΟΣ', 'όμος'], όμοσ: ['ΟΜΟΣ', 'όμος'] }],
  ['Cyrillic', 'Ёлка и ЙОД', { елка: ['Ёлка'], ёлка: ['Ёлка'], йод: ['ЙОД'] }],
  [
    'Arabic',
    'قال مُحَمَّدٌ الســـلام عليكم',
    { محمد: ['مُحَمَّدٌ'], مُحمد: ['مُحَمَّدٌ'], السلام: ['الســـلام'], 'سلام عليكم': ['ســـلام', 'عليكم'] },
  ],
  ['Hebrew', 'שָׁלוֹם עולם', { שלום: ['שָׁלוֹם'], 'שָׁלום עוֹלם': ['שָׁלוֹם', 'עולם'] }],
  ['Devanagari', 'नमस्ते दुनिया', { नमस्ते: ['नमस्ते'], दुनिया: ['दुनिया'] }],
  ['Thai', 'ไปดูน้ำตกกับเรา', { น้ำตก: ['น้ำตก'], น้ํา: ['น้ำ'], กับ: ['กับ'] }],
  [
    'Japanese',
    'ｶﾞｲﾄﾞを読む、ガイドＡＢＣ１２',
    {
      ガイド: ['ｶﾞｲﾄﾞ', 'ガイド'],
      ｶﾞｲﾄﾞ: ['ｶﾞｲﾄﾞ', 'ガイド'],
      'カ\u3099イ': ['ｶﾞｲ', 'ガイ'],
      abc12: ['ＡＢＣ１２'],
      読: ['読'],
    },
  ],
  ['Chinese', '我們明天在碼頭見面', { 明天: ['明天'], 碼: ['碼'], '見面 我們': ['我們', '見面'] }],
  [
    'Korean',
    '\u1112\u1161\u11ab\u1100\u1173\u11af 배우기',
    { 한글: ['\u1112\u1161\u11ab\u1100\u1173\u11af'], 배우: ['배우'], ['배우기'.normalize('NFD')]: ['배우기'] },
  ],
  [
    'emoji',
    'Us 👨‍👩‍👧 ❤️ in 🇨🇦, not 🏴󠁧󠁢󠁷󠁬󠁳󠁿, 👍🏽',
    { '👨‍👩‍👧': ['👨‍👩‍👧'], '❤': ['❤️'], '❤️': ['❤️'], '🇨🇦': ['🇨🇦'], '🏴󠁧󠁢󠁷󠁬󠁳󠁿': ['🏴󠁧󠁢󠁷󠁬󠁳󠁿'], '👍🏽': ['👍🏽'] },
  ],
  [
    'signs',
    'C:\\tmp 100%_off [a-z]* O’Neill',
    { '\\': ['\\'], '%_': ['%_'], '[a-z]*': ['[a-z]*'], "o'neill": ['O’Neill'] },
  ],
];

/** No text has them, though some have most of each. */
const ABSENT = ['strase', 'δρόμε', 'が', '明見', '하', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🇫🇷', '100%off', 'น้ำดก', 'نحن'];

beforeAll(async () => {
  server = await startTestServer({ rateLimitFactor: 20 });
  const ben = await server.signIn('ben');
  await ben.api.users.me.query();
  ({ api } = await server.signIn('ana'));
  for (const [, message] of SCRIPTS) {
    await api.messages.create.mutate({ message, clientMessageUuid: v7(), handle: 'ben' });
  }
  await indexTable(server.services);
});

afterAll(() => server.stop());

/** The found texts, each with its marked parts. */
async function find(query: string): Promise<Record<string, string[]>> {
  const { items } = await api.messages.search.query({ query, limit: 50 });
  return Object.fromEntries(
    items.map(({ message: { message }, ranges }) => {
      const codePoints = Array.from(message);
      return [message, ranges.map(({ start, end }) => codePoints.slice(start, end).join(''))];
    }),
  );
}

describe('a message is found, and what is found is marked, in', () => {
  it.each(SCRIPTS)('%s', async (_, text, queries) => {
    for (const [query, marked] of Object.entries(queries)) expect(await find(query), query).toEqual({ [text]: marked });
  });
});

it.each(ABSENT)('nothing is found by %j, which no text has', async (query) => {
  expect(await find(query)).toEqual({});
});
