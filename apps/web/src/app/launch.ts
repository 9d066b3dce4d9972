/** Parameters of the address that the manifest's share target names. */
const SHARED = ['share_title', 'share_text', 'share_url'];

/**
 * Reads whether the system has opened the page to write to someone: by a shortcut, or with something that another app shares.
 *
 * @param search - the address's query
 * @returns what is shared, which is empty for the shortcut; `null` if the page was opened otherwise
 */
export function readLaunch(search: string): { text: string } | null {
  const parameters = new URLSearchParams(search);
  if (![...SHARED, 'new_message'].some((name) => parameters.has(name))) return null;
  const parts = SHARED.map((name) => parameters.get(name)?.trim() ?? '');
  // Apps often put the address into the text, too.
  const isRepeated = (part: string, at: number) =>
    parts.some((other, i) => i !== at && other.includes(part) && (other !== part || i < at));
  return { text: parts.filter((part, at) => part !== '' && !isRepeated(part, at)).join('\n') };
}
