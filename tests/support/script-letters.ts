/** Letters of several scripts, in several forms that mean the same to a search. */
export const SCRIPT_LETTERS = [
  'aàÅßZ',
  'iİıI',
  'σςΣό',
  'مُحَّمـ',
  'שָׁלֹ',
  'น้ำกำ',
  'ｶﾞガガﾟ',
  '明天見',
  '\u1112\u1161\u11ab한',
  '👨‍👩‍👧❤️🏴󠁧󠁢󠁥󠁮󠁧󠁿🇩🇪',
];
