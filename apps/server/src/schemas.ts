import { messageTextRefusal } from '@cruddur/config';
import { type Micros, parseTime } from '@cruddur/ddb';
import { z } from 'zod';

// What the API returns, and what notifications carry between instances. Times are ISO 8601 in UTC with microseconds.

export const person = z.object({ uuid: z.string(), handle: z.string(), displayName: z.string() });

/** The message that another one replies to, as it is now. */
const quote = z.object({
  uuid: z.string(),
  createdAt: z.string(),
  /** The sender. */
  userUuid: z.string(),
  displayName: z.string(),
  /** The beginning of the text; empty if it was deleted. */
  excerpt: z.string(),
  isDeleted: z.boolean(),
  /** The quoted message's `version`. */
  version: z.number(),
});

/** The defaults are for notifications of the release before this one, during a deployment. */
export const message = z.object({
  uuid: z.string(),
  messageGroupUuid: z.string(),
  userUuid: z.string(),
  handle: z.string(),
  displayName: z.string(),
  /** Empty if it was deleted. */
  message: z.string(),
  createdAt: z.string(),
  replyTo: quote.nullable().default(null),
  reactions: z.array(z.object({ emoji: z.string(), userUuids: z.array(z.string()) })).default([]),
  editedAt: z.string().nullable().default(null),
  deletedAt: z.string().nullable().default(null),
  /** How often it was edited. */
  revision: z.number().default(0),
  /** How often it was changed, by edits, reactions or deletion: of two copies, the one with the higher version is newer. */
  version: z.number().default(0),
});

/** A group's state for the caller, which the other member does not see. */
export const messageGroupState = z.object({
  messageGroupUuid: z.string(),
  /** A time, `always`, or `null`. */
  mutedUntil: z.string().nullable(),
  isPinned: z.boolean(),
  isMarkedUnread: z.boolean(),
  /** Begun by a stranger, and not accepted yet. */
  isRequest: z.boolean(),
  isBlockedByMe: z.boolean(),
  /** False if either member blocks the other, or until the other accepts. */
  canSend: z.boolean(),
  /** The caller has sent as many messages as a request may have. */
  awaitsAcceptance: z.boolean(),
  /** The caller has cleared what is not later; a time, or `null`. */
  clearedThrough: z.string().nullable(),
});

/** A group in the caller's list, with the names of the other member. */
export const messageGroup = messageGroupState.omit({ messageGroupUuid: true }).extend({
  uuid: z.string(),
  handle: z.string(),
  displayName: z.string(),
  message: z.string(),
  /** Time of the last message. */
  createdAt: z.string(),
  /** Sender of the last message; `null` in rows of the origin. */
  messageUserUuid: z.string().nullable(),
  /** The last message's `version`. It may be behind the thread until the stream's Lambda has run. */
  messageVersion: z.number().default(0),
  /** The last message was deleted, and `message` is empty. */
  isMessageDeleted: z.boolean().default(false),
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

/** A device of the caller that receives pushes. */
export const device = z.object({
  deviceUuid: z.string(),
  name: z.string(),
  /** Its notifications show the sender, not the text. */
  hidesText: z.boolean(),
  createdAt: z.string(),
  /** To the hour. */
  lastNotifiedAt: z.string().nullable(),
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

/** Input: a time that the API returned. */
export const time = z
  .string()
  .max(40)
  .transform(parseTime)
  .pipe(z.custom<Micros>((at) => typeof at === 'number' && at >= 0));

/** Input: the text of a message. */
export const messageText = z.string().superRefine((text, ctx) => {
  const reason = messageTextRefusal(text);
  if (reason) ctx.addIssue({ code: 'custom', params: { reason }, message: reason });
});

/** Input: names one message of a group. */
export const messageAddress = z.object({ messageGroupUuid, messageUuid: z.guid().toLowerCase(), createdAt: time });
