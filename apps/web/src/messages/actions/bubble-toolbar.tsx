import { useContext, useRef, useState } from 'react';
import { classes } from '../../ui/classes.ts';
import { ReachContext } from '../reach-context.ts';
import type { BubbleRow } from '../thread-rows.ts';
import { useMessageActions } from './message-actions-context.ts';
import { MessageToolbar } from './message-toolbar.tsx';

interface BubbleToolbarProps {
  row: BubbleRow;
  isPointedAt: boolean;
  tabIndex: number;
}

/** The toolbar at the free side of a bubble: nothing moves for it, and it covers no text. */
export function BubbleToolbar({ row, isPointedAt, tabIndex }: BubbleToolbarProps) {
  const actions = useMessageActions();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const more = useRef<HTMLButtonElement>(null);
  const act = (action: 'react' | 'reply') => () => more.current && actions.act(action, row, more.current);
  const onMore = () => {
    if (more.current === null) return;
    setMenuOpen(true);
    actions.openOverlay({ kind: 'menu', row, anchor: more.current }, () => setMenuOpen(false));
  };
  return (
    <div
      className={classes(
        'absolute inset-y-0 z-10 py-0.5',
        // Left of the clock that a pending message has.
        row.own ? (row.kind === 'pending' ? 'end-full pe-6' : 'end-full pe-1') : 'start-full ps-1',
      )}
    >
      <MessageToolbar
        isSent={row.message !== undefined}
        canWrite={useContext(ReachContext).canWrite}
        isShown={isPointedAt || isMenuOpen}
        {...{ isMenuOpen, tabIndex, more, onMore }}
        onReact={act('react')}
        onReply={act('reply')}
        onCopy={() => actions.copy(row.text)}
        onCopyLink={async () => row.message !== undefined && actions.copyLink(row.message)}
      />
    </div>
  );
}
