// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { Link, Redirect, Route, Switch, useParams } from 'wouter';
import { navigate, PageRouter, useHistoryEntry } from './page-router.tsx';

afterEach(cleanup);

function Page() {
  const { handle } = useParams();
  const { pathname, state, isRestored } = useHistoryEntry();
  return (
    <>
      <p role="status">{JSON.stringify([pathname, handle, state, isRestored])}</p>
      <Link to="/with/here?a=1">Same page</Link>
    </>
  );
}

function show(path: string) {
  window.history.pushState(null, '', path);
  render(
    <PageRouter>
      <Switch>
        <Route path="/">
          <Redirect to="/with/here" replace state="redirected" />
        </Route>
        <Route path="/with/:handle">
          <Page />
        </Route>
      </Switch>
    </PageRouter>,
  );
  return () => JSON.parse(screen.getByRole('status').textContent ?? '') as unknown[];
}

it('follows a redirect of the first render', () => {
  expect(show('/')()).toEqual(['/with/here', 'here', 'redirected', false]);
});

it('keeps parameters as they are in the address', () => {
  for (const segment of ['%40..', '50%25', '%2540', '100%', 'a%2Fb', '%C3%85sa']) {
    expect(show(`/with/${segment}`)().slice(0, 2)).toEqual([`/with/${segment}`, segment]);
    cleanup();
  }
});

it('says whether back and forward have led to an entry, and what it was given', async () => {
  const shown = show('/with/here');
  expect(shown()).toEqual(['/with/here', 'here', null, true]);
  act(() => navigate('/with/there', { state: { from: 1 } }));
  expect(shown()).toEqual(['/with/there', 'there', { from: 1 }, false]);
  act(() => navigate('/with/last'));
  await act(async () => {
    const isBack = new Promise((resolve) => window.addEventListener('popstate', resolve, { once: true }));
    window.history.back();
    await isBack;
  });
  expect(shown()).toEqual(['/with/there', 'there', { from: 1 }, true]);
});

it('adds no entry for a link to the page as it is, but has another key, so that the link is followed', () => {
  show('/with/here');
  fireEvent.click(screen.getByRole('link'));
  const { length, state } = window.history;
  fireEvent.click(screen.getByRole('link'));
  expect(window.history.length).toBe(length);
  expect(window.history.state.key).not.toBe(state.key);
});
