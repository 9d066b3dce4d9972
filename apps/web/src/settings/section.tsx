import { type ReactNode, useId } from 'react';
import { classes } from '../ui/classes.ts';

/** A titled part of the page. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="mt-4 rounded-3xl border border-line bg-surface p-5 sm:p-6">
      <h2 id={id} className="text-lg font-semibold tracking-tight">
        {title}
      </h2>
      <div className="mt-3 space-y-3 text-pretty">{children}</div>
    </section>
  );
}

/** A radio button with its explanation; all of it can be clicked. */
export function RadioOption({ name, label, hint, isChecked, onChoose }: RadioOptionProps) {
  const id = useId();
  return (
    <div className="relative -mx-3 flex min-h-11 items-start gap-3 rounded-xl px-3 py-2.5 hover:bg-hover">
      <input
        type="radio"
        id={id}
        name={name}
        checked={isChecked}
        onChange={onChoose}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        className="relative z-1 mt-1 size-4 shrink-0 accent-moss"
      />
      <span className="min-w-0">
        <Explained id={id} label={label} hint={hint} />
      </span>
    </div>
  );
}

interface RadioOptionProps {
  /** Of the group. */
  name: string;
  label: string;
  hint?: string;
  isChecked: boolean;
  onChoose: () => void;
}

interface SwitchProps {
  label: string;
  hint?: string;
  isOn: boolean;
  isDisabled?: boolean;
  onChange: (isOn: boolean) => void;
}

/** A switch with its explanation; all of it can be clicked. */
export function Switch({ label, hint, isOn, isDisabled = false, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div
      className={classes(
        'relative -mx-3 flex min-h-11 items-start gap-4 rounded-xl px-3 py-2.5',
        !isDisabled && 'hover:bg-hover',
      )}
    >
      <span className="min-w-0 grow">
        <Explained id={id} label={label} hint={hint} />
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        id={id}
        checked={isOn}
        disabled={isDisabled}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        className="relative z-1 mt-0.5 h-6 w-11 shrink-0 appearance-none rounded-full border-2 border-edge bg-surface transition-colors before:absolute before:inset-y-0.5 before:start-0.5 before:size-4 before:rounded-full before:bg-edge before:transition-transform checked:border-moss checked:bg-moss checked:before:translate-x-5 rtl:checked:before:-translate-x-5 checked:before:bg-on-moss disabled:opacity-60 forced-colors:size-5 forced-colors:appearance-auto forced-colors:before:hidden"
      />
    </div>
  );
}

/** The label of a control, which fills its row, and its explanation. */
function Explained({ id, label, hint }: { id: string; label: string; hint: string | undefined }) {
  return (
    <>
      <label htmlFor={id} className="font-medium after:absolute after:inset-0 after:content-['']">
        {label}
      </label>
      {hint === undefined ? null : (
        <span id={`${id}-hint`} className="block text-sm text-muted">
          {hint}
        </span>
      )}
    </>
  );
}
