import { Suspense, useState } from 'react';
import { useMyself } from '../session/me-context.ts';
import { lazyPart } from '../ui/lazy-part.ts';
import { Avatar } from './avatar.tsx';

const AccountMenu = lazyPart(() => import('./account-menu.tsx'));

/** The person's avatar, which opens the account menu. The menu's code is loaded when it is first opened. */
export function AccountButton({ onHelp }: { onHelp: () => void }) {
  const [wanted, setWanted] = useState(false);
  const me = useMyself();
  const face = <Avatar handle={me.handle} displayName={me.displayName} className="size-9" />;
  const closed = (
    <button
      type="button"
      aria-haspopup="menu"
      aria-expanded={false}
      aria-label="Account"
      onClick={() => setWanted(true)}
      className={ACCOUNT_TRIGGER}
    >
      {face}
    </button>
  );
  if (!wanted) return closed;
  return (
    <Suspense fallback={closed}>
      <AccountMenu face={face} onHelp={onHelp} />
    </Suspense>
  );
}

export const ACCOUNT_TRIGGER = 'flex size-11 items-center justify-center rounded-full hover:bg-hover';
