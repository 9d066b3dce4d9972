import { MESSAGES_SEARCH } from '@cruddur/config';

/** As much of a query as the server takes. For the field: what is cut must be seen. */
export function cutQuery(query: string): string {
  const max = MESSAGES_SEARCH.queryMaxCodePoints;
  return query.length <= max ? query : Array.from(query).slice(0, max).join('');
}
