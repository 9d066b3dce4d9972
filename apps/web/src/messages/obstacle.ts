import type { GroupState } from '../cache/group-state.ts';

/** The element's id of what is in the composer's place. */
export const OBSTACLE_BAR_ID = 'obstacle';

/** Why there is no composer in a conversation. */
export type Obstacle = 'request' | 'blocked' | 'suspended' | 'awaits_acceptance' | 'unavailable';

/**
 * What is in the composer's place, if not the composer. What the person can undo comes first.
 *
 * @param state - undefined while it is loading, and if the two have no conversation yet
 */
export function obstacleOf(
  state: Pick<GroupState, 'isRequest' | 'isBlockedByMe' | 'canSend' | 'awaitsAcceptance'> | undefined,
  isSuspended: boolean,
): Obstacle | null {
  if (state?.isBlockedByMe) return 'blocked';
  if (state?.isRequest) return 'request';
  if (isSuspended) return 'suspended';
  if (state?.awaitsAcceptance) return 'awaits_acceptance';
  return state?.canSend === false ? 'unavailable' : null;
}

/** Whether a request is now deleted. A block deletes it too, but leaves a conversation to unblock. */
export function isDeclined(before: GroupState | undefined, now: GroupState | undefined): boolean {
  if (!before?.isRequest || now === undefined || now.isRequest || now.isBlockedByMe) return false;
  return now.clearedThrough !== before.clearedThrough;
}
