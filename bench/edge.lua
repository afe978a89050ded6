-- wrk: chat requests of about 1.5 kB, each of EDGE_KEYS keys with texts of its own, in turns. EDGE_HEADERS: more headers, one a
-- line. EDGE_FORWARDED: each key comes from an address of its own, as a proxy tells.
-- The last line that is printed is what was measured, as JSON; times are microseconds.

local KEYS, BODY_BYTES = tonumber(os.getenv("EDGE_KEYS") or "64"), 1500
local requests, at = {}, 0

local function text(seed, n_bytes)
    local words = { "shaft", "bearing", "gear", "spring", "valve", "pump", "meter", "bridge", "coil", "axle", "plate", "bolt" }
    local made, size = {}, 0
    while size < n_bytes do
        seed = (seed * 1103515245 + 12345) % 2147483648
        local word = words[math.floor(seed / 65536) % #words + 1]
        made[#made + 1] = word
        size = size + #word + 1
    end
    return table.concat(made, " "):sub(1, n_bytes)
end

function init()
    local headers = { ["Content-Type"] = "application/json" }
    for name, value in (os.getenv("EDGE_HEADERS") or ""):gmatch("([^:\n]+): ([^\n]*)") do
        headers[name] = value
    end
    for i = 1, KEYS do
        local head = '{"model":"standin-large","messages":[{"role":"system","content":"You are a careful assistant."},'
            .. '{"role":"user","content":"'
        local tail = '"}],"temperature":0.7,"max_tokens":512,"user":"u' .. i .. '"}'
        headers["Authorization"] = string.format("Bearer sk-bench-key-%04d", i)
        if os.getenv("EDGE_FORWARDED") then
            headers["X-Forwarded-For"] = string.format("198.18.%d.%d", math.floor(i / 250), i % 250 + 1)
        end
        local body = head .. text(i, BODY_BYTES - #head - #tail) .. tail
        requests[i] = wrk.format("POST", "/v1/chat/completions", headers, body)
    end
end

function request()
    at = at % KEYS + 1
    return requests[at]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format('\n{"requests":%d,"us":%d,"failed":%d,"p50_us":%d,"p99_us":%d,"max_us":%d}\n', summary.requests,
        summary.duration, errors.connect + errors.read + errors.write + errors.status + errors.timeout, latency:percentile(50),
        latency:percentile(99), latency.max))
end
