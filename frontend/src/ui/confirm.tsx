import { Button, Group, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import type { ReactNode } from "react";

interface Question {
  title: string;
  /** What will happen and what stays. */
  body: ReactNode;
  /** The verb on the button. */
  verb: string;
  danger?: boolean;
}

/** Asks before something is done. The focus starts on Cancel; Escape and a click beside it cancel too. */
export function confirm({ title, body, verb, danger }: Question): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = false;
    const id = modals.open({
      title,
      onClose: () => resolve(answer),
      children: (
        <>
          <Text component="div" size="sm">
            {body}
          </Text>
          <Group justify="flex-end" mt="lg" gap="xs">
            <Button variant="default" data-autofocus onClick={() => modals.close(id)}>
              Cancel
            </Button>
            <Button
              color={danger ? "red" : undefined}
              onClick={() => {
                answer = true;
                modals.close(id);
              }}
            >
              {verb}
            </Button>
          </Group>
        </>
      ),
    });
  });
}
