import { useParams } from 'react-router-dom';
import { classes } from '../ui/classes.ts';
import { LogoMark } from '../ui/logo.tsx';

const ROWS = ['w-2/5', 'w-1/2', 'w-1/3', 'w-3/5', 'w-2/5', 'w-1/2'];

/** Rows of the list that are on their way. */
export function GroupRowsSkeleton({ rows = ROWS.length }: { rows?: number }) {
  return (
    <div aria-hidden="true">
      {ROWS.slice(0, rows).map((width, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={index} className="flex h-[4.5rem] items-center gap-3 px-4">
          <span className="skeleton size-11 shrink-0 rounded-full" />
          <span className="grow space-y-2.5">
            <span className={classes('skeleton block h-3.5', width)} />
            <span className="skeleton block h-3 w-4/5" />
          </span>
        </div>
      ))}
    </div>
  );
}

const SLIPS = ['h-16 w-3/5', 'h-10 w-2/5 self-end', 'h-24 w-2/3', 'h-10 w-1/3', 'h-16 w-1/2 self-end', 'h-10 w-2/5'];

/** A thread that is on its way. */
export function ThreadSkeleton() {
  return (
    <div role="status" aria-label="Loading messages" className="flex grow flex-col justify-end overflow-hidden">
      <div className="mx-auto flex w-full max-w-3xl flex-col gap-3 px-4 pb-4">
        {SLIPS.map((shape, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
          <span key={index} aria-hidden="true" className={classes('skeleton rounded-slip', shape)} />
        ))}
      </div>
    </div>
  );
}

/** Name and avatar of a conversation that is on its way. */
export function PersonSkeleton() {
  return (
    <div aria-hidden="true" className="flex items-center gap-3">
      <span className="skeleton size-9 rounded-full" />
      <span className="skeleton h-4 w-36" />
    </div>
  );
}

/** The page before it is known whose it is, in the shape that it will have. */
export function MessagesSkeleton() {
  const { messageGroupUuid, handle } = useParams();
  const isOpen = messageGroupUuid !== undefined || handle !== undefined;
  return (
    <main aria-label="Messages" aria-busy="true" className="flex h-full">
      <div className={classes('w-full border-line md:block md:w-88 md:border-r', isOpen ? 'hidden' : 'block')}>
        <div className="flex h-16 items-center gap-2.5 px-4">
          <LogoMark size={30} />
          <p className="text-lg font-semibold tracking-tight">Cruddur</p>
        </div>
        <div className="mx-4 mb-3 h-11 rounded-full border border-line" />
        <GroupRowsSkeleton />
      </div>
      <div className={classes('grow flex-col bg-surface md:flex', isOpen ? 'flex' : 'hidden')}>
        {isOpen ? (
          <>
            <div className="flex h-16 shrink-0 items-center border-b border-line px-5 max-md:pl-16">
              <PersonSkeleton />
            </div>
            <ThreadSkeleton />
            <div className="mx-auto mb-3 h-12 w-[calc(100%-1.5rem)] max-w-[46.5rem] rounded-3xl border border-line" />
          </>
        ) : null}
      </div>
    </main>
  );
}
