import { useParams } from 'react-router-dom';
import { classes } from '../ui/classes.ts';
import { LogoMark } from '../ui/logo.tsx';
import { GroupRowsSkeleton, PersonSkeleton, ThreadSkeleton } from '../ui/skeletons.tsx';

/** The shape of the page, until the person who is signed in is known. */
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
