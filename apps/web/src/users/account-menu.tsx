import { Bell, BellOff, Check, Keyboard, LogOut, Monitor, Moon, Settings, Sun } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { t } from '../i18n/t.ts';
import { useNotificationChoices } from '../notifications/notification-choice.ts';
import { useMyself } from '../session/me-context.ts';
import { pageDirection } from '../ui/browser.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { THEMES, type Theme, useTheme } from '../ui/use-theme.ts';
import { useSignOut } from './use-sign-out.ts';
import { useUnsentWords } from './use-unsent-words.ts';

const THEME_ICONS: Record<Theme, typeof Sun> = { system: Monitor, light: Sun, dark: Moon };

const ITEM =
  'flex min-h-11 cursor-pointer items-center gap-3 rounded-xl px-3 py-1 outline-none data-highlighted:bg-hover data-[state=checked]:bg-selected';
const LINE = 'my-1 h-px bg-line';

interface AccountMenuProps {
  trigger: ReactNode;
  onHelp: () => void;
}

/** Open when first rendered. */
export default function AccountMenu({ trigger, onHelp }: AccountMenuProps) {
  const me = useMyself();
  const signOut = useSignOut();
  const unsent = useUnsentWords();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <DropdownMenu.Root dir={pageDirection()} defaultOpen modal={false}>
        <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
        {/* Not in a portal, which is outside all landmarks. */}
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-20 w-78 rounded-2xl border border-line bg-surface p-2 shadow-pane"
        >
          <DropdownMenu.Label className="px-3 py-2">
            <span dir="auto" className="block truncate font-semibold text-page-start">
              {me.displayName}
            </span>
            <span dir="ltr" className="block truncate text-sm text-muted text-page-start">{`@${me.handle}`}</span>
          </DropdownMenu.Label>
          <DropdownMenu.Separator className={LINE} />
          <ThemeItems />
          <DropdownMenu.Separator className={LINE} />
          <NotificationItem />
          <DropdownMenu.Item className={ITEM} asChild>
            <Link to="/settings">
              <Settings size={18} aria-hidden /> {t('app.settings')}
            </Link>
          </DropdownMenu.Item>
          <DropdownMenu.Item className={ITEM} onSelect={onHelp}>
            <Keyboard size={18} aria-hidden /> {t('people.shortcuts')}
          </DropdownMenu.Item>
          <DropdownMenu.Item className={ITEM} onSelect={() => (unsent === '' ? signOut() : setAsking(true))}>
            <LogOut size={18} aria-hidden /> {t('app.signOut')}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Root>
      {asking ? (
        <ConfirmDialog
          title={t('people.signOut.unsent', { unsent })}
          description={t('people.signOut.hint')}
          action={t('people.signOut.confirm')}
          onConfirm={() => {
            setAsking(false);
            signOut();
          }}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}

/** Asks for the browser's permission only when notifications are switched on. */
function NotificationItem() {
  const choices = useNotificationChoices();
  const [choice, setChoice] = useState(() => choices.get());
  if (choice === 'unsupported') return null;
  const isBlocked = choice === 'blocked';
  const Icon = choice === 'on' ? Bell : BellOff;
  return (
    // The menu stays open to show the result.
    <DropdownMenu.CheckboxItem
      checked={choice === 'on'}
      disabled={isBlocked}
      className={ITEM}
      onSelect={(event) => {
        event.preventDefault();
        void choices.toggle().then((toggled) => setChoice(toggled.choice));
      }}
    >
      <Icon size={18} aria-hidden className="shrink-0" />
      <span className="grow">
        {t('settings.notifications')}
        {isBlocked ? <span className="block text-sm text-muted">{t('settings.notifications.blocked')}</span> : null}
      </span>
      {choice === 'on' ? <Check size={18} aria-hidden className="shrink-0" /> : null}
    </DropdownMenu.CheckboxItem>
  );
}

function ThemeItems() {
  const [theme, setTheme] = useTheme();
  return (
    <DropdownMenu.RadioGroup
      aria-label={t('settings.theme')}
      value={theme}
      onValueChange={(value) => setTheme(THEMES.find((known) => known === value) ?? 'system')}
    >
      <DropdownMenu.Label className="px-3 py-1 text-sm text-muted">{t('settings.theme')}</DropdownMenu.Label>
      {THEMES.map((value) => {
        const Icon = THEME_ICONS[value];
        return (
          // The menu stays open to try the themes.
          <DropdownMenu.RadioItem
            key={value}
            value={value}
            className={ITEM}
            onSelect={(event) => event.preventDefault()}
          >
            <Icon size={18} aria-hidden />
            <span className="grow">{t(`settings.theme.${value}`)}</span>
            {value === theme ? <Check size={18} aria-hidden className="shrink-0" /> : null}
          </DropdownMenu.RadioItem>
        );
      })}
    </DropdownMenu.RadioGroup>
  );
}
