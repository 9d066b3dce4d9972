import { expect, it } from 'vitest';
import { readLaunch } from './launch.ts';

it.each(['', '?filter=unread', '?text=Hello'])('the page is opened as usual by %j', (search) => {
  expect(readLaunch(search)).toBeNull();
});

it('the shortcut for a new message comes without a text', () => {
  expect(readLaunch('?new_message')).toEqual({ text: '' });
});

it.each([
  ['?share_text=Hello%2C%20you', 'Hello, you'],
  ['?share_title=The%20harbour&share_text=&share_url=https%3A%2F%2Fa.example%2F', 'The harbour\nhttps://a.example/'],
  [
    '?share_title=Harbour&share_text=Look%3A%20https%3A%2F%2Fa.example%2F&share_url=https%3A%2F%2Fa.example%2F',
    'Harbour\nLook: https://a.example/',
  ],
  ['?share_title=Harbour&share_text=Harbour', 'Harbour'],
  ['?share_text=%20', ''],
])('what an app shares by %s is a text without repetitions', (search, text) => {
  expect(readLaunch(search)).toEqual({ text });
});
