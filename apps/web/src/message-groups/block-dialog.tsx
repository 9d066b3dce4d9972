import { t } from '../i18n/t.ts';
import type { PersonName } from '../trpc/types.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';

interface BlockDialogProps {
  person: PersonName;
  onBlock: () => void;
  onClose: () => void;
}

/** Asks before a person is blocked. */
export function BlockDialog({ person, onBlock, onClose }: BlockDialogProps) {
  const name = person.displayName;
  return (
    <ConfirmDialog
      title={t('list.block', { name })}
      description={t('list.block.hint', { name })}
      action={t('list.block.confirm')}
      isDanger
      onConfirm={onBlock}
      onClose={onClose}
    />
  );
}
