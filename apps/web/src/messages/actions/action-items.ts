import { Copy, Flag, History, Link, Pencil, Reply, SmilePlus, Trash2 } from 'lucide-react';
import type { ActionItem } from '../../ui/action-menu.tsx';
import type { MessageAction } from './allowed-actions.ts';

const ITEMS: Record<MessageAction, Omit<ActionItem, 'action'>> = {
  reply: { label: 'Reply', Icon: Reply, shortcut: 'R' },
  react: { label: 'React', Icon: SmilePlus, shortcut: '+' },
  edit: { label: 'Edit', Icon: Pencil, shortcut: 'E' },
  copy: { label: 'Copy', Icon: Copy, shortcut: 'C' },
  link: { label: 'Copy link', Icon: Link, shortcut: 'L' },
  history: { label: 'Show earlier versions', Icon: History },
  delete: { label: 'Delete', Icon: Trash2, shortcut: 'Del', isDanger: true },
  report: { label: 'Report…', Icon: Flag, isDanger: true },
};

/**
 * Name, icon and key of actions, for the menu and the sheet.
 *
 * @param singleKeys - single characters are shortcuts
 */
export function actionItems(actions: readonly MessageAction[], singleKeys: boolean): ActionItem<MessageAction>[] {
  return actions.map((action) => {
    const { shortcut, ...item } = ITEMS[action];
    const isShown = shortcut !== undefined && (singleKeys || shortcut.length > 1);
    return { ...item, action, shortcut: isShown ? shortcut : undefined };
  });
}
