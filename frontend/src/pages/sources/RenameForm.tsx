import { TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type SourceView, useRenameSource } from "../../api/sources";
import { ColorChoice } from "../../components/ColorChoice";
import { FormEnd } from "../../components/form/FormEnd";
import classes from "./Sources.module.css";

/** Changes the name and color by which the operator knows a source. */
export function RenameForm({ source, onDone }: { source: SourceView; onDone(): void }) {
  const rename = useRenameSource();
  const [name, setName] = useState(source.name);
  const [color, setColor] = useState(source.color);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    rename.mutate({ id: source.id, name: name.trim(), color }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} className={classes.form}>
      <TextInput
        label="Name"
        value={name}
        error={rename.error?.at("name")}
        onChange={(e) => setName(e.currentTarget.value)}
        data-autofocus
      />
      <ColorChoice value={color} onChange={setColor} />
      <FormEnd
        problem={rename.error}
        fields={["name"]}
        verb="Save"
        busy={rename.isPending}
        disabled={name.trim() === ""}
        onCancel={onDone}
      />
    </form>
  );
}
