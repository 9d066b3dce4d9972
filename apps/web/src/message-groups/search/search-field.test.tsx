// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Link } from 'wouter';
import { makeGroup } from '../../testing.ts';
import { PageRouter, useHistoryEntry } from '../../ui/page-router.tsx';
import type { Result } from './results.ts';
import { SearchField } from './search-field.tsx';
import { RESULTS_ID, useListSearch } from './use-list-search.ts';
import { useResultKeys } from './use-result-keys.ts';

beforeEach(() => {
  // jsdom has no layout.
  Element.prototype.scrollIntoView = vi.fn();
});
afterEach(cleanup);

const RESULTS: Result[] = ['a', 'b', 'c'].map((name, index) => ({
  kind: 'group',
  id: name,
  path: `/messages/${name}`,
  row: makeGroup(name, index),
}));

function Page({ isFirstCurrent = true, results = RESULTS }: { isFirstCurrent?: boolean; results?: Result[] }) {
  const search = useListSearch();
  return (
    <>
      <SearchField search={search} />
      {search.isOn ? <Results {...{ search, isFirstCurrent, results }} /> : null}
      <p>{useHistoryEntry().pathname}</p>
      <textarea aria-label="Message" />
    </>
  );
}

function Results(props: Parameters<typeof useResultKeys>[0]) {
  const activeId = useResultKeys(props);
  return (
    <div id={RESULTS_ID} role="listbox">
      {props.results.map(({ id, path }) => (
        <Link key={id} id={id} role="option" aria-selected={id === activeId} to={path}>
          {id}
        </Link>
      ))}
    </div>
  );
}

function show(props: Parameters<typeof Page>[0] = {}) {
  const page = (props: Parameters<typeof Page>[0]) => (
    <PageRouter>
      <Page {...props} />
    </PageRouter>
  );
  window.history.replaceState(null, '', '/messages/open');
  const { rerender } = render(page(props));
  return { user: userEvent.setup(), update: (next: Parameters<typeof Page>[0]) => rerender(page(next)) };
}

const field = () => screen.getByRole<HTMLInputElement>('combobox', { name: 'Search' });
const active = () => field().getAttribute('aria-activedescendant');

describe('the search field', () => {
  it('moves among the results with the arrow keys, Home and End, and opens one with Enter', async () => {
    const { user } = show();
    await user.type(field(), 'x');
    expect([active(), field().getAttribute('aria-expanded')]).toEqual(['a', 'true']);
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}');
    expect(active()).toBe('c');
    expect(screen.getByRole('option', { selected: true }).id).toBe('c');
    await user.keyboard('{ArrowUp}');
    expect(active()).toBe('b');
    await user.keyboard('{Home}');
    expect(active()).toBe('a');
    await user.keyboard('{End}{Enter}');
    screen.getByText('/messages/c');
    expect(field().value).toBe('x');
  });

  it('begins at the first result again when the text changes', async () => {
    const { user } = show();
    await user.type(field(), 'x{ArrowDown}');
    expect(active()).toBe('b');
    await user.type(field(), 'y');
    expect(active()).toBe('a');
  });

  it('opens on Enter the first result of the text as it is, also if it comes later', async () => {
    const { user, update } = show({ isFirstCurrent: false });
    await user.type(field(), 'x{Enter}');
    expect(active()).toBeNull();
    screen.getByText('/messages/open');
    update({ isFirstCurrent: true });
    screen.getByText('/messages/a');
  });

  it('forgets Enter if nothing was found, or the text has changed', async () => {
    const { user, update } = show({ isFirstCurrent: false });
    await user.type(field(), 'x{Enter}y');
    update({ isFirstCurrent: true });
    screen.getByText('/messages/open');

    update({ isFirstCurrent: false, results: [] });
    await user.type(field(), 'z{Enter}');
    update({ isFirstCurrent: true, results: [] });
    update({ isFirstCurrent: true });
    screen.getByText('/messages/open');
  });

  it.each(['{Escape}', 'the button'])('empties with %s, and returns to where one was', async (way) => {
    const { user } = show();
    await user.click(screen.getByLabelText('Message'));
    await user.click(field());
    await user.keyboard('x{Enter}');
    screen.getByText('/messages/a');
    if (way === 'the button') await user.click(screen.getByRole('button', { name: 'Clear search' }));
    else await user.type(field(), way, { skipClick: true });
    screen.getByText('/messages/open');
    expect(field().value).toBe('');
    expect(field().getAttribute('aria-expanded')).toBe('false');
    expect(document.activeElement).toBe(screen.getByLabelText('Message'));
  });

  it('keeps the focus when it is emptied with its button and the focus was nowhere before', async () => {
    const { user } = show();
    await user.click(field());
    await user.keyboard('x{Tab}{Enter}');
    expect(field().value).toBe('');
    expect(document.activeElement).toBe(field());
  });

  it('stays where one is if the text is deleted', async () => {
    const { user } = show();
    await user.type(field(), 'x{Enter}{Backspace}');
    screen.getByText('/messages/a');
    expect(screen.queryByRole('button', { name: 'Clear search' })).toBeNull();
  });

  it('leaves the keys of an input method alone', async () => {
    const { user } = show();
    await user.type(field(), 'x');
    for (const key of ['Enter', 'ArrowDown', 'Escape']) fireEvent.keyDown(field(), { key, keyCode: 229 });
    expect([active(), field().value]).toEqual(['a', 'x']);
    screen.getByText('/messages/open');
  });

  it('cuts what the server does not take', () => {
    show();
    fireEvent.change(field(), { target: { value: '😀'.repeat(101) } });
    expect(field().value).toBe('😀'.repeat(100));
  });
});
