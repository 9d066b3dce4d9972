import { useQueryClient } from '@tanstack/react-query';
import type { PendingRow } from '../cache/message-groups-cache.ts';
import { PENDING_ROWS_KEY } from '../cache/message-groups-keys.ts';
import { useMyself } from '../session/me-context.ts';
import { trpc } from '../trpc/trpc.ts';

/**
 * Sends a message. The group's row in the list shows it at once, and no longer if the server refuses it. The thread shows it
 * from the outbox until it is acknowledged. `useAcknowledged` puts it into the caches: an error there must not make a sent
 * message look unsent, so it is not done in `onSuccess`.
 *
 * @param now - the server's time in milliseconds, which places the row meanwhile
 */
export function useCreateMessage(now: () => number) {
  const me = useMyself();
  const client = useQueryClient();
  const editPending = (edit: (rows: PendingRow[]) => PendingRow[]) =>
    client.setQueryData<PendingRow[]>(PENDING_ROWS_KEY, (rows = []) => edit(rows));

  return trpc.messages.create.useMutation({
    onMutate({ messageGroupUuid, message, clientMessageUuid }) {
      if (messageGroupUuid === undefined) return;
      const createdAt = new Date(now()).toISOString();
      const last = { uuid: messageGroupUuid, message, messageUserUuid: me.uuid, createdAt };
      editPending((rows) => [...rows, { clientMessageUuid, last }]);
    },
    onSettled(_message, _error, { clientMessageUuid }) {
      editPending((rows) => rows.filter((row) => row.clientMessageUuid !== clientMessageUuid));
    },
  });
}
