import { describe, expect, it } from 'vitest';
import { wipeUnsent } from '../../outbox/unsent-storage.ts';
import { makeLocalStore } from '../../testing.ts';
import { createEmojiChoices } from './emoji-choices.ts';
import { DEFAULT_REACTIONS } from './emoji-data.ts';

describe('the quick reactions', () => {
  it('are the usual ones, after those that the person has used', () => {
    const choices = createEmojiChoices(makeLocalStore().store, 'andrew');
    expect(choices.quick()).toEqual(DEFAULT_REACTIONS);
    choices.use('🎉');
    choices.use('😢');
    choices.use('🎉');
    expect(choices.quick()).toEqual(['🎉', '😢', '👍', '❤️', '😂', '😮']);
  });

  it('are at most six', () => {
    const choices = createEmojiChoices(makeLocalStore().store, 'andrew');
    for (const emoji of '🐶 🐱 🐭 🐹 🐰 🦊 🐻'.split(' ')) choices.use(emoji);
    expect(choices.quick()).toEqual('🐻 🦊 🐰 🐹 🐭 🐱'.split(' '));
  });
});

describe('choices', () => {
  it('are each person’s own, and are deleted at sign-out', () => {
    const { store } = makeLocalStore();
    const choices = createEmojiChoices(store, 'andrew');
    choices.use('🎉');
    choices.setTone('medium');
    expect(createEmojiChoices(store, 'andrew').tone()).toBe('medium');
    const other = createEmojiChoices(store, 'mae');
    expect([other.quick()[0], other.tone()]).toEqual(['👍', null]);
    wipeUnsent(store);
    expect([choices.quick()[0], choices.tone()]).toEqual(['👍', null]);
  });

  it('ignore a stored skin tone that does not exist', () => {
    const { store } = makeLocalStore({ 'emoji:tone:andrew': 'green' });
    expect(createEmojiChoices(store, 'andrew').tone()).toBe(null);
  });
});
