import { trpc } from '../trpc/trpc.ts';

/** Who one is; makes the account's row at the first call after sign-up. */
export function useMe() {
  return trpc.users.me.useQuery();
}
