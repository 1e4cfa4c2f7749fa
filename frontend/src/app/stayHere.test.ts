import { beforeAll, expect, test } from "vitest";
import { type FakeBackend, installBackend } from "../test/fakeBackend";
import { stayHere } from "./stayHere";

let backend: FakeBackend;
beforeAll(() => {
  stayHere(window);
});

function press(html: string, options: MouseEventInit = {}, type = "click"): boolean {
  backend = installBackend();
  document.body.innerHTML = html;
  const target = document.querySelector("[data-t]") ?? document.querySelector("a") ?? document.body;
  // true: nobody has prevented what the browser would do
  return target.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, composed: true, ...options }));
}

test("a place on this page is left to the router", () => {
  expect(press('<a href="#/people">x</a>')).toBe(true);
  expect(press('<a href="/#/people">x</a>')).toBe(true);
});

test.each([
  ["another host", '<a href="https://evil.example/x">x</a>'],
  ["a script", '<a href="javascript:alert(1)">x</a>'],
  ["data", '<a href="data:text/html,x">x</a>'],
  ["a file", '<a href="file:///etc/passwd">x</a>'],
  ["the page itself, which would load it again", '<a href="/index.html">x</a>'],
  ["without a scheme", '<a href="//evil.example">x</a>'],
  ["a new window", '<a href="#/people" target="_blank">x</a>'],
  ["inside a link", '<a href="https://evil.example"><b data-t>x</b></a>'],
  ["inside SVG", '<svg><a xlink:href="https://evil.example"><text data-t>x</text></a></svg>'],
])("%s is refused", (_name, html) => {
  expect(press(html)).toBe(false);
});

test.each([{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }])("no second window by %o", (options) => {
  expect(press('<a href="#/people">x</a>', options)).toBe(false);
});

test("no second window by the middle button", () => {
  expect(press('<a href="#/people">x</a>', { button: 1 }, "auxclick")).toBe(false);
});

test("https goes to the backend, which decides; nothing else does", () => {
  press('<a href="https://admin.atlassian.com/o/1">x</a>');
  expect(backend.callsOf("App.OpenLink")).toEqual([["https://admin.atlassian.com/o/1"]]);
  press('<a href="javascript:alert(1)">x</a>');
  expect(backend.callsOf("App.OpenLink")).toEqual([]);
});

test("forms and drops do nothing, windows do not open", () => {
  backend = installBackend();
  document.body.innerHTML = '<form action="https://evil.example"></form>';
  const form = document.querySelector("form");
  expect(form?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }))).toBe(false);
  expect(document.body.dispatchEvent(new Event("drop", { bubbles: true, cancelable: true }))).toBe(false);
  expect(window.open("https://evil.example")).toBeNull();
});
