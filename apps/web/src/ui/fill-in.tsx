import { Fragment, type ReactNode } from 'react';

/** No text contains it: Unicode's "object replacement character". */
const PLACE = '\ufffc';

/**
 * A text with a part that is an element, such as a name that is isolated from the text's direction.
 *
 * @example fillIn((name) => t('thread.typing', { name }), <bdi>{name}</bdi>)
 */
export function fillIn(text: (place: string) => string, part: ReactNode): ReactNode {
  return text(PLACE)
    .split(PLACE)
    .map((words, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the words of a text never move
      <Fragment key={index}>
        {index === 0 ? null : part}
        {words}
      </Fragment>
    ));
}
