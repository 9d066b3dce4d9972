import { MESSAGE_MAX_CODE_POINTS, messageTextRefusal } from '@cruddur/config';
import { SendHorizontal } from 'lucide-react';
import {
  type FormEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useSyncExternalStore,
} from 'react';
import { useDrafts, useOutbox } from '../outbox/outbox-context.ts';
import { type Target, targetKey } from '../outbox/outbox-item.ts';
import type { PersonName } from '../trpc/types.ts';
import { isTouchOnly } from '../ui/browser.ts';
import { classes } from '../ui/classes.ts';
import { CharacterCounter } from './character-counter.tsx';
import { EmojiButton } from './reactions/emoji-button.tsx';
import { useShortcodes } from './reactions/use-shortcodes.tsx';

interface ComposerProps {
  target: Target;
  person: PersonName | undefined;
  onWrite: (text: string) => void;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** Longer texts, in UTF-16 code units, are neither measured nor searched at each key: they are too long to send. */
const MEASURED_MAX = 2 * MESSAGE_MAX_CODE_POINTS;

/** The form for a new message. Enter sends it, Shift+Enter breaks the line. Unsent text is kept as a draft. */
export function Composer({ target, person, onWrite, field }: ComposerProps) {
  const { text, write, send } = useDraft(target, person, onWrite);
  const counterId = useId();
  const refusal = messageTextRefusal(text.trimEnd());
  const shortcodes = useShortcodes(field, text);
  useField(field, text, targetKey(target));

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    send();
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (shortcodes.onKeyDown(event)) return;
    if (!sendsOnEnter(event.nativeEvent, !isTouchOnly())) return;
    event.preventDefault();
    send();
  };
  const isTooLong = refusal === 'message_exceed_max_chars';
  return (
    <form
      onSubmit={onSubmit}
      className="mx-auto w-full max-w-3xl shrink-0 px-3 pt-1 pb-[max(0.75rem,env(safe-area-inset-bottom))]"
    >
      <CharacterCounter id={counterId} text={text.trimEnd()} />
      <div
        className={classes(
          BOX,
          isTooLong ? 'border-danger ring-danger' : 'border-edge ring-moss focus-within:border-moss',
        )}
      >
        {shortcodes.list}
        <textarea
          {...shortcodes.fieldProps}
          ref={field}
          rows={1}
          value={text}
          onChange={(event) => {
            write(event.target.value);
            shortcodes.onChange(event);
          }}
          onKeyDown={onKeyDown}
          aria-label={person ? `Message to ${person.displayName}` : 'Message'}
          aria-describedby={counterId}
          aria-invalid={isTooLong || undefined}
          placeholder="Write a message"
          enterKeyHint={isTouchOnly() ? 'enter' : 'send'}
          dir={directionOf(text)}
          className={FIELD}
        />
        <EmojiButton field={field} />
        <SendButton disabled={refusal !== null} />
      </div>
    </form>
  );
}

const BOX = 'relative flex items-end rounded-3xl border bg-paper pl-4 focus-within:ring-1';
const FIELD =
  'max-h-[calc(8lh+1.5rem)] min-h-12 grow resize-none bg-transparent py-3 leading-6 outline-none placeholder:text-muted';

function SendButton({ disabled }: { disabled: boolean }) {
  return (
    <button
      type="submit"
      aria-label="Send"
      title="Send"
      disabled={disabled}
      className="m-1 flex size-10 shrink-0 items-center justify-center rounded-full bg-moss text-on-moss transition-colors hover:bg-moss-strong disabled:bg-line disabled:text-muted"
    >
      <SendHorizontal size={19} aria-hidden />
    </button>
  );
}

function useDraft(target: Target, person: PersonName | undefined, onWrite: (text: string) => void) {
  const outbox = useOutbox();
  const drafts = useDrafts();
  const text = useSyncExternalStore(drafts.subscribe, () => drafts.get(target));
  const write = (next: string) => {
    drafts.set(target, next);
    onWrite(next);
  };
  const send = () => {
    // Read again: another tab may just have sent the draft.
    const message = drafts.get(target).trimEnd();
    if (messageTextRefusal(message) !== null) return;
    outbox.enqueue(target, message, person);
    drafts.set(target, '');
  };
  return { text, write, send };
}

/** Keeps the field's height, and focuses it when a conversation opens, unless a touch screen's keyboard would open. */
function useField(field: RefObject<HTMLTextAreaElement | null>, text: string, conversation: string): void {
  useLayoutEffect(() => {
    if (field.current) fitHeight(field.current, text);
  }, [field, text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another conversation opens
  useEffect(() => {
    if (!isTouchOnly()) field.current?.focus();
  }, [conversation, field]);
}

export type ComposerKey = Pick<
  KeyboardEvent['nativeEvent'],
  'key' | 'keyCode' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey' | 'isComposing'
>;

/** The code of a key that an input method has handled. Safari reports `isComposing` as false for the Enter that ends it. */
const IME_KEY_CODE = 229;

/** Enter sends, outside an input method. On a phone it breaks the line, and only Ctrl or Cmd and Enter send. */
export function sendsOnEnter(key: ComposerKey, hasKeyboard: boolean): boolean {
  if (key.key !== 'Enter' || key.isComposing || key.keyCode === IME_KEY_CODE) return false;
  if (key.shiftKey || key.altKey) return false;
  return hasKeyboard || key.ctrlKey || key.metaKey;
}

/** The direction of the first letter. With `dir=auto`, Chromium needs 5 s for each key in a text of a megabyte. */
function directionOf(text: string): 'ltr' | 'rtl' {
  return /^\P{L}*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/u.test(text.slice(0, MEASURED_MAX)) ? 'rtl' : 'ltr';
}

function fitHeight(field: HTMLTextAreaElement, text: string): void {
  if (text.length > MEASURED_MAX) {
    field.style.height = '100vh';
    return;
  }
  const box = field.parentElement;
  // The box keeps its height while the field is measured: a thread that grows for a moment loses its scroll position.
  if (box) box.style.minHeight = `${box.offsetHeight}px`;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
  if (box) box.style.minHeight = '';
}
