import type { Message } from '../../trpc/types.ts';
import { useOverlay } from '../../ui/use-overlay.ts';
import type { BubbleRow } from '../thread-rows.ts';

/** What is open for one message. `anchor`: what it opens next to, and where the focus goes back to. */
export type Overlay = { anchor: HTMLElement } & (
  | { kind: 'menu' | 'sheet'; row: BubbleRow }
  | { kind: 'reactions' | 'picker' | 'delete' | 'history' | 'report'; message: Message }
  | { kind: 'conflict'; message: Message; changeId: string; mine: string }
);

export type Overlays = ReturnType<typeof useMessageOverlay>;

export const useMessageOverlay = useOverlay<Overlay>;
