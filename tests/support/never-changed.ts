/** The fields of a message without a quote that was never changed. */
export const NEVER_CHANGED = {
  replyTo: null,
  reactions: [],
  editedAt: null,
  deletedAt: null,
  revision: 0,
  version: 0,
};
