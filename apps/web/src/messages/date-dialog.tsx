import { type FormEvent, useId } from 'react';
import { t } from '../i18n/t.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

interface DateDialogProps {
  /** Calendar days of the reader, as `2026-11-20`. */
  day: string;
  today: string;
  onPick: (day: string) => void;
  onClose: () => void;
}

/** Asks for a day of the conversation. */
export default function DateDialog({ day, today, onPick, onClose }: DateDialogProps) {
  const id = useId();
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const picked = new FormData(event.currentTarget).get('day');
    if (typeof picked === 'string') onPick(picked);
  };
  return (
    <Dialog title={t('thread.toDate')} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-wrap items-end gap-3">
        <label htmlFor={id} className="flex grow flex-col gap-1.5 text-sm font-medium">
          {t('thread.date')}
          <input
            id={id}
            type="date"
            name="day"
            required
            defaultValue={day}
            max={today}
            className="min-h-11 rounded-xl border border-edge bg-paper px-3.5 text-base font-normal"
          />
        </label>
        <Button type="submit">{t('thread.go')}</Button>
      </form>
    </Dialog>
  );
}
