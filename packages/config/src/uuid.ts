const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text is a uuid in lower case, as PostgreSQL writes each. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
