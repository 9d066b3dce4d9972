import { useState } from 'react';
import { announcement } from './announcement.ts';
import type { ThreadRow } from './thread-rows.ts';

/** Tells assistive technology what comes in at the end of a thread, politely. Nothing of it is seen. */
export function Announcer({ rows, name }: { rows: readonly ThreadRow[]; name: string }) {
  const [state, setState] = useState({ rows, words: '' });
  if (state.rows !== rows) {
    const words = announcement(state.rows, rows, name);
    // What was said last stays until there is something else: an emptied region may be cut short.
    setState({ rows, words: words === '' ? state.words : words });
  }
  return (
    <p aria-live="polite" className="sr-only">
      {state.words}
    </p>
  );
}
