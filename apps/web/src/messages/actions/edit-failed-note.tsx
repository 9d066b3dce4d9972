import { excerptOf } from '@cruddur/config';
import { t } from '../../i18n/t.ts';
import type { ShownChange } from '../../outbox/apply-changes.ts';
import { reasonWords } from '../../trpc/reason-words.ts';
import type { Message } from '../../trpc/types.ts';
import { TextButton } from '../../ui/button.tsx';
import { useMessageActions } from './message-actions-context.ts';

interface EditFailedNoteProps {
  message: Message;
  change: Extract<ShownChange, { kind: 'edit' }>;
  /** Called when the note disappears, to move the focus. */
  onGone: () => void;
}

/** Below a bubble: why its edit was not saved. The text is kept until the person decides. */
export default function EditFailedNote({ message, change, onGone }: EditFailedNoteProps) {
  const actions = useMessageActions();
  const { id, state, text, failure } = change;
  if (failure === null) return null;
  const isPending = state === 'pending';
  const words = t(isPending ? 'actions.editNotSavedYet' : 'actions.editNotSaved', {
    reason: reasonWords(failure.reason),
  });
  return (
    <div className="mt-1 flex flex-col items-end text-end text-sm text-danger">
      <p>{words}</p>
      {isPending ? null : (
        <p dir="auto" className="line-clamp-2 max-w-full text-muted">
          {t('actions.quoted', { text: excerptOf(text) })}
        </p>
      )}
      <p className="flex flex-wrap justify-end gap-x-4">
        {state === 'conflict' ? (
          <TextButton
            onClick={({ currentTarget: anchor }) =>
              actions.openOverlay({ kind: 'conflict', message, changeId: id, mine: text, anchor })
            }
          >
            {t('actions.compare')}
          </TextButton>
        ) : (
          <TextButton onClick={() => actions.changes.retry(id)}>{t('actions.tryAgain')}</TextButton>
        )}
        <TextButton onClick={() => void actions.copyAndConfirm(text, t('actions.copied'))}>
          {t('actions.copy')}
        </TextButton>
        <TextButton
          onClick={() => {
            actions.changes.discard(id);
            onGone();
          }}
        >
          {t('actions.discard')}
        </TextButton>
      </p>
    </div>
  );
}
