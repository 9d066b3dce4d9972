import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { t } from '../i18n/t.ts';
import { useGroupActions } from '../message-groups/use-group-actions.ts';
import { useGroupMenu } from '../message-groups/use-group-menu.ts';
import { useGroupState } from '../message-groups/use-group-state.ts';
import type { Target } from '../outbox/outbox-item.ts';
import { reasonWords, suspendedWords } from '../trpc/reason-words.ts';
import type { PersonName } from '../trpc/types.ts';
import { isTouchOnly } from '../ui/browser.ts';
import { Button, TextButton } from '../ui/button.tsx';
import { fillIn } from '../ui/fill-in.tsx';
import { OBSTACLE_BAR_ID, type Obstacle } from './obstacle.ts';

interface ObstacleBarProps {
  obstacle: Obstacle;
  target: Target;
  person: PersonName | undefined;
}

const WORDS = {
  suspended: suspendedWords,
  awaits_acceptance: () => reasonWords('request_pending'),
  unavailable: () => reasonWords('recipient_unavailable'),
};

/** In the composer's place where nothing can be written: why, and what can be done about it. */
export default function ObstacleBar({ obstacle, target, person }: ObstacleBarProps) {
  if (obstacle !== 'request' && obstacle !== 'blocked') return <Bar>{WORDS[obstacle]()}</Bar>;
  if ('handle' in target || person === undefined) return <Bar>{null}</Bar>;
  const group = { uuid: target.messageGroupUuid, handle: person.handle, displayName: person.displayName };
  return obstacle === 'request' ? <RequestBar group={group} /> : <BlockedBar group={group} />;
}

/** It has the focus that the composer would have: the keyboard stays in the conversation. */
function Bar({ children }: { children: ReactNode }) {
  const bar = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (document.activeElement === document.body && !isTouchOnly()) bar.current?.focus({ preventScroll: true });
  }, []);
  return (
    <section
      ref={bar}
      id={OBSTACLE_BAR_ID}
      aria-label={t('composer.place')}
      tabIndex={-1}
      className="thread-column shrink-0 px-3 pt-1 pb-[max(0.75rem,env(safe-area-inset-bottom))] outline-none"
    >
      <div className="max-h-[45dvh] overflow-y-auto rounded-3xl border border-line bg-paper px-4 py-3 text-center text-balance text-muted">
        {children}
      </div>
    </section>
  );
}

interface GroupBarProps {
  group: PersonName & { uuid: string };
}

function BlockedBar({ group }: GroupBarProps) {
  const { displayName } = group;
  const { unblock } = useGroupActions(group);
  return (
    <Bar>
      {fillIn((name) => t('composer.blocked', { name }), <bdi>{displayName}</bdi>)}
      {' · '}
      <TextButton onClick={unblock}>{t('composer.unblock')}</TextButton>
    </Bar>
  );
}

/** What a stranger's request can be answered with. */
function RequestBar({ group }: GroupBarProps) {
  const { accept, decline } = useGroupActions(group);
  const state = useGroupState(group.uuid);
  const openMenu = useGroupMenu();
  if (state === undefined) return null;
  const open = (kind: 'block' | 'report') => (anchor: HTMLElement) =>
    openMenu({ kind, row: { ...state, ...group }, isUnread: false, anchor, place: 'panel' });
  return (
    <Bar>
      <p className="font-semibold text-ink">
        {fillIn((name) => t('composer.request', { name }), <bdi>{group.displayName}</bdi>)}
      </p>
      <p className="mt-1 text-sm">{t('composer.request.hint')}</p>
      <div className="mt-3 grid grid-cols-2 gap-2 sm:flex sm:justify-center">
        <Button onClick={accept}>{t('composer.request.accept')}</Button>
        <Button look="quiet" onClick={decline}>
          {t('composer.request.delete')}
        </Button>
        <Button look="quiet" onClick={({ currentTarget }) => open('block')(currentTarget)}>
          {t('composer.request.block')}
        </Button>
        <Button look="quiet" onClick={({ currentTarget }) => open('report')(currentTarget)}>
          {t('composer.request.report')}
        </Button>
      </div>
    </Bar>
  );
}
