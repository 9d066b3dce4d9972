import { MESSAGE_AUDIENCES } from '@cruddur/config';
import { t } from '../i18n/t.ts';
import { errorWords } from '../trpc/reason-words.ts';
import type { Settings } from '../trpc/types.ts';
import { Notice } from '../ui/notice.tsx';
import { RadioOption, Section, Switch } from './section.tsx';
import { useUpdateSettings } from './use-settings.ts';

/** Who can start a conversation with the person, and what others see of them. */
export function ReachSection({ settings }: { settings: Settings }) {
  const { shown, update, error } = useUpdateSettings(settings);
  return (
    <>
      <Section title={t('settings.reach')}>
        <fieldset>
          <legend className="mb-1 text-muted">{t('settings.reach.hint')}</legend>
          {MESSAGE_AUDIENCES.map((audience) => (
            <RadioOption
              key={audience}
              name="who-may-message"
              label={t(`settings.reach.${audience}`)}
              hint={t(`settings.reach.${audience}.hint`)}
              isChecked={shown.whoMayMessage === audience}
              onChoose={() => update({ whoMayMessage: audience })}
            />
          ))}
        </fieldset>
      </Section>
      <Section title={t('settings.shown')}>
        <Switch
          label={t('settings.receipts')}
          hint={t('settings.receipts.hint')}
          isOn={shown.sendsReadReceipts}
          onChange={(sendsReadReceipts) => update({ sendsReadReceipts })}
        />
        <Switch
          label={t('settings.typing')}
          hint={t('settings.typing.hint')}
          isOn={shown.sendsTyping}
          onChange={(sendsTyping) => update({ sendsTyping })}
        />
      </Section>
      {error ? <Notice>{t('settings.notSaved', { reason: errorWords(error) })}</Notice> : null}
    </>
  );
}
