import { AlertDialog } from 'radix-ui';
import { Button } from '../../ui/button.tsx';

interface DeleteDialogProps {
  excerpt: string;
  onDelete: () => void;
  onClose: () => void;
}

/** Asks before a message is deleted. */
export function DeleteDialog({ excerpt, onDelete, onClose }: DeleteDialogProps) {
  return (
    <AlertDialog.Root open onOpenChange={(open) => open || onClose()}>
      <AlertDialog.Portal>
        <div className="fixed inset-0 z-20 bg-veil" />
        <AlertDialog.Content
          aria-modal
          onCloseAutoFocus={(event) => event.preventDefault()}
          className="fixed inset-x-4 top-[20vh] z-20 mx-auto flex max-h-[76vh] max-w-md flex-col rounded-3xl border border-line bg-surface p-6 shadow-pane outline-none"
        >
          <AlertDialog.Title className="text-xl font-semibold tracking-tight text-balance">
            Delete this message for both of you?
          </AlertDialog.Title>
          <blockquote
            dir="auto"
            className="mt-4 line-clamp-3 shrink-0 border-s-[3px] border-line ps-3 whitespace-pre-wrap text-muted"
          >
            {excerpt}
          </blockquote>
          <AlertDialog.Description className="mt-4 text-muted">
            Its text, reactions and earlier versions are erased. Both of you will see that a message was deleted.
          </AlertDialog.Description>
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <AlertDialog.Cancel asChild>
              <Button look="quiet">Cancel</Button>
            </AlertDialog.Cancel>
            <Button look="danger" onClick={onDelete}>
              Delete
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
