import { type CSSProperties, useId } from "react";
import { sourceColor } from "../ui/sourceColor";
import { SOURCE_COLORS } from "../ui/theme";
import classes from "./ColorChoice.module.css";

/** Chooses the color that marks a source everywhere. */
export function ColorChoice({ value, onChange }: { value: string; onChange(color: string): void }) {
  const group = useId();
  return (
    <fieldset className={classes.choice}>
      <legend className={classes.legend}>Color</legend>
      {SOURCE_COLORS.map((color) => (
        <label key={color} className={classes.swatch} style={{ "--source-color": sourceColor(color) } as CSSProperties}>
          <input
            type="radio"
            name={group}
            value={color}
            checked={value === color}
            onChange={() => onChange(color)}
            aria-label={color}
          />
        </label>
      ))}
    </fieldset>
  );
}
