// The package `openai` against the base URL of the plan: plain, streamed, tools, errors, 429 with back-off.

import OpenAI from "openai";
import { assert, check, finish, keyOf, plan, rejects, withHeaders } from "./check.mjs";

const open = (entry = {}, maxRetries = 0) =>
  new OpenAI({ baseURL: `${plan.base_url}/v1`, apiKey: keyOf(entry), maxRetries, timeout: 15000 });
const client = open();
const model = "standin-large";
const messages = [{ role: "user", content: "Say something." }];
const parameters = { type: "object", properties: { city: { type: "string" }, days: { type: "integer" } } };
const tools = [{ type: "function", function: { name: "weather", parameters } }];

async function all(stream) {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
}

check("a chat completion is answered", async () => {
  const answer = await client.chat.completions.create({ model, messages });
  assert.equal(answer.object, "chat.completion");
  assert.ok(answer.choices[0].message.content.length > 20);
  assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
  assert.ok(answer._request_id.startsWith("req_"));
});

check("a streamed chat completion says what the plain one says, and its usage", async () => {
  const plain = await client.chat.completions.create({ model, messages });
  const options = { stream: true, stream_options: { include_usage: true } };
  const chunks = await all(await client.chat.completions.create({ model, messages, ...options }));
  assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join(""), plain.choices[0].message.content);
  assert.equal(chunks.at(-2).choices[0].finish_reason, "stop");
  assert.deepEqual(chunks.at(-1).usage, plain.usage);
});

check("the streaming helper puts a chat completion together", async () => {
  const plain = await client.chat.completions.create({ model, messages });
  const whole = await client.chat.completions.stream({ model, messages }).finalChatCompletion();
  assert.equal(whole.choices[0].message.content, plain.choices[0].message.content);
});

check("a tool is called, plain and streamed, and its result answered", async () => {
  const plain = await client.chat.completions.create({ model, messages, tools });
  const [call] = plain.choices[0].message.tool_calls;
  assert.equal(plain.choices[0].finish_reason, "tool_calls");
  assert.equal(call.function.name, "weather");
  assert.deepEqual(Object.keys(JSON.parse(call.function.arguments)), ["city", "days"]);
  const whole = await client.chat.completions.stream({ model, messages, tools }).finalChatCompletion();
  assert.equal(whole.choices[0].message.tool_calls[0].function.arguments, call.function.arguments);
  const after = [...messages, plain.choices[0].message, { role: "tool", tool_call_id: call.id, content: "3 C" }];
  const answer = await client.chat.completions.create({ model, messages: after, tools });
  assert.ok(answer.choices[0].message.content.length > 20);
});

check("runTools goes through call, result and answer by itself", async () => {
  const asked = [];
  const weather = {
    name: "weather", description: "The weather", parameters, parse: JSON.parse,
    function: (given) => (asked.push(given), "3 C"),
  };
  const runner = client.chat.completions.runTools({ model, messages, tools: [{ type: "function", function: weather }] });
  assert.ok((await runner.finalContent()).length > 20);
  assert.equal(asked.length, 1);
});

check("a response is answered, plain and streamed", async () => {
  const plain = await client.responses.create({ model, input: "Say something." });
  assert.ok(plain.output_text.length > 20);
  const events = await all(await client.responses.create({ model, input: "Say something.", stream: true }));
  const deltas = events.filter((event) => event.type === "response.output_text.delta").map((event) => event.delta);
  assert.equal(deltas.join(""), plain.output_text);
  assert.equal(events.at(-1).type, "response.completed");
  assert.deepEqual(events.at(-1).response.usage, plain.usage);
});

check("a function is called in a response", async () => {
  const weather = { type: "function", name: "weather", parameters, strict: false };
  const answer = await client.responses.create({ model, input: "x", tools: [weather] });
  assert.deepEqual([answer.output[0].type, answer.output[0].name], ["function_call", "weather"]);
});

check("models are listed", async () => {
  assert.ok((await all(await client.models.list())).some((entry) => entry.id === model));
});

const failing = (entry) => [{ model, messages, ...entry.body }, withHeaders(entry)];

check("401 is an AuthenticationError, with the answer's words", async () => {
  const entry = plan.errors["401"];
  const error = await rejects(open(entry).chat.completions.create(...failing(entry)), OpenAI.AuthenticationError, 401);
  assert.equal(typeof error.error.message, "string");
  assert.equal(typeof error.type, "string");
  const streamed = open(entry).chat.completions.create({ model, messages, stream: true }, withHeaders(entry));
  await rejects(streamed, OpenAI.AuthenticationError, 401);
});

check("403 is a PermissionDeniedError, with the answer's words", async () => {
  const entry = plan.errors["403"];
  const error = await rejects(open(entry).chat.completions.create(...failing(entry)), OpenAI.PermissionDeniedError, 403);
  assert.equal(typeof error.error.message, "string");
});

check("429 is a RateLimitError with Retry-After", async () => {
  const entry = plan.errors["429"];
  const error = await rejects(open(entry).chat.completions.create(...failing(entry)), OpenAI.RateLimitError, 429);
  assert.match(error.headers.get("retry-after"), /^\d+$/);
  assert.equal(typeof error.error.message, "string");
});

check("a request that is turned away with 429 is sent again after Retry-After, and answered", async () => {
  const entry = { ...plan.backoff, body: { seed: Date.now(), ...plan.backoff.body } };
  for (let i = 0; i < entry.before; i++) await open(entry, 2).chat.completions.create(...failing(entry));
  const began = Date.now();
  const answer = await open(entry, 2).chat.completions.create(...failing(entry));
  assert.ok(answer.choices[0].message.content.length > 0);
  assert.ok(Date.now() - began >= entry.least_ms, `it waited ${Date.now() - began} ms`);
});

await finish();
