import Synchronization
import Telemetry
import Testing

@Suite struct MetricRegistryTests {
  @Test("gives the same instrument for the same name and labels")
  func identity() {
    let registry = MetricRegistry()
    let first = registry.counter("a_total", help: "A.", labels: ["x": "1", "y": "2"])
    #expect(registry.counter("a_total", help: "A.", labels: ["y": "2", "x": "1"]) === first)
    #expect(registry.counter("a_total", help: "A.", labels: ["x": "2", "y": "2"]) !== first)
  }

  @Test("runs collect callbacks at every collection, and only then")
  func callbacks() {
    let registry = MetricRegistry()
    let calls = Counter()
    registry.onCollect { collection in
      calls.increment()
      collection.gauge("store_objects", help: "Objects.", Double(calls.value))
    }
    #expect(calls.value == 0)
    _ = registry.collect()
    #expect(text(of: registry).contains("\nstore_objects 2\n"))
  }

  @Test("a callback may register a metric")
  func registeringCallback() {
    let registry = MetricRegistry()
    registry.onCollect { _ in registry.counter("late_total", help: "Late.").increment() }
    _ = registry.collect()
    #expect(text(of: registry).contains("\nlate_total 1\n"))
  }

  @Test("loses no count when many threads count and read")
  func concurrency() async {
    let registry = MetricRegistry()
    let counter = registry.counter("c_total", help: "C.")
    let gauge = registry.gauge("g", help: "G.")
    let histogram = registry.histogram("h", help: "H.", buckets: HistogramBuckets([1, 2, 3]))
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for _ in 0..<2_000 {
            counter.increment()
            gauge.add(0.5)
            histogram.observe(Double(task % 4))
          }
          #expect(registry.prometheusText().isEmpty == false)
        }
      }
    }
    #expect(counter.value == 16_000)
    #expect(gauge.value == 8_000)
    #expect(histogram.snapshot().counts == [8_000, 4_000, 4_000, 0])
    #expect(histogram.snapshot().sum == 24_000)
  }

  @Test("bounds the series of a label that a client chooses")
  func boundedLabels() {
    let registry = MetricRegistry()
    let paths = registry.counters("requests_total", help: "Requests.", labelNames: ["path"], limit: 2)
    for path in ["/a", "/b", "/c", "/d", "/a"] { paths.with(path).increment() }
    let printed = text(of: registry)
    #expect(printed.contains("requests_total{path=\"/a\"} 2\nrequests_total{path=\"/b\"} 1\n"))
    #expect(printed.contains("requests_total{path=\"other\"} 2\n"))
    #expect(!printed.contains("/c"))
  }

  @Test("puts each observation in the first bucket that is not below it")
  func buckets() {
    let histogram = Histogram(buckets: .request)
    histogram.observe(.microseconds(25))
    histogram.observe(.seconds(10))
    histogram.observe(.seconds(11))
    histogram.observe(.nan)
    let counts = histogram.snapshot().counts
    #expect(counts.first == 1)
    #expect(counts.suffix(2) == [1, 1])
    #expect(histogram.snapshot().count == 3)
  }

  @Test("refuses names that the format does not allow", arguments: ["", "1a", "a-b", "a b", "ä", "a\n"])
  func names(_ name: String) {
    #expect(MetricName(name) == nil)
  }

  @Test("a clash of kinds ends the program with the name")
  func clash() async {
    await #expect(processExitsWith: .failure) {
      let registry = MetricRegistry()
      _ = registry.counter("a", help: "A.")
      _ = registry.gauge("a", help: "A.")
    }
  }

  private func text(of registry: MetricRegistry) -> String {
    String(decoding: registry.prometheusText(), as: UTF8.self)
  }
}
