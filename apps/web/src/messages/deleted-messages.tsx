import { t } from '../i18n/t.ts';
import { formatClock, formatFull } from '../time/format-time.ts';
import { classes } from '../ui/classes.ts';
import type { DeletedRow, Tombstone } from './thread-rows.ts';

interface DeletedMessagesProps {
  row: DeletedRow;
  /** The arrow keys have moved to this row. */
  active: boolean;
  onActivate: (key: string) => void;
  unfolded: boolean;
  onFold: (key: string, isLong: boolean) => void;
}

/** A deleted message, or several in a row, which are one line until it is unfolded. */
export function DeletedMessages({ row, active, onActivate, unfolded, onFold }: DeletedMessagesProps) {
  const { items } = row;
  const isOneSided = items.every(({ own }) => own === row.own);
  const [only] = items;
  return (
    <div className={classes('flex', isOneSided ? row.own && 'justify-end' : 'justify-center')}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: focus only marks where the arrow keys go on */}
      <div
        data-key={row.key}
        data-testid="deleted"
        tabIndex={active ? 0 : -1}
        onFocus={() => onActivate(row.key)}
        className="max-w-[85%] rounded-bubble border border-dashed border-edge px-3.5 text-sm text-muted italic select-none sm:max-w-[min(75%,42rem)]"
      >
        {only !== undefined && items.length === 1 ? (
          <DeletedMessage item={only} />
        ) : (
          <>
            <button
              type="button"
              tabIndex={active ? 0 : -1}
              aria-expanded={unfolded}
              onClick={() => onFold(row.key, false)}
              className="min-h-9 italic underline-offset-4 hover:underline pointer-coarse:min-h-11"
            >
              {t('thread.deletedMany', { count: items.length })}
            </button>
            {unfolded ? (
              <ul>
                {items.map((item) => (
                  <li key={item.uuid}>
                    <DeletedMessage item={item} />
                  </li>
                ))}
              </ul>
            ) : null}
          </>
        )}
      </div>
    </div>
  );
}

function DeletedMessage({ item: { own, time } }: { item: Tombstone }) {
  return (
    <p className="flex items-baseline gap-3 py-2">
      <span>{t(own ? 'thread.youDeleted' : 'thread.deleted')}</span>
      <time
        dateTime={Number.isNaN(time) ? undefined : new Date(time).toISOString()}
        title={formatFull(time)}
        className="text-xs not-italic"
      >
        <bdi dir="ltr">{formatClock(time)}</bdi>
      </time>
    </p>
  );
}
