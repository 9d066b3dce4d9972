import { countCodePoints, MESSAGE_MAX_CODE_POINTS } from '@cruddur/config';
import { formatNumber, t } from '../i18n/t.ts';
import { classes } from '../ui/classes.ts';

/** The counter appears when at most this many characters are left. */
const SHOWN_FROM = 124;
/** The counter ends here: counting a pasted book at each key would slow down typing. */
const COUNTED_MAX = 10_000;

interface CharacterCounterProps {
  id: string;
  text: string;
  /** In code points. */
  max?: number;
}

export function CharacterCounter({ id, text, max = MESSAGE_MAX_CODE_POINTS }: CharacterCounterProps) {
  if (text.length + SHOWN_FROM < max) return null;
  // A code point has at most two UTF-16 code units.
  const counted = text.length > 2 * COUNTED_MAX ? Number.POSITIVE_INFINITY : countCodePoints(text);
  const isCounted = counted <= COUNTED_MAX;
  const count = Math.min(counted, COUNTED_MAX);
  const left = max - count;
  if (left > SHOWN_FROM) return null;
  return (
    <span
      id={id}
      className={classes(
        'block px-4 pb-1 text-end text-sm tabular-nums',
        left < 0 ? 'font-semibold text-danger' : 'text-muted',
      )}
    >
      <bdi dir="ltr" aria-hidden="true">{`${formatNumber(count)}${isCounted ? '' : '+'}/${formatNumber(max)}`}</bdi>
      <span className="sr-only">{countedWords(left, isCounted)}</span>
    </span>
  );
}

function countedWords(left: number, isCounted: boolean): string {
  if (left >= 0) return t('composer.charactersLeft', { count: left });
  return t(isCounted ? 'composer.charactersOver' : 'composer.charactersFarOver', { count: -left });
}
