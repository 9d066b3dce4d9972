import { type ReactNode, Suspense } from 'react';
import { lazyPart, usePreload } from '../ui/lazy-part.tsx';
import { useOverlay } from '../ui/use-overlay.ts';
import { GroupMenuContext, type GroupOverlay, type ReportDialogPart } from './use-group-menu.ts';

const GroupOverlayPart = lazyPart(() => import('./group-overlay.tsx'));
const OVERLAY = [GroupOverlayPart.preload];

interface GroupMenuProviderProps {
  ReportDialog: ReportDialogPart;
  /** Called when it closes and what it was opened from is gone. */
  onFocusLost: () => void;
  children: ReactNode;
}

/** Provides what a person can do with a conversation, and draws what is open for one. */
export function GroupMenuProvider({ ReportDialog, onFocusLost, children }: GroupMenuProviderProps) {
  usePreload(OVERLAY);
  const { overlay, open, close } = useOverlay<GroupOverlay>(onFocusLost);
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
