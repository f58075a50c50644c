import Telemetry
import Testing

@Suite struct PrometheusTextTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let fill: @Sendable (inout MetricCollection) -> Void
    let text: String
  }

  static let cases = [
    Case(testDescription: "nothing", fill: { _ in }, text: ""),
    Case(
      testDescription: "a counter, exact past 2^53",
      fill: { $0.counter("a_total", help: "A.", 9_007_199_254_740_993) },
      text: "# HELP a_total A.\n# TYPE a_total counter\na_total 9007199254740993\n"),
    Case(
      testDescription: "labels sorted by name",
      fill: { $0.gauge("g", help: "G.", labels: ["z": "1", "a": "2"], 0.5) },
      text: "# HELP g G.\n# TYPE g gauge\ng{a=\"2\",z=\"1\"} 0.5\n"),
    Case(
      testDescription: "escapes in help and values",
      fill: { $0.gauge("g", help: "line\n\\ \"q\"", labels: ["a": "b\n\\ \"q\""], 1) },
      text: "# HELP g line\\n\\\\ \"q\"\n# TYPE g gauge\ng{a=\"b\\n\\\\ \\\"q\\\"\"} 1\n"),
    Case(
      testDescription: "families sorted by name, series by values",
      fill: {
        $0.gauge("b", help: "B.", 1)
        $0.gauge("a", help: "A.", labels: ["k": "y"], 2)
        $0.gauge("a", help: "A.", labels: ["k": "x"], 3)
      },
      text: "# HELP a A.\n# TYPE a gauge\na{k=\"x\"} 3\na{k=\"y\"} 2\n# HELP b B.\n# TYPE b gauge\nb 1\n"),
    Case(
      testDescription: "a repeated series keeps the last value",
      fill: {
        $0.gauge("a", help: "A.", 1)
        $0.gauge("a", help: "A.", 2)
      },
      text: "# HELP a A.\n# TYPE a gauge\na 2\n"),
  ]

  @Test("prints", arguments: cases)
  func prints(_ example: Case) {
    var collection = MetricCollection()
    example.fill(&collection)
    #expect(String(decoding: PrometheusText.bytes(of: collection), as: UTF8.self) == example.text)
  }

  @Test(
    "prints numbers as Go reads them",
    arguments: [
      (0.0, "0"), (1, "1"), (-2.5, "-2.5"), (0.000_025, "2.5e-05"), (1e300, "1e+300"), (.infinity, "+Inf"),
      (-.infinity, "-Inf"), (.nan, "NaN"),
    ])
  func numbers(_ number: Double, _ text: String) {
    var collection = MetricCollection()
    collection.gauge("g", help: "G.", number)
    let printed = String(decoding: PrometheusText.bytes(of: collection), as: UTF8.self)
    #expect(printed.hasSuffix("\ng \(text)\n"))
  }

  @Test("prints a histogram's buckets as running totals that end at the count")
  func histogram() {
    let histogram = Histogram(buckets: HistogramBuckets([0.5, 1]))
    for value in [0.5, 0.75, 1, 2] { histogram.observe(value) }
    var collection = MetricCollection()
    collection.add("h", help: "H.", .histogram, labels: ["p": "/"], .histogram(histogram.snapshot()))
    #expect(
      String(decoding: PrometheusText.bytes(of: collection), as: UTF8.self) == """
        # HELP h H.
        # TYPE h histogram
        h_bucket{p="/",le="0.5"} 1
        h_bucket{p="/",le="1"} 3
        h_bucket{p="/",le="+Inf"} 4
        h_sum{p="/"} 4.25
        h_count{p="/"} 4

        """)
  }

  @Test("drops and counts samples past the limit and of another kind")
  func limit() {
    var collection = MetricCollection(limit: 1)
    collection.gauge("a", help: "A.", labels: ["k": "1"], 1)
    collection.gauge("a", help: "A.", labels: ["k": "1"], 2)
    collection.gauge("a", help: "A.", labels: ["k": "2"], 1)
    collection.counter("a", help: "A.", labels: ["k": "1"], 7)
    let printed = String(decoding: PrometheusText.bytes(of: collection), as: UTF8.self)
    #expect(printed == "# HELP a A.\n# TYPE a gauge\na{k=\"1\"} 2\n")
  }
}
