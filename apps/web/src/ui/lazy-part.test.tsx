// @vitest-environment jsdom
import { act, cleanup, render, renderHook, screen } from '@testing-library/react';
import { type ReactNode, Suspense } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as texts from '../i18n/t.ts';
import { lazyPart, usePreload } from './lazy-part.tsx';
import { useLoaded } from './use-loaded.ts';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const makePage = () => lazyPart(async () => ({ default: ({ name }: { name: string }) => <p>Page of {name}</p> }));
const inSuspense = (page: ReactNode) => <Suspense fallback={<p>Loading</p>}>{page}</Suspense>;

describe('lazyPart', () => {
  it('renders a page at once if its code is loaded', async () => {
    const Page = makePage();
    await Page.preload();
    render(inSuspense(<Page name="Mae" />));
    expect(screen.getByText('Page of Mae')).toBeTruthy();
  });

  it('loads the code itself if it is rendered before that', async () => {
    const Page = makePage();
    render(inSuspense(<Page name="Mae" />));
    expect(screen.getByText('Loading')).toBeTruthy();
    expect(await screen.findByText('Page of Mae')).toBeTruthy();
  });

  it('retries a load that failed once, and fails if that fails too', async () => {
    vi.useFakeTimers();
    const page = { default: () => <p>Page</p> };
    const load = vi.fn<() => Promise<typeof page>>().mockRejectedValueOnce(new Error('no network'));
    const Page = lazyPart(load.mockResolvedValueOnce(page));
    render(inSuspense(<Page />));
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    expect(screen.getByText('Page')).toBeTruthy();

    const Missing = lazyPart(load.mockRejectedValue(new Error('not there')));
    render(<ErrorBoundary fallback={<p>Did not load</p>}>{inSuspense(<Missing />)}</ErrorBoundary>);
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    expect(screen.getByText('Did not load')).toBeTruthy();
    expect(load).toHaveBeenCalledTimes(4);
  });

  it('is rendered once its texts have loaded, too, which are tried again', async () => {
    vi.useFakeTimers();
    vi.spyOn(texts, 'importTexts')
      .mockRejectedValueOnce(new Error('no network'))
      .mockResolvedValueOnce({ texts: { 'time.now': 'this very moment' } });
    const Page = lazyPart(async () => ({ default: () => <p>{texts.t('time.now')}</p> }), 'auth');
    render(inSuspense(<Page />));
    await act(() => vi.advanceTimersByTimeAsync(999));
    expect(screen.getByText('Loading')).toBeTruthy();
    await act(() => vi.advanceTimersByTimeAsync(1));
    expect(screen.getByText('this very moment')).toBeTruthy();
    expect(texts.importTexts).toHaveBeenCalledWith('auth');
    await texts.loadLanguage('en');
  });

  it('loads again what failed for good when it is rendered again', async () => {
    vi.useFakeTimers();
    const load = vi.fn<() => Promise<{ default: () => ReactNode }>>().mockRejectedValueOnce(new Error('no network'));
    const Page = lazyPart(load.mockRejectedValueOnce(new Error('no network')));
    const again = ({ resetErrorBoundary }: { resetErrorBoundary: () => void }) => (
      <button type="button" onClick={resetErrorBoundary}>
        Again
      </button>
    );
    render(<ErrorBoundary fallbackRender={again}>{inSuspense(<Page />)}</ErrorBoundary>);
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    load.mockResolvedValueOnce({ default: () => <p>Page</p> });
    await act(async () => screen.getByText('Again').click());
    expect(screen.getByText('Page')).toBeTruthy();
  });

  it('waits for the network while offline', async () => {
    const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    const load = vi.fn<() => Promise<{ default: () => ReactNode }>>().mockRejectedValueOnce(new Error('no network'));
    const Page = lazyPart(load.mockResolvedValueOnce({ default: () => <p>Page</p> }));
    render(inSuspense(<Page />));
    await expect.poll(() => load.mock.calls.length).toBe(1);
    await act(async () => {
      online.mockReturnValue(true);
      window.dispatchEvent(new Event('online'));
    });
    expect(await screen.findByText('Page')).toBeTruthy();
  });

  it('keeps the rendered page when its code is preloaded afterwards', async () => {
    const Page = makePage();
    const { rerender } = render(inSuspense(<Page name="Mae" />));
    const drawn = await screen.findByText('Page of Mae');
    await Page.preload();
    rerender(inSuspense(<Page name="Ana" />));
    expect(screen.getByText('Page of Ana')).toBe(drawn);
  });
});

describe('useLoaded', () => {
  it('tries to load code until it is there', async () => {
    vi.useFakeTimers();
    const load = vi.fn<() => Promise<{ default: () => ReactNode }>>().mockRejectedValue(new Error('no network'));
    const Part = lazyPart(load);
    const { result } = renderHook(() => useLoaded(Part));
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(result.current).toBe(false);
    load.mockResolvedValue({ default: () => <p>Part</p> });
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(result.current).toBe(true);
    render(<Part />);
    expect(screen.getByText('Part')).toBeTruthy();
  });
});

describe('usePreload', () => {
  it('loads code once the page has been rendered, so that the part is rendered at once', async () => {
    vi.useFakeTimers();
    const Part = lazyPart(async () => ({ default: () => <p>Part</p> }));
    const loads = [Part.preload];
    renderHook(() => usePreload(loads));
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    render(inSuspense(<Part />));
    expect(screen.getByText('Part')).toBeTruthy();
  });

  it('tries a load that failed offline once more when the network is back', async () => {
    vi.useFakeTimers();
    const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    const load = vi.fn<() => Promise<void>>().mockRejectedValue(new Error('no network'));
    const loads = [load];
    renderHook(() => usePreload(loads));
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(load).toHaveBeenCalledTimes(1);
    onLine.mockReturnValue(true);
    for (let times = 0; times < 2; times++) await act(async () => void window.dispatchEvent(new Event('online')));
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(load).toHaveBeenCalledTimes(2);
  });
});
