import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { ListRow } from './list-rows.ts';

/**
 * Keeps the focus in the list: if the row that has it leaves, the row that takes its place gets it, or the filter if there
 * is none. Returns the ref of the pane with filter and list.
 */
export function useRowFocus(rows: readonly ListRow[]): RefObject<HTMLDivElement | null> {
  const pane = useRef<HTMLDivElement>(null);
  const focused = useRef<{ uuid: string; index: number }>(null);
  const shown = useRef(rows);
  useLayoutEffect(() => {
    shown.current = rows;
    const { uuid, index } = focused.current ?? {};
    if (index === undefined || document.activeElement !== document.body || rows.some((row) => row.uuid === uuid))
      return;
    const links = pane.current?.querySelectorAll<HTMLElement>('[data-row] > a') ?? [];
    const next = links[Math.min(index, links.length - 1)] ?? pane.current?.querySelector<HTMLElement>(':checked');
    next?.focus();
  }, [rows]);
  useEffect(() => {
    const onFocusIn = ({ target }: FocusEvent) => {
      const uuid = target instanceof Element ? target.closest<HTMLElement>('[data-row]')?.dataset.row : undefined;
      const index = shown.current.findIndex((row) => row.uuid === uuid);
      focused.current = uuid === undefined ? null : { uuid, index };
    };
    document.addEventListener('focusin', onFocusIn);
    return () => document.removeEventListener('focusin', onFocusIn);
  }, []);
  return pane;
}
