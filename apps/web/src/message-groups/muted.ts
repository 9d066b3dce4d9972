import { t } from '../i18n/t.ts';
import { formatFull } from '../time/format-time.ts';

/** What the sign of a muted conversation is called. */
export function mutedWords(mutedUntil: string | null): string {
  return mutedUntil === null || mutedUntil === 'always'
    ? t('list.row.muted')
    : t('list.row.mutedUntil', { time: formatFull(Date.parse(mutedUntil)) });
}
