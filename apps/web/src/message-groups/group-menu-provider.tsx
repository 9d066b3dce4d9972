import { type ReactNode, Suspense } from 'react';
import { lazyPart, usePreload } from '../ui/lazy-part.tsx';
import { Toasts } from '../ui/toasts.tsx';
import { useOverlay } from '../ui/use-overlay.ts';
import { ToastsContext, useToastsState } from '../ui/use-toasts.ts';
import { GroupMenuContext, type GroupOverlay, type ReportDialogPart } from './use-group-menu.ts';

const GroupOverlayPart = lazyPart(() => import('./group-overlay.tsx'));
const OVERLAY = [GroupOverlayPart.preload];

interface GroupMenuProviderProps {
  ReportDialog: ReportDialogPart;
  children: ReactNode;
}

/** Provides what a person can do with a conversation of the list, with toasts below it. */
export function GroupMenuProvider(props: GroupMenuProviderProps) {
  const toasts = useToastsState();
  return (
    <ToastsContext value={toasts}>
      <GroupMenu {...props} />
      <Toasts onFocusLost={focusList} />
    </ToastsContext>
  );
}

/** Provides what a person can do with a conversation, and draws what is open for one. Its toasts are those around it. */
export function GroupMenu({ ReportDialog, children }: GroupMenuProviderProps) {
  usePreload(OVERLAY);
  const { overlay, open, close } = useOverlay<GroupOverlay>();
  return (
    <>
      <GroupMenuContext value={open}>{children}</GroupMenuContext>
      {overlay ? (
        <Suspense>
          <GroupOverlayPart
            key={overlay.kind}
            overlay={overlay}
            onOpen={open}
            ReportDialog={ReportDialog}
            onClose={() => close(overlay)}
          />
        </Suspense>
      ) : null}
    </>
  );
}

/** The toast that had the focus is gone. */
function focusList(): void {
  document.querySelector<HTMLElement>('[name="group-filter"]:checked')?.focus();
}
