import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import type { AppInfo } from "../api/app";
import { KeyringStatus } from "../components/KeyringStatus";
import { State } from "../ui/State";
import classes from "./KeysBar.module.css";

/**
 * Below every page while keys cannot be read: what is wrong, and the way to put it right. The local copy stays readable.
 * It comes by itself, and above the page it would push the rows of a list away under the pointer.
 */
export function KeysBar({ info }: { info: AppInfo }) {
  const [asked, setAsked] = useState(false);
  if (info.keyring.ready) {
    return null; // also closes the dialog, as soon as the keys are there
  }
  return (
    <div className={classes.bar} role="alert">
      <State tone="warn">
        {info.keyring.message || "Keys cannot be read."} Syncs and changes wait; the local copy stays readable.
      </State>
      <Button size="compact-sm" variant="default" onClick={() => setAsked(true)}>
        {info.keyring.backend === "file" ? "Unlock" : "What to do"}
      </Button>
      <Modal
        opened={asked}
        onClose={() => setAsked(false)}
        title="Keys"
        closeButtonProps={{ "aria-label": "Close" }}
        returnFocus
      >
        <KeyringStatus keyring={info.keyring} />
      </Modal>
    </div>
  );
}
