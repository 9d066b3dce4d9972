import { useState } from 'react';
import { useNotificationChoices } from '../notifications/notification-choice.ts';
import { THEMES, type Theme, useTheme } from '../ui/use-theme.ts';
import { RadioOption, Section, Switch } from './section.tsx';

const THEME_LABELS: Record<Theme, string> = { system: 'System', light: 'Light', dark: 'Dark' };

/** What is set for this browser only. */
export function DeviceSection() {
  const [theme, setTheme] = useTheme();
  return (
    <Section title="This browser">
      <NotificationSwitch />
      <fieldset>
        <legend className="mb-1 font-medium">Theme</legend>
        {THEMES.map((value) => (
          <RadioOption
            key={value}
            name="theme"
            label={THEME_LABELS[value]}
            isChecked={theme === value}
            onChoose={() => setTheme(value)}
          />
        ))}
      </fieldset>
    </Section>
  );
}

/** Asks for the browser's permission only when notifications are switched on. */
function NotificationSwitch() {
  const choices = useNotificationChoices();
  const [choice, setChoice] = useState(() => choices.get());
  if (choice === 'unsupported') return <p className="text-muted">This browser can’t show notifications.</p>;
  const isBlocked = choice === 'blocked';
  return (
    <Switch
      label="Notifications"
      hint={isBlocked ? 'Blocked in this browser’s settings.' : 'Show new messages while Cruddur is in the background.'}
      isOn={choice === 'on'}
      isDisabled={isBlocked}
      onChange={() => void choices.toggle().then(setChoice)}
    />
  );
}
