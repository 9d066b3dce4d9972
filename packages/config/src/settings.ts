/** Who may begin a conversation with a person. `requests`: strangers' first messages wait until they are accepted. */
export const MESSAGE_AUDIENCES = ['everyone', 'requests', 'nobody'] as const;
export type MessageAudience = (typeof MESSAGE_AUDIENCES)[number];
