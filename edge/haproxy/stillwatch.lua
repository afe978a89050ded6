-- Asks the forward-auth endpoint of ngx_http_stillwatch_module about each request, for HAProxy 2.6 and later:
--
--   global
--       lua-load /usr/share/stillwatch/stillwatch.lua
--   frontend api
--       http-request lua.stillwatch http://127.0.0.1:8001/check
--       http-request set-header X-Account %[var(txn.stillwatch_account)]
--
-- A request that is let pass has the variables txn.stillwatch_account and txn.stillwatch_action; any other is answered with the
-- gate's own answer and true status. Without an answer of the gate: 503.

local TIMEOUT_MS = 1000
local ASKED = { "authorization", "x-api-key", "api-key" }
local TOLD = { "content-type", "www-authenticate", "retry-after", "ratelimit", "ratelimit-policy", "x-request-id", "request-id" }

local function values(headers, name)
    local found = {}
    for _, value in pairs(headers[name] or {}) do
        found[#found + 1] = value
    end
    return found
end

-- HAProxy counts values from 0, and pairs gives no order.
local function in_order(headers, name)
    local list, found = headers[name] or {}, {}
    for i = 0, #list do
        found[#found + 1] = list[i]
    end
    return found
end

local function question(txn)
    local given, asked = txn.http:req_get_headers(), {}
    for _, name in ipairs(ASKED) do
        local found = values(given, name)
        if #found > 0 then
            asked[name] = found
        end
    end
    local hops = in_order(given, "x-forwarded-for")
    hops[#hops + 1] = txn.sf:src()
    asked["x-forwarded-for"] = { table.concat(hops, ", ") }
    return asked
end

local function refuse(txn, status, answer)
    local reply = txn:reply { status = status }
    for _, name in ipairs(TOLD) do
        for _, value in pairs(answer.headers and answer.headers[name] or {}) do
            reply:add_header(name, value)
        end
    end
    reply:set_body(answer.body or "")
    txn:done(reply)
end

core.register_action("stillwatch", { "http-req" }, function(txn, url)
    local answer = core.httpclient():get { url = url, headers = question(txn), timeout = TIMEOUT_MS } or {}
    local headers = answer.headers or {}
    if answer.status == 200 then
        txn:set_var("txn.stillwatch_account", values(headers, "x-stillwatch-account")[1])
        txn:set_var("txn.stillwatch_action", values(headers, "x-stillwatch-action")[1])
        return
    end
    local told = tonumber(values(headers, "x-stillwatch-status")[1])
    if told then
        refuse(txn, told, answer)
    else
        refuse(txn, 503, {})
    end
end, 1)
