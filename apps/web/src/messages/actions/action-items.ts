import { Copy, Flag, History, Link, Pencil, Reply, SmilePlus, Trash2 } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import type { ActionItem } from '../../ui/action-menu.tsx';
import type { MessageAction } from './allowed-actions.ts';

/** Its name is a text. Others are the keys' characters. */
const DELETE_KEY = 'Del';

const ITEMS: Record<MessageAction, Omit<ActionItem, 'action' | 'label'>> = {
  reply: { Icon: Reply, shortcut: 'R' },
  react: { Icon: SmilePlus, shortcut: '+' },
  edit: { Icon: Pencil, shortcut: 'E' },
  copy: { Icon: Copy, shortcut: 'C' },
  link: { Icon: Link, shortcut: 'L' },
  history: { Icon: History },
  delete: { Icon: Trash2, shortcut: DELETE_KEY, isDanger: true },
  report: { Icon: Flag, isDanger: true },
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
    const keyName = shortcut === DELETE_KEY ? t('actions.deleteKey') : shortcut;
    return { ...item, action, label: t(`actions.${action}`), shortcut: isShown ? keyName : undefined };
  });
}
