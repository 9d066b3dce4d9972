import { find } from 'linkifyjs';
import { splitMessage } from './message-parts.ts';

/** Whether the page draws a part of a message as a link. */
export function hasLink(message: string): boolean {
  return splitMessage(message, find).some(({ kind }) => kind === 'link');
}
