import { buildWidget } from '../../build.ts';

/** The stories must not run on yesterday's widget. */
export default () => buildWidget();
