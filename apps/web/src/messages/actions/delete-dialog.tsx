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
      title="Delete this message for both of you?"
      description="Its text, reactions and earlier versions are erased. Both of you will see that a message was deleted."
      action="Delete"
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
