import { useState } from 'react';
import { t } from '../i18n/t.ts';
import { plainText } from '../markup/plain-text.ts';
import { formatClock } from '../time/format-time.ts';
import type { ThreadRow } from './thread-rows.ts';

/** Most messages that are read out in full at once. */
const MAX_READ_OUT = 3;

/** Politely announces to assistive technology what is added at the end of a thread. Invisible. */
export function Announcer({ rows, name }: { rows: readonly ThreadRow[]; name: string }) {
  const [state, setState] = useState({ rows, words: '' });
  if (state.rows !== rows) {
    const words = announcement(state.rows, rows, name);
    // The last announcement stays until the next one: emptying the region may cut it short.
    setState({ rows, words: words === '' ? state.words : words });
  }
  return (
    <p aria-live="polite" className="sr-only">
      {state.words}
    </p>
  );
}

/** Announces the other person's new messages, and messages that could not be sent. Empty if there are none. */
export function announcement(before: readonly ThreadRow[], after: readonly ThreadRow[], name: string): string {
  if (before.length === 0) return '';
  const known = new Map(before.map((row) => [row.key, row.kind]));
  const lastKnown = after.findLastIndex((row) => known.get(row.key) === 'message');
  const announced: string[] = [];
  for (const row of after.slice(lastKnown + 1)) {
    if (row.kind === 'message' && !row.own && !known.has(row.key)) {
      announced.push(t('thread.said', { name, text: plainText(row.text), time: formatClock(row.time) }));
    }
    if (row.kind === 'failed' && known.get(row.key) !== 'failed') {
      announced.push(t('thread.saidNotSent', { text: plainText(row.text) }));
    }
  }
  if (announced.length <= MAX_READ_OUT) return announced.join('. ');
  return t('thread.saidMany', { count: announced.length, latest: announced.at(-1) ?? '' });
}
