#include "gate/answer.h"

#include "base/json_writer.h"

#include <inttypes.h>
#include <stdio.h>

struct wording {
    const char *problem, *title, *detail;
    const char *openai_type, *openai_code, *anthropic_type;
};

#define PROBLEM(name) "urn:stillwatch:problem:" name

static const struct wording wordings[RULING_KINDS] = {
    [RULING_KEY_MISSING] = { PROBLEM("key-missing"), "No API key", "The request carries no API key.",
        "invalid_request_error", "missing_api_key", "authentication_error" },
    [RULING_KEY_UNKNOWN] = { PROBLEM("key-invalid"), "Invalid API key", "The API key is not valid.",
        "invalid_request_error", "invalid_api_key", "authentication_error" },
    [RULING_SUSPENDED] = { PROBLEM("suspended"), "Account suspended",
        "This account is suspended. Support can look into it by the case number.", "permission_error",
        "account_suspended", "permission_error" },
    [RULING_VERIFY] = { PROBLEM("verification-required"), "Verification required",
        "This account must be verified before it can go on with this.", "permission_error",
        "verification_required", "permission_error" },
    [RULING_COUNTRY] = { PROBLEM("country"), "Not available in this country",
        "The service is not available where this request comes from.", "permission_error",
        "country_not_supported", "permission_error" },
    [RULING_NETWORK] = { PROBLEM("network"), "Not available from this network",
        "This account may not use the service from this kind of network.", "permission_error",
        "network_not_allowed", "permission_error" },
    [RULING_MODEL] = { PROBLEM("model"), "Model not available", "This account may not use this model.",
        "permission_error", "model_not_allowed", "permission_error" },
    [RULING_USE] = { PROBLEM("capability"), "Capability not available",
        "This account may not use this capability.", "permission_error", "capability_not_allowed",
        "permission_error" },
    [RULING_TOO_MUCH] = { PROBLEM("request-size"), "More than this account may ask for",
        "The request asks for more choices or output tokens than this account may.", "permission_error",
        "request_over_limit", "permission_error" },
    [RULING_BODY] = { PROBLEM("body-size"), "Request too large", "The request body is too large.",
        "invalid_request_error", "request_too_large", "request_too_large" },
    [RULING_RATE] = { "https://iana.org/assignments/http-problem-types#quota-exceeded", "Rate limit reached",
        "Too much in too short a time; the request can be sent again later.", "requests",
        "rate_limit_exceeded", "rate_limit_error" },
    [RULING_BAD_REQUEST] = { PROBLEM("request"), "Request not understood",
        "The request body is not a JSON object, or says something twice.", "invalid_request_error",
        "invalid_request", "invalid_request_error" },
    [RULING_UNAVAILABLE] = { PROBLEM("unavailable"), "Temporarily unavailable",
        "The request could not be checked; it can be sent again later.", "server_error", "unavailable",
        "api_error" },
};

const char *answer_problem(enum ruling_kind kind)
{
    return wordings[kind].problem ? wordings[kind].problem : "about:blank";
}

const char *answer_type(enum api api)
{
    return api == API_NONE ? "application/problem+json" : "application/json";
}

static void put_detail(const struct answer_facts *facts, struct buffer *out)
{
    static const char *const verified[] = { "an email address", "a phone number", "a card", "a business" };
    const struct ruling *ruling = facts->ruling;
    buffer_put_text(out, wordings[ruling->kind].detail);
    for (unsigned i = 0; i < USES; i++)
        if (ruling->use >> i & 1)
            buffer_print(out, " It concerns: %s.", use_names[i]);
    bool first = true;
    for (unsigned i = 0; i < sizeof verified / sizeof *verified; i++)
        if (ruling->kind == RULING_VERIFY && ruling->verify >> i & 1) {
            buffer_print(out, "%s %s", first ? " Enough is the verification of" : " or", verified[i]);
            first = false;
        }
    if (!first)
        buffer_put_text(out, ".");
    if (ruling->kind == RULING_VERIFY && facts->step_up_url)
        buffer_print(out, " See %s.", facts->step_up_url);
    if (facts->case_id)
        buffer_print(out, " Case %016" PRIx64 ".", facts->case_id);
}

static void put_problem(const struct answer_facts *facts, struct span detail, struct json_writer *json)
{
    char instance[48];
    const struct wording *wording = &wordings[facts->ruling->kind];
    snprintf(instance, sizeof instance, "urn:stillwatch:case:%016" PRIx64, facts->case_id);
    json_put_name(json, "title");
    json_put_text(json, wording->title);
    json_put_name(json, "status");
    json_put_u64(json, ruling_status(facts->ruling->kind));
    json_put_name(json, "detail");
    json_put_string(json, detail);
    json_put_name(json, "instance");
    json_put_text(json, instance);
    if (facts->ruling->kind == RULING_VERIFY && facts->step_up_url) {
        json_put_name(json, "step_up_url");
        json_put_text(json, facts->step_up_url);
    }
}

static void put_envelope(const struct answer_facts *facts, struct span detail, struct json_writer *json)
{
    const struct wording *wording = &wordings[facts->ruling->kind];
    bool anthropic = facts->api == API_ANTHROPIC_MESSAGES;
    if (anthropic) {
        json_put_name(json, "type");
        json_put_text(json, "error");
    }
    json_put_name(json, "error");
    json_put_object(json);
    json_put_name(json, "message");
    json_put_string(json, detail);
    json_put_name(json, "type");
    json_put_text(json, anthropic ? wording->anthropic_type : wording->openai_type);
    if (!anthropic) {
        json_put_name(json, "param");
        json_put_null(json);
        json_put_name(json, "code");
        json_put_text(json, wording->openai_code);
    }
    json_put_name(json, "problem");
    json_put_text(json, wording->problem);
    put_problem(facts, detail, json);
    json_put_object_end(json);
}

void answer_body(const struct answer_facts *facts, struct buffer *out)
{
    struct buffer detail = { 0 };
    struct json_writer json;
    put_detail(facts, &detail);
    json_writer_init(&json, NULL);
    json_put_object(&json);
    if (facts->api == API_NONE) {
        json_put_name(&json, "type");
        json_put_text(&json, wordings[facts->ruling->kind].problem);
        put_problem(facts, buffer_span(&detail), &json);
    } else {
        put_envelope(facts, buffer_span(&detail), &json);
    }
    json_put_object_end(&json);
    buffer_put(out, json_writer_span(&json));
    if (detail.status != STATUS_OK || json_writer_finish(&json) != STATUS_OK)
        out->status = STATUS_NOMEM;
    buffer_fini(&detail);
    json_writer_fini(&json);
}
