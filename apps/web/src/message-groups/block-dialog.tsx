import type { PersonName } from '../trpc/types.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';

interface BlockDialogProps {
  person: PersonName;
  onBlock: () => void;
  onClose: () => void;
}

/** Asks before a person is blocked. */
export function BlockDialog({ person, onBlock, onClose }: BlockDialogProps) {
  return (
    <ConfirmDialog
      title={`Block ${person.displayName}?`}
      description={`You and ${person.displayName} can’t message each other until you unblock them. They aren’t told. You both keep your messages.`}
      action="Block"
      isDanger
      onConfirm={onBlock}
      onClose={onClose}
    />
  );
}
