import { Ellipsis } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, memo, type RefObject, useRef, useState } from 'react';
import { Link } from 'wouter';
import { t } from '../i18n/t.ts';
import { formatFull } from '../time/format-time.ts';
import { useListState } from '../ui/back-to-list.ts';
import { classes } from '../ui/classes.ts';
import { useHistoryEntry } from '../ui/page-router.tsx';
import { useTouchGestures } from '../ui/use-touch-gestures.ts';
import { Avatar } from '../users/avatar.tsx';
import { isMenuKey } from './group-keys.ts';
import { GroupSigns } from './group-signs.tsx';
import { type ListRow, rowPath } from './list-rows.ts';
import { RowText } from './row-text.tsx';
import { rowWords } from './row-words.ts';
import { SentMark } from './sent-mark.tsx';
import { useGroupMenu } from './use-group-menu.ts';

interface GroupRowProps {
  row: ListRow;
  myUuid: string;
  /** How long ago its last message was, in words. Not the time now, which would render all rows when it changes. */
  age: string;
  isMuted: boolean;
  unread: number;
  /** The beginning of the person's draft; empty if there is none. */
  draft: string;
  /** The other person is typing. */
  isTyping: boolean;
  /** Tab leads here; to the other rows, the arrow keys do. */
  isTabStop: boolean;
  /** The query of the list's address, with its `?`. */
  query: string;
}

/** A group in the list: the other person, the last message and its time, and what can be done with it. */
export const GroupRow = memo(function GroupRow(props: GroupRowProps) {
  const { row, unread } = props;
  const isUnread = unread > 0 || row.isMarkedUnread;
  const link = useRef<HTMLAnchorElement>(null);
  const menu = useRowMenu({ row, isUnread, link });
  const path = rowPath(row);
  const isOpen = useHistoryEntry().pathname.toLowerCase() === path.toLowerCase();
  return (
    <div
      data-row={row.uuid}
      className="group relative pointer-coarse:touch-pan-y pointer-coarse:select-none"
      {...menu?.handlers}
    >
      <Link
        ref={link}
        to={path + props.query}
        state={useListState()}
        tabIndex={props.isTabStop ? 0 : -1}
        aria-current={isOpen ? 'page' : undefined}
        draggable={false}
        className={classes(ROW, isOpen ? OPEN : 'group-hover:bg-hover')}
      >
        <Avatar handle={row.handle} displayName={row.displayName} />
        <span className="min-w-0 grow">
          <span className="flex items-start gap-1.5">
            {/* If the two don't fit on one line, the handle gets its own: a long name must not hide who it is. */}
            <span className="flex min-w-0 grow flex-wrap items-baseline gap-x-1.5">
              <span className="max-w-full truncate font-semibold" dir="auto">
                {row.displayName}
              </span>
              <span dir="ltr" className="max-w-full truncate text-sm text-muted">{`@${row.handle}`}</span>
            </span>
            <span className="flex h-6 shrink-0 items-center gap-1">
              {row.messageUserUuid === props.myUuid && !row.isMessageDeleted && !row.hasFailed ? (
                <SentMark row={row} />
              ) : null}
              <time
                dateTime={row.createdAt}
                title={formatFull(Date.parse(row.createdAt))}
                dir="auto"
                className={classes('text-xs', isUnread ? 'font-semibold text-moss-strong' : 'text-muted')}
              >
                {props.age}
              </time>
            </span>
          </span>
          <LastMessage {...props} isUnread={isUnread} hasMenu={menu !== null} />
        </span>
      </Link>
      {menu ? (
        <MenuButton name={row.displayName} isOpen={menu.isOpen} isTabStop={props.isTabStop} onOpen={menu.open} />
      ) : null}
    </div>
  );
});

const ROW =
  'relative mx-2 flex h-[4.5rem] items-center gap-3 rounded-2xl px-2 -outline-offset-2 pointer-coarse:[-webkit-touch-callout:none]';
// A border, which forced colors keep.
const OPEN =
  'bg-selected before:absolute before:inset-y-4 before:start-0 before:rounded-full before:border-s-4 before:border-moss';

interface LastMessageProps extends GroupRowProps {
  isUnread: boolean;
  hasMenu: boolean;
}

function LastMessage({ row, myUuid, isMuted, unread, isUnread, draft, isTyping, hasMenu }: LastMessageProps) {
  const words = rowWords(row, myUuid, { draft, isTyping, isUnread });
  return (
    // Makes room for the menu's button.
    <span
      className={classes(
        'flex items-center gap-2',
        hasMenu && 'group-hover:pe-9 group-has-focus-visible:pe-9 group-has-aria-expanded:pe-9',
      )}
    >
      <RowText words={words} isUnread={isUnread} className="grow" />
      <GroupSigns row={row} unread={unread} isMuted={isMuted} />
    </span>
  );
}

interface MenuButtonProps {
  name: string;
  isOpen: boolean;
  isTabStop: boolean;
  onOpen: (anchor: HTMLElement) => void;
}

/** Drawn while the row is pointed at or has the focus. By touch, a long press does the same. */
function MenuButton({ name, isOpen, isTabStop, onOpen }: MenuButtonProps) {
  return (
    <button
      type="button"
      tabIndex={isTabStop ? 0 : -1}
      aria-label={t('list.row.actions', { name })}
      aria-haspopup="menu"
      aria-expanded={isOpen}
      onClick={({ currentTarget }) => onOpen(currentTarget)}
      className={classes(
        'absolute end-2.5 bottom-1 flex size-10 items-center justify-center rounded-full text-muted hover:bg-surface hover:text-ink',
        'group-hover:opacity-100 group-hover:pointer-events-auto group-has-focus-visible:opacity-100 group-has-focus-visible:pointer-events-auto',
        isOpen ? 'opacity-100' : 'pointer-events-none opacity-0',
      )}
    >
      <Ellipsis size={18} aria-hidden />
    </button>
  );
}

interface RowMenuOptions {
  row: ListRow;
  isUnread: boolean;
  link: RefObject<HTMLAnchorElement | null>;
}

/** Opens the menu of a row: by right click, long press, button and key. A conversation that is not sent yet has none. */
function useRowMenu({ row, isUnread, link }: RowMenuOptions) {
  const openMenu = useGroupMenu();
  const [isOpen, setOpen] = useState(false);
  const unmoved = useRef(null);
  const open = (
    anchor: HTMLElement | null,
    { at, place = 'menu' }: { at?: DOMRect; place?: 'menu' | 'sheet' } = {},
  ) => {
    if (anchor === null) return;
    setOpen(place === 'menu');
    openMenu({ kind: 'actions', row, isUnread, anchor, at, place }, () => setOpen(false));
  };
  const gestures = useTouchGestures({
    moved: unmoved,
    onLongPress: () => open(link.current, { place: 'sheet' }),
    onSwipe: undefined,
  });
  if (row.uuid.startsWith('@')) return null;
  const handlers = {
    ...gestures,
    onContextMenu(event: MouseEvent) {
      event.preventDefault();
      // A long press opens the sheet.
      if ((event.nativeEvent as PointerEvent).pointerType === 'touch') return;
      open(link.current, { at: new DOMRect(event.clientX, event.clientY) });
    },
    onKeyDown(event: KeyboardEvent) {
      if (!isMenuKey(event.nativeEvent)) return;
      event.preventDefault();
      open(link.current);
    },
  };
  return { open, handlers, isOpen };
}
