import { t } from '../../i18n/t.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';

interface DeleteDialogProps {
  excerpt: string;
  onDelete: () => void;
  onClose: () => void;
}

/** Asks before a message is deleted. */
export function DeleteDialog({ excerpt, onDelete, onClose }: DeleteDialogProps) {
  return (
    <ConfirmDialog
      title={t('actions.deletion')}
      description={t('actions.deletion.hint')}
      action={t('actions.delete')}
      isDanger
      onConfirm={onDelete}
      onClose={onClose}
    >
      <blockquote
        dir="auto"
        className="mt-4 line-clamp-3 shrink-0 border-s-[3px] border-line ps-3 whitespace-pre-wrap text-muted"
      >
        {excerpt}
      </blockquote>
    </ConfirmDialog>
  );
}
