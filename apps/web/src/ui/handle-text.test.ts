import { expect, it } from 'vitest';
import { newConversationPath, withoutAt } from './handle-text.ts';

it.each(['bayko', '..', '.', '@at', 'a/b', 'Åsa', '%2e%2e'])(
  'the address of a new conversation leads to %s',
  (handle) => {
    const { pathname } = new URL(newConversationPath(handle), 'https://cruddur.example');
    const [segment = '', ...rest] = pathname.split('/messages/new/')[1]?.split('/') ?? [];
    expect([withoutAt(decodeURIComponent(segment)), rest]).toEqual([handle, []]);
  },
);
