/** What a request's log lines contain, collected while it runs. */
export interface RequestRecord {
  /** The page's `traceparent` header. */
  traceparent: string | undefined;
  /** Writes a line with the request's id. */
  log: (line: object, message: string) => void;
  /** Paths of the procedures called, in order. */
  procedures: string[];
  /** Why procedures were refused. */
  reasons: string[];
  /** Capacity units that DynamoDB charged. */
  units: { read: number; write: number };
  /** The caller's uuid, when it is known. */
  caller: string | undefined;
  traceId: string | undefined;
  /** A stream logs its own lines. */
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

/** The fields that every line about a request has. Undefined ones are not written. */
export function fieldsOf({ procedures, caller, units, reasons, traceId }: RequestRecord): object {
  return {
    ...(procedures.length > 0 && { procedures, readUnits: units.read, writeUnits: units.write }),
    caller,
    reasons: reasons.length > 0 ? reasons : undefined,
    traceId,
  };
}

/** Milliseconds since a moment of `performance.now()`, as in log lines. */
export function millisecondsSince(started: number): number {
  return roundMilliseconds(performance.now() - started);
}

export function roundMilliseconds(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
