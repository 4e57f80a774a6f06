import { Splitter } from '../components/Splitter.tsx';
import { type PaneName, paneLimits, usePreferences } from '../stores/preferences.ts';

interface PaneSplitterProps {
  pane: PaneName;
  side: 'left' | 'right';
  label: string;
}

/** The splitter of a pane whose width is remembered. */
export function PaneSplitter({ pane, side, label }: PaneSplitterProps) {
  const width = usePreferences((state) => state.widths[pane]);
  const setWidth = usePreferences((state) => state.setWidth);
  const { min, max, initial } = paneLimits[pane];
  return (
    <Splitter
      label={label}
      side={side}
      width={width}
      min={min}
      max={max}
      onResize={(next) => setWidth(pane, next)}
      onReset={() => setWidth(pane, initial)}
    />
  );
}
