// The package `@anthropic-ai/sdk` against the base URL of the plan: plain, streamed, tools, thinking, errors, back-off.

import Anthropic from "@anthropic-ai/sdk";
import { assert, check, finish, keyOf, plan, rejects, withHeaders } from "./check.mjs";

const open = (entry = {}, maxRetries = 0) =>
  new Anthropic({ baseURL: plan.base_url, apiKey: keyOf(entry), maxRetries, timeout: 15000 });
const client = open();
const model = "standin-large";
const base = { model, max_tokens: 4096, messages: [{ role: "user", content: "Say something." }] };
const input_schema = { type: "object", properties: { city: { type: "string" }, days: { type: "integer" } } };
const tools = [{ name: "weather", input_schema }];
const thinking = { type: "enabled", budget_tokens: 1024 };

check("a message is answered", async () => {
  const answer = await client.messages.create(base);
  assert.deepEqual([answer.type, answer.role, answer.stop_reason], ["message", "assistant", "end_turn"]);
  assert.ok(answer.content[0].text.length > 20);
  assert.ok(answer.usage.input_tokens > 0 && answer.usage.output_tokens > 0);
  assert.ok(answer._request_id.startsWith("req_"));
});

check("a streamed message says what the plain one says, and its usage", async () => {
  const plain = await client.messages.create(base);
  const events = [];
  for await (const event of await client.messages.create({ ...base, stream: true })) events.push(event);
  const text = events.filter((event) => event.delta?.type === "text_delta").map((event) => event.delta.text).join("");
  assert.equal(text, plain.content[0].text);
  assert.equal(events.at(-1).type, "message_stop");
  assert.equal(events.at(-2).usage.output_tokens, plain.usage.output_tokens);
});

check("the streaming helper puts a message together", async () => {
  const plain = await client.messages.create(base);
  const whole = await client.messages.stream(base).finalMessage();
  assert.deepEqual(whole.content, plain.content);
});

check("a tool is called, plain and streamed, and its result answered", async () => {
  const plain = await client.messages.create({ ...base, tools });
  const [call] = plain.content;
  assert.deepEqual([plain.stop_reason, call.type, call.name], ["tool_use", "tool_use", "weather"]);
  assert.deepEqual((await client.messages.stream({ ...base, tools }).finalMessage()).content, plain.content);
  const messages = [...base.messages, { role: "assistant", content: plain.content },
    { role: "user", content: [{ type: "tool_result", tool_use_id: call.id, content: "3 C" }] }];
  const answer = await client.messages.create({ ...base, tools, messages });
  assert.equal(answer.content[0].type, "text");
});

check("thinking comes with its signature, plain and streamed, and may be sent back", async () => {
  const plain = await client.messages.create({ ...base, thinking });
  assert.equal(plain.content[0].type, "thinking");
  assert.ok(plain.content[0].signature.length > 20);
  assert.deepEqual((await client.messages.stream({ ...base, thinking }).finalMessage()).content, plain.content);
  const messages = [...base.messages, { role: "assistant", content: plain.content }, { role: "user", content: "Go on." }];
  assert.equal((await client.messages.create({ ...base, thinking, messages })).content.length, 2);
});

check("tokens are counted", async () => {
  const { model, messages } = base;
  assert.ok((await client.messages.countTokens({ model, messages })).input_tokens > 0);
});

check("models are listed", async () => {
  const found = [];
  for await (const entry of client.models.list()) found.push(entry.id);
  assert.ok(found.includes(model));
});

const failing = (entry) => [{ ...base, ...entry.body }, withHeaders(entry)];

check("401 is an AuthenticationError of Anthropic's type", async () => {
  const entry = plan.errors["401"];
  const error = await rejects(open(entry).messages.create(...failing(entry)), Anthropic.AuthenticationError, 401);
  assert.equal(error.error.error.type, "authentication_error");
  await rejects(open(entry).messages.create({ ...base, stream: true }, withHeaders(entry)), Anthropic.AuthenticationError, 401);
});

check("403 is a PermissionDeniedError of Anthropic's type", async () => {
  const entry = plan.errors["403"];
  const error = await rejects(open(entry).messages.create(...failing(entry)), Anthropic.PermissionDeniedError, 403);
  assert.equal(error.error.error.type, "permission_error");
});

check("429 is a RateLimitError of Anthropic's type with Retry-After", async () => {
  const entry = plan.errors["429"];
  const error = await rejects(open(entry).messages.create(...failing(entry)), Anthropic.RateLimitError, 429);
  assert.equal(error.error.error.type, "rate_limit_error");
  assert.match(error.headers.get("retry-after"), /^\d+$/);
});

check("a request that is turned away with 429 is sent again after Retry-After, and answered", async () => {
  const entry = { ...plan.backoff, body: { metadata: { user_id: String(Date.now()) }, ...plan.backoff.body } };
  for (let i = 0; i < entry.before; i++) await open(entry, 2).messages.create(...failing(entry));
  const began = Date.now();
  const answer = await open(entry, 2).messages.create(...failing(entry));
  assert.ok(answer.content[0].text.length > 0);
  assert.ok(Date.now() - began >= entry.least_ms, `it waited ${Date.now() - began} ms`);
});

await finish();
