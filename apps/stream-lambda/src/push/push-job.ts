import * as z from 'zod/mini';

const common = {
  messageGroupUuid: z.string(),
  recipientUuid: z.string(),
  /** Only for this one of the recipient's devices, whose push service did not accept the first attempt. */
  deviceUuid: z.optional(z.string()),
  /** How many attempts there were. */
  attempts: z._default(z.number(), 0),
  /** Milliseconds since 1970: the push service asked to wait until then. */
  notBefore: z._default(z.number(), 0),
};

/** Notify the recipient of a message. What is shown is read when it is sent. */
const messageJob = z.object({
  kind: z.literal('message'),
  ...common,
  messageUuid: z.string(),
  /** Of the message, as stored. */
  sk: z.string(),
  senderUuid: z.string(),
});

/** Close the notification of the message that was sent at a time, as in sort keys: it was read or deleted. */
const closeJob = z.object({ kind: z.literal('close'), ...common, through: z.string() });

const schema = z.discriminatedUnion('kind', [messageJob, closeJob]);

/** A job of the push Lambda. It has no text. */
export type PushJob = z.output<typeof schema>;

/** @throws if it is no job */
export const parsePushJob = (body: string): PushJob => schema.parse(JSON.parse(body));

/** A job's first attempt. */
export const newJob = <Job extends Omit<PushJob, 'attempts' | 'notBefore'>>(job: Job) => ({
  ...job,
  attempts: 0,
  notBefore: 0,
});
