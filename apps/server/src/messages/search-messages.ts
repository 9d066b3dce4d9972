import { CURSOR_MAX_CHARS, countCodePoints, findSearchTerms, MESSAGES_SEARCH, parseSearchQuery } from '@cruddur/config';
import { hasLink } from '@cruddur/config/has-link';
import { type FoundAddress, searchMessages as searchMessagesInIndex } from '@cruddur/db';
import { fillPage, readFoundMessages, requireMembership } from '@cruddur/ddb';
import { z } from 'zod';
import { message, messageGroupUuid, nextCursor, person, time } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const input = z.object({
  /** Words and phrases in quotes, all of which must occur. */
  query: z
    .string()
    .trim()
    .refine((text) => countCodePoints(text) <= MESSAGES_SEARCH.queryMaxCodePoints && !text.includes('\0'))
    .transform(parseSearchQuery)
    .refine((terms) => terms.length > 0, { params: { reason: 'query_blank' } }),
  messageGroupUuid: messageGroupUuid.optional(),
  /** Who sent it. */
  from: z.enum(['me', 'them']).optional(),
  /** Only messages that were sent earlier. */
  before: time.optional(),
  /** Only messages that were sent then or later. */
  after: time.optional(),
  has: z.literal('link').optional(),
  cursor: z.string().max(CURSOR_MAX_CHARS).nullish(),
  limit: z.number().int().min(1).max(MESSAGES_SEARCH.max).default(MESSAGES_SEARCH.default),
});

/** `person` is the conversation's other member. `ranges` are in code points of the text; `end` is not part of them. */
const found = z.object({ message, person, ranges: z.array(z.object({ start: z.number(), end: z.number() })) });
/** Newest first. */
const output = z.object({ items: z.array(found), nextCursor });

/** The last message of a page. */
const position = z.object({ sentAt: z.number(), messageUuid: z.string() });
type Position = z.infer<typeof position>;

const positionOf = ({ sentAt, messageUuid }: Position): Position => ({ sentAt, messageUuid });

/**
 * Finds messages of the caller's conversations by any part of their text, without what the caller has cleared, or anything of a
 * request that the caller declined. The index only says where to look: what is returned is in the table now, and matches.
 *
 * Refuses with `query_blank`, `message_group_not_found`, `cursor_invalid`, `rate_limited`.
 */
export const searchMessages = callerProcedure
  .input(input)
  .output((page: unknown) => output.parse(page))
  .query(async ({ ctx, input }) => {
    const { db, store } = ctx;
    const { uuid: callerUuid } = ctx.caller;
    const { query: terms, messageGroupUuid, from, before, after, has, limit } = input;
    await ctx.rateLimits.consume('search', callerUuid);
    if (messageGroupUuid !== undefined) await requireMembership(store, { messageGroupUuid, callerUuid });
    const filters = { terms, messageGroupUuid, from, before, after, hasLink: has === 'link' };
    const binding = ['message-search', callerUuid, JSON.stringify(filters)];
    const start = input.cursor ? store.cursors.openAs(position, binding, input.cursor) : undefined;

    const read = async ({ limit, after: below }: { limit: number; after?: Position | undefined }) => {
      // One more than the page shows whether another page follows.
      const search = { ...filters, callerUuid, below, limit: limit + 1 };
      const rows = await ctx.rateLimits.searchInTurn(callerUuid, () => searchMessagesInIndex(db, search));
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      return { items, next: rows.length > limit && last ? positionOf(last) : undefined };
    };
    /** Leaves out what the index does not know yet: deletions, clears, and edits after which the text no longer matches. */
    const keep = async (rows: FoundAddress[]) => {
      const messages = await readFoundMessages(store, { callerUuid, found: rows });
      return messages.flatMap((each) => {
        const { message: text } = each.message;
        const ranges = has === 'link' && !hasLink(text) ? null : findSearchTerms(text, terms);
        return ranges === null ? [] : { ...each, ranges };
      });
    };
    const first = await read({ limit, after: start });
    const { items, next } = await fillPage({ first, size: limit, wanted: limit, read, keep, keyOf: positionOf });
    return { items, nextCursor: next ? store.cursors.seal(binding, next) : null };
  });
