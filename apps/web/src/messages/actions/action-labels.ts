import { Copy, History, Pencil, Reply, SmilePlus, Trash2 } from 'lucide-react';
import type { MessageAction } from './allowed-actions.ts';

/** Name, icon and key of each action, for the menu and the sheet. */
export const ACTION_LABELS: Record<MessageAction, { label: string; Icon: typeof Copy; shortcut?: string }> = {
  reply: { label: 'Reply', Icon: Reply, shortcut: 'R' },
  react: { label: 'React', Icon: SmilePlus, shortcut: '+' },
  edit: { label: 'Edit', Icon: Pencil, shortcut: 'E' },
  copy: { label: 'Copy', Icon: Copy, shortcut: 'C' },
  history: { label: 'Show earlier versions', Icon: History },
  delete: { label: 'Delete', Icon: Trash2, shortcut: 'Del' },
};
