import { type ChangeEvent, type KeyboardEvent, type RefObject, useRef, useState } from 'react';
import { lazyPart, usePreload } from '../../ui/lazy-part.tsx';
import { useLoaded } from '../../ui/use-loaded.ts';
import type { ShortcodeEvents, ShortcodeSuggestionsProps } from './shortcode-suggestions.tsx';

const ShortcodeSuggestions = lazyPart(() => import('./shortcode-suggestions.tsx'));
const PARTS = [ShortcodeSuggestions.preload];

/**
 * `:shortcodes:` in a field. Their code loads when something is written and the text has a colon; until it has loaded, colons are
 * only text.
 *
 * @returns `suggestions`, to be rendered in a positioned element around the field, and what the field needs
 */
export function useShortcodes(field: RefObject<HTMLTextAreaElement | null>, text: string) {
  const [isNeeded, setIsNeeded] = useState(false);
  const lastChange = useRef<InputEvent>(null);
  const events = useRef<ShortcodeEvents>(null);
  usePreload(PARTS);
  return {
    suggestions: isNeeded ? <LoadedSuggestions ref={events} field={field} text={text} lastChange={lastChange} /> : null,
    fieldProps: {
      onSelect: () => events.current?.onSelect(),
      onBlur: () => events.current?.onBlur(),
      'aria-autocomplete': 'list' as const,
    },
    /** Call it once the field's text is stored: it may change the text again. */
    onChange({ target, nativeEvent }: ChangeEvent<HTMLTextAreaElement>) {
      lastChange.current = nativeEvent as InputEvent;
      if (target.value.includes(':')) setIsNeeded(true);
      events.current?.onChange();
    },
    /** Returns whether the key was for the suggestions, or undid a replacement. */
    onKeyDown: (event: KeyboardEvent): boolean => events.current?.onKeyDown(event) ?? false,
  };
}

function LoadedSuggestions(props: ShortcodeSuggestionsProps) {
  return useLoaded(ShortcodeSuggestions) ? <ShortcodeSuggestions {...props} /> : null;
}
