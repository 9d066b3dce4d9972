import { Clock } from 'lucide-react';
import { useContext } from 'react';
import { t } from '../i18n/t.ts';
import { type ActionItem, ActionMenu } from '../ui/action-menu.tsx';
import { ActionSheet } from '../ui/action-sheet.tsx';
import { ClockContext } from '../ui/timers.ts';
import { BlockDialog } from './block-dialog.tsx';
import { ClearDialog } from './clear-dialog.tsx';
import { type GroupMenuAction, groupMenuItems } from './group-menu-items.ts';
import { GroupPanel } from './group-panel.tsx';
import { MUTE_CHOICES, muteUntil } from './mute-choices.ts';
import { useGroupActions } from './use-group-actions.ts';
import type { GroupOverlay, OpenGroupMenu, ReportDialogPart } from './use-group-menu.ts';

interface GroupOverlayProps {
  overlay: GroupOverlay;
  onOpen: OpenGroupMenu;
  ReportDialog: ReportDialogPart;
  onClose: () => void;
}

/** What is open for one conversation: loaded when first needed. */
export default function GroupOverlayPart({ overlay, ReportDialog, onOpen, onClose }: GroupOverlayProps) {
  const { row } = overlay;
  const now = useContext(ClockContext);
  const actions = useGroupActions(row);
  const act = (action: Exclude<GroupMenuAction, 'mute' | 'report'>) => {
    onClose();
    actions[action]();
  };
  switch (overlay.kind) {
    case 'actions':
      return (
        <Actions
          overlay={overlay}
          onPick={(action) => (isOpening(action) ? onOpen({ ...overlay, kind: action }) : act(action))}
          onClose={onClose}
        />
      );
    case 'mute':
      return (
        <Choices
          overlay={overlay}
          title={t('list.mute', { name: row.displayName })}
          items={muteItems()}
          onAction={(lasts) => {
            onClose();
            actions.mute(muteUntil(lasts === 'always' ? null : Number(lasts), now()));
          }}
          onClose={onClose}
        />
      );
    case 'clear':
      return <ClearDialog person={row} onClear={() => act('clear')} onClose={onClose} />;
    case 'block':
      return <BlockDialog person={row} onBlock={() => act('block')} onClose={onClose} />;
    case 'report':
      return <ReportDialog group={row} onClose={onClose} />;
  }
}

const OPENING = ['mute', 'clear', 'block', 'report'] as const;
type Opening = (typeof OPENING)[number];

const isOpening = (action: GroupMenuAction): action is Opening => OPENING.some((opening) => opening === action);

const muteItems = (): ActionItem[] =>
  MUTE_CHOICES.map(({ name, lasts }) => ({
    action: String(lasts ?? 'always'),
    label: t(`list.mute.${name}`),
    Icon: Clock,
  }));

type ActionsProps = Pick<GroupOverlayProps, 'overlay' | 'onClose'> & { onPick: (action: GroupMenuAction) => void };

function Actions({ overlay, onPick, onClose }: ActionsProps) {
  const { row, isUnread } = overlay;
  const now = useContext(ClockContext);
  const items = groupMenuItems({ ...row, isUnread }, now());
  const { displayName } = row;
  const label = t('list.row.actions', { name: displayName });
  return <Choices {...{ overlay, label, items, onClose }} title={displayName} onAction={onPick} />;
}

interface ChoicesProps<Action extends string> {
  overlay: GroupOverlay;
  /** What is seen above the choices, except in a menu. */
  title: string;
  /** What is announced, if not the title. */
  label?: string;
  items: readonly ActionItem<Action>[];
  onAction: (action: Action) => void;
  onClose: () => void;
}

function Choices<Action extends string>({ overlay, title, label = title, ...choices }: ChoicesProps<Action>) {
  const { place, row, anchor, at } = overlay;
  switch (place) {
    case 'panel':
      return <GroupPanel person={row} title={title} {...choices} />;
    case 'sheet':
      return <ActionSheet about={title} label={label} {...choices} />;
    case 'menu':
      return <ActionMenu anchor={at ?? anchor} align={at ? 'start' : 'end'} label={label} {...choices} />;
  }
}
