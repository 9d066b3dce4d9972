import { TRPCClientError } from '@trpc/client';
import { errorReason, isSessionOver } from '../trpc/api-error.ts';
import { AT_ONCE, OUTLIVES_PAGE } from '../trpc/at-once-link.ts';
import type { ApiClient } from '../trpc/trpc.ts';
import type { Message } from '../trpc/types.ts';
import { failureOf } from './attempt.ts';
import type { ChangeItem } from './change-item.ts';
import type { ChangeOutcome } from './change-outcome.ts';

/** The procedures of messages. */
export type MessagesApi = ApiClient['messages'];

/** Sends a change once. After a conflict it also reads the message as it is now. */
export async function sendChange(messages: MessagesApi, item: ChangeItem): Promise<ChangeOutcome> {
  try {
    return { kind: 'done', message: await callProcedure(messages, item) };
  } catch (error) {
    if (errorReason(error) !== 'revision_conflict') return failedChange(error);
    try {
      const { message } = await messages.history.query(addressOf(item));
      return { kind: 'failed', ...failureOf(error), message };
    } catch (historyError) {
      return failedChange(historyError);
    }
  }
}

function callProcedure(messages: MessagesApi, item: ChangeItem): Promise<Message> {
  const address = addressOf(item);
  switch (item.kind) {
    case 'reaction':
      return messages.react.mutate({ ...address, emoji: item.emoji, isOn: item.isOn }, { context: AT_ONCE });
    case 'edit':
      return messages.edit.mutate({ ...address, message: item.text, revision: item.revision }, { context: AT_ONCE });
    case 'deletion':
      return messages.delete.mutate(address, { context: OUTLIVES_PAGE });
  }
}

const addressOf = ({ messageGroupUuid, messageUuid, createdAt }: ChangeItem) => ({
  messageGroupUuid,
  messageUuid,
  createdAt,
});

function failedChange(error: unknown): ChangeOutcome {
  if (isSessionOver(error)) return { kind: 'signed_out' };
  // A bug: log it, and retry the change later.
  if (!(error instanceof TRPCClientError)) console.error('A change could not be sent.', error);
  return { kind: 'failed', ...failureOf(error) };
}
