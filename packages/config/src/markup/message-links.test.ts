import { find } from 'linkifyjs';
import { describe, expect, it } from 'vitest';
import { splitLinks as split } from './message-links.ts';

const splitLinks = (message: string) => split(message, find);
const links = (message: string) => splitLinks(message).flatMap((part) => (part.kind === 'link' ? [part.href] : []));
const whole = (message: string) =>
  splitLinks(message)
    .map((part) => part.text)
    .join('');

describe('splitLinks', () => {
  it('cuts a link out of its sentence, without the full stop', () => {
    expect(splitLinks('See https://cruddur.example/a?b=1. Good?')).toEqual([
      { kind: 'text', text: 'See ' },
      { kind: 'link', text: 'https://cruddur.example/a?b=1', href: 'https://cruddur.example/a?b=1' },
      { kind: 'text', text: '. Good?' },
    ]);
  });

  it('is all text until the link finder has loaded', () => {
    expect(split('See https://cruddur.example', undefined)).toEqual([
      { kind: 'text', text: 'See https://cruddur.example' },
    ]);
  });

  it('links a bare domain by https, and an address by mailto', () => {
    expect(links('cruddur.com or help@cruddur.com')).toEqual(['https://cruddur.com/', 'mailto:help@cruddur.com']);
  });

  it.each([
    ['请看https://example.com吧', 'https://example.com'],
    ['https://example.com/foo，谢谢', 'https://example.com/foo'],
    ['请看example.com。', 'example.com'],
    ['「https://example.com/a」と', 'https://example.com/a'],
    ['https://example.com/a、https://例え.jp/パス', 'https://example.com/a', 'https://例え.jp/パス'],
    ['请联系me@example.com吧', 'me@example.com'],
    ['看：https://example.com：好', 'https://example.com'],
    ['https://example.com/أ، شكرا', 'https://example.com/أ'],
    ['«https://example.com/»', 'https://example.com/'],
    ['(https://en.wikipedia.org/wiki/Michelson–Morley_(x))', 'https://en.wikipedia.org/wiki/Michelson–Morley_(x)'],
    ['see ‘https://example.com/L’Équipe’', 'https://example.com/L’Équipe'],
    ['https://example.com吧/a.html?b', 'https://example.com'],
    ['https://münchen.de/吧.html', 'https://münchen.de/吧.html'],
    ['привет.рф and münchen.de', 'привет.рф', 'münchen.de'],
    ['docs.rs/serde, www.data.zip, https://data.zip', 'docs.rs/serde', 'www.data.zip', 'https://data.zip'],
  ])('links in %s what a reader sees as the link', (message, ...expected) => {
    const texts = splitLinks(message).flatMap((part) => (part.kind === 'link' ? [part.text] : []));
    expect(texts).toEqual(expected);
    expect(whole(message)).toBe(message);
  });

  it.each(['README.md', 'data.zip', 'setup.py', 'src/main.rs:12', 'run ./install.sh, then a.test.py', 'INSTALL.MD'])(
    'takes %s for a file, not a site',
    (message) => expect(links(message)).toEqual([]),
  );

  it.each(['\u202e', '\u2066', '\u200f', '\u061c', '\u200b', '\u0007'])(
    'ends a link before %j, which could make it read as another',
    (mark) => {
      const message = `${mark}https://evil.example/a${mark}moc.knab//:sptth`;
      expect(links(message)).toEqual(['https://evil.example/a']);
      expect(whole(message)).toBe(message);
    },
  );

  it.each([
    ['https://аpple.com/a', 'xn--pple-43d.com'],
    ['аpple.com', 'xn--pple-43d.com'],
    ['me@аpple.com', 'xn--pple-43d.com'],
    ['https://bank.example@evil.example/', 'evil.example'],
    ['https://EXAMPLE.com:443/', undefined],
    ['Example.com', undefined],
    ['me@example.com', undefined],
  ])('shows where %s leads if its text does not', (message, host) => {
    expect(splitLinks(message).map((part) => part.kind === 'link' && part.host)).toEqual([host]);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(document.domain)',
    'data:text/html,<script>1</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '<a href="javascript:alert(1)">x</a>',
  ])('leaves %s as text', (message) => {
    for (const href of links(message)) expect(href).toMatch(/^(https?|mailto):/);
    expect(links(message).join()).not.toMatch(/script|data:|file:/i);
    expect(whole(message)).toBe(message);
  });

  it.each(['', 'plain', 'line\nbreak', 'مرحبا https://a.example/ب', '\u202ehttps://a.example'])(
    'keeps all of %j',
    (message) => {
      expect(whole(message)).toBe(message);
    },
  );
});
