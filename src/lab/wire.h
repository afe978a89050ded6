/*
 * wire.h: an event → its line of an exchange log, version 1.
 *
 * Model: the three APIs write messages differently; reading the line again (exchange/) gives the same event.
 * Source: exchange log, version 1; openai-python and anthropic-sdk-python for the bodies.
 * Ownership: appends to the writer; nothing is kept.
 */
#ifndef LAB_WIRE_H
#define LAB_WIRE_H

#include "base/json_writer.h"
#include "exchange/event.h"

void wire_event(struct json_writer *out, const struct event *event);
/* The request and response bodies of an exchange, each one JSON value. */
void wire_request(struct json_writer *out, const struct exchange *exchange);
void wire_response(struct json_writer *out, const struct exchange *exchange);

#endif
