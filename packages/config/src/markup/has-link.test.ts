import { find } from 'linkifyjs';
import { expect, it } from 'vitest';
import { hasLink } from './has-link.ts';
import { splitMessage } from './message-parts.ts';

it.each([
  'See https://cruddur.example/a?b=1.',
  'cruddur.com',
  'help@cruddur.com',
  '`code`, then https://cruddur.example',
  '请看https://example.com吧',
  '*see https://x.com/a*',
])('hasLink is true of %j', (message) => expect(hasLink(message)).toBe(true));

it.each([
  '',
  'plain',
  'README.md',
  'javascript:alert(1)',
  '`https://cruddur.example`',
  '```\nhttps://cruddur.example\n```',
  'https\u200b://cruddur.example/',
])('hasLink is false of %j', (message) => expect(hasLink(message)).toBe(false));

it('code has no links, and the text around it keeps its own', () => {
  expect(splitMessage('`a.com` b.com', find)).toEqual([
    { kind: 'code', text: 'a.com' },
    { kind: 'text', text: ' ' },
    { kind: 'link', text: 'b.com', href: 'https://b.com/', host: undefined },
  ]);
});
