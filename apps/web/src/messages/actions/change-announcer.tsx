import { excerptOf } from '@cruddur/config';
import { useState } from 'react';
import { t } from '../../i18n/t.ts';
import { plainText } from '../../markup/plain-text.ts';
import type { ShownMessage } from '../../outbox/apply-changes.ts';
import { useMyself } from '../../session/me-context.ts';

/** Limit of changes that are read out. */
const MAX_READ_OUT = 3;

interface ChangeAnnouncerProps {
  messages: readonly ShownMessage[];
  /** The other person. */
  name: string;
}

/** Politely announces to assistive technology what was edited, deleted or reacted to. Invisible. */
export default function ChangeAnnouncer({ messages, name }: ChangeAnnouncerProps) {
  const { uuid } = useMyself();
  const [state, setState] = useState({ messages, words: '' });
  if (state.messages !== messages) {
    const words = changeAnnouncement(state.messages, messages, { myUuid: uuid, name });
    // The last announcement stays until the next one: emptying the region may cut it short.
    setState({ messages, words: words === '' ? state.words : words });
  }
  return (
    <p aria-live="polite" className="sr-only">
      {state.words}
    </p>
  );
}

interface Names {
  myUuid: string;
  name: string;
}

/**
 * What has changed in messages that are in both lists. It compares what is shown: an own change is announced when it is made,
 * and not again when the server confirms it or its event arrives.
 */
export function changeAnnouncement(
  before: readonly ShownMessage[],
  after: readonly ShownMessage[],
  names: Names,
): string {
  const known = new Map(before.map((message) => [message.uuid, message]));
  const changes = after.flatMap((message) => {
    const old = known.get(message.uuid);
    return old === undefined || old === message ? [] : changesOf(old, message, names);
  });
  if (changes.length <= MAX_READ_OUT) return changes.join('. ');
  return t('actions.said.many', { count: changes.length, latest: changes.at(-1) ?? '' });
}

function changesOf(old: ShownMessage, message: ShownMessage, names: Names): string[] {
  const isOwn = message.userUuid === names.myUuid;
  if (message.deletedAt !== null) {
    // A toast announces the person's own.
    return old.deletedAt === null && !isOwn ? [t('actions.said.deleted', { name: names.name })] : [];
  }
  if (old.deletedAt !== null) return [t('actions.said.restored')];
  return [...editOf(old, message, isOwn, names), ...reactionsOf(old, message, names)];
}

function editOf(old: ShownMessage, message: ShownMessage, isOwn: boolean, { name }: Names): string[] {
  const failure = failedEdit(message);
  if (failure !== undefined && failure !== failedEdit(old)) return [t('actions.said.editFailed')];
  if (old.message === message.message || failure !== undefined) return [];
  const text = plainText(message.message);
  return [isOwn ? t('actions.said.youEdited', { text }) : t('actions.said.theyEdited', { name, text })];
}

const failedEdit = ({ change }: ShownMessage) =>
  change?.kind === 'edit' && change.state !== 'pending' ? change.id : undefined;

function reactionsOf(old: ShownMessage, message: ShownMessage, { myUuid, name }: Names): string[] {
  const [had, has] = [pairs(old), pairs(message)];
  const words = (verb: 'Reacted' | 'Removed', emoji: string, uuid: string) => {
    const text = excerptOf(plainText(message.message));
    if (uuid === myUuid) return t(`actions.said.you${verb}`, { emoji, text });
    return t(`actions.said.they${verb}`, { name, emoji, text });
  };
  return [
    ...[...has.values()].flatMap(({ emoji, uuid, key }) => (had.has(key) ? [] : [words('Reacted', emoji, uuid)])),
    ...[...had.values()].flatMap(({ emoji, uuid, key }) => (has.has(key) ? [] : [words('Removed', emoji, uuid)])),
  ];
}

/** Who reacted with what. */
function pairs({ reactions }: ShownMessage) {
  const all = reactions.flatMap(({ emoji, userUuids }) =>
    userUuids.map((uuid) => ({ emoji, uuid, key: `${emoji} ${uuid}` })),
  );
  return new Map(all.map((pair) => [pair.key, pair]));
}
