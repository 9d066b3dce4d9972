import { CURSOR_MAX_CHARS, MESSAGE_GROUPS_PAGE } from '@cruddur/config';
import { listBlocked as listBlockedInStore } from '@cruddur/ddb';
import { z } from 'zod';
import { nextCursor, person } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const input = z
  .object({
    cursor: z.string().max(CURSOR_MAX_CHARS).nullish(),
    limit: z.number().int().min(1).max(MESSAGE_GROUPS_PAGE.max).default(MESSAGE_GROUPS_PAGE.default),
  })
  .prefault({});

const output = z.object({ items: z.array(person.extend({ blockedAt: z.string() })), nextCursor });

/** Returns a page of the people that the caller blocks. Refuses with `cursor_invalid`. */
export const listBlocked = callerProcedure
  .input(input)
  .output(output)
  .query(({ ctx, input: { limit, cursor } }) =>
    listBlockedInStore(ctx.store, { userUuid: ctx.caller.uuid, limit, cursor: cursor ?? undefined }),
  );
