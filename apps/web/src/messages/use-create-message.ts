import { useQueryClient } from '@tanstack/react-query';
import type { PendingRow } from '../message-groups/message-groups-cache.ts';
import { PENDING_ROWS_KEY } from '../message-groups/message-groups-keys.ts';
import { trpc } from '../trpc/trpc.ts';
import { useMyself } from '../users/me-gate.tsx';
import { useReceiveMessage } from './use-receive-message.ts';

/**
 * Sends a message. The group's row in the list shows it at once, and no longer if the server refuses; the thread shows
 * it from the outbox until it is acknowledged, then from the cache.
 *
 * @param now - the server's time in milliseconds, to place the row meanwhile
 */
export function useCreateMessage(now: () => number) {
  const me = useMyself();
  const client = useQueryClient();
  const utils = trpc.useUtils();
  const receive = useReceiveMessage();
  const editPending = (edit: (rows: PendingRow[]) => PendingRow[]) =>
    client.setQueryData<PendingRow[]>(PENDING_ROWS_KEY, (rows = []) => edit(rows));

  return trpc.messages.create.useMutation({
    onMutate({ messageGroupUuid, message, clientMessageUuid }) {
      if (messageGroupUuid === undefined) return;
      const createdAt = new Date(now()).toISOString();
      const last = { uuid: messageGroupUuid, message, messageUserUuid: me.uuid, createdAt };
      editPending((rows) => [...rows, { clientMessageUuid, last }]);
    },
    onSuccess(message, { handle }) {
      receive(message, handle === undefined ? undefined : utils.users.short.getData({ handle }));
    },
    onSettled(_message, _error, { clientMessageUuid }) {
      editPending((rows) => rows.filter((row) => row.clientMessageUuid !== clientMessageUuid));
    },
  });
}
