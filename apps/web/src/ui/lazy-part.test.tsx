// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import { type ReactNode, Suspense } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { lazyPage, lazyPart, preloadPartsWhenIdle } from './lazy-part.ts';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const makePage = () => lazyPage(async () => ({ default: ({ name }: { name: string }) => <p>Page of {name}</p> }));
const inSuspense = (page: ReactNode) => <Suspense fallback={<p>Loading</p>}>{page}</Suspense>;

describe('lazyPage', () => {
  it('renders a page at once if its code is loaded', async () => {
    const Page = makePage();
    await Page.load();
    render(inSuspense(<Page name="Mae" />));
    expect(screen.getByText('Page of Mae')).toBeTruthy();
  });

  it('loads the code itself if it is rendered before that', async () => {
    const Page = makePage();
    render(inSuspense(<Page name="Mae" />));
    expect(screen.getByText('Loading')).toBeTruthy();
    expect(await screen.findByText('Page of Mae')).toBeTruthy();
  });

  it('retries a load that failed once, and gives up if it fails again', async () => {
    vi.useFakeTimers();
    const page = { default: () => <p>Page</p> };
    const load = vi.fn<() => Promise<typeof page>>().mockRejectedValueOnce(new Error('no network'));
    const Page = lazyPage(load.mockResolvedValueOnce(page));
    render(inSuspense(<Page />));
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    expect(screen.getByText('Page')).toBeTruthy();

    const Missing = lazyPage(load.mockRejectedValue(new Error('not there')));
    render(<ErrorBoundary fallback={<p>Did not load</p>}>{inSuspense(<Missing />)}</ErrorBoundary>);
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    expect(screen.getByText('Did not load')).toBeTruthy();
    expect(load).toHaveBeenCalledTimes(4);
  });

  it('waits for the network while offline', async () => {
    const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    const load = vi.fn<() => Promise<{ default: () => ReactNode }>>().mockRejectedValueOnce(new Error('no network'));
    const Page = lazyPage(load.mockResolvedValueOnce({ default: () => <p>Page</p> }));
    render(inSuspense(<Page />));
    await expect.poll(() => load.mock.calls.length).toBe(1);
    await act(async () => {
      online.mockReturnValue(true);
      window.dispatchEvent(new Event('online'));
    });
    expect(await screen.findByText('Page')).toBeTruthy();
  });

  it('keeps the rendered page when its code is loaded again', async () => {
    const Page = makePage();
    const { rerender } = render(inSuspense(<Page name="Mae" />));
    const drawn = await screen.findByText('Page of Mae');
    await Page.load();
    rerender(inSuspense(<Page name="Ana" />));
    expect(screen.getByText('Page of Ana')).toBe(drawn);
  });
});

describe('lazyPart', () => {
  it('renders a part at once that was loaded while the page was idle', async () => {
    vi.useFakeTimers();
    const Part = lazyPart(async () => ({ default: () => <p>Part</p> }));
    const stop = preloadPartsWhenIdle();
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    stop();
    render(inSuspense(<Part />));
    expect(screen.getByText('Part')).toBeTruthy();
  });
});
