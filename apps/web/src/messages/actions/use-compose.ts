import { messageTextRefusal } from '@cruddur/config';
import { type RefObject, useContext, useSyncExternalStore } from 'react';
import { useDrafts, useOutbox } from '../../outbox/outbox-context.ts';
import type { Target } from '../../outbox/outbox-item.ts';
import { reasonWords } from '../../trpc/reason-words.ts';
import type { PersonName } from '../../trpc/types.ts';
import { ClockContext } from '../../ui/timers.ts';
import { useToasts } from '../../ui/use-toasts.ts';
import { useMessageActions } from './message-actions-context.ts';
import { saveOutcome, useEditing } from './use-editing.ts';

/** The text of the composer's field, and what can be done with it. */
export interface Compose {
  text: string;
  write: (text: string) => void;
  submit: () => void;
  canSubmit: boolean;
  /** Removes the quote, or ends editing; undefined if there is neither. */
  cancel: (() => void) | undefined;
}

/** A new message. Its text and the message it replies to are kept as a draft. */
export function useDraft(target: Target, person: PersonName | undefined, onWrite: (text: string) => void) {
  const outbox = useOutbox();
  const drafts = useDrafts();
  const text = useSyncExternalStore(drafts.subscribe, () => drafts.get(target));
  const replyTo = useSyncExternalStore(drafts.subscribe, () => drafts.replyTo(target));
  const compose: Compose = {
    text,
    write(next) {
      drafts.set(target, next);
      onWrite(next);
    },
    submit() {
      // Read again: another tab may just have sent the draft.
      const message = drafts.get(target).trimEnd();
      if (messageTextRefusal(message) !== null) return;
      outbox.enqueue(target, message, person, drafts.replyTo(target) ?? undefined);
      drafts.clear(target);
    },
    canSubmit: messageTextRefusal(text.trimEnd()) === null,
    cancel: replyTo === null ? undefined : () => drafts.setReplyTo(target, null),
  };
  return { compose, replyTo };
}

/** An edit of a message, while there is one. */
export function useEdit(target: Target, field: RefObject<HTMLTextAreaElement | null>) {
  const { editing, write, stop } = useEditing();
  const actions = useMessageActions();
  const { show } = useToasts();
  const now = useContext(ClockContext);
  // Another conversation may have been opened meanwhile.
  const group = 'messageGroupUuid' in target ? target.messageGroupUuid : undefined;
  if (editing?.message.messageGroupUuid !== group || editing === null) return null;
  const { message, text } = editing;
  const outcome = saveOutcome(editing, now());
  const submit = () => {
    switch (saveOutcome(editing, now())) {
      case 'unchanged':
        stop();
        break;
      case 'save':
        actions.changes.edit(message, text.trimEnd());
        stop();
        break;
      case 'delete':
        if (field.current) actions.openOverlay({ kind: 'delete', message, anchor: field.current });
        break;
      case 'too_late':
        show({ id: 'edit', words: reasonWords('edit_window_passed') });
        break;
      case 'invalid':
        break;
    }
  };
  const compose: Compose = { text, write, submit, canSubmit: outcome !== 'invalid', cancel: stop };
  return { compose, message };
}
