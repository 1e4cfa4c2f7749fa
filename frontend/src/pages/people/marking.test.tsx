import { fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { installBackend } from "../../test/fakeBackend";
import { open } from "../../test/open";

test("a double click and a click with Shift mark no words; text that was dragged over is copied as everywhere", async () => {
  installBackend();
  const { user } = open("/people");
  await screen.findByText("Person 0");
  const list = screen.getByRole("grid", { name: "People" });
  const marked = () => document.getSelection()?.toString();
  await user.dblClick(screen.getByText("Person 2"));
  expect(marked()).toBe("");
  expect(document.activeElement).toBe(list);
  expect(await screen.findByRole("complementary")).toBeTruthy();
  await user.keyboard("{Shift>}");
  await user.click(screen.getByText("Person 5"));
  await user.keyboard("{/Shift}");
  expect(marked()).toBe("");
  expect(screen.getByText("Person 4").closest("[role=row]")?.getAttribute("aria-selected")).toBe("true");

  const copied = () => fireEvent.keyDown(list, { key: "c", ctrlKey: true }) === false;
  expect(copied()).toBe(true); // the row
  const name = screen.getByText("Person 3");
  await user.pointer([
    { keys: "[MouseLeft>]", target: name, offset: 0 },
    { target: name, offset: 6 },
  ]);
  await user.pointer("[/MouseLeft]");
  expect(marked()).toBe("Person");
  expect(copied()).toBe(false); // the browser's own
});
