import { type ReactNode, type RefObject, Suspense, useContext, useMemo } from 'react';
import { useDrafts } from '../../outbox/outbox-context.ts';
import { useMessageChanges } from '../../outbox/use-message-changes.ts';
import { useMyself } from '../../session/me-context.ts';
import { lazyPart, usePreload } from '../../ui/lazy-part.tsx';
import { ClockContext } from '../../ui/timers.ts';
import { useToasts } from '../../ui/use-toasts.ts';
import type { MessageAction } from './allowed-actions.ts';
import { createMessageActions, type MessageActions } from './message-actions.ts';
import { MessageActionsContext } from './message-actions-context.ts';
import { EditingContext, useEditingState } from './use-editing.ts';
import { type Overlay, type Overlays, useMessageOverlay } from './use-overlay.ts';

const MessageOverlay = lazyPart(() => import('./message-overlay.tsx'));
const OVERLAY = [MessageOverlay.preload];

interface MessageActionsProviderProps {
  field: RefObject<HTMLTextAreaElement | null>;
  /** Called when something closes and what it was opened from is gone. */
  onFocusLost: () => void;
  children: ReactNode;
}

/** Provides what a person can do with the messages of a conversation, and draws what is open for one of them. */
export function MessageActionsProvider({ field, onFocusLost, children }: MessageActionsProviderProps) {
  usePreload(OVERLAY);
  const { show: toast } = useToasts();
  const overlays = useMessageOverlay(onFocusLost);
  const editing = useEditingState(field);
  const { open: openOverlay } = overlays;
  const { start: startEditing, leave: leaveEditing, focus: focusField } = editing;
  const myUuid = useMyself().uuid;
  const now = useContext(ClockContext);
  const drafts = useDrafts();
  const changes = useMessageChanges();
  const actions = useMemo(
    () =>
      createMessageActions({
        myUuid,
        now,
        changes,
        drafts,
        toast,
        openOverlay,
        startEditing,
        leaveEditing,
        focusField,
      }),
    [myUuid, now, changes, drafts, toast, openOverlay, startEditing, leaveEditing, focusField],
  );
  return (
    <MessageActionsContext value={actions}>
      <EditingContext value={editing}>
        {children}
        {overlays.overlay ? (
          <Suspense>
            <OpenOverlay overlay={overlays.overlay} close={overlays.close} actions={actions} />
          </Suspense>
        ) : null}
      </EditingContext>
    </MessageActionsContext>
  );
}

interface OpenOverlayProps {
  overlay: Overlay;
  close: Overlays['close'];
  actions: MessageActions;
}

/** Closes what is open before it does what was chosen. */
function OpenOverlay({ overlay, close, actions }: OpenOverlayProps) {
  const closeThen = (act: () => void) => {
    close(overlay);
    act();
  };
  const { anchor } = overlay;
  const message = 'message' in overlay ? overlay.message : overlay.row.message;
  return (
    <MessageOverlay
      key={overlay.kind}
      overlay={overlay}
      onAction={(action: MessageAction) =>
        closeThen(() => 'row' in overlay && actions.act(action, overlay.row, anchor))
      }
      onReact={(emoji, isOn) => closeThen(() => message && actions.react(message, emoji, isOn))}
      onMoreReactions={() => closeThen(() => message && actions.openOverlay({ kind: 'picker', message, anchor }))}
      onDelete={() => closeThen(() => message && actions.deleteMessage(message))}
      onResolve={(current) => closeThen(() => overlay.kind === 'conflict' && actions.resolveConflict(overlay, current))}
      onClose={() => close(overlay)}
    />
  );
}
