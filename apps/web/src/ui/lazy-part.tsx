import { type ComponentType, lazy, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { addTexts, importTexts, type TextSet, type TextsModule } from '../i18n/t.ts';
import { schedule } from './timers.ts';

type Module<P> = { default: ComponentType<P> };
type Load<P> = () => Promise<Module<P>>;

/** Delay before a failed load is tried again, in milliseconds. */
const RETRY_AFTER_MS = 1_000;
/** Long enough for the first thread to be rendered, in milliseconds. */
const PRELOAD_AFTER_MS = 3_000;

/**
 * React's `lazy`, except that preloaded code is rendered at once: `lazy` would show a fallback first, and keep it for 300 ms.
 * A failed load is tried once more; offline, when the network is back.
 *
 * @param texts - the set that the part needs besides the first one (`first`: no other). The part is rendered once both have loaded
 * @param retry - loads code that failed
 */
export function lazyPart<P extends object>(
  importPart: Load<P>,
  texts: TextSet = 'later',
  retry: (failure: unknown) => Promise<Module<P>> = importAgain,
) {
  let loaded: ComponentType<P> | undefined;
  const load: Load<P> = async () => {
    const loadTexts = importTexts(texts)
      .catch(importAgain<TextsModule>)
      .then(addTexts);
    const [part] = await Promise.all([importPart().catch(retry), loadTexts]);
    return part;
  };
  const newLazy = (): ComponentType<P> =>
    lazy(async () => {
      try {
        return await load().catch(() => untilRetry().then(load));
      } catch (failure) {
        // React keeps a failure for good. What is rendered later, such as after `Try again`, loads again.
        setTimeout(() => (Lazy = newLazy()), RETRY_AFTER_MS);
        throw failure;
      }
    });
  let Lazy = newLazy();
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each part, by its module
  function Part(props: P) {
    // Chosen once: React would remount a component that changes.
    const [Chosen] = useState<ComponentType<P>>(() => loaded ?? Lazy);
    return <Chosen {...props} />;
  }
  Part.preload = async () => {
    loaded = (await load()).default;
  };
  return Part;
}

/** Chromium remembers that an address failed, and requests it again only with another query. */
export function importAgain<M>(failure: unknown): Promise<M> {
  const address = /https?:\S+\.js/.exec(String(failure))?.[0];
  if (address === undefined) throw failure;
  return import(/* @vite-ignore */ `${address}?retry=${Date.now()}`);
}

function untilRetry(): Promise<unknown> {
  return new Promise((resolve) => {
    if (navigator.onLine) setTimeout(resolve, RETRY_AFTER_MS);
    else window.addEventListener('online', resolve, { once: true });
  });
}

/**
 * Preloads code once the page has been rendered, for use offline. A failed load is tried once more; offline, when the network is
 * back.
 *
 * @param loads - always the same array
 */
export function usePreload(loads: readonly (() => Promise<unknown>)[]): void {
  useEffect(() => {
    // Ignore failures: rendering the part loads it again.
    const preload = () =>
      loads.forEach(
        (load) =>
          void load()
            .catch(() => untilRetry().then(load))
            .catch(() => undefined),
      );
    return schedule(preload, PRELOAD_AFTER_MS);
  }, [loads]);
}

interface KeyHolderProps {
  label: string;
  onText: (text: string) => void;
  onClose: () => void;
}

/** Receives the keys while a dialog's code is loading. Otherwise they would be typed, and sent, in the open conversation. */
export function KeyHolder({ label, onText, onClose }: KeyHolderProps) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    field.current?.focus();
    // The dialog mounts in the same commit and later returns the focus to this element.
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <input
      ref={field}
      data-key-holder
      aria-label={label}
      className="sr-only"
      autoCapitalize="none"
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onText(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    />
  );
}
