/*
 * campaigns_json.h: campaigns.json, every campaign as it stands.
 *
 * Source: What Stillwatch writes, version 1. Beyond it: log10_e, threshold and two_keys of a campaign; inside,
 *   trials and p0 of a family, so that a stranger can check the e-value.
 */
#ifndef REPORT_CAMPAIGNS_JSON_H
#define REPORT_CAMPAIGNS_JSON_H

#include "base/json_writer.h"
#include "report/report.h"

void campaigns_json(struct json_writer *writer, const struct report_source *source);

#endif
