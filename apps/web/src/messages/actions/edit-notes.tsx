import { excerptOf } from '@cruddur/config';
import { t } from '../../i18n/t.ts';
import type { ShownChange } from '../../outbox/apply-changes.ts';
import { formatClock, formatFull } from '../../time/format-time.ts';
import { reasonWords } from '../../trpc/reason-words.ts';
import type { Message } from '../../trpc/types.ts';
import { TextButton } from '../../ui/button.tsx';
import { fillIn } from '../../ui/fill-in.tsx';
import { useMessageActions } from './message-actions-context.ts';

interface EditedNoteProps {
  editedAt: string;
  tabIndex: number;
  /** Shows the earlier versions; undefined while the first edit has not been sent. */
  onShow: ((anchor: HTMLElement) => void) | undefined;
}

/** In a bubble: that its text was edited, and when. */
export function EditedNote({ editedAt, tabIndex, onShow }: EditedNoteProps) {
  const time = Date.parse(editedAt);
  const words = fillIn((place) => t('actions.edited', { time: place }), <bdi dir="ltr">{formatClock(time)}</bdi>);
  const look = 'relative float-end ms-3 mt-1 text-xs leading-4 whitespace-nowrap text-muted select-none';
  if (onShow === undefined) return <span className={look}>{words}</span>;
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      title={t('actions.editedAt', { time: formatFull(time) })}
      onClick={({ currentTarget }) => onShow(currentTarget)}
      // A touch target that is larger than the text.
      className={`${look} hover:underline after:absolute after:-inset-x-2 after:-inset-y-1 pointer-coarse:after:-inset-y-3`}
    >
      {words}
    </button>
  );
}

interface EditFailedNoteProps {
  message: Message;
  change: Extract<ShownChange, { kind: 'edit' }>;
  /** Called when the note disappears, to move the focus. */
  onGone: () => void;
}

/** Below a bubble: why its edit was not saved. The text is kept until the person decides. */
export function EditFailedNote({ message, change, onGone }: EditFailedNoteProps) {
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
