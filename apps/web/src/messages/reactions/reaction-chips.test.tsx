// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Reaction } from './reaction.ts';
import { ReactionChips } from './reaction-chips.tsx';

afterEach(cleanup);

function setUp(reactions: Reaction[]) {
  const onToggle = vi.fn<(emoji: string, isOn: boolean) => void>();
  const onMore = vi.fn<() => void>();
  const draw = (shown: Reaction[]) => (
    <ReactionChips
      reactions={shown}
      myUuid="me"
      name="Andrew"
      own={false}
      tabIndex={0}
      onToggle={onToggle}
      onMore={onMore}
    />
  );
  const { rerender, container } = render(draw(reactions));
  return { onToggle, onMore, container, update: (next: Reaction[]) => rerender(draw(next)) };
}

const both = { emoji: '👍', userUuids: ['me', 'other'] };
const mine = { emoji: '❤️', userUuids: ['me'] };
const theirs = { emoji: '😂', userUuids: ['other'] };
/** What is seen of each chip; the last adds a reaction. */
const chips = () =>
  screen
    .getAllByRole('button')
    .map((chip) => Array.from(chip.querySelectorAll('[aria-hidden=true]'), (part) => part.textContent).join(''));

describe('ReactionChips', () => {
  it('say who reacted with what, and mark the person’s own', () => {
    setUp([both, mine, theirs]);
    const chip = (name: string) => screen.getByRole('button', { name });
    expect(chip('You and Andrew reacted with 👍 thumbs up').getAttribute('aria-pressed')).toBe('true');
    expect(chip('You reacted with ❤️ red heart').getAttribute('aria-pressed')).toBe('true');
    expect(chip('Andrew reacted with 😂 face with tears of joy').getAttribute('aria-pressed')).toBe('false');
    expect(chips()).toEqual(['👍2', '❤️', '😂', '']);
  });

  it('add and remove the person’s own', async () => {
    const { onToggle, onMore } = setUp([both, theirs]);
    await userEvent.click(screen.getByRole('button', { name: /You and Andrew/ }));
    await userEvent.click(screen.getByRole('button', { name: /^Andrew/ }));
    await userEvent.click(screen.getByRole('button', { name: 'Add a reaction' }));
    expect(onToggle.mock.calls).toEqual([
      ['👍', false],
      ['😂', true],
    ]);
    expect(onMore).toHaveBeenCalledTimes(1);
  });

  it('keep their places when others are added and counts change', () => {
    const { update } = setUp([mine, theirs]);
    update([both, mine, { ...theirs, userUuids: ['me', 'other'] }]);
    expect(chips()).toEqual(['❤️', '😂2', '👍2', '']);
  });

  it('are absent without reactions', () => {
    expect(setUp([]).container.innerHTML).toBe('');
  });
});
