import type { ReportReason } from '@cruddur/config';
import { useMutation } from '@tanstack/react-query';
import { useMyself } from '../session/me-context.ts';
import { useTRPCClient } from '../trpc/trpc.ts';
import type { Message } from '../trpc/types.ts';

interface Report {
  reason: ReportReason;
  note: string;
}

/**
 * Reports a message to the moderators; without one, the newest that the other person has sent. The mutation's result is false
 * if there is none.
 */
export function useReportMessage(messageGroupUuid: string, message: Message | undefined) {
  const { uuid: myUuid } = useMyself();
  const api = useTRPCClient();
  return useMutation({
    async mutationFn({ reason, note }: Report): Promise<boolean> {
      const reported = message ?? (await newestOfOther());
      if (reported === undefined) return false;
      const { uuid: messageUuid, createdAt } = reported;
      await api.messages.report.mutate({ messageGroupUuid, messageUuid, createdAt, reason, note });
      return true;
    },
  });

  async function newestOfOther(): Promise<Message | undefined> {
    let cursor: string | null = null;
    do {
      const page = await api.messages.list.query({ messageGroupUuid, cursor });
      const found = page.items.findLast(({ userUuid, deletedAt }) => userUuid !== myUuid && deletedAt === null);
      if (found) return found;
      cursor = page.nextCursor;
    } while (cursor !== null);
    return undefined;
  }
}
