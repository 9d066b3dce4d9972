import {
  type KeyboardEvent,
  type Ref,
  type RefObject,
  useEffect,
  useEffectEvent,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useEmojiChoices } from './emoji-choices.ts';
import type { EmojiData } from './emoji-data.ts';
import { useEmojiData } from './emoji-store.ts';
import { insertText } from './insert-text.ts';
import { optionId, ShortcodeList } from './shortcode-list.tsx';
import {
  emojiOfShortcode,
  findClosedShortcode,
  findOpenShortcode,
  type OpenShortcode,
  type Suggestion,
  suggestEmoji,
  type TextSpan,
} from './shortcodes.ts';

const NONE: readonly Suggestion[] = [];

/** What the field reports. */
export interface ShortcodeEvents {
  onSelect: () => void;
  onBlur: () => void;
  /** To be called once the field's text is stored: it may change the text again. */
  onChange: () => void;
  /** Returns whether the key was for the suggestions, or undid a replacement. */
  onKeyDown: (event: KeyboardEvent) => boolean;
}

export interface ShortcodeSuggestionsProps {
  ref: Ref<ShortcodeEvents>;
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  /** What changed the text last. */
  lastChange: RefObject<InputEvent | null>;
}

/**
 * Suggests emoji while a shortcode is typed, and replaces it with its emoji once it is closed. To be rendered in a positioned element
 * around the field.
 */
export default function ShortcodeSuggestions({ ref, field, text, lastChange }: ShortcodeSuggestionsProps) {
  const choices = useEmojiChoices();
  // A shortcode may have been typed before this code had loaded.
  const [caret, setCaret] = useState(() => caretIn(field));
  const [active, setActive] = useState(0);
  /** Where the shortcode starts whose suggestions were closed with Escape. */
  const [dismissed, setDismissed] = useState<number | null>(null);
  const listId = useId();

  const found = useMemo(() => (caret === null ? null : findOpenShortcode(text, caret)), [text, caret]);
  const closed = useMemo(() => (caret === null ? null : findClosedShortcode(text, caret)), [text, caret]);
  if (found === null && dismissed !== null) setDismissed(null);
  const open = found?.start === dismissed ? null : found;
  const { state } = useEmojiData(found !== null || closed !== null);
  const data = state.kind === 'ready' ? state.data : undefined;
  const suggestions = useMemo(
    () => (data && open ? suggestEmoji(data, open.query, choices.tone()) : NONE),
    [data, open, choices],
  );
  const closing = useClosing(
    { field, lastChange },
    data,
    (shortcode) => data && emojiOfShortcode(data, shortcode, choices.tone()),
  );
  const chosen = suggestions[Math.min(active, suggestions.length - 1)];

  const pick = (span: OpenShortcode, emoji: string) => {
    field.current?.focus();
    if (field.current) insertText(field.current, span, emoji);
  };
  const readCaret = () => setCaret(caretIn(field));
  const activeId = open === null || chosen === undefined ? undefined : optionId(listId, chosen);
  useLayoutEffect(() => {
    const target = field.current;
    if (target === null || activeId === undefined) return;
    target.setAttribute('aria-controls', listId);
    target.setAttribute('aria-activedescendant', activeId);
    return () => {
      target.removeAttribute('aria-controls');
      target.removeAttribute('aria-activedescendant');
    };
  }, [field, listId, activeId]);
  useImperativeHandle(ref, () => ({
    onSelect: readCaret,
    onBlur: () => setCaret(null),
    onChange() {
      readCaret();
      setActive(0);
      closing.onChange();
    },
    onKeyDown(event) {
      if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey)
        return false;
      if (event.key === 'Backspace') return closing.undo(event);
      if (open === null || chosen === undefined) return false;
      const index = suggestions.indexOf(chosen);
      if (event.key === 'Enter' || event.key === 'Tab') pick(open, chosen.emoji);
      else if (event.key === 'Escape') setDismissed(open.start);
      else if (event.key === 'ArrowDown') setActive((index + 1) % suggestions.length);
      else if (event.key === 'ArrowUp') setActive((index + suggestions.length - 1) % suggestions.length);
      else return false;
      event.preventDefault();
      return true;
    },
  }));
  if (open === null || chosen === undefined) return null;
  return (
    <ShortcodeList
      id={listId}
      suggestions={suggestions}
      active={chosen}
      onHover={(suggestion) => setActive(suggestions.indexOf(suggestion))}
      onPick={({ emoji }) => pick(open, emoji)}
    />
  );
}

/** Where the field's caret is; null without one. */
function caretIn({ current }: RefObject<HTMLTextAreaElement | null>): number | null {
  if (current === null || document.activeElement !== current) return null;
  return current.selectionStart === current.selectionEnd ? current.selectionEnd : null;
}

/** Replaces a shortcode once its second colon is typed. Backspace right after that brings it back. */
function useClosing(
  { field, lastChange }: Pick<ShortcodeSuggestionsProps, 'field' | 'lastChange'>,
  data: EmojiData | undefined,
  emojiOf: (shortcode: string) => string | null | undefined,
) {
  const replaced = useRef<TextSpan & { source: string }>(null);
  const close = () => {
    const target = field.current;
    if (target === null || !isTypedColon(lastChange.current)) return;
    const span = findClosedShortcode(target.value, target.selectionEnd);
    const emoji = span && emojiOf(span.query);
    if (!span || !emoji) return;
    const source = target.value.slice(span.start, span.end);
    insertText(target, span, emoji);
    replaced.current = { start: span.start, end: span.start + emoji.length, source };
  };
  // The first shortcode may be complete before this code and the data have arrived.
  const closeWithData = useEffectEvent(close);
  useEffect(() => {
    if (data) closeWithData();
  }, [data]);
  return {
    onChange() {
      replaced.current = null;
      close();
    },
    undo(event: KeyboardEvent): boolean {
      const [target, last] = [field.current, replaced.current];
      if (target === null || last === null) return false;
      if (target.selectionStart !== last.end || target.selectionEnd !== last.end) return false;
      event.preventDefault();
      insertText(target, last, last.source);
      return true;
    },
  };
}

const isTypedColon = (change: InputEvent | null) => change?.data === ':' && !change.isComposing;
