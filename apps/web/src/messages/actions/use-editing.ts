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
  /** Forgets the edit. */
  stop: () => void;
  /** Ends the edit, which goes on where it was if it is started again. */
  leave: () => void;
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

interface EditingState {
  editing: Editing | null;
  /** Edits that were left for another message. */
  left: readonly Editing[];
}

export function leaveEdit({ editing, left }: EditingState): EditingState {
  return { editing: null, left: editing ? [...withoutEdit(left, editing.message), editing] : left };
}

/** @param text - instead of the message's text, or of that of an edit of this revision that was left */
export function startEdit(state: EditingState, message: Message, text?: string): EditingState {
  const { left } = leaveEdit(state);
  const earlier = left.find((each) => each.message.uuid === message.uuid && each.message.revision === message.revision);
  const editing = { message, text: text ?? earlier?.text ?? message.message };
  return { editing, left: withoutEdit(left, message) };
}

const withoutEdit = (edits: readonly Editing[], { uuid }: Message) =>
  edits.filter(({ message }) => message.uuid !== uuid);

/** Keeps which message the composer edits, for {@link EditingContext}. */
export function useEditingState(field: RefObject<HTMLTextAreaElement | null>): EditingValue {
  const [state, setState] = useState<EditingState>({ editing: null, left: [] });
  const { editing } = state;
  const focus = useCallback(() => {
    field.current?.focus();
    field.current?.setSelectionRange(field.current.value.length, field.current.value.length);
  }, [field]);
  const start = useCallback(
    (message: Message, text?: string) => {
      flushSync(() => setState((before) => startEdit(before, message, text)));
      focus();
    },
    [focus],
  );
  const write = useCallback(
    (text: string) =>
      setState((before) => (before.editing ? { ...before, editing: { ...before.editing, text } } : before)),
    [],
  );
  const stop = useCallback(() => setState(({ left }) => ({ editing: null, left })), []);
  const leave = useCallback(() => setState(leaveEdit), []);
  return useMemo(() => ({ editing, start, write, stop, leave, focus }), [editing, start, write, stop, leave, focus]);
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
