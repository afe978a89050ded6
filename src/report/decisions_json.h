/*
 * decisions_json.h: one line of decisions.jsonl.
 *
 * Source: What Stillwatch writes, version 1.
 */
#ifndef REPORT_DECISIONS_JSON_H
#define REPORT_DECISIONS_JSON_H

#include "base/json_writer.h"
#include "policy/decision.h"

/* account: the provider's id; empty: the keyed hash is written instead, as "#" and 16 hexadecimal digits. */
void decision_json(struct json_writer *writer, const struct decision *decision, struct span account);

/* What stands for an account whose id is not known any more; the id itself where it is. Borrows one of the two. */
enum { ACCOUNT_TEXT = 18 };
struct span account_text(struct span name, uint64_t account, char scratch[static ACCOUNT_TEXT]);

#endif
