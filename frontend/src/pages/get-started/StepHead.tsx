import { Anchor } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { StepView } from "../../api/onboarding";
import classes from "./GetStarted.module.css";

/** Title, one line why, and the page at Atlassian that the step is about. */
export function StepHead({ step }: { step: StepView }) {
  return (
    <>
      <h2 className={classes.title}>{step.title}</h2>
      <p className={classes.why}>
        {step.why}
        {step.linkUrl ? (
          <>
            {" "}
            <Anchor href={step.linkUrl} inherit underline="always">
              {step.linkLabel}
              <IconExternalLink size={12} aria-hidden className={classes.external} />
            </Anchor>
          </>
        ) : null}
      </p>
    </>
  );
}
