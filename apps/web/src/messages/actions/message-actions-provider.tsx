import { type ReactNode, type RefObject, Suspense, useContext, useEffect, useMemo } from 'react';
import { useDrafts } from '../../outbox/outbox-context.ts';
import { type MessageChanges, useChangeNotices, useMessageChanges } from '../../outbox/use-message-changes.ts';
import { useMyself } from '../../session/me-context.ts';
import { reasonWords } from '../../trpc/reason-words.ts';
import { lazyPart, usePreload } from '../../ui/lazy-part.tsx';
import { ClockContext } from '../../ui/timers.ts';
import { type Toast, ToastsContext, useToastsState } from '../../ui/use-toasts.ts';
import type { MessageAction } from './allowed-actions.ts';
import { createMessageActions, type MessageActions } from './message-actions.ts';
import { MessageActionsContext } from './message-actions-context.ts';
import { EditingContext, useEditingState } from './use-editing.ts';
import { type Overlay, type Overlays, useMessageOverlay } from './use-overlay.ts';

const MessageOverlay = lazyPart(() => import('./message-overlay.tsx'));
const OVERLAY = [MessageOverlay.preload];

interface MessageActionsProviderProps {
  field: RefObject<HTMLTextAreaElement | null>;
  children: ReactNode;
}

/** Provides what a person can do with the messages of a conversation, and draws what is open for one of them. */
export function MessageActionsProvider({ field, children }: MessageActionsProviderProps) {
  usePreload(OVERLAY);
  const toasts = useToastsState();
  const overlays = useMessageOverlay();
  const editing = useEditingState(field);
  const { show: toast } = toasts;
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
  useNotices(changes, toast);
  return (
    <MessageActionsContext value={actions}>
      <EditingContext value={editing}>
        <ToastsContext value={toasts}>
          {children}
          {overlays.overlay ? (
            <Suspense>
              <OpenOverlay overlay={overlays.overlay} close={overlays.close} actions={actions} />
            </Suspense>
          ) : null}
        </ToastsContext>
      </EditingContext>
    </MessageActionsContext>
  );
}

const NOTICE_WORDS = {
  reaction: 'Your reaction was not saved.',
  deletion: 'Your message was not deleted.',
  edit: 'Your edit was not saved.',
} as const;

/** Shows once why a change was rolled back. */
function useNotices({ discard }: MessageChanges, toast: (toast: Toast) => void): void {
  const notices = useChangeNotices();
  useEffect(() => {
    for (const { id, kind, reason } of notices) {
      toast({ id, words: `${NOTICE_WORDS[kind]} ${reasonWords(reason)}` });
      discard(id);
    }
  }, [notices, discard, toast]);
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
