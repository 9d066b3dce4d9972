import { countCodePoints, MESSAGE_MAX_CODE_POINTS } from '@cruddur/config';
import { classes } from '../ui/classes.ts';

/** From how many characters left the counter is shown. */
const SHOWN_FROM = 124;

/** How long a message is, once it comes near the limit. */
export function CharacterCounter({ id, text }: { id: string; text: string }) {
  const count = text.length + SHOWN_FROM < MESSAGE_MAX_CODE_POINTS ? 0 : countCodePoints(text);
  const left = MESSAGE_MAX_CODE_POINTS - count;
  if (left > SHOWN_FROM) return null;
  return (
    <span
      id={id}
      className={classes(
        'mb-3.5 shrink-0 px-2 text-sm tabular-nums',
        left < 0 ? 'font-semibold text-danger' : 'text-muted',
      )}
    >
      <span aria-hidden="true">{`${count.toLocaleString('en')}/${MESSAGE_MAX_CODE_POINTS.toLocaleString('en')}`}</span>
      <span className="sr-only">{characterWords(left)}</span>
    </span>
  );
}

function characterWords(left: number): string {
  const count = Math.abs(left);
  return `${count} character${count === 1 ? '' : 's'} ${left < 0 ? 'too many' : 'left'}`;
}
