-- A script for wrk: posts the file that BODY names, and prints one line that deploy/bench reads.
local file = assert(io.open(assert(os.getenv("BODY"), "BODY names the file to post"), "rb"))
wrk.method = "POST"
wrk.body = file:read("*a")
file:close()
wrk.headers["Content-Type"] = "application/json"
if os.getenv("CLOSE") == "yes" then wrk.headers["Connection"] = "close" end

done = function(summary, latency, _)
  local errors = summary.errors
  io.write(string.format("RESULT %.0f %.0f %.0f %.0f %d %d\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(50), latency:percentile(99), latency.max,
    summary.requests, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
