/** Whether an element receives what is typed. */
export const isEditable = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));

/** Keeps the browser from opening what is dropped on the page, in the page's place. Text can be dropped in a field. */
export function keepPageOnDrop(): void {
  const onDrag = (event: DragEvent) => {
    const { dataTransfer, target } = event;
    const hasFiles = dataTransfer?.types.includes('Files') ?? false;
    if (isEditable(target) && !hasFiles) return;
    event.preventDefault();
    // A drop of files is answered (`TypeAnywhere`), and is reported only where one is allowed.
    if (dataTransfer && !hasFiles) dataTransfer.dropEffect = 'none';
  };
  window.addEventListener('dragover', onDrag);
  window.addEventListener('drop', onDrag);
}
