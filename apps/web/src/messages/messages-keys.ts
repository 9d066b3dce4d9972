/** Where a thread's messages stand that came since its pages were read. */
export const recentMessagesKey = (messageGroupUuid: string) => ['recent-messages', messageGroupUuid] as const;

/** The poll of a thread; its data is the newest message that the last one read. */
export const newestMessagesKey = (messageGroupUuid: string) => ['newest-messages', messageGroupUuid] as const;
