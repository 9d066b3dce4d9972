import { REACTIONS_MAX } from '@cruddur/config';
import { t } from '../../i18n/t.ts';
import type { Message } from '../../trpc/types.ts';

export type Reaction = Message['reactions'][number];

/** Whether a person has reacted with this emoji. */
export const hasReacted = (reactions: readonly Reaction[], userUuid: string, emoji: string): boolean =>
  reactions.some((reaction) => reaction.emoji === emoji && reaction.userUuids.includes(userUuid));

/** Whether the server would refuse a further reaction of a person: they have as many different ones as allowed. */
export function exceedsReactionLimit(reactions: readonly Reaction[], userUuid: string, emoji: string): boolean {
  const own = reactions.filter(({ userUuids }) => userUuids.includes(userUuid));
  return own.length >= REACTIONS_MAX && !own.some((reaction) => reaction.emoji === emoji);
}

/** Who reacted, as a sentence: `You and Andrew reacted with 👍 thumbs up`. */
export function reactionWords({ emoji, userUuids }: Reaction, myUuid: string, name: string, emojiName: string): string {
  const isMine = userUuids.includes(myUuid);
  const isTheirs = userUuids.some((uuid) => uuid !== myUuid);
  const named = emojiName === emoji ? emoji : `${emoji} ${emojiName}`;
  if (isMine && isTheirs) return t('actions.bothReacted', { name, emoji: named });
  return isMine ? t('actions.youReacted', { emoji: named }) : t('actions.theyReacted', { name, emoji: named });
}

/** What is shown keeps its order, and what is new comes last: a chip that moves is hit by mistake. */
export function keepOrder(before: readonly string[], now: readonly string[]): string[] {
  return [...before.filter((each) => now.includes(each)), ...now.filter((each) => !before.includes(each))];
}
