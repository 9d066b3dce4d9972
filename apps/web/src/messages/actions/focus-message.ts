/** Focuses a message, once it is drawn as it is now; otherwise the thread. */
export function focusMessage(uuid: string): void {
  requestAnimationFrame(() => {
    const thread = document.querySelector<HTMLElement>('[role="log"]');
    const message = thread?.querySelector<HTMLElement>(`[data-key="${CSS.escape(uuid)}"]`);
    (message ?? thread)?.focus({ preventScroll: true });
  });
}
