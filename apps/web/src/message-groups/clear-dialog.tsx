import type { PersonName } from '../trpc/types.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';

interface ClearDialogProps {
  person: PersonName;
  onClear: () => void;
  onClose: () => void;
}

/** Asks before a conversation is cleared. */
export function ClearDialog({ person, onClear, onClose }: ClearDialogProps) {
  return (
    <ConfirmDialog
      title={`Clear your conversation with ${person.displayName}?`}
      description={`Only you lose its messages; ${person.displayName} keeps them. It leaves your list until the next message. You can’t undo this.`}
      action="Clear"
      isDanger
      onConfirm={onClear}
      onClose={onClose}
    />
  );
}
