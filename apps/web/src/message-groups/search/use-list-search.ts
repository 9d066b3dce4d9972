import { type FocusEvent, type KeyboardEvent, type RefObject, useCallback, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { cutQuery } from '../../search/cut-query.ts';
import { type HistoryEntry, navigate, useHistoryEntry } from '../../ui/page-router.tsx';

/** The `id` of the search field. */
const FIELD_ID = 'list-search';
/** The `id` of the list of results. */
export const RESULTS_ID = 'list-search-results';

/** For the shortcut. Selects the text, so that typing begins another search. */
export function focusListSearch(): void {
  const field = document.getElementById(FIELD_ID);
  if (!(field instanceof HTMLInputElement)) return;
  field.focus();
  field.select();
}

/** Where the person was when they began to search. */
interface Origin {
  entry: HistoryEntry;
  focus: Element | null;
}

/** What the field says about the results. */
export interface ShownResults {
  hasResults: boolean;
  /** The `id` of the highlighted one. */
  activeId: string | undefined;
}

const NONE: ShownResults = { hasResults: false, activeId: undefined };

export interface ListSearch {
  query: string;
  /** There is something to search for. */
  isOn: boolean;
  type: (text: string) => void;
  /** Empties the field, and returns to where the person was. */
  end: () => void;
  shown: ShownResults;
  setShown: (shown: ShownResults) => void;
  fieldProps: { id: string; ref: RefObject<HTMLInputElement | null>; onFocus: (event: FocusEvent) => void };
  /** For the keys that move among the results. */
  onResultKey: KeyListener;
  /** Returns a function that stops listening. */
  listenForKeys: (listener: KeyListener) => () => void;
}

type KeyListener = (event: KeyboardEvent) => void;

/** What is typed into the field above the list, and the way back. */
export function useListSearch(): ListSearch {
  const [query, setQuery] = useState('');
  const [shown, setShown] = useState(NONE);
  const entry = useHistoryEntry();
  const ref = useRef<HTMLInputElement>(null);
  const keyListener = useRef<KeyListener>(null);
  const focusBefore = useRef<Element>(null);
  const origin = useRef<Origin>(null);

  return {
    query,
    isOn: query.trim() !== '',
    type(text) {
      origin.current ??= { entry, focus: focusBefore.current };
      if (text === '') origin.current = null;
      setQuery(cutQuery(text));
    },
    end() {
      const { entry: before, focus = focusBefore.current } = origin.current ?? {};
      origin.current = null;
      const hadFocus = ref.current?.closest('search')?.contains(document.activeElement);
      // The list must be there before it can get the focus.
      flushSync(() => setQuery(''));
      if (before && before.pathname !== entry.pathname) {
        navigate(before.pathname + before.search, { state: before.state });
      }
      if (focus instanceof HTMLElement && focus.isConnected) focus.focus();
      // The button that was pressed is gone.
      if (hadFocus && document.activeElement === document.body) ref.current?.focus();
    },
    shown,
    setShown,
    fieldProps: {
      id: FIELD_ID,
      ref,
      onFocus({ relatedTarget }) {
        // Not the button that clears the field.
        if (relatedTarget?.closest('search') == null) focusBefore.current = relatedTarget;
      },
    },
    onResultKey: (event) => keyListener.current?.(event),
    listenForKeys: useCallback((listener) => {
      keyListener.current = listener;
      return () => {
        keyListener.current = null;
      };
    }, []),
  };
}
