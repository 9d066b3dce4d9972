/** Where group rows stand that came since the list's pages were read. */
export const RECENT_GROUPS_KEY = ['recent-message-groups'] as const;

/** The reading of the list’s newest page; its data is the time of the newest row that the last one found. */
export const NEWEST_GROUPS_KEY = ['newest-message-groups'] as const;
