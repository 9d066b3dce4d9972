import { MESSAGE_MAX_CODE_POINTS, messageTextRefusal } from '@cruddur/config';
import { Check, SendHorizontal } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, type RefObject, Suspense, useEffect, useId, useLayoutEffect } from 'react';
import { t } from '../i18n/t.ts';
import type { Target } from '../outbox/outbox-item.ts';
import type { PersonName } from '../trpc/types.ts';
import { isTouchOnly } from '../ui/browser.ts';
import { classes } from '../ui/classes.ts';
import { isInputMethodKey } from '../ui/input-method.ts';
import { lazyPart, usePreload } from '../ui/lazy-part.tsx';
import { useLoaded } from '../ui/use-loaded.ts';
import { useMessageActions } from './actions/message-actions-context.ts';
import { useDraft, useEdit } from './actions/use-compose.ts';
import { CharacterCounter } from './character-counter.tsx';
import { EmojiButton } from './reactions/emoji-button.tsx';
import { useShortcodes } from './reactions/use-shortcodes.tsx';

const ComposeBar = lazyPart(() => import('./actions/compose-bar.tsx'));
const PARTS = [ComposeBar.preload];

// The composer has the focus when a conversation opens: no thread should wait for it.
const TypeAnywhere = lazyPart(() => import('./type-anywhere.ts'), 'first');

export interface ComposerProps {
  target: Target;
  person: PersonName | undefined;
  onWrite: (text: string) => void;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** Longer texts, in UTF-16 code units, are neither measured nor searched at each key: they are too long to send. */
const MEASURED_MAX = 2 * MESSAGE_MAX_CODE_POINTS;

/** The form for a new message, or for an edit. Enter sends it, Shift+Enter breaks the line. Unsent text is kept as a draft. */
export function Composer({ target, person, onWrite, field }: ComposerProps) {
  const draft = useDraft(target, person, onWrite);
  const edit = useEdit(target, field);
  const { text, write, submit, canSubmit, cancel } = edit?.compose ?? draft.compose;
  const counterId = useId();
  const actions = useMessageActions();
  const shortcodes = useShortcodes(field, text);
  useField(field, text);
  usePreload(PARTS);
  const listens = useLoaded(TypeAnywhere);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit();
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (shortcodes.onKeyDown(event)) return;
    const key = composerKey(event.nativeEvent, { text, hasKeyboard: !isTouchOnly() });
    if (key === 'submit') submit();
    else if (key === 'cancel' && cancel) cancel();
    else if (key !== 'edit_last' || edit || !actions.editLast()) return;
    event.preventDefault();
  };
  const isTooLong = messageTextRefusal(text.trimEnd()) === 'message_exceed_max_chars';
  return (
    <form
      onSubmit={onSubmit}
      className="thread-column shrink-0 px-3 pt-1 pb-[max(0.75rem,env(safe-area-inset-bottom))]"
    >
      {listens ? <TypeAnywhere field={field} /> : null}
      <CharacterCounter id={counterId} text={text.trimEnd()} />
      <div
        className={classes(
          BOX,
          isTooLong ? 'border-danger ring-danger' : 'border-edge ring-moss focus-within:border-moss',
        )}
      >
        {shortcodes.suggestions}
        {edit || draft.replyTo ? (
          <Suspense>
            <ComposeBar target={target} edit={edit} draft={draft} onClose={() => field.current?.focus()} />
          </Suspense>
        ) : null}
        <div className="flex items-end ps-4">
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
            aria-label={labelOf(edit !== null, person)}
            aria-describedby={counterId}
            aria-invalid={isTooLong || undefined}
            placeholder={t(edit ? 'composer.edit.placeholder' : 'composer.placeholder')}
            enterKeyHint={isTouchOnly() ? 'enter' : 'send'}
            dir={directionOf(text)}
            className={FIELD}
          />
          <EmojiButton field={field} />
          <SubmitButton isEdit={edit !== null} disabled={!canSubmit} />
        </div>
      </div>
    </form>
  );
}

function labelOf(isEdit: boolean, person: PersonName | undefined): string {
  if (isEdit) return t('composer.edit');
  return person ? t('composer.to', { name: person.displayName }) : t('composer.label');
}

const BOX = 'relative rounded-3xl border bg-paper focus-within:ring-1';
const FIELD =
  'max-h-[calc(8lh+1.5rem)] min-h-12 grow resize-none bg-transparent py-3 leading-6 outline-none placeholder:text-muted';

function SubmitButton({ isEdit, disabled }: { isEdit: boolean; disabled: boolean }) {
  const label = t(isEdit ? 'composer.edit.save' : 'composer.send');
  const Icon = isEdit ? Check : SendHorizontal;
  return (
    <button
      type="submit"
      aria-label={label}
      title={label}
      disabled={disabled}
      className="m-1 flex size-10 shrink-0 items-center justify-center rounded-full bg-moss text-on-moss transition-colors hover:bg-moss-strong disabled:bg-line disabled:text-muted"
    >
      <Icon size={19} aria-hidden className={isEdit ? undefined : 'rtl:-scale-x-100'} />
    </button>
  );
}

/** Keeps the field's height, and focuses it if it takes the place of what had the focus, such as a button that accepts. */
function useField(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    if (field.current) fitHeight(field.current, text);
  }, [field, text]);
  useEffect(() => {
    if (document.activeElement === document.body && !isTouchOnly()) field.current?.focus();
  }, [field]);
}

export type ComposerKey = Pick<
  KeyboardEvent['nativeEvent'],
  'key' | 'keyCode' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey' | 'isComposing'
>;

/** What a key does in the field, besides typing. */
export function composerKey(
  key: ComposerKey,
  { text, hasKeyboard }: { text: string; hasKeyboard: boolean },
): 'submit' | 'cancel' | 'edit_last' | null {
  if (sendsOnEnter(key, hasKeyboard)) return 'submit';
  if (isInputMethodKey(key) || key.ctrlKey || key.altKey || key.metaKey || key.shiftKey) return null;
  if (key.key === 'Escape') return 'cancel';
  return key.key === 'ArrowUp' && text === '' ? 'edit_last' : null;
}

/** Enter sends, outside an input method. On a phone it breaks the line, and only Ctrl or Cmd and Enter send. */
export function sendsOnEnter(key: ComposerKey, hasKeyboard: boolean): boolean {
  if (key.key !== 'Enter' || isInputMethodKey(key)) return false;
  if (key.shiftKey || key.altKey) return false;
  return hasKeyboard || key.ctrlKey || key.metaKey;
}

/** The direction of the first letter; without one, that of the page. With `dir=auto`, Chromium needs 5 s for each key in a text of a megabyte. */
function directionOf(text: string): 'ltr' | 'rtl' | undefined {
  const [letter] = /\p{L}/u.exec(text.slice(0, MEASURED_MAX)) ?? [];
  if (letter === undefined) return undefined;
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/u.test(letter) ? 'rtl' : 'ltr';
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
