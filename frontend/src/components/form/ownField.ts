import type { FieldView } from "../../api/sources";

/** A field that no form of the backend declares, drawn like all others. */
export function ownField(name: string, label: string, type: string, more: Partial<FieldView> = {}): FieldView {
  return {
    name,
    label,
    type,
    help: "",
    placeholder: "",
    required: false,
    choices: [],
    min: 0,
    max: 0,
    most: 0,
    longest: 4000,
    of: "",
    docsUrl: "",
    docsLabel: "",
    ...more,
  };
}
