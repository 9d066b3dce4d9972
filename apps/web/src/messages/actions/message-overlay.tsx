import { excerptOf } from '@cruddur/config';
import { t } from '../../i18n/t.ts';
import { plainText } from '../../markup/plain-text.ts';
import { readSingleKeys } from '../../shortcuts/shortcuts.ts';
import type { Message } from '../../trpc/types.ts';
import { ActionMenu } from '../../ui/action-menu.tsx';
import { ActionSheet } from '../../ui/action-sheet.tsx';
import { lazyPart } from '../../ui/lazy-part.tsx';
import { EmojiPopover } from '../reactions/emoji-popover.tsx';
import { QuickReactions } from '../reactions/quick-reactions.tsx';
import { actionItems } from './action-items.ts';
import type { MessageAction } from './allowed-actions.ts';
import { AnchoredPopover } from './anchored-popover.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { HistoryDialog } from './history-dialog.tsx';
import { useMessageActions } from './message-actions-context.ts';
import type { Overlay } from './use-overlay.ts';

const ReportDialog = lazyPart(() => import('../report-dialog.tsx'));

export interface MessageOverlayProps {
  overlay: Overlay;
  onAction: (action: MessageAction) => void;
  onReact: (emoji: string, isOn: boolean) => void;
  onMoreReactions: () => void;
  onDelete: () => void;
  /** Ends a conflict; with a message, the person's text is saved over it. */
  onResolve: (current: Message | null) => void;
  onClose: () => void;
}

/** What is open for one message: loaded when first needed. */
export default function MessageOverlay(props: MessageOverlayProps) {
  const { overlay, onReact, onClose } = props;
  switch (overlay.kind) {
    case 'menu':
    case 'sheet':
      return <Actions {...props} overlay={overlay} />;
    case 'reactions':
      return (
        <AnchoredPopover label={t('actions.react')} anchor={overlay.anchor} onClose={onClose}>
          <div className="p-1.5">
            <Quick {...props} message={overlay.message} />
          </div>
        </AnchoredPopover>
      );
    case 'picker':
      return (
        <EmojiPopover anchor={{ current: overlay.anchor }} onPick={(emoji) => onReact(emoji, true)} onClose={onClose} />
      );
    case 'delete':
      return <DeleteDialog excerpt={excerptOf(plainText(overlay.message.message))} {...props} />;
    case 'history':
      return <HistoryDialog message={overlay.message} onClose={onClose} />;
    case 'report': {
      const { message } = overlay;
      const { messageGroupUuid: uuid, handle, displayName } = message;
      return <ReportDialog group={{ uuid, handle, displayName }} message={message} onClose={onClose} />;
    }
    case 'conflict':
      return <ConflictDialog message={overlay.message} mine={overlay.mine} {...props} />;
  }
}

interface ActionsProps extends MessageOverlayProps {
  overlay: Extract<Overlay, { kind: 'menu' | 'sheet' }>;
}

function Actions({ overlay: { kind, row, anchor }, ...props }: ActionsProps) {
  const { onAction, onClose } = props;
  const actions = useMessageActions().allowed(row);
  const label = t('actions.label');
  if (kind === 'menu') {
    const items = actionItems(actions, readSingleKeys());
    return <ActionMenu {...{ label, items, anchor, onAction, onClose }} />;
  }
  const { message } = row;
  const items = actionItems(
    actions.filter((action) => action !== 'react'),
    false,
  );
  return (
    <ActionSheet about={excerptOf(plainText(row.text))} {...{ label, items, onAction, onClose }}>
      {message && actions.includes('react') ? <Quick {...props} message={message} /> : null}
    </ActionSheet>
  );
}

type QuickProps = Pick<MessageOverlayProps, 'onReact' | 'onMoreReactions'> & { message: Message };

function Quick({ message, onReact, onMoreReactions }: QuickProps) {
  return <QuickReactions message={message} onPick={onReact} onMore={onMoreReactions} />;
}
