import type { MouseEvent } from "react";

/**
 * For `onClickCapture` around controls that a click takes away or puts others in the place of: the second click of a
 * double click decides nothing, because it may meet another control than was meant.
 */
export function oneClick(e: MouseEvent) {
  if (e.detail > 1) {
    e.preventDefault();
    e.stopPropagation();
  }
}
