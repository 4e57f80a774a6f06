/** Main tells the renderer: a `ShellEvent`. */
export const SHELL_EVENT = 'shell-event';
/** The renderer has somebody who listens to shell events: what waited may come. */
export const SHELL_LISTENS = 'shell-listens';
