import { t } from '../i18n/t.ts';
import type { PersonName } from '../trpc/types.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';

interface ClearDialogProps {
  person: PersonName;
  onClear: () => void;
  onClose: () => void;
}

/** Asks before a conversation is cleared. */
export function ClearDialog({ person, onClear, onClose }: ClearDialogProps) {
  const name = person.displayName;
  return (
    <ConfirmDialog
      title={t('list.clear', { name })}
      description={t('list.clear.hint', { name })}
      action={t('list.clear.confirm')}
      isDanger
      onConfirm={onClear}
      onClose={onClose}
    />
  );
}
