import { AlertDialog } from 'radix-ui';
import { Button } from '../ui/button.tsx';

interface SignOutQuestionProps {
  open: boolean;
  unsent: number;
  onCancel: () => void;
  onSignOut: () => void;
}

/** Asks before signing out discards unsent messages. */
export function SignOutQuestion({ open, unsent, onCancel, onSignOut }: SignOutQuestionProps) {
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => next || onCancel()}>
      <AlertDialog.Portal>
        <div className="fixed inset-0 z-20 bg-veil" />
        <AlertDialog.Content className="fixed inset-x-4 top-[20vh] z-20 mx-auto max-w-md rounded-3xl border border-line bg-surface p-6 shadow-pane outline-none">
          <AlertDialog.Title className="text-xl font-semibold tracking-tight">
            {`You have ${unsent} unsent message${unsent === 1 ? '' : 's'}.`}
          </AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-muted">
            Signing out deletes unsent messages and drafts from this browser.
          </AlertDialog.Description>
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <AlertDialog.Cancel asChild>
              <Button look="quiet">Cancel</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button onClick={onSignOut}>Discard and sign out</Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
