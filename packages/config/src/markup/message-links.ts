import type { find } from 'linkifyjs';

export type LinkFinder = typeof find;

type FoundLink = ReturnType<LinkFinder>[number];

/** A link that is safe to open. `host` is where it leads, if its text hides that. */
export type LinkPart = { kind: 'link'; text: string; href: string; host?: string };
type TextPart = { kind: 'text'; text: string };

const SAFE_PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);

// No link contains these: control characters, invisible ones and those that change the direction of text, and punctuation
// outside ASCII, which ends a sentence in other scripts.
const NOT_IN_LINKS =
  /((?:[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]|(?![!-~·]|’\p{L})[\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}])+)/u;
// Scripts without spaces: a link may follow a word, and a word a link. No top-level domain mixes them with ASCII.
const GLUE = '[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Hang}\\p{sc=Thai}]';
const GLUED_BEFORE = new RegExp(`^${GLUE}+(?=[a-z0-9])`, 'iu');
const GLUED_AFTER = new RegExp(`^([^/?#]*?(?:://)?[^/?#]*\\.[a-z]+)${GLUE}.*$`, 'iu');
const ITALIC_BEFORE = /(?:^|[^\p{L}\p{N}_])_[^_\n]*$/u;
// Top-level domains that are more often the ending of a file's name.
const FILE_TYPES = 'bz|cab|cc|md|mk|ml|mm|mov|pl|pm|ps|py|rs|sh|so|tf|zip';
const FILE_NAME = new RegExp(`^(?!www\\.)[^/@]+\\.(?:${FILE_TYPES})(?::\\d+)?/?$`, 'i');

/** `lead`: the text before the link. */
function toLink({ value, href, start }: FoundLink, lead: string): { start: number; link: LinkPart } | null {
  const before = GLUED_BEFORE.exec(value)?.[0].length ?? 0;
  const text = value.slice(before).replace(GLUED_AFTER, '$1').replace(endMarker(value, lead), '');
  if (FILE_NAME.test(text)) return null;
  const full = href.slice(0, href.length - value.length) + text;
  if (!URL.canParse(full)) return null;
  const url = new URL(full);
  if (!SAFE_PROTOCOLS.has(url.protocol)) return null;
  return { start: start + before, link: { kind: 'link', text, href: url.href, host: hiddenHost(text, url) } };
}

/** Markup's closing marker at the end of a link: `*` always, `_` only if the line has one before the link. */
function endMarker(link: string, lead: string): RegExp {
  return link.endsWith('_') && ITALIC_BEFORE.test(lead) ? /_+$/ : /\*+$/;
}

/** The host of a link whose text does not show it: a name in letters other than ASCII, or one after another name and `@`. */
function hiddenHost(text: string, url: URL): string | undefined {
  const shown = text.toLowerCase();
  if (url.protocol !== 'mailto:') {
    return [url.host, `${url.protocol}//${url.host}`].some((start) => shown.startsWith(start)) ? undefined : url.host;
  }
  const domain = `https://${url.pathname.split('@').at(-1)}`;
  const host = URL.canParse(domain) ? new URL(domain).host : '';
  return shown.includes(`@${host}`) ? undefined : host;
}

/** Splits a text into `http:`, `https:` and `mailto:` links and the text between them. Until `find` has been loaded, all is text. */
export function splitLinks(message: string, find: LinkFinder | undefined): (TextPart | LinkPart)[] {
  const parts: (TextPart | LinkPart)[] = [];
  let end = 0;
  const addText = (upTo: number) => {
    if (upTo > end) parts.push({ kind: 'text', text: message.slice(end, upTo) });
  };
  let offset = 0;
  for (const stretch of find ? message.split(NOT_IN_LINKS) : []) {
    for (const match of find?.(stretch, { defaultProtocol: 'https' }) ?? []) {
      const found = toLink(match, stretch.slice(0, match.start));
      if (found === null) continue;
      addText(offset + found.start);
      parts.push(found.link);
      end = offset + found.start + found.link.text.length;
    }
    offset += stretch.length;
  }
  addText(message.length);
  return parts;
}
