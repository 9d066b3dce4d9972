import { useId } from 'react';
import { t } from '../../i18n/t.ts';
import type { SkinTone } from './emoji-data.ts';

const TONES: readonly { tone: SkinTone | null; hand: string }[] = [
  { tone: null, hand: '✋' },
  { tone: 'light', hand: '✋🏻' },
  { tone: 'medium-light', hand: '✋🏼' },
  { tone: 'medium', hand: '✋🏽' },
  { tone: 'medium-dark', hand: '✋🏾' },
  { tone: 'dark', hand: '✋🏿' },
];

const labelledTones = () => TONES.map((each) => ({ ...each, label: t(`composer.tone.${each.tone ?? 'none'}`) }));

interface SkinTonesProps {
  tone: SkinTone | null;
  onChoose: (tone: SkinTone | null) => void;
}

/** Chooses the skin tone of all emoji. */
export function SkinTones({ tone: chosen, onChoose }: SkinTonesProps) {
  const name = useId();
  return (
    <fieldset className="flex shrink-0 pointer-coarse:mx-auto">
      <legend className="sr-only">{t('composer.tone')}</legend>
      {labelledTones().map(({ tone, hand, label }) => (
        <label key={label} title={label} className="relative">
          <input
            type="radio"
            name={name}
            aria-label={label}
            checked={tone === chosen}
            onChange={() => onChoose(tone)}
            className="peer absolute inset-0 cursor-pointer appearance-none rounded-full"
          />
          <span
            aria-hidden
            className="pointer-events-none flex size-8 items-center justify-center rounded-full text-lg leading-none peer-checked:bg-selected peer-checked:ring-1 peer-checked:ring-moss peer-checked:ring-inset forced-colors:peer-checked:border-2 peer-hover:bg-hover peer-focus-visible:outline-2 peer-focus-visible:outline-focus pointer-coarse:size-11"
          >
            {hand}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
