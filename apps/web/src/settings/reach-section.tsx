import { MESSAGE_AUDIENCES, type MessageAudience } from '@cruddur/config';
import { errorWords } from '../trpc/reason-words.ts';
import type { Settings } from '../trpc/types.ts';
import { Notice } from '../ui/notice.tsx';
import { RadioOption, Section, Switch } from './section.tsx';
import { useUpdateSettings } from './use-settings.ts';

const AUDIENCES: Record<MessageAudience, { label: string; hint: string }> = {
  everyone: { label: 'Everyone', hint: 'New conversations appear in your list.' },
  requests: {
    label: 'Everyone, as a request first',
    hint: 'A stranger’s first messages wait under Requests, without a notification, until you accept them.',
  },
  nobody: { label: 'No one', hint: 'No one can start a new conversation with you. You can still start one.' },
};

/** Who can start a conversation with the person, and what others see of them. */
export function ReachSection({ settings }: { settings: Settings }) {
  const { shown, update, error } = useUpdateSettings(settings);
  return (
    <>
      <Section title="Who can message you">
        <fieldset>
          <legend className="mb-1 text-muted">
            This applies to new conversations only. To stop someone you already talk to, block them.
          </legend>
          {MESSAGE_AUDIENCES.map((audience) => (
            <RadioOption
              key={audience}
              name="who-may-message"
              {...AUDIENCES[audience]}
              isChecked={shown.whoMayMessage === audience}
              onChoose={() => update({ whoMayMessage: audience })}
            />
          ))}
        </fieldset>
      </Section>
      <Section title="What others see">
        <Switch
          label="Read receipts"
          hint="Others see when you’ve read their messages. If this is off, you don’t see theirs either."
          isOn={shown.sendsReadReceipts}
          onChange={(sendsReadReceipts) => update({ sendsReadReceipts })}
        />
        <Switch
          label="Typing indicators"
          hint="Others see when you’re typing. If this is off, you don’t see theirs either."
          isOn={shown.sendsTyping}
          onChange={(sendsTyping) => update({ sendsTyping })}
        />
      </Section>
      {error ? <Notice>{`Your change was not saved. ${errorWords(error)}`}</Notice> : null}
    </>
  );
}
