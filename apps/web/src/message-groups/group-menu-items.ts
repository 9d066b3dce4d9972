import {
  Ban,
  Bell,
  BellOff,
  Check,
  Eraser,
  Flag,
  Mail,
  MailOpen,
  Pin,
  PinOff,
  ShieldCheck,
  Trash2,
} from 'lucide-react';
import { isMuted } from '../cache/group-state.ts';
import { t } from '../i18n/t.ts';
import type { MessageGroup } from '../trpc/types.ts';
import type { ActionItem } from '../ui/action-menu.tsx';

/** What a person can do with a conversation, in the order of the menu. */
export const GROUP_MENU_ACTIONS = [
  'accept',
  'unblock',
  'markRead',
  'markUnread',
  'pin',
  'unpin',
  'mute',
  'unmute',
  'decline',
  'clear',
  'block',
  'report',
] as const;
export type GroupMenuAction = (typeof GROUP_MENU_ACTIONS)[number];

const ITEMS: Record<GroupMenuAction, Pick<ActionItem, 'Icon' | 'isDanger'>> = {
  accept: { Icon: Check },
  markRead: { Icon: MailOpen },
  markUnread: { Icon: Mail },
  pin: { Icon: Pin },
  unpin: { Icon: PinOff },
  mute: { Icon: BellOff },
  unmute: { Icon: Bell },
  decline: { Icon: Trash2, isDanger: true },
  clear: { Icon: Eraser, isDanger: true },
  block: { Icon: Ban, isDanger: true },
  unblock: { Icon: ShieldCheck },
  report: { Icon: Flag, isDanger: true },
};

interface GroupMenuState extends Pick<MessageGroup, 'mutedUntil' | 'isPinned' | 'isRequest' | 'isBlockedByMe'> {
  /** There are unread messages, or the conversation is marked as unread. */
  isUnread: boolean;
}

/**
 * What applies to a conversation. A request is answered first: until then, nothing else can be done with it. In a blocked
 * conversation nothing arrives, so there is nothing to mute.
 *
 * @param now - milliseconds since the epoch
 */
export function groupMenuItems(state: GroupMenuState, now: number): ActionItem<GroupMenuAction>[] {
  const { isRequest, isUnread, isPinned, isBlockedByMe } = state;
  const muted = isMuted(state.mutedUntil, now);
  const applies: Record<GroupMenuAction, boolean> = {
    accept: isRequest && !isBlockedByMe,
    markRead: !isRequest && isUnread,
    markUnread: !isRequest && !isUnread,
    pin: !isRequest && !isPinned,
    unpin: !isRequest && isPinned,
    mute: !isRequest && !isBlockedByMe && !muted,
    unmute: !isRequest && muted,
    decline: isRequest,
    clear: !isRequest,
    block: !isBlockedByMe,
    unblock: isBlockedByMe,
    report: true,
  };
  return GROUP_MENU_ACTIONS.filter((action) => applies[action]).map((action) => ({
    ...ITEMS[action],
    action,
    label: t(`list.menu.${action}`),
  }));
}
