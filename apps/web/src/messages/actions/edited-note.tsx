import { t } from '../../i18n/t.ts';
import { formatClock, formatFull } from '../../time/format-time.ts';
import { fillIn } from '../../ui/fill-in.tsx';

interface EditedNoteProps {
  editedAt: string;
  tabIndex: number;
  /** Shows the earlier versions; undefined while the first edit has not been sent. */
  onShow: ((anchor: HTMLElement) => void) | undefined;
}

/** In a bubble: that its text was edited, and when. */
export function EditedNote({ editedAt, tabIndex, onShow }: EditedNoteProps) {
  const time = Date.parse(editedAt);
  const words = fillIn((place) => t('actions.edited', { time: place }), <bdi dir="ltr">{formatClock(time)}</bdi>);
  const look = 'relative float-end ms-3 mt-1 text-xs leading-4 whitespace-nowrap text-muted select-none';
  if (onShow === undefined) return <span className={look}>{words}</span>;
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      title={t('actions.editedAt', { time: formatFull(time) })}
      onClick={({ currentTarget }) => onShow(currentTarget)}
      // A touch target that is larger than the text.
      className={`${look} hover:underline after:absolute after:-inset-x-2 after:-inset-y-1 pointer-coarse:after:-inset-y-3`}
    >
      {words}
    </button>
  );
}
