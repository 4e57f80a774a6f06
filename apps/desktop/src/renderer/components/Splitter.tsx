import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import styles from './Splitter.module.css';

interface SplitterProps {
  label: string;
  /** The side of the splitter its pane lies on. */
  side: 'left' | 'right';
  /** Widths in CSS pixels. */
  width: number;
  min: number;
  max: number;
  onResize: (width: number) => void;
  onReset: () => void;
}

const STEP_PX = 16;

/** The line between two panes: dragged, moved with the arrow keys, put back by a double click. */
export function Splitter({ label, side, width, min, max, onResize, onReset }: SplitterProps) {
  const drag = useRef<{ startX: number; startWidth: number } | null>(null);
  const direction = side === 'left' ? 1 : -1;

  function handlePointerMove(event: PointerEvent) {
    if (!drag.current) return;
    onResize(drag.current.startWidth + (event.clientX - drag.current.startX) * direction);
  }

  function handleKeyDown(event: KeyboardEvent) {
    const steps = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (steps === undefined) return;
    event.preventDefault();
    onResize(width + steps * STEP_PX * direction);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a focusable separator that moves has no HTML element
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      className={styles.splitter}
      onKeyDown={handleKeyDown}
      onDoubleClick={onReset}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { startX: event.clientX, startWidth: width };
      }}
      onPointerMove={handlePointerMove}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
      }}
    />
  );
}
