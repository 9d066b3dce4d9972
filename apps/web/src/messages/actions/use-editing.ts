import { messageTextRefusal } from '@cruddur/config';
import { createContext, type RefObject, useCallback, useContext, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Message } from '../../trpc/types.ts';
import { editTimeLeft } from './time-left.ts';

/** A message that is being edited in the composer, and its text so far. */
export interface Editing {
  message: Message;
  text: string;
}

export interface EditingValue {
  editing: Editing | null;
  /** Puts a message's text into the composer, with the focus and the caret at its end. The draft stays as it is. */
  start: (message: Message, text?: string) => void;
  write: (text: string) => void;
  stop: () => void;
  /** Focuses the field, also on a touch screen: the person is about to write. The caret is at its end. */
  focus: () => void;
}

/** Separate from the message actions: it changes at each key. */
export const EditingContext = createContext<EditingValue | null>(null);

export function useEditing(): EditingValue {
  const value = useContext(EditingContext);
  if (value === null) throw new Error('Editing is used outside MessageActionsProvider');
  return value;
}

/** Keeps which message the composer edits, for {@link EditingContext}. */
export function useEditingState(field: RefObject<HTMLTextAreaElement | null>): EditingValue {
  const [editing, setEditing] = useState<Editing | null>(null);
  const focus = useCallback(() => {
    field.current?.focus();
    field.current?.setSelectionRange(field.current.value.length, field.current.value.length);
  }, [field]);
  const start = useCallback(
    (message: Message, text = message.message) => {
      flushSync(() => setEditing({ message, text }));
      focus();
    },
    [focus],
  );
  const write = useCallback((text: string) => setEditing((before) => before && { ...before, text }), []);
  const stop = useCallback(() => setEditing(null), []);
  return useMemo(() => ({ editing, start, write, stop, focus }), [editing, start, write, stop, focus]);
}

/**
 * What saving does: nothing if the text is unchanged. For an empty text, deletion is offered.
 *
 * @param now - milliseconds since the epoch
 */
export function saveOutcome(
  { message, text }: Editing,
  now: number,
): 'unchanged' | 'delete' | 'invalid' | 'too_late' | 'save' {
  const trimmed = text.trimEnd();
  if (trimmed === message.message) return 'unchanged';
  const refusal = messageTextRefusal(trimmed);
  if (refusal === 'message_blank') return 'delete';
  if (refusal !== null) return 'invalid';
  return editTimeLeft(message.createdAt, now) > 0 ? 'save' : 'too_late';
}
