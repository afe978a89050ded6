#include "account/measures.h"

enum { SILENCE_S = 3600 };

bool status_is_limit(uint16_t status)
{
    return status == 429 || status == 403;
}

bool status_is_refusal(uint16_t status)
{
    return status_is_limit(status) || status == 529;
}

static void count(struct account *account, uint16_t *reaction)
{
    if (*reaction == UINT16_MAX) {
        account->retried /= 2;
        account->silenced /= 2;
        account->moved /= 2;
    }
    ++*reaction;
}

/* The same task again counts as such however late it comes; without text only silence can be told. */
static void resolve(struct account *account, const struct moment *moment, uint32_t task)
{
    uint32_t now_s = (uint32_t)(moment->now_ms / 1000);
    bool silent = now_s > account->limit_s && now_s - account->limit_s >= SILENCE_S;
    if (task != 0 && task == account->limit_task)
        count(account, &account->retried);
    else if (silent)
        count(account, &account->silenced);
    else if (task != 0)
        count(account, &account->moved);
}

void account_limits_apply(
    struct account *account, const struct moment *moment, const struct exchange_record *exchange)
{
    uint32_t task = (uint32_t)(exchange->slot >> 32);
    if (account->flags & ACCOUNT_LIMITED)
        resolve(account, moment, task);
    account->flags &= (uint8_t)~ACCOUNT_LIMITED;
    account->limit_task = task;
    if (!status_is_limit(exchange->status))
        return;
    account->flags |= ACCOUNT_LIMITED;
    account->limit_s = (uint32_t)(moment->now_ms / 1000);
}

void account_limits_enforced(struct account *account, int64_t time_ms, enum enforcement action)
{
    account->flags &= (uint8_t)~ACCOUNT_LIMITED;
    if (action == ENFORCEMENT_RESTORED)
        return;
    account->flags |= ACCOUNT_LIMITED;
    account->limit_s = (uint32_t)(time_ms > 0 ? time_ms / 1000 : 0);
}
