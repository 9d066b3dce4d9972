import { skipToken } from '@tanstack/react-query';
import { trpc } from '../trpc/trpc.ts';

/** A person by handle; nothing is asked while there is none. */
export function useUserShort(handle: string | undefined) {
  return trpc.users.short.useQuery(handle === undefined ? skipToken : { handle });
}
