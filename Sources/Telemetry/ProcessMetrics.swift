import Glibc

/// The process metrics that every exporter has, under their usual names: CPU, memory, descriptors, threads, start.
///
/// Read from `/proc` at collection only; what cannot be read is left out.
public enum ProcessMetrics {
  /// Exports them through `registry`.
  public static func register(in registry: MetricRegistry) {
    registry.onCollect { collection in
      collectStatistics(into: &collection)
      collectDescriptors(into: &collection)
    }
  }

  private static func collectStatistics(into collection: inout MetricCollection) {
    guard let line = ProcFile.text(at: "/proc/self/stat"), let statistics = ProcessStatistics(statLine: line) else {
      return
    }
    let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
    let pageBytes = UInt64(sysconf(Int32(_SC_PAGESIZE)))
    collection.add(
      "process_cpu_seconds_total", help: "User and system CPU time spent, in seconds.", .counter,
      .number(Double(statistics.userTicks + statistics.systemTicks) / ticksPerSecond))
    collection.gauge(
      "process_resident_memory_bytes", help: "Resident memory, in bytes.", Double(statistics.residentPages * pageBytes))
    collection.gauge(
      "process_virtual_memory_bytes", help: "Virtual memory, in bytes.", Double(statistics.virtualBytes))
    collection.gauge("process_threads", help: "Threads of the process.", Double(statistics.threads))
    guard let boot = ProcFile.text(at: "/proc/stat").flatMap(ProcessStatistics.bootTime) else { return }
    collection.gauge(
      "process_start_time_seconds", help: "Start of the process, in seconds since 1970.",
      Double(boot) + Double(statistics.startTicks) / ticksPerSecond)
  }

  private static func collectDescriptors(into collection: inout MetricCollection) {
    // The directory's own descriptor, open while it is counted, is one of those counted.
    if let open = ProcFile.entryCount(at: "/proc/self/fd") {
      collection.gauge("process_open_fds", help: "Open file descriptors.", Double(open - 1))
    }
    var limit = rlimit()
    if unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      collection.gauge("process_max_fds", help: "File descriptors that may be open.", Double(limit.rlim_cur))
    }
  }
}
