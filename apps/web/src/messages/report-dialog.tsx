import { countCodePoints, REPORT_NOTE_MAX_CODE_POINTS, REPORT_REASONS, type ReportReason } from '@cruddur/config';
import { type FormEvent, useId, useState } from 'react';
import { t } from '../i18n/t.ts';
import { useGroupActions } from '../message-groups/use-group-actions.ts';
import { useGroupState } from '../message-groups/use-group-state.ts';
import { errorWords } from '../trpc/reason-words.ts';
import type { Message, PersonName } from '../trpc/types.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { fillIn } from '../ui/fill-in.tsx';
import { Notice } from '../ui/notice.tsx';
import { CharacterCounter } from './character-counter.tsx';
import { useReportMessage } from './use-report-message.ts';

interface ReportDialogProps {
  group: PersonName & { uuid: string };
  /** Without one, the newest message of the other person is reported. */
  message?: Message | undefined;
  onClose: () => void;
}

/** Reports a message to the moderators, and then offers to block the person and to clear the conversation. */
export default function ReportDialog({ group, message, onClose }: ReportDialogProps) {
  const [isSent, setSent] = useState(false);
  return (
    <Dialog title={isSent ? t('actions.reporting.sent') : titleOf(message, group)} onClose={onClose}>
      {isSent ? (
        <AfterReport group={group} onClose={onClose} />
      ) : (
        <ReportForm group={group} message={message} onSent={() => setSent(true)} />
      )}
    </Dialog>
  );
}

const titleOf = (message: Message | undefined, { displayName }: PersonName): string =>
  message ? t('actions.reporting.message') : t('actions.reporting.person', { name: displayName });

type ReportFormProps = Omit<ReportDialogProps, 'onClose'> & { onSent: () => void };

function ReportForm({ group, message, onSent }: ReportFormProps) {
  const [reason, setReason] = useState<ReportReason | null>(null);
  const [note, setNote] = useState('');
  const report = useReportMessage(group.uuid, message);
  const hint = message ? 'actions.reporting.messageHint' : 'actions.reporting.personHint';
  const isTooLong = countCodePoints(note.trim()) > REPORT_NOTE_MAX_CODE_POINTS;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (reason === null || isTooLong || report.isPending) return;
    report.mutate({ reason, note }, { onSuccess: (isReported) => isReported && onSent() });
  };
  return (
    <form onSubmit={onSubmit} className="-mx-1 flex min-h-0 flex-col gap-4 overflow-y-auto px-1 pb-1">
      <p className="text-muted text-pretty">{fillIn((name) => t(hint, { name }), <bdi>{group.displayName}</bdi>)}</p>
      <Reasons reason={reason} onReason={setReason} />
      <Note note={note} isTooLong={isTooLong} onNote={setNote} />
      {report.error ? <Notice>{errorWords(report.error)}</Notice> : null}
      {report.data === false ? <Notice>{t('actions.reporting.nothing', { name: group.displayName })}</Notice> : null}
      <Button type="submit" look="danger" busy={report.isPending} disabled={reason === null || isTooLong}>
        {t('actions.reporting.send')}
      </Button>
    </form>
  );
}

interface ReasonsProps {
  reason: ReportReason | null;
  onReason: (reason: ReportReason) => void;
}

function Reasons({ reason, onReason }: ReasonsProps) {
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{t('actions.reporting.reason')}</legend>
      {REPORT_REASONS.map((each) => (
        <label
          key={each}
          className="flex min-h-11 cursor-pointer items-center gap-3 rounded-xl px-2 hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-focus"
        >
          <input
            type="radio"
            name="reason"
            required
            checked={reason === each}
            onChange={() => onReason(each)}
            className="size-4.5 accent-moss outline-none"
          />
          {t(`actions.reporting.${each}`)}
        </label>
      ))}
    </fieldset>
  );
}

interface NoteProps {
  note: string;
  isTooLong: boolean;
  onNote: (note: string) => void;
}

function Note({ note, isTooLong, onNote }: NoteProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
        {t('actions.reporting.note')}
      </label>
      <textarea
        id={id}
        rows={3}
        dir="auto"
        value={note}
        onChange={({ currentTarget }) => onNote(currentTarget.value)}
        aria-invalid={isTooLong || undefined}
        aria-describedby={`${id}-counter`}
        className="block w-full resize-none rounded-xl border border-edge bg-surface px-3.5 py-2.5 outline-none focus:border-moss focus:ring-1 focus:ring-moss"
      />
      <CharacterCounter id={`${id}-counter`} text={note.trim()} max={REPORT_NOTE_MAX_CODE_POINTS} />
    </div>
  );
}

function AfterReport({ group, onClose }: Omit<ReportDialogProps, 'message'>) {
  const { block, clear } = useGroupActions(group);
  const isBlocked = useGroupState(group.uuid)?.isBlockedByMe ?? false;
  const [isCleared, setCleared] = useState(false);
  const { displayName } = group;
  return (
    <>
      <div role="status" className="text-muted text-pretty">
        <p>{t('actions.reporting.thanks')}</p>
        <p className="mt-2">
          {t(isBlocked ? 'actions.reporting.blocked' : 'actions.reporting.ifBlocked', { name: displayName })}
        </p>
        <p className="mt-2">{t(isCleared ? 'actions.reporting.cleared' : 'actions.reporting.ifCleared')}</p>
      </div>
      <div className="mt-6 flex flex-wrap justify-end gap-3 max-sm:*:grow">
        {isBlocked ? null : (
          <Button look="quiet" onClick={block}>
            {t('actions.reporting.block')}
          </Button>
        )}
        {isCleared ? null : (
          <Button
            look="quiet"
            onClick={() => {
              clear();
              setCleared(true);
            }}
          >
            {t('actions.reporting.clear')}
          </Button>
        )}
        <Button onClick={onClose}>{t('actions.reporting.done')}</Button>
      </div>
    </>
  );
}
