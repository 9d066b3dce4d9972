import { type ClipboardEvent, useEffect, useState } from 'react';
import { t } from '../i18n/t.ts';
import { useMyself } from '../session/me-context.ts';
import { formatClock } from '../time/format-time.ts';
import type { ThreadRow } from './thread-rows.ts';
import type { ThreadView } from './use-thread-position.ts';

type Ends = readonly [anchor: string | undefined, focus: string | undefined];
const NONE: Ends = [undefined, undefined];

/**
 * Text that is selected across messages. The rows at its ends stay mounted: a browser moves the end of a selection whose
 * node is removed. Several messages are copied as `Name, time: text` each, including those between the ends that are not
 * drawn. Of a single message only the text is copied, without the line breaks that a triple click selects.
 */
export function useMessageSelection({ scroller, rows }: ThreadView, name: string) {
  const me = useMyself();
  const [ends, setEnds] = useState(NONE);
  useEffect(() => {
    const onChange = () => {
      const next = selectedEnds(scroller.current);
      setEnds((before) => (before[0] === next[0] && before[1] === next[1] ? before : next));
    };
    document.addEventListener('selectionchange', onChange);
    return () => document.removeEventListener('selectionchange', onChange);
  }, [scroller]);

  const onCopy = (event: ClipboardEvent) => {
    const selection = document.getSelection();
    if (scroller.current === null || selection === null || selection.rangeCount === 0) return;
    const messages = selectedMessages(scroller.current, selection.getRangeAt(0), rows);
    if (messages.length === 0) return;
    const lines = messages.map(({ own, time, text }) =>
      messages.length === 1
        ? text
        : t('thread.copied', { name: own ? me.displayName : name, time: formatClock(time), text }),
    );
    event.clipboardData.setData('text/plain', lines.join('\n'));
    event.preventDefault();
  };

  const keptIndexes = rows.flatMap(({ key }, index) => (ends.includes(key) ? [index] : []));
  return { keptIndexes, onCopy };
}

/** The keys of the rows in which the selection begins and ends. */
function selectedEnds(scroller: HTMLElement | null): Ends {
  const selection = document.getSelection();
  if (scroller === null || selection === null || selection.isCollapsed) return NONE;
  const keyOf = (node: Node | null) => {
    const element = node instanceof Element ? node : node?.parentElement;
    return scroller.contains(element ?? null)
      ? element?.closest<HTMLElement>('[data-view-key]')?.dataset.viewKey
      : undefined;
  };
  return [keyOf(selection.anchorNode), keyOf(selection.focusNode)];
}

/** The selected messages, oldest first. Of the first and the last one, the selected part of the text. */
function selectedMessages(scroller: HTMLElement, range: Range, rows: readonly ThreadRow[]) {
  const drawn = [...scroller.querySelectorAll<HTMLElement>('[data-view-key]')].filter((row) =>
    range.intersectsNode(row),
  );
  const indexOf = (element: HTMLElement | undefined) => rows.findIndex(({ key }) => key === element?.dataset.viewKey);
  const parts = new Map([drawn[0], drawn.at(-1)].map((element) => [indexOf(element), selectedText(element, range)]));
  const first = indexOf(drawn[0]);
  return rows.slice(Math.max(first, 0), indexOf(drawn.at(-1)) + 1).flatMap((row, index) => {
    if (!('text' in row)) return [];
    const text = parts.get(first + index) ?? row.text;
    return text === '' ? [] : [{ own: row.own, time: row.time, text }];
  });
}

/**
 * The part of a row's message that is within a range, without the line break that a triple click selects; `undefined` for all
 * of it, which is copied as it was typed, with its markup.
 */
function selectedText(row: HTMLElement | undefined, range: Range): string | undefined {
  const text = row?.querySelector('[data-text]');
  if (!text) return '';
  const part = document.createRange();
  part.selectNodeContents(text);
  if (part.compareBoundaryPoints(Range.START_TO_START, range) < 0)
    part.setStart(range.startContainer, range.startOffset);
  if (part.compareBoundaryPoints(Range.END_TO_END, range) > 0) part.setEnd(range.endContainer, range.endOffset);
  const copied = textOf(part.cloneContents());
  part.selectNodeContents(text);
  return copied === textOf(part.cloneContents()) ? undefined : copied;
}

function textOf(copy: DocumentFragment): string {
  // The host that is shown after a link is not part of the message.
  for (const note of copy.querySelectorAll('.select-none')) note.remove();
  // A code block is on separate lines.
  for (const block of copy.querySelectorAll('[data-block]')) {
    if (block.previousSibling) block.prepend('\n');
    if (block.nextSibling) block.append('\n');
  }
  return copy.textContent.trimEnd();
}
