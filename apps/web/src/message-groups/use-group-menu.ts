import { createContext, useContext } from 'react';
import type { ListRow } from './list-rows.ts';

/** What is open for one conversation of the list. */
export interface GroupOverlay {
  kind: 'actions' | 'mute' | 'clear' | 'block' | 'report';
  row: ListRow;
  isUnread: boolean;
  /** What it opens next to, and where the focus goes back to. */
  anchor: HTMLElement;
  /** Where a menu opens instead: where the mouse was clicked. */
  at?: DOMRect | undefined;
  /** At the bottom of the screen, for touch. */
  isSheet: boolean;
}

/** Opens what can be done with a conversation. It is always the same function, so that no row is rendered for it. */
export type OpenGroupMenu = (overlay: GroupOverlay, whenClosed?: () => void) => void;

export const GroupMenuContext = createContext<OpenGroupMenu>(() => undefined);

export const useGroupMenu = (): OpenGroupMenu => useContext(GroupMenuContext);
