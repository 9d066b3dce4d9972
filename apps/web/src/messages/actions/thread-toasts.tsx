import { t } from '../../i18n/t.ts';
import { ToastBox, Toasts } from '../../ui/toasts.tsx';
import { focusMessage } from './focus-message.ts';
import { useMessageActions } from './message-actions-context.ts';
import { useUndoableDeletions } from './use-undoable-deletions.ts';

/** Toasts above the composer, and deletions that can be undone. */
export function ThreadToasts({ onFocusLost }: { onFocusLost: () => void }) {
  const { changes } = useMessageActions();
  const deletions = useUndoableDeletions();
  const undo = (messageUuid: string) => {
    changes.undoDelete(messageUuid);
    focusMessage(messageUuid);
  };
  return (
    <Toasts isAtTopOfPhone onFocusLost={onFocusLost}>
      {deletions.items.map((item) => (
        <ToastBox
          key={item.id}
          words={t('actions.deletion.done')}
          onUndo={() => undo(item.messageUuid)}
          onClose={() => deletions.dismiss(item)}
          onFocusLost={onFocusLost}
        />
      ))}
    </Toasts>
  );
}
