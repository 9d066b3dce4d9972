import { Suspense, useState } from 'react';
import { t } from '../i18n/t.ts';
import { useShortcuts } from '../shortcuts/shortcuts.ts';
import { hasOpenLayer } from '../ui/browser.ts';
import { KeyHolder, lazyPart, usePreload } from '../ui/lazy-part.tsx';

const SearchBar = lazyPart(() => import('./search/search-bar.tsx'));
const PARTS = [SearchBar.preload];

/** Whether the search of a conversation is open. Opened again, it takes the focus; another conversation closes it. */
export function useThreadSearch(messageGroupUuid: string | undefined) {
  const [opened, setOpened] = useState<{ group: string; times: number; focused: Element | null }>();
  if (opened !== undefined && opened.group !== messageGroupUuid) setOpened(undefined);
  const open = () => {
    if (messageGroupUuid === undefined) return;
    // On a phone, the search hides the button that has opened it.
    const { activeElement } = document;
    setOpened(({ times, focused } = { group: '', times: 0, focused: activeElement }) => {
      return { group: messageGroupUuid, times: times + 1, focused };
    });
  };
  useShortcuts({
    search_thread: () => {
      // What is open above the page keeps the focus.
      if (!hasOpenLayer()) open();
    },
  });
  usePreload(PARTS);
  return { opened, open, close: () => setOpened(undefined) };
}

interface ThreadSearchProps {
  search: ReturnType<typeof useThreadSearch>;
  /** The other person. */
  name: string;
  onFocusLost: () => void;
}

/** The search above the thread. It keeps what is typed while its code loads. */
export function ThreadSearch({ search: { opened, close }, name, onFocusLost }: ThreadSearchProps) {
  // Not a ref: React may draw the search some time before it shows it, and must draw it again with what is typed until then.
  const [typedAhead, onText] = useState('');
  // What was typed ahead is for one opening.
  if (opened === undefined && typedAhead !== '') onText('');
  if (opened === undefined) return null;
  return (
    <Suspense fallback={<KeyHolder label={t('thread.search.loading')} onText={onText} onClose={close} />}>
      <SearchBar
        key={opened.group}
        messageGroupUuid={opened.group}
        opening={opened.times}
        focusedBefore={opened.focused}
        onClose={close}
        {...{ name, typedAhead, onFocusLost }}
      />
    </Suspense>
  );
}
