import { find } from 'linkifyjs';
import { describe, expect, it } from 'vitest';
import { type MarkupPart, parseMarkup } from './message-markup.ts';

/** Parts in short: `<bold>…</>`, `{code:…}`. */
const show = (parts: readonly MarkupPart[]): string =>
  parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      return 'parts' in part ? `<${part.kind}>${show(part.parts)}</>` : `{${part.kind}:${part.text}}`;
    })
    .join('');
const shown = (message: string) => show(parseMarkup(message, find));

describe('parseMarkup', () => {
  it.each([
    ['*bold* **bold** _it_', '<bold>bold</> <bold>bold</> <italic>it</>'],
    ['(*x*), "_y_".', '(<bold>x</>), "<italic>y</>".'],
    ['*a _b_ c* **a *b* c**', '<bold>a <italic>b</> c</> <bold>a <bold>b</> c</>'],
    ['_*x*_ *_x_*', '<italic><bold>x</></> <bold><italic>x</></>'],
    ['*a*b* _snake_case_', '<bold>a*b</> <italic>snake_case</>'],
    ['这是*粗体*文字 *굵게*를', '这是<bold>粗体</>文字 <bold>굵게</>를'],
    // What overlaps is not nested.
    ['*a _b* c_', '<bold>a _b</> c_'],
    ['*a *b*', '*a <bold>b</>'],
  ])('draws %s bold and italic', (message, expected) => {
    expect(shown(message)).toBe(expected);
  });

  it.each([
    '2*3*4 and 2 * 3 * 4',
    'snake_case_name, __init__, /a_b_/c',
    '*_* ^_^ -_- (*_*) o_o *_* ¯\\_(ツ)_/¯ T_T *-* *.*',
    '* one\n* two',
    '*not on\ntwo lines*',
    '*.ts and *.js, 5* and 4*',
    '(*) a note (*)',
    '***three*** *🎉* ** ** __',
    'don`t, can`t',
    '` ` ``` ```',
    '```never closed',
    '`not on\ntwo lines`',
  ])('leaves %s as it was typed', (message) => {
    expect(parseMarkup(message, find)).toEqual([{ kind: 'text', text: message }]);
  });

  it('draws code as it is', () => {
    expect(shown('see `a *b* https://x.com`, `c d`')).toBe('see {code:a *b* https://x.com}, {code:c d}');
    expect(shown('*run `npm i` now*')).toBe('<bold>run {code:npm i} now</>');
  });

  it('draws code blocks without their fences, and without the line breaks around them', () => {
    expect(shown('before\n```\n  a _b_ c\n\n  d\n```\nafter')).toBe('before{block:  a _b_ c\n\n  d}after');
    expect(shown('```js\nconst a = 1;\n```')).toBe('{block:const a = 1;}');
    expect(shown('see ```a\nb``` *z*')).toBe('see {block:a\nb} <bold>z</>');
    expect(shown('*a ```b``` c*')).toBe('*a {block:b} c*');
  });

  it('finds none in links, and links in bold and italic text', () => {
    expect(shown('https://x.com/_a_?b=*c*d')).toBe('{link:https://x.com/_a_?b=*c*d}');
    expect(shown('*see https://x.com/a_b_c* _https://x.com/a_')).toBe(
      '<bold>see {link:https://x.com/a_b_c}</> <italic>{link:https://x.com/a}</>',
    );
    expect(shown('https://x.com/a_')).toBe('{link:https://x.com/a_}');
  });

  it('takes linear time', () => {
    const patterns = ['*', '*a ', '_a *b ', '*a_ ', '**a *b _c ', '`', '` ', '`a ', '```', '``` a', '```a\n'];
    // A quadratic search takes minutes for these.
    for (const pattern of patterns) parseMarkup(pattern.repeat(50_000), undefined);
    for (const pattern of [...patterns, '_x.co_ ']) parseMarkup(pattern.repeat(1024).slice(0, 1024), find);
  }, 60_000);
});
