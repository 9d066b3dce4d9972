import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { LANGUAGES, type Language } from '../i18n/choose-language.ts';
import { t } from '../i18n/t.ts';
import { useNotificationChoices } from '../notifications/notification-choice.ts';
import { trpcKeys } from '../trpc/trpc.ts';
import { chooseStoredLanguage, storedLanguage } from '../ui/stored-language.ts';
import { THEMES, type Theme, useTheme } from '../ui/use-theme.ts';
import { RadioOption, Section, Switch } from './section.tsx';

const themeLabel = (theme: Theme): string => t(`settings.theme.${theme}`);

/** Each language in its own words, so that its readers find it. */
const LANGUAGE_LABELS: Record<Language, string> = { en: 'English', de: 'Deutsch' };

/** What is set for this browser only. */
export function DeviceSection() {
  const [theme, setTheme] = useTheme();
  return (
    <Section title={t('settings.device')}>
      <NotificationSwitches />
      <fieldset>
        <legend className="mb-1 font-medium">{t('settings.theme')}</legend>
        {THEMES.map((value) => (
          <RadioOption
            key={value}
            name="theme"
            label={themeLabel(value)}
            isChecked={theme === value}
            onChoose={() => setTheme(value)}
          />
        ))}
      </fieldset>
      <LanguageChoice />
    </Section>
  );
}

function LanguageChoice() {
  const chosen = storedLanguage();
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{t('settings.language')}</legend>
      {[null, ...LANGUAGES].map((value) => (
        <RadioOption
          key={value}
          name="language"
          label={value === null ? t('settings.language.system') : LANGUAGE_LABELS[value]}
          isChecked={chosen === value}
          onChoose={() => chooseStoredLanguage(value)}
        />
      ))}
    </fieldset>
  );
}

/** Asks for the browser's permission only when notifications are switched on. */
function NotificationSwitches() {
  const choices = useNotificationChoices();
  const client = useQueryClient();
  const [choice, setChoice] = useState(() => choices.get());
  const [hidesText, setHidesText] = useState(() => choices.hidesText());
  if (choice === 'unsupported') return <p className="text-muted">{t('settings.notifications.unsupported')}</p>;
  const isBlocked = choice === 'blocked';
  const toggle = async () => {
    const toggled = await choices.toggle();
    setChoice(toggled.choice);
    await toggled.pushes;
    await client.invalidateQueries(trpcKeys.devices.list.pathFilter());
  };
  const hideText = (hides: boolean) => {
    setHidesText(hides);
    void choices.setHidesText(hides);
  };
  return (
    <>
      <Switch
        label={t('settings.notifications')}
        hint={isBlocked ? t('settings.notifications.blocked') : t('settings.notifications.hint')}
        isOn={choice === 'on'}
        isDisabled={isBlocked}
        onChange={() => void toggle()}
      />
      {choice === 'on' ? (
        <Switch label={t('push.hideText')} hint={t('push.hideText.hint')} isOn={hidesText} onChange={hideText} />
      ) : null}
    </>
  );
}
