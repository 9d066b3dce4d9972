import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { useSignOut } from '../auth/use-sign-out.ts';
import { THEMES, type Theme, useTheme } from '../ui/use-theme.ts';
import { ACCOUNT_TRIGGER } from './account-button.tsx';
import { useMyself } from './me-gate.tsx';

const THEME_FACES: Record<Theme, { label: string; Icon: typeof Sun }> = {
  system: { label: 'As the system', Icon: Monitor },
  light: { label: 'Light', Icon: Sun },
  dark: { label: 'Dark', Icon: Moon },
};

const ITEM =
  'flex min-h-11 cursor-pointer items-center gap-3 rounded-xl px-3 outline-none data-highlighted:bg-hover data-[state=checked]:bg-selected';

/** The account's menu: who one is, the theme, signing out. It is open when it appears. */
export default function AccountMenu({ face }: { face: ReactNode }) {
  const me = useMyself();
  const signOut = useSignOut();
  const [theme, setTheme] = useTheme();
  return (
    <DropdownMenu.Root defaultOpen modal={false}>
      <DropdownMenu.Trigger aria-label="Account" className={ACCOUNT_TRIGGER}>
        {face}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="z-20 w-64 rounded-2xl border border-line bg-surface p-2 shadow-pane"
        >
          <DropdownMenu.Label className="px-3 py-2">
            <span className="block truncate font-semibold">{me.displayName}</span>
            <span className="block truncate text-sm text-muted">@{me.handle}</span>
          </DropdownMenu.Label>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.RadioGroup
            aria-label="Theme"
            value={theme}
            onValueChange={(value) => setTheme(THEMES.find((known) => known === value) ?? 'system')}
          >
            {THEMES.map((value) => {
              const { label, Icon } = THEME_FACES[value];
              return (
                <DropdownMenu.RadioItem
                  key={value}
                  value={value}
                  className={ITEM}
                  onSelect={(event) => event.preventDefault()}
                >
                  <Icon size={18} aria-hidden /> {label}
                </DropdownMenu.RadioItem>
              );
            })}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item className={ITEM} onSelect={() => void signOut()}>
            <LogOut size={18} aria-hidden /> Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
