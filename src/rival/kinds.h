/*
 * kinds.h: the kinds of detectors, each defined in the file of its name.
 *
 * Model: detector.c lists them in the order of the command line and of tables. A new kind is a line here, a line there and
 *   its file, whose head says what is implemented, from which paper, with which published parameters, and where it deviates.
 */
#ifndef RIVAL_KINDS_H
#define RIVAL_KINDS_H

#include "rival/detector.h"

extern const struct detector_kind none_kind;
extern const struct detector_kind stillwatch_kind;
extern const struct detector_kind no_identity_kind, no_network_kind, no_content_kind, no_timing_kind,
    no_provenance_kind;
extern const struct detector_kind rate_kind;
extern const struct detector_kind union_kind;
extern const struct detector_kind synchrotrap_kind;
extern const struct detector_kind fraudar_kind;
extern const struct detector_kind prada_kind;
extern const struct detector_kind seat_kind;
extern const struct detector_kind mmd_kind;
extern const struct detector_kind mmd_100_kind;
extern const struct detector_kind mmd_tenant_kind;
extern const struct detector_kind opening_kind;
extern const struct detector_kind linkconfirm_kind;

#endif
