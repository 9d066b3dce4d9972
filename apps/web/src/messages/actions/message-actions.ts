import { quoteOf } from '../../cache/message-copies.ts';
import { t } from '../../i18n/t.ts';
import type { ShownMessage } from '../../outbox/apply-changes.ts';
import type { Drafts } from '../../outbox/drafts.ts';
import type { MessageChanges } from '../../outbox/use-message-changes.ts';
import { reasonWords } from '../../trpc/reason-words.ts';
import type { Message } from '../../trpc/types.ts';
import { messagePath } from '../../ui/text.ts';
import type { Toast } from '../../ui/use-toasts.ts';
import { exceedsReactionLimit } from '../reactions/reaction.ts';
import type { BubbleRow, ThreadRow } from '../thread-rows.ts';
import { allowedActions, type MessageAction } from './allowed-actions.ts';
import { focusMessage } from './focus-message.ts';
import type { EditingValue } from './use-editing.ts';
import type { Overlays } from './use-overlay.ts';

export interface MessageActionsDeps {
  myUuid: string;
  now: () => number;
  changes: MessageChanges;
  drafts: Pick<Drafts, 'setReplyTo'>;
  toast: (toast: Toast) => void;
  openOverlay: Overlays['open'];
  startEditing: EditingValue['start'];
  leaveEditing: EditingValue['leave'];
  focusField: EditingValue['focus'];
}

export type MessageActions = ReturnType<typeof createMessageActions>;

/** What the toolbar, the menu, the sheet, the keys and the composer call. */
export function createMessageActions(deps: MessageActionsDeps) {
  const { changes, openOverlay, toast } = deps;
  const { copy, copyAndConfirm } = createCopying(toast);
  let rows: readonly ThreadRow[] = [];
  let canWrite = true;
  const allowed = (row: BubbleRow) => allowedActions(row, deps.now(), canWrite);

  const reply = (message: Message) => {
    deps.leaveEditing();
    deps.drafts.setReplyTo({ messageGroupUuid: message.messageGroupUuid }, quoteOf(message));
    deps.focusField();
  };

  const react = (message: Message, emoji: string, isOn: boolean) => {
    if (isOn && exceedsReactionLimit(message.reactions, deps.myUuid, emoji)) {
      toast({ id: 'reactions', words: reasonWords('reaction_limit_reached') });
    } else changes.react(message, emoji, isOn);
  };

  /** A refused edit continues with its text. */
  const edit = (message: ShownMessage) =>
    deps.startEditing(message, message.change?.kind === 'edit' ? message.change.text : undefined);

  const deleteMessage = (message: Message) => {
    changes.deleteMessage(message);
    focusMessage(message.uuid);
  };

  /**
   * Performs an action on a message, if it applies. The focus is already back on the message.
   *
   * @param anchor - what a popover opens next to
   */
  const act = (action: MessageAction, row: BubbleRow, anchor: HTMLElement) => {
    const { message, text } = row;
    if (!allowed(row).includes(action)) return;
    if (action === 'copy') void copyAndConfirm(text, t('actions.copied'));
    if (message === undefined) return;
    if (action === 'link') void copyAndConfirm(linkTo(message), t('actions.linkCopied'));
    if (action === 'reply') reply(message);
    if (action === 'edit') edit(message);
    if (action === 'react') openOverlay({ kind: 'reactions', message, anchor });
    if (action === 'history' || action === 'delete' || action === 'report')
      openOverlay({ kind: action, message, anchor });
  };

  return {
    act,
    copy,
    copyLink: (message: Message) => copy(linkTo(message)),
    copyAndConfirm,
    react,
    deleteMessage,
    changes,
    openOverlay,
    /** Ends a conflict. Over `current`, the person's own text is saved; with `null` it is dropped. */
    resolveConflict({ changeId, mine }: { changeId: string; mine: string }, current: Message | null): void {
      if (current === null) changes.discard(changeId);
      else changes.edit(current, mine);
    },
    /** Edits the person's last message; returns whether that is possible. */
    editLast(): boolean {
      const last = rows.findLast((row) => row.kind === 'message' && row.own);
      if (last?.kind !== 'message' || last.message === undefined) return false;
      if (!allowed(last).includes('edit')) return false;
      edit(last.message);
      return true;
    },
    /** Sets the rows that are shown, and whether the other person can be written to. */
    setThread(shown: readonly ThreadRow[], isWritable: boolean): void {
      rows = shown;
      canWrite = isWritable;
    },
    allowed,
  };
}

function createCopying(toast: MessageActionsDeps['toast']) {
  /** Returns whether the browser has copied. */
  const copy = async (text: string): Promise<boolean> => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      toast({ id: 'copy', words: t('actions.copyRefused') });
      return false;
    }
  };
  const copyAndConfirm = async (text: string, words: string) => {
    if (await copy(text)) toast({ id: 'copy', words });
  };
  return { copy, copyAndConfirm };
}

const linkTo = ({ messageGroupUuid, createdAt }: Message): string =>
  new URL(messagePath(messageGroupUuid, createdAt), window.location.origin).href;
