import {
  type ChangeEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useEffectEvent,
  useId,
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

/**
 * `:shortcodes:` in a field: suggestions while one is typed, and its emoji when it is closed.
 *
 * @returns `list`, to be rendered in a positioned element around the field, and what the field needs
 */
export function useShortcodes(field: RefObject<HTMLTextAreaElement | null>, text: string) {
  const choices = useEmojiChoices();
  /** Where the caret is; null without one. */
  const [caret, setCaret] = useState<number | null>(null);
  const [active, setActive] = useState(0);
  /** Where the shortcode starts whose suggestions were closed with Escape. */
  const [dismissed, setDismissed] = useState<number | null>(null);
  const listId = useId();

  const found = useMemo(() => (caret === null ? null : findOpenShortcode(text, caret)), [text, caret]);
  if (found === null && dismissed !== null) setDismissed(null);
  const open = found?.start === dismissed ? null : found;
  const { state } = useEmojiData(found !== null);
  const data = state.kind === 'ready' ? state.data : undefined;
  const suggestions = useMemo(
    () => (data && open ? suggestEmoji(data, open.query, choices.tone()) : NONE),
    [data, open, choices],
  );
  const closing = useClosing(field, data, (shortcode) => data && emojiOfShortcode(data, shortcode, choices.tone()));
  const chosen = suggestions[Math.min(active, suggestions.length - 1)];

  const pick = (span: OpenShortcode, emoji: string) => {
    field.current?.focus();
    if (field.current) insertText(field.current, span, emoji);
  };
  const readCaret = () => {
    const target = field.current;
    setCaret(target !== null && target.selectionStart === target.selectionEnd ? target.selectionEnd : null);
  };
  const list: ReactNode =
    open === null || chosen === undefined ? null : (
      <ShortcodeList
        id={listId}
        suggestions={suggestions}
        active={chosen}
        onHover={(suggestion) => setActive(suggestions.indexOf(suggestion))}
        onPick={({ emoji }) => pick(open, emoji)}
      />
    );
  return {
    list,
    fieldProps: {
      onSelect: readCaret,
      onBlur: () => setCaret(null),
      'aria-autocomplete': 'list' as const,
      'aria-controls': list === null ? undefined : listId,
      'aria-activedescendant': list === null || !chosen ? undefined : optionId(listId, chosen),
    },
    /** Call it once the field's text is stored: it may change the text again. */
    onChange(event: ChangeEvent<HTMLTextAreaElement>) {
      readCaret();
      setActive(0);
      closing.onChange(event);
    },
    /** Returns whether the key was for the suggestions, or undid a replacement. */
    onKeyDown(event: KeyboardEvent): boolean {
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
  };
}

/** Replaces a shortcode once its second colon is typed. Backspace right after that brings it back. */
function useClosing(
  field: RefObject<HTMLTextAreaElement | null>,
  data: EmojiData | undefined,
  emojiOf: (shortcode: string) => string | null | undefined,
) {
  /** The last change was a typed colon. */
  const isClosing = useRef(false);
  const replaced = useRef<TextSpan & { source: string }>(null);
  const close = () => {
    const target = field.current;
    if (target === null || !isClosing.current) return;
    const span = findClosedShortcode(target.value, target.selectionEnd);
    const emoji = span && emojiOf(span.query);
    if (!span || !emoji) return;
    const source = target.value.slice(span.start, span.end);
    insertText(target, span, emoji);
    replaced.current = { start: span.start, end: span.start + emoji.length, source };
  };
  // The first shortcode may be complete before the data has arrived.
  const closeWithData = useEffectEvent(close);
  useEffect(() => {
    if (data) closeWithData();
  }, [data]);
  return {
    onChange({ nativeEvent }: ChangeEvent) {
      const input = nativeEvent as InputEvent;
      isClosing.current = input.data === ':' && !input.isComposing;
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
