import { createContext, useContext } from 'react';
import type { UserShort } from '../trpc/types.ts';

export const MeContext = createContext<UserShort | null>(null);

/** The signed-in person. Available everywhere below MeGate. */
export function useMyself(): UserShort {
  const me = useContext(MeContext);
  if (me === null) throw new Error('useMyself is called outside MeGate');
  return me;
}
