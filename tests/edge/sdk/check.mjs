// What the tests of both SDKs share. The plan comes as JSON in STILLWATCH_SDK_PLAN:
//   base_url, key     where the SDK is pointed, and the key that it is given
//   errors            for each of 401, 403, 429: {key, headers, body} that bring it about, each optional
//   backoff           the same for a request that is turned away first and served after Retry-After; `before` requests that
//                     use up what may pass at once are sent first, and it must wait `least_ms`

import assert from "node:assert/strict";

export { assert };
export const plan = JSON.parse(process.env.STILLWATCH_SDK_PLAN);
const checks = [];

export const check = (sentence, run) => checks.push([sentence, run]);

// The parts of a plan's entry as a client and its request take them.
export const keyOf = (entry) => entry.key ?? plan.key;
export const withHeaders = (entry) => ({ headers: entry.headers ?? {} });

export async function rejects(promise, kind, status) {
  const error = await promise.then(() => undefined, (thrown) => thrown);
  assert.ok(error instanceof kind, `${kind.name} expected, got ${error}`);
  assert.equal(error.status, status);
  assert.ok(error.message.length > 4, "an error says something");
  return error;
}

export async function finish() {
  for (const [sentence, run] of checks) {
    try {
      await run();
      console.log(`ok - ${sentence}`);
    } catch (error) {
      console.log(`not ok - ${sentence}`);
      console.log(String(error.stack ?? error).replace(/^/gm, "#   "));
    }
  }
}
