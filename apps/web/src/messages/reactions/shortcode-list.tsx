import { t } from '../../i18n/t.ts';
import { classes } from '../../ui/classes.ts';
import type { Suggestion } from './shortcodes.ts';

interface ShortcodeListProps {
  id: string;
  suggestions: readonly Suggestion[];
  active: Suggestion;
  onHover: (suggestion: Suggestion) => void;
  onPick: (suggestion: Suggestion) => void;
}

/** The suggestions above the field. The focus stays in the field. */
export function ShortcodeList({ id, suggestions, active, onHover, onPick }: ShortcodeListProps) {
  return (
    <>
      <div
        id={id}
        role="listbox"
        aria-label={t('composer.emoji.suggestions')}
        className="absolute inset-x-0 bottom-full z-10 mb-2 max-h-[50vh] max-w-sm overflow-y-auto rounded-2xl border border-line bg-surface p-1.5 shadow-pane"
      >
        {suggestions.map((suggestion) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus, and names the active option
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys
          <div
            key={suggestion.shortcode}
            id={optionId(id, suggestion)}
            role="option"
            aria-selected={suggestion === active}
            title={suggestion.label}
            // The field would lose the focus.
            onMouseDown={(event) => event.preventDefault()}
            onMouseMove={() => suggestion === active || onHover(suggestion)}
            onClick={() => onPick(suggestion)}
            className={classes(
              'flex min-h-10 items-center gap-3 rounded-xl px-3 pointer-coarse:min-h-11',
              suggestion === active && 'bg-selected',
            )}
          >
            <span className="text-xl leading-none">{suggestion.emoji}</span>
            <span className="truncate">{`:${suggestion.shortcode}:`}</span>
          </div>
        ))}
      </div>
      <p role="status" className="sr-only">
        {t('composer.emoji.suggested', { count: suggestions.length })}
      </p>
    </>
  );
}

export const optionId = (listId: string, { shortcode }: Suggestion): string => `${listId}-${shortcode}`;
