import { compileMessage } from '@lingui/message-utils/compileMessage';
import { describe, expect, it } from 'vitest';
import { formatMessage } from './format-message.ts';

function format(message: string, values: Record<string, string | number>, language = 'en'): string {
  const formats = { numbers: new Intl.NumberFormat(language), plurals: new Intl.PluralRules(language) };
  return formatMessage(compileMessage(message), values, formats);
}

describe('formatMessage', () => {
  it.each([
    ['Sign in', {}, 'Sign in'],
    ['{name}, {time}: {text}', { name: 'Ada', time: '9:41', text: '{no} # value' }, 'Ada, 9:41: {no} # value'],
    ['{name} knows {name}', { name: 'Ada' }, 'Ada knows Ada'],
    ['Room #{count}', { count: 7 }, 'Room #7'],
    ['It’s {count}', { count: 1024 }, 'It’s 1024'],
    ['{index, number} of {count, number}+', { index: 0, count: 1024 }, '0 of 1,024+'],
  ])('puts into %j the values %j', (message, values, text) => {
    expect(format(message, values)).toBe(text);
  });

  it.each([
    [0, 'Latest of 0 changes: Hi'],
    [1, 'Latest of 1 change: Hi'],
    [1024, 'Latest of 1,024 changes: Hi'],
  ])('chooses the plural of %i', (count, text) => {
    const message = 'Latest of {count, plural, one {# change} other {# changes}}: {latest}';
    expect(format(message, { count, latest: 'Hi' })).toBe(text);
  });

  it('puts values into the branches of plurals, which follow the language', () => {
    const message = '{count, plural, one {one} few {{shown} few} other {{shown} others}}';
    expect([1, 3, 5].map((count) => format(message, { count, shown: `${count}+` }, 'pl'))).toEqual([
      'one',
      '3+ few',
      '5+ others',
    ]);
  });
});
