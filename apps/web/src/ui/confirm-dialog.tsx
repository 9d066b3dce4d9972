import { AlertDialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { t } from '../i18n/t.ts';
import { Button } from './button.tsx';

interface ConfirmDialogProps {
  title: string;
  description: string;
  /** The words of the button that confirms. */
  action: string;
  isDanger?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  /** What it is about, between title and description. */
  children?: ReactNode;
}

/** Asks before something is lost, open while it is rendered. The caller moves the focus when it closes. */
export function ConfirmDialog({
  title,
  description,
  action,
  isDanger,
  onConfirm,
  onClose,
  children,
}: ConfirmDialogProps) {
  return (
    <AlertDialog.Root open onOpenChange={(open) => open || onClose()}>
      <AlertDialog.Portal>
        <div className="fixed inset-0 z-20 bg-veil" />
        <AlertDialog.Content
          aria-modal
          onCloseAutoFocus={(event) => event.preventDefault()}
          className="fixed inset-x-4 top-[20vh] z-20 mx-auto flex max-h-[76vh] max-w-md flex-col overflow-y-auto rounded-3xl border border-line bg-surface p-6 shadow-pane outline-none short:top-4 short:max-h-[calc(100dvh-2rem)]"
        >
          <AlertDialog.Title className="text-xl font-semibold tracking-tight text-balance">{title}</AlertDialog.Title>
          {children}
          <AlertDialog.Description className="mt-4 text-muted">{description}</AlertDialog.Description>
          <div className="mt-6 flex flex-wrap justify-end gap-3 max-sm:*:grow">
            <AlertDialog.Cancel asChild>
              <Button look="quiet">{t('app.cancel')}</Button>
            </AlertDialog.Cancel>
            <Button look={isDanger ? 'danger' : 'primary'} onClick={onConfirm}>
              {action}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
