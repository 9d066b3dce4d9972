import { find } from 'linkifyjs';

/** A stretch of a message: plain text, or a link that is safe to open. */
export type MessagePart = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string };

const SAFE_PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);
const MAX_LARGE_EMOJI = 6;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

const EMOJI_ONLY = /^(?:\p{RGI_Emoji}|\s)+$/v;

function safeHref(href: string): string | null {
  if (!URL.canParse(href)) return null;
  const url = new URL(href);
  return SAFE_PROTOCOLS.has(url.protocol) ? url.href : null;
}

/** Cuts a message into text and links. Only `http:`, `https:` and `mailto:` become links; all else stays text. */
export function splitMessage(message: string): MessagePart[] {
  const parts: MessagePart[] = [];
  let end = 0;
  const text = (upTo: number) => {
    if (upTo > end) parts.push({ kind: 'text', text: message.slice(end, upTo) });
  };
  for (const match of find(message, { defaultProtocol: 'https' })) {
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
  // Cheap refusals first: this is asked for each message of a thread.
  if (message.length > 120 || !EMOJI_ONLY.test(message)) return false;
  const count = [...graphemes.segment(message.replace(/\s/gu, ''))].length;
  return count > 0 && count <= MAX_LARGE_EMOJI;
}
