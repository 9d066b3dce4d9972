import {
  createMessage as createMessageInStore,
  createMessageToPerson,
  type Members,
  type Message,
  otherMember,
  type Person,
  passageOf,
  readGate,
  readGroupState,
  requireMembership,
  type SentMessage,
} from '@cruddur/ddb';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { Refusal } from '../errors.ts';
import { message, messageGroupUuid, messageText, time } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const input = z
  .object({
    message: messageText,
    clientMessageUuid: z.guid().toLowerCase(),
    messageGroupUuid: messageGroupUuid.optional(),
    handle: z
      .string()
      .trim()
      .max(100)
      .refine((handle) => handle !== '', { params: { reason: 'user_receiver_handle_blank' } })
      .optional(),
    /** The message of the same group that this one replies to. */
    replyTo: z.object({ messageUuid: z.guid().toLowerCase(), createdAt: time }).optional(),
  })
  .refine((place) => place.messageGroupUuid !== undefined || place.handle !== undefined, {
    params: { reason: 'message_group_uuid_blank' },
  })
  .refine((place) => place.messageGroupUuid === undefined || place.handle === undefined, {
    error: 'either messageGroupUuid or handle',
  });

/**
 * Sends a message to a group or, by handle, to a person. A retry with the same `clientMessageUuid` returns the same message
 * and publishes it again, since the first attempt may have ended before that.
 *
 * Refuses with `message_blank`, `message_exceed_max_chars`, `message_group_uuid_blank`, `user_receiver_handle_blank`,
 * `message_group_not_found`, `user_not_found`, `recipient_is_self`, `reply_target_not_found`, `client_message_uuid_reused`,
 * `client_message_uuid_from_future`, `client_message_uuid_expired`, `recipient_unavailable`, `request_pending`,
 * `account_suspended`, `rate_limited`.
 */
export const createMessage = callerProcedure
  .input(input)
  .output(message)
  .mutation(async ({ ctx, input }) => {
    const { caller, store } = ctx;
    await ctx.rateLimits.consume('send', caller.uuid);
    const { replyTo } = input;
    const draft = {
      uuid: input.clientMessageUuid,
      sender: caller,
      text: input.message,
      replyTo: replyTo && { messageUuid: replyTo.messageUuid, at: replyTo.createdAt },
    };
    if (input.messageGroupUuid !== undefined) {
      const { messageGroupUuid } = input;
      const members = await requireMembership(store, { messageGroupUuid, callerUuid: caller.uuid });
      const { uuid: recipientUuid } = otherMember(members, caller.uuid);
      const gate = await readGate(store, caller.uuid, recipientUuid);
      const passage = passageOf(gate, caller.uuid, store.clock());
      const sent = await createMessageInStore(store, messageGroupUuid, draft, { recipientUuid, passage });
      return publishSent(ctx, sent, members);
    }
    const recipient = await ctx.people.byHandle(input.handle ?? '');
    if (recipient.uuid === caller.uuid) throw new Refusal('recipient_is_self');
    const sent = await createMessageToPerson(store, recipient, draft, {
      beforeNewGroup: () => ctx.rateLimits.consumeOnce('newGroup', caller.uuid, recipient.uuid),
      whoMayMessage: async () => (await ctx.settings.fresh(recipient.uuid)).whoMayMessage,
    });
    return publishSent(ctx, sent, [caller, recipient]);
  });

type SendContext = Pick<Context, 'bus' | 'store'>;

async function publishSent(
  ctx: SendContext,
  { delivery, isAcceptance = false, ...message }: SentMessage,
  members: Members,
): Promise<Message> {
  if (delivery || isAcceptance) {
    const people = members.filter(({ uuid }) => delivery !== 'sender_only' || uuid === message.userUuid);
    await publishStates(ctx, message.messageGroupUuid, people);
  }
  await ctx.bus.publish({ type: 'message', message, members, delivery });
  return message;
}

/** Publishes a conversation's state to people, to each their own: a message in a request counts, or accepts it. */
async function publishStates({ bus, store }: SendContext, messageGroupUuid: string, people: readonly Person[]) {
  for (const { uuid: userUuid } of people) {
    const state = await readGroupState(store, { messageGroupUuid, userUuid });
    await bus.publish({ type: 'state', userUuid, state: { messageGroupUuid, ...state } });
  }
}
