import styles from './CheckList.module.css';

interface CheckListProps {
  legend: string;
  options: readonly { id: string; name: string }[];
  checked: readonly string[];
  hint?: string;
  onChange: (checked: string[]) => void;
}

/** Any number of several. */
export function CheckList({ legend, options, checked, hint, onChange }: CheckListProps) {
  return (
    <fieldset className={styles.list}>
      <legend className={styles.legend}>{legend}</legend>
      <div className={styles.options}>
        {options.map(({ id, name }) => (
          <label key={id} className={styles.option}>
            <input
              type="checkbox"
              checked={checked.includes(id)}
              onChange={(event) =>
                onChange(event.target.checked ? [...checked, id] : checked.filter((each) => each !== id))
              }
            />
            <span className="ellipsis">{name}</span>
          </label>
        ))}
      </div>
      {hint && <p className={styles.hint}>{hint}</p>}
    </fieldset>
  );
}
