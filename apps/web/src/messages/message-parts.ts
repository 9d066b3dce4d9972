import type { LinkFinder } from './use-link-finder.ts';

/** A stretch of a message: plain text, or a link that is safe to open. */
export type MessagePart = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string };

const SAFE_PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);
const MAX_LARGE_EMOJI = 6;

// Emoji by how they are made (UTS #51, 1.4): `\p{RGI_Emoji}` names each of them, and takes a slow phone 100 ms at its first use.
const BASE =
  '(?!\\p{RI})\\p{Emoji_Presentation}\\ufe0f?|(?![#*0-9\\p{RI}])\\p{Emoji}\\ufe0f|\\p{Emoji_Modifier_Base}(?=\\p{Emoji_Modifier})';
const PICTURE = `(?:${BASE})\\p{Emoji_Modifier}?`;
const KEY = '[#*0-9]\\ufe0f\\u20e3';
const FLAG = '\\p{RI}{2}|\\u{1f3f4}[\\u{e0030}-\\u{e007a}]+\\u{e007f}';
const EMOJI = `(?:${FLAG}|${KEY}|${PICTURE}(?:\\u200d${PICTURE})*)`;
const EMOJI_ONLY = new RegExp(`^\\s*(?:${EMOJI}\\s*){1,${MAX_LARGE_EMOJI}}$`, 'u');

function safeHref(href: string): string | null {
  if (!URL.canParse(href)) return null;
  const url = new URL(href);
  return SAFE_PROTOCOLS.has(url.protocol) ? url.href : null;
}

/**
 * Cuts a message into text and links. Only `http:`, `https:` and `mailto:` become links; all else stays text.
 *
 * @param find - what finds links; all is text until it has been loaded
 */
export function splitMessage(message: string, find: LinkFinder | undefined): MessagePart[] {
  const parts: MessagePart[] = [];
  let end = 0;
  const text = (upTo: number) => {
    if (upTo > end) parts.push({ kind: 'text', text: message.slice(end, upTo) });
  };
  for (const match of find?.(message, { defaultProtocol: 'https' }) ?? []) {
    const href = safeHref(match.href);
    if (href === null) continue;
    text(match.start);
    parts.push({ kind: 'link', text: match.value, href });
    end = match.end;
  }
  text(message.length);
  return parts;
}

/** Whether a message is nothing but a few emoji, which are then drawn large. */
export function isEmojiOnly(message: string): boolean {
  // A cheap refusal first: this is asked for each message of a thread.
  return message.length <= 120 && EMOJI_ONLY.test(message);
}
