import { ArrowLeft } from 'lucide-react';
import { Link } from 'react-router-dom';
import type { PersonName } from '../trpc/types.ts';
import { useBackToList } from '../ui/back-to-list.ts';
import { PersonSkeleton } from '../ui/skeletons.tsx';
import { Avatar } from '../users/avatar.tsx';

export interface ConversationHeaderProps {
  person: PersonName | undefined;
  isLoading: boolean;
}

/** The other person; on a phone, also the arrow back to the list. */
export function ConversationHeader({ person, isLoading }: ConversationHeaderProps) {
  return (
    <header className="flex h-16 shrink-0 items-center gap-3 border-b border-line px-2 md:px-5">
      <Link
        to="/messages"
        replace
        onClick={useBackToList()}
        aria-label="Back to your conversations"
        className="flex size-11 items-center justify-center rounded-full text-muted hover:bg-hover md:hidden"
      >
        <ArrowLeft size={22} aria-hidden />
      </Link>
      {person ? (
        <>
          <Avatar handle={person.handle} displayName={person.displayName} className="size-9" />
          <div className="min-w-0">
            <h1 className="truncate font-semibold leading-tight" dir="auto">
              {person.displayName}
            </h1>
            <p className="truncate text-sm leading-tight text-muted">{`@${person.handle}`}</p>
          </div>
        </>
      ) : (
        <>
          <h1 className="sr-only">Conversation</h1>
          {isLoading ? <PersonSkeleton /> : null}
        </>
      )}
    </header>
  );
}
