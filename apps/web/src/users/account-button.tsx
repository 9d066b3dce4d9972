import { Suspense, useState } from 'react';
import { t } from '../i18n/t.ts';
import { useMyself } from '../session/me-context.ts';
import { lazyPart, usePreload } from '../ui/lazy-part.tsx';
import { Avatar } from './avatar.tsx';

const AccountMenu = lazyPart(() => import('./account-menu.tsx'));
const MENU = [AccountMenu.preload];

export function AccountButton({ onHelp }: { onHelp: () => void }) {
  const [wanted, setWanted] = useState(false);
  const me = useMyself();
  usePreload(MENU);
  const button = (
    <button
      type="button"
      aria-haspopup="menu"
      aria-expanded={false}
      aria-label={t('app.account')}
      onClick={() => setWanted(true)}
      className="flex size-11 items-center justify-center rounded-full hover:bg-hover"
    >
      <Avatar handle={me.handle} displayName={me.displayName} className="size-9" />
    </button>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <AccountMenu trigger={button} onHelp={onHelp} />
    </Suspense>
  );
}
