import { isPassing } from '../trpc/api-error.ts';
import { trpc } from '../trpc/trpc.ts';

const AGAIN_MS = 5_000;

/** Who one is; makes the account's row at the first call after sign-up. While nobody answers, it is asked again. */
export function useMe() {
  return trpc.users.me.useQuery(undefined, {
    refetchInterval: ({ state }) => (state.data === undefined && isPassing(state.error) ? AGAIN_MS : false),
  });
}
