/** What the lines of a request's log tell, gathered while it is under way. */
export interface RequestRecord {
  /** The page's `traceparent` header. */
  traceparent: string | undefined;
  /** Writes a line that carries the request's id. */
  log: (line: object, message: string) => void;
  /** Paths of the procedures called, in the order of their beginning. */
  procedures: string[];
  /** Why procedures were refused. */
  reasons: string[];
  /** Capacity units that DynamoDB charged. */
  units: { read: number; write: number };
  /** The caller's uuid, once it is known. */
  caller: string | undefined;
  traceId: string | undefined;
  /** A stream has lines of its own. */
  isStream: boolean;
}

export function createRequestRecord(request: Pick<RequestRecord, 'traceparent' | 'log'>): RequestRecord {
  return {
    ...request,
    procedures: [],
    reasons: [],
    units: { read: 0, write: 0 },
    caller: undefined,
    traceId: undefined,
    isStream: false,
  };
}

/** The fields that every line about a request has: who, what, how many units, why not. */
export function fieldsOf({ procedures, caller, units, reasons, traceId }: RequestRecord): object {
  return {
    ...(procedures.length > 0 ? { procedures, readUnits: units.read, writeUnits: units.write } : {}),
    ...(caller === undefined ? {} : { caller }),
    ...(reasons.length > 0 ? { reasons } : {}),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

/** Milliseconds since a moment of `performance.now()`, for a log line. */
export function millisecondsSince(started: number): number {
  return roundMilliseconds(performance.now() - started);
}

export function roundMilliseconds(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
