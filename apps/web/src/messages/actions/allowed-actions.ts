import { EDITS_MAX } from '@cruddur/config';
import type { BubbleRow } from '../thread-rows.ts';
import { editTimeLeft } from './time-left.ts';

/** What a person can do with a message, in the order of the menu. */
export const MESSAGE_ACTIONS = ['reply', 'react', 'edit', 'copy', 'link', 'history', 'delete', 'report'] as const;
export type MessageAction = (typeof MESSAGE_ACTIONS)[number];

/**
 * The actions that apply to a row. A message that is not sent yet can only be copied; a deleted one has none.
 *
 * @param now - milliseconds since the epoch
 * @param canWrite - false where the other person cannot be written to: what they would receive does not apply
 */
export function allowedActions({ kind, own, message }: BubbleRow, now: number, canWrite: boolean): MessageAction[] {
  if (message === undefined || kind !== 'message') return ['copy'];
  if (message.deletedAt !== null) return [];
  const isEditable = canWrite && own && message.revision < EDITS_MAX && editTimeLeft(message.createdAt, now) > 0;
  const applies: Record<MessageAction, boolean> = {
    reply: canWrite,
    react: canWrite,
    edit: isEditable,
    copy: true,
    link: true,
    history: message.revision > 0,
    delete: own,
    report: !own,
  };
  return MESSAGE_ACTIONS.filter((action) => applies[action]);
}
