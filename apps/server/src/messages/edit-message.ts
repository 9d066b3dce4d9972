import { editMessage as editMessageInStore } from '@cruddur/ddb';
import { z } from 'zod';
import { message, messageText } from '../schemas.ts';
import { openChangeProcedure } from './change-procedure.ts';

const input = z.object({
  message: messageText,
  /** `revision` of the message that was read. */
  revision: z.number().int().min(0),
});

/**
 * Replaces the text of the caller's own message, within 24 hours and at most ten times, and returns the message. A repeated edit
 * returns it as it is now. Order, unread counts and notifications do not change.
 *
 * Refuses with `message_group_not_found`, `message_not_found`, `not_your_message`, `message_deleted`, `edit_window_passed`,
 * `edit_limit_reached`, `revision_conflict`, `message_blank`, `message_exceed_max_chars`, `recipient_unavailable`,
 * `request_pending`, `account_suspended`, `rate_limited`.
 */
export const editMessage = openChangeProcedure
  .input(input)
  .output(message)
  .mutation(async ({ ctx, input: { message: text, revision } }) => {
    const { address, caller } = ctx;
    return ctx.publishChange(
      await editMessageInStore(ctx.store, { ...address, userUuid: caller.uuid, text, revision }),
    );
  });
