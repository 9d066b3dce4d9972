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
import { isTouchOnly } from '../ui/browser.ts';
import { classes } from '../ui/classes.ts';
import { CharacterCounter } from './character-counter.tsx';
import { sendsOnEnter } from './composer-keys.ts';
import type { Person } from './use-conversation.ts';

export interface ComposerProps {
  target: Target;
  person: Person | undefined;
  /** Called with each new text that is typed. */
  onWrite: (text: string) => void;
  field: RefObject<HTMLTextAreaElement | null>;
}

/**
 * Longer texts, in UTF-16 code units, are not looked at as a whole at each key. They are too long to send, and higher than
 * the field.
 */
const MEASURED_MAX = 2 * MESSAGE_MAX_CODE_POINTS;

/** Where a message is written. Enter sends it, Shift and Enter break the line; what is not sent is kept as a draft. */
export function Composer({ target, person, onWrite, field }: ComposerProps) {
  const outbox = useOutbox();
  const drafts = useDrafts();
  const text = useSyncExternalStore(drafts.subscribe, () => drafts.get(target));
  const counterId = useId();
  const refusal = messageTextRefusal(withoutTrailingSpace(text));
  const isTooLong = refusal === 'message_exceed_max_chars';
  const key = targetKey(target);

  useLayoutEffect(() => {
    if (field.current) fitHeight(field.current, text);
  }, [field, text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another conversation opens
  useEffect(() => {
    // The keyboard of a touch screen would cover the thread.
    if (!isTouchOnly()) field.current?.focus();
  }, [key, field]);

  const send = () => {
    // Another tab may have sent the draft this instant.
    const message = withoutTrailingSpace(drafts.get(target));
    if (messageTextRefusal(message) !== null) return;
    outbox.enqueue(target, message, person && { handle: person.handle, displayName: person.displayName });
    drafts.set(target, '');
  };
  const onChange = (next: string) => {
    drafts.set(target, next);
    onWrite(next);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    send();
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!sendsOnEnter(event.nativeEvent, !isTouchOnly())) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      onSubmit={onSubmit}
      className="mx-auto w-full max-w-3xl shrink-0 px-3 pt-1 pb-[max(0.75rem,env(safe-area-inset-bottom))]"
    >
      <CharacterCounter id={counterId} text={withoutTrailingSpace(text)} />
      <div
        className={classes(
          'flex items-end rounded-3xl border bg-paper pl-4 focus-within:ring-1',
          isTooLong ? 'border-danger ring-danger' : 'border-edge ring-moss focus-within:border-moss',
        )}
      >
        <textarea
          ref={field}
          rows={1}
          value={text}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={onKeyDown}
          aria-label={person ? `Message to ${person.displayName}` : 'Message'}
          aria-describedby={counterId}
          aria-invalid={isTooLong || undefined}
          placeholder="Write a message"
          enterKeyHint={isTouchOnly() ? 'enter' : 'send'}
          dir={directionOf(text)}
          className="max-h-[calc(8lh+1.5rem)] min-h-12 grow resize-none bg-transparent py-3 leading-6 outline-none placeholder:text-muted"
        />
        <button
          type="submit"
          aria-label="Send"
          title="Send"
          disabled={refusal !== null}
          className="m-1 flex size-10 shrink-0 items-center justify-center rounded-full bg-moss text-on-moss transition-colors hover:bg-moss-strong disabled:bg-line disabled:text-muted"
        >
          <SendHorizontal size={19} aria-hidden />
        </button>
      </div>
    </form>
  );
}

/** The direction of the first letter. With `dir=auto`, Chromium takes 5 to 36 s to paste a megabyte, and 5 s for each key. */
function directionOf(text: string): 'ltr' | 'rtl' {
  return /^\P{L}*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/u.test(text.slice(0, MEASURED_MAX)) ? 'rtl' : 'ltr';
}

/** Makes the field as high as its text, up to the limit in its class. */
function fitHeight(field: HTMLTextAreaElement, text: string): void {
  if (text.length > MEASURED_MAX) {
    field.style.height = '100vh';
    return;
  }
  const box = field.parentElement;
  // While the field is measured its box keeps its height: a thread that grows for that moment loses its place.
  if (box) box.style.minHeight = `${box.offsetHeight}px`;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
  if (box) box.style.minHeight = '';
}

/** A message as it is sent: without the spaces and blank lines at its end. */
const withoutTrailingSpace = (text: string) => text.trimEnd();
