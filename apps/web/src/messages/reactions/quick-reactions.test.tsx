// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MeContext } from '../../session/me-context.ts';
import { QuickReactions } from './quick-reactions.tsx';

afterEach(() => {
  cleanup();
  localStorage.clear();
});

function setUp(recent = '') {
  localStorage.setItem('cruddur:emoji:recent:me', recent);
  const onPick = vi.fn<(emoji: string, isOn: boolean) => void>();
  const onMore = vi.fn<() => void>();
  render(
    <MeContext value={{ uuid: 'me', handle: 'mae', displayName: 'Mae' }}>
      <QuickReactions message={{ reactions: [{ emoji: '❤️', userUuids: ['me'] }] }} onPick={onPick} onMore={onMore} />
    </MeContext>,
  );
  return { onPick, onMore };
}

const names = () => screen.getAllByRole('button').map((button) => button.getAttribute('aria-label'));

describe('QuickReactions', () => {
  it('have names, the recent ones first, and mark those that the person has', async () => {
    const { onPick } = setUp('🙏');
    expect(names()).toEqual([
      'folded hands',
      'thumbs up',
      'red heart',
      'face with tears of joy',
      'face with open mouth',
      'crying face',
      'More emoji',
    ]);
    await userEvent.click(screen.getByRole('button', { name: 'thumbs up' }));
    await userEvent.click(screen.getByRole('button', { name: 'red heart', pressed: true }));
    expect(onPick.mock.calls).toEqual([
      ['👍', true],
      ['❤️', false],
    ]);
  });

  it('are one stop for the Tab key, between which the arrow keys move', async () => {
    const { onPick, onMore } = setUp();
    await userEvent.keyboard('{Tab}{ArrowRight}{Enter}{End}{Enter}{ArrowRight}{Enter}{ArrowLeft}{Home}{Enter}{Tab}');
    expect(onPick.mock.calls.map(([emoji]) => emoji)).toEqual(['❤️', '👍', '👍']);
    expect(onMore).toHaveBeenCalledTimes(1);
    expect(document.activeElement).toBe(document.body);
  });
});
