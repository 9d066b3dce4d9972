// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { type ReactNode, useState } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OutboxContext } from '../../outbox/outbox-context.ts';
import { MeContext } from '../../session/me-context.ts';
import { makeMessage, makeOutboxValue } from '../../testing.ts';
import { TestApi } from '../../testing-api.tsx';
import { ThreadSearch, type useThreadSearch } from '../thread-search.tsx';
import { createThreadSearchLink, ThreadSearchContext } from '../thread-search-context.ts';

const ANDREW = { uuid: 'andrew', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const BAYKO = { uuid: 'bayko-uuid', handle: 'bayko', displayName: 'Andrew Bayko' };

let refusal: { reason: string } | null = null;

beforeEach(() => {
  refusal = null;
  // jsdom has no highlights.
  vi.stubGlobal('CSS', { escape: String });
  vi.stubGlobal('fetch', async (url: string) => {
    const inputs = Object.values(JSON.parse(new URL(url, 'http://page').searchParams.get('input') ?? '{}'));
    return Response.json(inputs.map(answer));
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function answer() {
  if (refusal) return { error: { message: 'no', code: -32600, data: refusal } };
  const message = makeMessage(1, { message: 'Tea at one' });
  return { result: { data: { items: [{ message, person: BAYKO, ranges: [] }], nextCursor: null } } };
}

/** A page with a thread, or without one, in which the search can be opened. */
function Page({ hasThread = true }) {
  const [opened, setOpened] = useState<ReturnType<typeof useThreadSearch>['opened']>();
  const open = () => {
    const focused = opened?.focused ?? document.activeElement;
    setOpened({ group: 'group', times: (opened?.times ?? 0) + 1, focused });
  };
  return (
    <div>
      <button type="button" onClick={open}>
        Search
      </button>
      <ThreadSearch
        search={{ opened, open, close: () => setOpened(undefined) }}
        name="Andrew Bayko"
        onFocusLost={() => screen.getByLabelText('Message').focus()}
      />
      {hasThread ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: as in the page
        <div role="log" aria-label="Thread" tabIndex={0} />
      ) : null}
      <textarea aria-label="Message" />
    </div>
  );
}

const outbox = makeOutboxValue();

function show(page: ReactNode) {
  const link = createThreadSearchLink();
  const toPlace = vi.fn();
  const toEnd = vi.fn();
  const focusMessage = vi.fn();
  const wrapped = (page: ReactNode) => (
    <TestApi>
      <MeContext value={ANDREW}>
        <OutboxContext value={outbox}>
          <ThreadSearchContext value={link}>{page}</ThreadSearchContext>
        </OutboxContext>
      </MeContext>
    </TestApi>
  );
  const { rerender } = render(wrapped(page));
  const setThread = () => {
    const scroller = screen.queryByRole('log');
    link.setThread(scroller && { scroller, rows: [], isAtEnd: () => true, toPlace, toEnd, focusMessage });
  };
  setThread();
  return {
    toPlace,
    toEnd,
    user: userEvent.setup(),
    update: (page: ReactNode) => {
      rerender(wrapped(page));
      setThread();
    },
  };
}

const field = () => screen.getByRole<HTMLInputElement>('searchbox');

async function open(user: UserEvent): Promise<void> {
  await user.click(screen.getByText('Search'));
  await screen.findByRole('searchbox');
}

it('has the focus, and goes on with what was typed while its code was loading: once', async () => {
  const { user } = show(<Page />);
  fireEvent.click(screen.getByText('Search'));
  fireEvent.change(screen.getByLabelText('Loading the search'), { target: { value: 'te' } });
  await screen.findByRole('searchbox');
  expect(document.activeElement).toBe(field());
  await user.keyboard('a');
  expect(field().value).toBe('tea');
  await user.keyboard('{Escape}');
  await open(user);
  expect(field().value).toBe('');
});

it('leads back with the focus where it was, and to the end of the thread after a walk', async () => {
  const { user, toPlace, toEnd } = show(<Page />);
  await open(user);
  await user.keyboard('tea');
  await screen.findByText('1 of 1');
  expect(toPlace).toHaveBeenCalledWith(expect.objectContaining({ kind: 'hit', uuid: 'message-1' }));
  fireEvent.keyDown(field(), { key: 'Escape', keyCode: 229 });
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('searchbox')).toBeNull();
  expect(toEnd).toHaveBeenCalledTimes(1);
  expect(document.activeElement).toBe(screen.getByText('Search'));
});

it('leads back to where the reader is when they ask for it again from elsewhere', async () => {
  const { user, toEnd } = show(<Page />);
  await open(user);
  await user.keyboard('tea');
  await screen.findByText('1 of 1');
  await user.click(screen.getByRole('log'));
  await user.click(screen.getByText('Search'));
  expect(document.activeElement).toBe(field());
  await user.keyboard('{Escape}');
  expect(toEnd).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(screen.getByText('Search'));
});

it('never leaves the focus nowhere', async () => {
  const { user, update } = show(<Page />);
  await open(user);
  // Elsewhere, and back, without a hit.
  await user.click(screen.getByRole('log'));
  await user.click(field());
  await user.keyboard('{Escape}');
  expect(document.activeElement).toBe(screen.getByRole('log'));

  await open(user);
  await user.click(screen.getByRole('log'));
  await user.click(field());
  // The conversation was cleared.
  update(<Page hasThread={false} />);
  await user.keyboard('{Escape}');
  expect(document.activeElement).toBe(screen.getByLabelText('Message'));
});

it('says why it could not search, and searches again', async () => {
  refusal = { reason: 'rate_limited' };
  const { user } = show(<Page />);
  await open(user);
  await user.keyboard('tea');
  await screen.findByText(/Couldn’t search. You’re doing that too fast/);
  refusal = null;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('1 of 1');
  expect(document.activeElement).toBe(field());
});
