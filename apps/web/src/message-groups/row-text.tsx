import { t } from '../i18n/t.ts';
import { classes } from '../ui/classes.ts';
import type { RowWords } from './row-words.ts';

interface RowTextProps {
  words: RowWords;
  isUnread?: boolean;
  className?: string;
}

/** One line: what a row says. */
export function RowText({ words: { kind, text }, isUnread = false, className }: RowTextProps) {
  const isText = kind === 'message';
  // Each text is an element's only child: translators wrap text nodes, which React would no longer find.
  const Text = isText ? 'span' : 'bdi';
  return (
    <span dir="auto" className={classes('truncate text-sm text-page-start', lookOf(kind, isUnread), className)}>
      {/* The direction of the line is that of its first words; the text has its own. */}
      {isText ? null : <span className={LABELS[kind]}>{`${t(`list.row.${kind}`)} `}</span>}
      {text === '' ? null : <Text>{text}</Text>}
    </span>
  );
}

const LABELS: Partial<Record<RowWords['kind'], string>> = { draft: 'font-medium text-moss-strong' };

function lookOf(kind: RowWords['kind'], isUnread: boolean): string {
  if (kind === 'notSent') return 'font-medium text-danger';
  if (kind === 'typing') return 'font-medium text-moss-strong';
  const look = isUnread ? 'font-semibold' : 'text-muted';
  return kind === 'deleted' || kind === 'ownDeleted' ? `${look} italic` : look;
}
