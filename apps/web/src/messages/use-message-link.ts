import { useEffect, useEffectEvent, useRef } from 'react';
import { navigate, useHistoryEntry } from '../ui/page-router.tsx';

const PARAMETER = 'at';
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/;

/** The message that an address leads to: see `messagePath`. */
export interface MessageLink {
  /** Of the history entry: a link that is followed again has another one. */
  key: string;
  /** The message's `createdAt`; `null` without a link, `malformed` for what cannot be one. */
  at: string | null;
  /** The browser's back and forward, or a load of the page, have led here. */
  isRestored: boolean;
  /** Removes the message from the address, because the reader has gone elsewhere. */
  drop: () => void;
}

/** The link in the page's address. */
export function useMessageLink(): MessageLink {
  const { pathname, search, key, state, isRestored } = useHistoryEntry();
  const parameters = new URLSearchParams(search);
  const at = parameters.get(PARAMETER);
  const drop = () => {
    if (at === null) return;
    parameters.delete(PARAMETER);
    const query = parameters.toString();
    navigate(query === '' ? pathname : `${pathname}?${query}`, { replace: true, state });
  };
  return { key, at: at === null || isMessageTime(at) ? at : 'malformed', isRestored, drop };
}

/** Whether a text is a time as the API writes it, from 1970 on. */
export function isMessageTime(text: string): boolean {
  const time = Date.parse(text);
  // Date.parse turns the 30th of February into the 2nd of March.
  return TIME.test(text) && time >= 0 && new Date(time).toISOString().startsWith(text.slice(0, 19));
}

interface FollowInput {
  link: MessageLink;
  /** The link with which the thread was opened: it is there. */
  opened: Pick<MessageLink, 'key' | 'at'>;
  onLink: (at: string) => void;
  onMalformed: () => void;
  /** The browser's back and forward have led to an address without a message. */
  onNone: () => void;
}

/** Follows links in a thread that is already open. */
export function useFollowLink({ link, opened, ...on }: FollowInput): void {
  const before = useRef(opened);
  const onLocation = useEffectEvent(() => {
    const { key, at, isRestored } = link;
    const last = before.current;
    before.current = { key, at };
    // Without a message in the address, reloading does not repeat the notice.
    if (at === 'malformed') {
      on.onMalformed();
      link.drop();
    } else if (key === last.key && at === last.at) return;
    else if (at !== null) on.onLink(at);
    else if (isRestored && last.at !== null) on.onNone();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another address is opened
  useEffect(() => onLocation(), [link.key, link.at]);
}
