/** The alarms of a shard of Valkey, which exist only with it, and one of all: name, comparison and threshold. */
export const VALKEY_ALARMS = [
  ['bus-unannounced', 'GreaterThanThreshold', 0],
  ['bus-node', 'LessThanThreshold', 1],
  ['bus-replication', 'GreaterThanThreshold', 10],
  ['bus-cpu', 'GreaterThanThreshold', 70],
  ['bus-memory', 'GreaterThanThreshold', 50],
  ['bus-connections', 'GreaterThanThreshold', 200],
  ['bus-network', 'GreaterThanThreshold', 0],
  ['bus-refused', 'GreaterThanThreshold', 0],
] as const;
