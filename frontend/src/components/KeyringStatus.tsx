import { Button, PasswordInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type KeyringView, useMoveToKeyring, useRetryKeyring, useUnlockKeyFile } from "../api/app";
import { confirm } from "../ui/confirm";
import { Message, ProblemMessage } from "../ui/Message";
import { State } from "../ui/State";
import classes from "./KeyringStatus.module.css";

const places: Record<string, string> = {
  keyring: "the keyring of the operating system",
  file: "an encrypted file in the data folder",
  memory: "memory only: they are gone when Seatkeeper ends",
};

/** Where keys are kept; when the keyring does not work, the two ways on: try again, or an encrypted file. */
export function KeyringStatus({ keyring }: { keyring: KeyringView }) {
  const retry = useRetryKeyring();
  const [asking, setAsking] = useState(false);
  if (keyring.ready) {
    const place = <State tone="good">Keys are kept in {places[keyring.backend] ?? keyring.backend}</State>;
    return keyring.backend === "file" ? (
      <div className={classes.stack}>
        {place}
        <MoveToKeyring />
      </div>
    ) : (
      place
    );
  }
  if (keyring.backend === "file") {
    return (
      <div className={classes.stack}>
        <Message tone="warn" title={keyring.message || "The encrypted key file is locked."} hint={keyring.hint} />
        <PassphraseForm made />
      </div>
    );
  }
  return (
    <div className={classes.stack}>
      <Message
        tone="warn"
        title={keyring.message || "Keys cannot be kept safely yet."}
        hint={keyring.hint}
        actions={
          <>
            <Button loading={retry.isPending} onClick={() => retry.mutate()}>
              Try again
            </Button>
            {asking ? null : (
              <Button variant="default" onClick={() => setAsking(true)}>
                Use an encrypted file
              </Button>
            )}
          </>
        }
      />
      {retry.error ? <ProblemMessage problem={retry.error} /> : null}
      {asking && keyring.reason !== "absent" ? (
        <p className={classes.text}>
          Keys that are in the keyring now stay there, and Seatkeeper will not look for them anymore: sources that are
          connected ask for their key again.
        </p>
      ) : null}
      {asking ? <PassphraseForm made={false} /> : null}
    </div>
  );
}

/** The way back, once this computer has a keyring that works: all keys, or none where one of them cannot be moved. */
function MoveToKeyring() {
  const move = useMoveToKeyring();
  const ask = async () => {
    const sure = await confirm({
      title: "Move keys to the keyring?",
      body: "All keys go to the keyring of the operating system, and the encrypted file is removed. If the keyring does not take one of them, everything stays as it is.",
      verb: "Move keys",
    });
    if (sure) {
      move.mutate();
    }
  };
  return (
    <>
      {move.error ? <ProblemMessage problem={move.error} /> : null}
      <div>
        <Button variant="default" loading={move.isPending} onClick={ask}>
          Move keys to the keyring
        </Button>
      </div>
    </>
  );
}

/** The passphrase of the key file: twice when the file is made, once to unlock it. It is forgotten after sending. */
function PassphraseForm({ made }: { made: boolean }) {
  const unlock = useUnlockKeyFile();
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const [mistake, setMistake] = useState("");

  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (!made && first.length < 10) {
      setMistake("Use at least 10 characters.");
      return;
    }
    if (!made && first !== second) {
      setMistake("The two passphrases are not the same.");
      return;
    }
    setMistake("");
    unlock.mutate(first);
    setFirst("");
    setSecond("");
  };

  return (
    <form onSubmit={submit} noValidate className={classes.stack} aria-label="Encrypted key file">
      <p className={classes.text}>
        {made
          ? "Keys are in an encrypted file. Type its passphrase to unlock it until Seatkeeper ends."
          : "Keys are encrypted with a passphrase that only you know. Seatkeeper asks for it at each start; nobody can recover it."}
      </p>
      <PasswordInput
        label="Passphrase"
        value={first}
        onChange={(e) => setFirst(e.currentTarget.value)}
        required
        autoFocus
      />
      {made ? null : (
        <PasswordInput
          label="Passphrase again"
          value={second}
          onChange={(e) => setSecond(e.currentTarget.value)}
          required
        />
      )}
      {mistake ? <ProblemMessage problem={{ message: mistake, hint: "" }} /> : null}
      {unlock.error ? <ProblemMessage problem={unlock.error} /> : null}
      <div>
        <Button type="submit" loading={unlock.isPending}>
          {made ? "Unlock" : "Create the file"}
        </Button>
      </div>
    </form>
  );
}
