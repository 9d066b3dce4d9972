import type { KeyboardEvent } from 'react';
import { readSingleKeys } from '../../shortcuts/shortcuts.ts';
import { isBubbleRow, type ThreadRow } from '../thread-rows.ts';
import { useMessageActions } from './message-actions-context.ts';
import { messageKeyAction } from './message-keys.ts';

/** Returns a key handler for the thread. It acts on the message that has the focus, and returns whether it did. */
export function useMessageKeys(rows: readonly ThreadRow[]): (event: KeyboardEvent) => boolean {
  const actions = useMessageActions();
  return (event) => {
    const { target } = event;
    const view = target instanceof HTMLElement ? target.closest<HTMLElement>('[data-view-key]') : null;
    const bubble = view?.querySelector<HTMLElement>('[data-key]');
    const row = rows.find(({ key }) => key === bubble?.dataset.key);
    if (!bubble || row === undefined || !isBubbleRow(row)) return false;
    const state = { singleKeys: readSingleKeys(), onMessage: target === bubble };
    const action = messageKeyAction(event.nativeEvent, state);
    if (action === null) return false;
    event.preventDefault();
    // The focus goes back to the message, also from a control in it.
    if (action === 'menu') actions.openOverlay({ kind: 'menu', row, anchor: bubble });
    else actions.act(action, row, bubble);
    return true;
  };
}
