import { SmilePlus } from 'lucide-react';
import { useState } from 'react';
import { t } from '../../i18n/t.ts';
import { classes } from '../../ui/classes.ts';
import { isNamed, nameOf } from './emoji-data.ts';
import { useEmojiData } from './emoji-store.ts';
import { keepOrder, type Reaction, reactionWords } from './reaction.ts';

interface ReactionChipsProps {
  reactions: readonly Reaction[];
  myUuid: string;
  /** The other person of the conversation. */
  name: string;
  /** Below an own message, so at the end of the line. */
  own: boolean;
  tabIndex: number;
  onToggle: (emoji: string, isOn: boolean) => void;
  /** Asks for another emoji. */
  onMore: () => void;
}

/** The reactions to a message, one chip per emoji. A click adds or removes the person's own. */
export function ReactionChips({ reactions, myUuid, name, own, tabIndex, onToggle, onMore }: ReactionChipsProps) {
  const [isExplored, setExplored] = useState(false);
  // The names of rare emoji are loaded when someone looks at them.
  const { state } = useEmojiData(isExplored && !reactions.every(({ emoji }) => isNamed(emoji)));
  const names = state.kind === 'ready' ? state.names : undefined;
  const shown = useStableOrder(reactions);
  if (shown.length === 0) return null;
  // On the inner side, so that the chips are flush with the bubble while it is hidden.
  const more = (
    <button
      type="button"
      aria-label={t('actions.reactions.add')}
      title={t('actions.reactions.add')}
      tabIndex={tabIndex}
      onClick={onMore}
      className={classes(CHIP, 'border-line bg-surface text-muted hover:border-edge hover:text-ink', ON_HOVER)}
    >
      <SmilePlus size={16} aria-hidden />
    </button>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      role="group"
      aria-label={t('actions.reactions')}
      onPointerEnter={() => setExplored(true)}
      onFocus={() => setExplored(true)}
      className={classes('flex flex-wrap gap-1 py-1 select-none pointer-coarse:gap-2', own && 'justify-end')}
    >
      {own ? more : null}
      {shown.map((reaction) => {
        const isMine = reaction.userUuids.includes(myUuid);
        return (
          <Chip
            key={reaction.emoji}
            reaction={reaction}
            words={reactionWords(reaction, myUuid, name, nameOf(reaction.emoji, names))}
            isMine={isMine}
            tabIndex={tabIndex}
            onClick={() => onToggle(reaction.emoji, !isMine)}
          />
        );
      })}
      {own ? null : more}
    </div>
  );
}

interface ChipProps {
  reaction: Reaction;
  words: string;
  isMine: boolean;
  tabIndex: number;
  onClick: () => void;
}

function Chip({ reaction: { emoji, userUuids }, words, isMine, tabIndex, onClick }: ChipProps) {
  return (
    <button
      type="button"
      aria-pressed={isMine}
      title={words}
      tabIndex={tabIndex}
      onClick={onClick}
      className={classes(CHIP, isMine ? MINE : 'border-line bg-surface hover:border-edge')}
    >
      <span aria-hidden className="text-base leading-none">
        {emoji}
      </span>
      {userUuids.length > 1 ? <span aria-hidden>{userUuids.length}</span> : null}
      <span className="sr-only">{words}</span>
    </button>
  );
}

// A touch target that is larger than the chip.
const CHIP =
  'relative inline-flex h-7 min-w-9 items-center justify-center gap-1 rounded-full border px-2 text-xs font-medium pointer-coarse:h-8 pointer-coarse:min-w-11 pointer-coarse:after:absolute pointer-coarse:after:-inset-x-1 pointer-coarse:after:-inset-y-1.5';
const MINE = 'border-moss bg-selected text-moss ring-1 ring-moss ring-inset forced-colors:border-3';
// Where nothing hovers, a long press opens the reactions.
const ON_HOVER = 'opacity-0 group-hover:opacity-100 group-focus-within:opacity-100 pointer-coarse:hidden';

function useStableOrder(reactions: readonly Reaction[]): Reaction[] {
  const emojis = reactions.map(({ emoji }) => emoji);
  const [order, setOrder] = useState(emojis);
  const next = keepOrder(order, emojis);
  if (next.join(' ') !== order.join(' ')) setOrder(next);
  return next.flatMap((emoji) => reactions.find((reaction) => reaction.emoji === emoji) ?? []);
}
