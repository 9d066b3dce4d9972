import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { t } from '../i18n/t.ts';
import type { PersonName } from '../trpc/types.ts';
import type { ActionItem } from '../ui/action-menu.tsx';
import { ActionList } from '../ui/action-sheet.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { Avatar } from '../users/avatar.tsx';

interface GroupPanelProps<Action extends string> {
  person: PersonName;
  title: string;
  items: readonly ActionItem<Action>[];
  onAction: (action: Action) => void;
  onClose: () => void;
}

/** The person of the open conversation, and what can be done with it: at the side of a wide page, at the bottom of a phone. */
export function GroupPanel<Action extends string>({
  person,
  title,
  items,
  onAction,
  onClose,
}: GroupPanelProps<Action>) {
  const { handle, displayName } = person;
  return (
    <Sheet
      onClose={onClose}
      className="md:inset-y-0 md:start-auto md:end-0 md:max-h-none md:w-88 md:rounded-none md:border-t-0 md:border-s"
    >
      <Dialog.Close
        aria-label={t('people.close')}
        title={t('people.close')}
        className="inline-flex size-11 shrink-0 items-center justify-center self-end rounded-full text-muted hover:bg-hover hover:text-ink"
      >
        <X size={20} aria-hidden />
      </Dialog.Close>
      <div className="-mt-4 mb-4 flex flex-col items-center px-3 text-center">
        <Avatar handle={handle} displayName={displayName} className="size-16" />
        <Dialog.Title dir="auto" className="mt-3 line-clamp-3 text-xl font-semibold tracking-tight">
          {title}
        </Dialog.Title>
        <p dir="ltr" className="text-muted">{`@${handle}`}</p>
      </div>
      <ActionList items={items} onAction={onAction} />
    </Sheet>
  );
}
