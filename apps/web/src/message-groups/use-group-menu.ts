import { type ComponentType, createContext, useContext } from 'react';
import type { GroupState } from '../cache/group-state.ts';
import type { PersonName } from '../trpc/types.ts';

/** What is open for one conversation. */
export interface GroupOverlay {
  kind: 'actions' | 'mute' | 'clear' | 'block' | 'report';
  row: GroupState & PersonName & { uuid: string };
  isUnread: boolean;
  /** What it opens next to, and where the focus goes back to. */
  anchor: HTMLElement;
  /** Where a menu opens instead: where the mouse was clicked. */
  at?: DOMRect | undefined;
  /** Where choices are drawn: next to the anchor, at the bottom of a touch screen, or in the panel of the open conversation. */
  place: 'menu' | 'sheet' | 'panel';
}

/** The dialog that reports a message of a conversation. */
export type ReportDialogPart = ComponentType<{ group: PersonName & { uuid: string }; onClose: () => void }>;

/** Opens what can be done with a conversation. It is always the same function, so that no row is rendered for it. */
export type OpenGroupMenu = (overlay: GroupOverlay, whenClosed?: () => void) => void;

export const GroupMenuContext = createContext<OpenGroupMenu>(() => undefined);

export const useGroupMenu = (): OpenGroupMenu => useContext(GroupMenuContext);
