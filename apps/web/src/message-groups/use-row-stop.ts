import { type FocusEvent, type KeyboardEvent, useState } from 'react';
import { useParams } from 'wouter';
import { targetKey } from '../outbox/outbox-item.ts';
import { handleInPath } from '../ui/text.ts';
import type { ListRow } from './list-rows.ts';

/** The `uuid` of the open conversation's row, which may not be loaded. */
export function useOpenRow(): string | undefined {
  const { messageGroupUuid, handle } = useParams();
  return handle === undefined ? messageGroupUuid : targetKey({ handle: handleInPath(handle) });
}

/**
 * Makes the list one stop of Tab: the row that has the focus, otherwise the open one, otherwise the first. The arrow keys, Home and
 * End move among the rows.
 *
 * @returns the `uuid` of the row that is the stop, and the handlers of the list
 */
export function useRowStop(rows: readonly ListRow[]) {
  const open = useOpenRow();
  const [focused, setFocused] = useState<string>();
  const isListed = (uuid: string | undefined) => rows.some((row) => row.uuid === uuid);
  const stop = [focused, open].find(isListed) ?? rows[0]?.uuid;
  return {
    stop,
    handlers: {
      onFocus: ({ target }: FocusEvent) => setFocused(target.closest<HTMLElement>('[data-row]')?.dataset.row),
      onBlur({ currentTarget, relatedTarget }: FocusEvent) {
        if (!currentTarget.contains(relatedTarget)) setFocused(undefined);
      },
      onKeyDown(event: KeyboardEvent) {
        if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
        const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row] > a')];
        const index = links.indexOf(event.target as HTMLElement);
        const next = index === -1 ? undefined : links[rowAfter(event.key, index, links.length) ?? -1];
        if (next === undefined) return;
        event.preventDefault();
        next.focus();
      },
    },
  };
}

/** Where a key leads from a row of a list; `undefined` if nowhere. */
export function rowAfter(key: string, index: number, count: number): number | undefined {
  const moves: Record<string, number | undefined> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    Home: 0,
    End: count - 1,
  };
  const next = moves[key];
  return next === undefined ? undefined : Math.max(0, Math.min(next, count - 1));
}
