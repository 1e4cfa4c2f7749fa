import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { call, WAIT } from "./call";
import { Problem, toProblem } from "./problem";

describe("toProblem", () => {
  test("reads the backend's JSON out of the bridge's Error", () => {
    const p = toProblem(
      new Error(
        '{"code":"auth_failed","reason":"expired","message":"The key has expired.","hint":"Make a new one.","field":"api_key","more":[{"field":"org_id","message":"Missing."}]}',
      ),
    );
    expect(p).toBeInstanceOf(Problem);
    expect({ ...p, message: p.message }).toEqual({
      name: "Problem",
      code: "auth_failed",
      reason: "expired",
      message: "The key has expired.",
      hint: "Make a new one.",
      field: "api_key",
      more: [{ field: "org_id", message: "Missing." }],
    });
    expect([p.at("api_key"), p.at("org_id"), p.at("name")]).toEqual(["The key has expired.", "Missing.", undefined]);
  });

  test.each([
    ["a plain text", new Error("wrong argument count"), "wrong argument count"],
    ["a text of the bridge", "no such method", "no such method"],
    ["JSON without a message", new Error('{"code":"invalid"}'), '{"code":"invalid"}'],
    ["JSON that is no object", new Error("null"), "null"],
    ["nothing at all", undefined, "Something went wrong inside Seatkeeper."],
  ])("makes an internal problem of %s", (_what, cause, message) => {
    const p = toProblem(cause);
    expect(p.code).toBe("internal");
    expect(p.message).toBe(message);
    expect(p.hint).not.toBe("");
  });

  test("ignores fields of another type", () => {
    const p = toProblem(new Error('{"code":7,"message":"No.","hint":{"a":1}}'));
    expect([p.code, p.message, p.hint]).toEqual(["internal", "No.", ""]);
  });

  test("leaves a problem as it is", () => {
    const p = toProblem(new Error('{"message":"No."}'));
    expect(toProblem(p)).toBe(p);
  });
});

describe("call", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("gives the answer", async () => {
    await expect(call(async () => 7)).resolves.toBe(7);
  });

  test("turns a rejection into a problem", async () => {
    await expect(call(() => Promise.reject(new Error('{"code":"stale","message":"Old."}')))).rejects.toMatchObject({
      code: "stale",
      message: "Old.",
    });
  });

  test("turns a missing method into a problem", async () => {
    await expect(
      call(() => {
        throw new TypeError("window.go is undefined");
      }),
    ).rejects.toMatchObject({ code: "internal", reason: "bridge" });
  });

  test("gives up when the bridge never answers", async () => {
    const waiting = expect(call(() => new Promise<never>(() => undefined))).rejects.toMatchObject({
      code: "internal",
      reason: "timeout",
    });
    await vi.advanceTimersByTimeAsync(WAIT.normal);
    await waiting;
  });

  test("waits longer for calls that talk to Atlassian", async () => {
    const settled = vi.fn();
    call(() => new Promise<never>(() => undefined), WAIT.long).catch(settled);
    await vi.advanceTimersByTimeAsync(WAIT.long - 1);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(settled).toHaveBeenCalledOnce();
  });
});
