import { isReactionEmoji } from '@cruddur/config';
import { reactToMessage as reactToMessageInStore } from '@cruddur/ddb';
import { z } from 'zod';
import { message } from '../schemas.ts';
import { openChangeProcedure } from './change-procedure.ts';

const input = z.object({
  /** One emoji of at most 64 bytes. */
  emoji: z.string().refine(isReactionEmoji, { params: { reason: 'reaction_invalid' } }),
  isOn: z.boolean(),
});

/**
 * Sets or removes the caller's reaction to a message, and returns the message. Idempotent; at most five different ones.
 *
 * Refuses with `message_group_not_found`, `message_not_found`, `message_deleted`, `reaction_invalid`, `reaction_limit_reached`,
 * `recipient_unavailable`, `request_pending`, `account_suspended`, `rate_limited`.
 */
export const reactToMessage = openChangeProcedure
  .input(input)
  .output(message)
  .mutation(async ({ ctx, input: { emoji, isOn } }) => {
    const { address, caller } = ctx;
    return ctx.publishChange(
      await reactToMessageInStore(ctx.store, { ...address, userUuid: caller.uuid, emoji, isOn }),
    );
  });
