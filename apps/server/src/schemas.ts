import { z } from 'zod';

// What the API returns, and what notifications carry between instances. Times are ISO 8601 in UTC with microseconds.

export const person = z.object({ uuid: z.string(), handle: z.string(), displayName: z.string() });

export const message = z.object({
  uuid: z.string(),
  messageGroupUuid: z.string(),
  userUuid: z.string(),
  handle: z.string(),
  displayName: z.string(),
  message: z.string(),
  createdAt: z.string(),
});

/** A group in the caller's list, with the names of the other member. */
export const messageGroup = z.object({
  uuid: z.string(),
  handle: z.string(),
  displayName: z.string(),
  message: z.string(),
  /** Time of the last message. */
  createdAt: z.string(),
  /** Sender of the last message; `null` in rows of the origin. */
  messageUserUuid: z.string().nullable(),
  /** 100 means "more than 99". */
  unreadCount: z.number(),
  /** The caller's read marker. */
  readAt: z.string().nullable(),
  /** Time up to which the messages of both people were checked. */
  unreadThrough: z.string(),
});

export const readMarker = z.object({
  messageGroupUuid: z.string(),
  userUuid: z.string(),
  /** Time of the newest message seen. */
  readAt: z.string(),
});

/** Leads to the next page; `null` on the last one. */
export const nextCursor = z.string().nullable();

/** Input: the uuid of a group. A blank one has the origin's refusal reason. */
export const messageGroupUuid = z
  .string()
  .trim()
  .refine((uuid) => uuid !== '', { params: { reason: 'message_group_uuid_blank' }, abort: true })
  .toLowerCase()
  .pipe(z.guid());
