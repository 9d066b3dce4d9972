import { Outlet, useParams } from 'react-router-dom';
import { classes } from '../ui/classes.ts';
import { GroupsPane } from './groups-pane.tsx';

/** The list of groups beside what is open of them; on a phone, one or the other. */
export function MessagesPage() {
  const { messageGroupUuid, handle } = useParams();
  const isOpen = messageGroupUuid !== undefined || handle !== undefined;
  return (
    <div className="flex h-full overflow-hidden">
      <div
        className={classes(
          'min-h-0 w-full flex-col border-line md:flex md:w-88 md:shrink-0 md:border-r',
          isOpen ? 'hidden' : 'flex',
        )}
      >
        <GroupsPane />
      </div>
      <main className={classes('min-h-0 min-w-0 grow flex-col bg-surface md:flex', isOpen ? 'flex' : 'hidden')}>
        <Outlet />
      </main>
    </div>
  );
}
