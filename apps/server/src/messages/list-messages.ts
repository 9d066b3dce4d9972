import { CURSOR_MAX_CHARS, MESSAGES_PAGE } from '@cruddur/config';
import {
  addMicros,
  listMessages as listMessagesInStore,
  type Micros,
  otherMember,
  parseTime,
  readGroupView,
  requireMembership,
} from '@cruddur/ddb';
import { z } from 'zod';
import { message, messageGroupState, messageGroupUuid, nextCursor, person, time } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';
import { withoutCleared } from './without-cleared.ts';

const input = z.object({
  messageGroupUuid,
  /** The `nextCursor` or `previousCursor` of a page. */
  cursor: z.string().max(CURSOR_MAX_CHARS).nullish(),
  limit: z.number().int().min(1).max(MESSAGES_PAGE.max).default(MESSAGES_PAGE.default),
  /** Without a cursor: half of the page is older than this time, the rest is not. */
  around: time.optional(),
  /** Strongly consistent, for messages that the caller does not read again. */
  consistentRead: z.boolean().default(false),
});

/** `items` are oldest first. `previousCursor` leads to newer ones. `person` is the group's other member, `state` its state for the caller. */
const output = z.object({
  items: z.array(message),
  nextCursor,
  previousCursor: nextCursor,
  person,
  state: messageGroupState,
});

/**
 * Returns the newest page of a thread, or one around a time, or by cursor the page next to another one, without what the caller
 * has cleared, or anything of a request that the caller declined.
 *
 * Refuses with `message_group_not_found`, `cursor_invalid`.
 */
export const listMessages = callerProcedure
  .input(input)
  // Parsed synchronously: `parseAsync`, which tRPC uses, takes a tenth of a list's call.
  .output((page: unknown) => output.parse(page))
  .query(async ({ ctx, input }) => {
    const { store } = ctx;
    const { messageGroupUuid, limit, around, consistentRead: isConsistent } = input;
    const caller = { messageGroupUuid, callerUuid: ctx.caller.uuid };
    const members = await requireMembership(store, caller);
    const from = { limit, isConsistent, cursor: input.cursor ?? undefined };
    const read = (time: Micros | undefined) => listMessagesInStore(store, { ...caller, ...from, around: time });
    const [page, { state, hiddenThrough }] = await Promise.all([
      read(around),
      readGroupView(store, { messageGroupUuid, userUuid: ctx.caller.uuid }),
    ]);
    let shown = withoutCleared(page, hiddenThrough);
    if (around !== undefined && !input.cursor && shown.items.length === 0 && hiddenThrough !== null) {
      // All of it was cleared: the page has the oldest messages that are left.
      shown = withoutCleared(await read(addMicros(parseTime(hiddenThrough) ?? around, 1)), hiddenThrough);
    }
    return {
      ...shown,
      person: otherMember(members, ctx.caller.uuid),
      state: { messageGroupUuid, ...state },
    };
  });
