import { countCodePoints, REPORT_NOTE_MAX_CODE_POINTS, REPORT_REASONS, type ReportReason } from '@cruddur/config';
import { type FormEvent, useId, useState } from 'react';
import { useGroupActions } from '../message-groups/use-group-actions.ts';
import { useGroupState } from '../message-groups/use-group-state.ts';
import { errorWords } from '../trpc/reason-words.ts';
import type { Message, PersonName } from '../trpc/types.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { CharacterCounter } from './character-counter.tsx';
import { useReportMessage } from './use-report-message.ts';

interface ReportDialogProps {
  group: PersonName & { uuid: string };
  /** Without one, the newest message of the other person is reported. */
  message?: Message | undefined;
  onClose: () => void;
}

const REASON_WORDS: Record<ReportReason, string> = {
  spam: 'Spam or fraud',
  abuse: 'Abuse or threats',
  other: 'Something else',
};

/** Reports a message to the moderators, and then offers to block the person and to clear the conversation. */
export default function ReportDialog({ group, message, onClose }: ReportDialogProps) {
  const [isSent, setSent] = useState(false);
  const title = isSent ? 'Report sent' : message ? 'Report this message' : `Report ${group.displayName}`;
  return (
    <Dialog title={title} onClose={onClose}>
      {isSent ? (
        <AfterReport group={group} onClose={onClose} />
      ) : (
        <ReportForm group={group} message={message} onSent={() => setSent(true)} />
      )}
    </Dialog>
  );
}

type ReportFormProps = Omit<ReportDialogProps, 'onClose'> & { onSent: () => void };

function ReportForm({ group, message, onSent }: ReportFormProps) {
  const [reason, setReason] = useState<ReportReason | null>(null);
  const [note, setNote] = useState('');
  const report = useReportMessage(group.uuid, message);
  const isTooLong = countCodePoints(note.trim()) > REPORT_NOTE_MAX_CODE_POINTS;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (reason === null || isTooLong || report.isPending) return;
    report.mutate({ reason, note }, { onSuccess: (isReported) => isReported && onSent() });
  };
  return (
    <form onSubmit={onSubmit} className="-mx-1 flex min-h-0 flex-col gap-4 overflow-y-auto px-1 pb-1">
      <p className="text-muted text-pretty">
        {message ? 'Moderators read this message' : `Moderators read the newest message from ${group.displayName}`}
        {' and a few around it. '}
        <bdi>{group.displayName}</bdi>
        {' isn’t told.'}
      </p>
      <Reasons reason={reason} onReason={setReason} />
      <Note note={note} isTooLong={isTooLong} onNote={setNote} />
      {report.error ? <Notice>{errorWords(report.error)}</Notice> : null}
      {report.data === false ? <Notice>{`There is no message from ${group.displayName} to report.`}</Notice> : null}
      <Button type="submit" look="danger" busy={report.isPending} disabled={reason === null || isTooLong}>
        Send report
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
      <legend className="mb-1 text-sm font-medium">What’s wrong?</legend>
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
          {REASON_WORDS[each]}
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
        Note (optional)
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
        <p>Thank you. A moderator will look at it.</p>
        <p className="mt-2">
          {isBlocked
            ? `You blocked ${displayName}.`
            : `If you block ${displayName}, you can’t message each other until you unblock them.`}
        </p>
        <p className="mt-2">
          {isCleared
            ? 'The conversation is cleared.'
            : 'If you clear the conversation, only you lose its messages. You can’t undo it.'}
        </p>
      </div>
      <div className="mt-6 flex flex-wrap justify-end gap-3 max-sm:*:grow">
        {isBlocked ? null : (
          <Button look="quiet" onClick={block}>
            Block
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
            Clear conversation
          </Button>
        )}
        <Button onClick={onClose}>Done</Button>
      </div>
    </>
  );
}
