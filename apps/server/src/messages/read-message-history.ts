import {
  readGroupView,
  readMessageHistory as readMessageHistoryInStore,
  requireMembership,
  withoutClearedQuote,
} from '@cruddur/ddb';
import { z } from 'zod';
import { Refusal } from '../errors.ts';
import { message, messageAddress } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

/** `items` are the texts before each edit, earliest first, with the time at which each was written. */
const output = z.object({
  message,
  items: z.array(z.object({ revision: z.number(), message: z.string(), createdAt: z.string() })),
});

/**
 * Returns a message as it is now, and its earlier versions, to both members. A deleted message has none. One that the
 * caller has cleared is not found.
 *
 * Refuses with `message_group_not_found`, `message_not_found`.
 */
export const readMessageHistory = callerProcedure
  .input(messageAddress)
  .output(output)
  .query(async ({ ctx, input: { messageGroupUuid, messageUuid, createdAt: at } }) => {
    const { caller, store } = ctx;
    await requireMembership(store, { messageGroupUuid, callerUuid: caller.uuid });
    const [{ message, items }, { hiddenThrough }] = await Promise.all([
      readMessageHistoryInStore(store, { messageGroupUuid, messageUuid, at }),
      readGroupView(store, { messageGroupUuid, userUuid: caller.uuid }),
    ]);
    if (hiddenThrough !== null && message.createdAt <= hiddenThrough) throw new Refusal('message_not_found');
    return { message: withoutClearedQuote(message, hiddenThrough), items };
  });
