/** What has happened since the pages were read. No request fetches it. */
export const LIVE_KEY = ['live'] as const;

/** The refreshes of the newest pages. Their data is the time of the newest item that is known without a gap below it. */
export const HEADS_KEY = ['head'] as const;
export const GROUPS_HEAD_KEY = [...HEADS_KEY, 'message-groups'] as const;
export const THREAD_HEADS_KEY = [...HEADS_KEY, 'messages'] as const;
export const threadHeadKey = (messageGroupUuid: string) => [...THREAD_HEADS_KEY, messageGroupUuid] as const;
