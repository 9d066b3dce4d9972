/** What the stream's Lambda does: it finds the node of a channel, and sends. No one reads or writes a key. */
const SEND = '&cruddur:* -@all +cluster|slots +spublish';

/** Access strings of the users: the commands that packages/bus sends. tests/redis/bus-rights.test.ts runs the bus with them. */
export const BUS_RIGHTS = {
  api: `on ${SEND} +ssubscribe +sunsubscribe`,
  stream: `on ${SEND}`,
  /** As which a connection begins. Without a user of this name, a group may get one with all rights. */
  default: 'off -@all',
};

/** A program that signs in. */
export type BusProgram = Exclude<keyof typeof BUS_RIGHTS, 'default'>;
