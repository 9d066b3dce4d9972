import { useQuery } from '@tanstack/react-query';
import { Suspense, useLayoutEffect } from 'react';
import { useGroupState } from '../message-groups/use-group-state.ts';
import { useTargetItems } from '../outbox/outbox-context.ts';
import { type Target, targetKey } from '../outbox/outbox-item.ts';
import { useTRPC } from '../trpc/trpc.ts';
import { hasOpenLayer, isTouchOnly } from '../ui/browser.ts';
import { lazyPart, usePreload } from '../ui/lazy-part.tsx';
import { Composer, type ComposerProps } from './composer.tsx';
import { type Obstacle, obstacleOf } from './obstacle.ts';

const ObstacleBar = lazyPart(() => import('./obstacle-bar.tsx'));
const BAR = [ObstacleBar.preload];

/**
 * The composer, or why nothing can be written. A draft is kept meanwhile. When a conversation opens, the composer gets the focus,
 * unless a touch screen's keyboard would open, or a dialog is open.
 */
export function ComposerPlace({ obstacle, ...props }: ComposerProps & { obstacle: Obstacle | null }) {
  usePreload(BAR);
  const { target, person, field } = props;
  const conversation = targetKey(target);
  // Before the browser draws it, so that it takes the focus from nothing that the person has chosen in it. A dialog that was opened
  // meanwhile keeps it: Radix would take it back and select what was typed there, which the next letter would replace.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another conversation opens
  useLayoutEffect(() => {
    if (!isTouchOnly() && !hasOpenLayer()) field.current?.focus();
  }, [conversation, field]);
  if (obstacle === null) return <Composer {...props} />;
  return (
    <Suspense fallback={<div className="h-16 shrink-0" />}>
      <ObstacleBar key={obstacle} obstacle={obstacle} target={target} person={person} />
    </Suspense>
  );
}

/** Why nothing can be written to a target; `null` if it can. */
export function useObstacle(target: Target): Obstacle | null {
  const state = useGroupState('messageGroupUuid' in target ? target.messageGroupUuid : undefined);
  return obstacleOf(state, useIsSuspended(target));
}

/** Asked only once something was refused for it: almost no one is suspended. */
function useIsSuspended(target: Target): boolean {
  const isRefused = useTargetItems(target).some(({ failure }) => failure?.reason === 'account_suspended');
  const trpc = useTRPC();
  const { data } = useQuery(trpc.users.settings.queryOptions(undefined, { enabled: isRefused }));
  return data?.isSuspended ?? false;
}
