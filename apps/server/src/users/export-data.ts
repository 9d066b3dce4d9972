import { CURSOR_MAX_CHARS } from '@cruddur/config';
import { findAccount } from '@cruddur/db';
import { exportConversations, listDevices } from '@cruddur/ddb';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { device, nextCursor, person } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';
import { storedSettings } from './settings.ts';

const profileLine = person.extend({ type: z.literal('profile'), email: z.string(), createdAt: z.iso.datetime() });
const settingsLine = storedSettings.extend({ type: z.literal('settings') });
const blockedLine = person.extend({ type: z.literal('blocked'), blockedAt: z.string() });
const deviceLine = device
  .omit({ deviceUuid: true })
  .extend({ type: z.literal('device'), uuid: z.string(), lastUsedAt: z.string() });
const conversationLine = z.object({
  type: z.literal('conversation'),
  uuid: z.string(),
  person,
  readAt: z.string().nullable(),
  mutedUntil: z.string().nullable(),
  isPinned: z.boolean(),
  isMarkedUnread: z.boolean(),
});
const messageLine = z.object({
  type: z.literal('message'),
  uuid: z.string(),
  conversationUuid: z.string(),
  createdAt: z.string(),
  sender: person,
  message: z.string(),
  replyTo: z.string().nullable(),
  reactions: z.array(z.object({ emoji: z.string(), userUuids: z.array(z.string()) })),
  editedAt: z.string().nullable(),
  deletedAt: z.string().nullable(),
});
const line = z.discriminatedUnion('type', [
  profileLine,
  settingsLine,
  deviceLine,
  blockedLine,
  conversationLine,
  messageLine,
]);

/** `progress` is from 0 to 1, and never goes back. */
const output = z.object({ lines: z.array(line), progress: z.number(), nextCursor });

/**
 * Returns a page of what the service has about the caller, for a file with a line of JSON for each: profile, settings, devices
 * that are notified, blocked people, conversations and their messages, without what the caller has cleared. A line may come again on a
 * later page: the last one of its uuid counts.
 *
 * Refuses with `cursor_invalid`, `rate_limited`.
 */
export const exportData = callerProcedure
  .input(z.object({ cursor: z.string().max(CURSOR_MAX_CHARS).nullish() }).prefault({}))
  .output((page: unknown) => output.parse(page))
  .query(async ({ ctx, input: { cursor } }) => {
    await ctx.rateLimits.consume('export', ctx.caller.uuid);
    const from = { userUuid: ctx.caller.uuid, cursor: cursor ?? undefined };
    const [own, page] = await Promise.all([cursor ? [] : ownLines(ctx, from), exportConversations(ctx.store, from)]);
    return { ...page, lines: [...own, ...page.lines] };
  });

/** What only the first page has. Without the endpoint and keys of a device, which let anyone who has them send it notifications. */
async function ownLines(
  { db, settings, store }: Pick<Context, 'db' | 'settings' | 'store'>,
  { userUuid }: { userUuid: string },
): Promise<z.input<typeof line>[]> {
  const [account, stored, devices] = await Promise.all([
    findAccount(db, userUuid),
    settings.fresh(userUuid),
    listDevices(store, userUuid),
  ]);
  const deviceLines = devices.map(({ deviceUuid: uuid, ...more }) => ({ type: 'device' as const, uuid, ...more }));
  const lines: z.input<typeof line>[] = [{ type: 'settings', ...stored }, ...deviceLines];
  if (account) lines.unshift({ type: 'profile', ...account, createdAt: account.createdAt.toISOString() });
  return lines;
}
