/** Where a thread's messages stand that came since its pages were read. */
export const recentMessagesKey = (messageGroupUuid: string) => ['recent-messages', messageGroupUuid] as const;

/** The newest pages of all threads. */
export const NEWEST_MESSAGES_KEY = ['newest-messages'] as const;

/** The reading of a thread's newest page; its data is the newest message that the last one found. */
export const newestMessagesKey = (messageGroupUuid: string) => [...NEWEST_MESSAGES_KEY, messageGroupUuid] as const;

/** Where a group's read markers stand that moved since they were read. */
export const recentMarkersKey = (messageGroupUuid: string) => ['recent-read-markers', messageGroupUuid] as const;
