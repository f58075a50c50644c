/// Prints a collection in Prometheus' text format, version 0.0.4, sorted by name and labels.
public enum PrometheusText {
  /// The `Content-Type` of the answer.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// The text, which ends with a line feed when there is any metric.
  public static func bytes(of collection: MetricCollection) -> [UInt8] {
    var out: [UInt8] = []
    for (name, family) in collection.families.sorted(by: { $0.key < $1.key }) where !family.samples.isEmpty {
      append(family, named: name.description, to: &out)
    }
    return out
  }

  private static func append(_ family: MetricCollection.Family, named name: String, to out: inout [UInt8]) {
    out.append(contentsOf: "# HELP \(name) ".utf8)
    appendEscaped(family.help, quotes: false, to: &out)
    out.append(contentsOf: "\n# TYPE \(name) \(family.kind.rawValue)\n".utf8)
    for (labels, value) in family.samples.sorted(by: { $0.key < $1.key }) {
      switch value {
      case .count(let count): appendSample(name, labels, String(count), to: &out)
      case .number(let number): appendSample(name, labels, text(of: number), to: &out)
      case .histogram(let snapshot): appendHistogram(snapshot, name, labels, to: &out)
      }
    }
  }

  private static func appendHistogram(
    _ snapshot: HistogramSnapshot, _ name: String, _ labels: LabelSet, to out: inout [UInt8]
  ) {
    var cumulative: UInt64 = 0
    for (bound, count) in zip(snapshot.upperBounds + [.infinity], snapshot.counts) {
      cumulative &+= count
      appendSample("\(name)_bucket", labels, bound: text(of: bound), String(cumulative), to: &out)
    }
    appendSample("\(name)_sum", labels, text(of: snapshot.sum), to: &out)
    appendSample("\(name)_count", labels, String(cumulative), to: &out)
  }

  private static func appendSample(
    _ name: String, _ labels: LabelSet, bound: String? = nil, _ value: String, to out: inout [UInt8]
  ) {
    out.append(contentsOf: name.utf8)
    var separator = UInt8(ascii: "{")
    for label in labels.labels {
      out.append(separator)
      separator = UInt8(ascii: ",")
      out.append(contentsOf: "\(label.name)=\"".utf8)
      appendEscaped(label.value, quotes: true, to: &out)
      out.append(UInt8(ascii: "\""))
    }
    if let bound {
      out.append(separator)
      separator = UInt8(ascii: ",")
      out.append(contentsOf: "le=\"\(bound)\"".utf8)
    }
    if separator == UInt8(ascii: ",") { out.append(UInt8(ascii: "}")) }
    out.append(contentsOf: " \(value)\n".utf8)
  }

  /// Escapes what would end the text: a backslash and a line feed, and in a label's value the quote.
  private static func appendEscaped(_ text: String, quotes: Bool, to out: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): out.append(contentsOf: "\\\\".utf8)
      case UInt8(ascii: "\n"): out.append(contentsOf: "\\n".utf8)
      case UInt8(ascii: "\"") where quotes: out.append(contentsOf: "\\\"".utf8)
      default: out.append(byte)
      }
    }
  }

  /// A number as Go's parser reads it; whole numbers carry no fraction.
  static func text(of number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension MetricRegistry {
  /// Every metric now, in Prometheus' text format.
  public func prometheusText() -> [UInt8] {
    PrometheusText.bytes(of: collect())
  }
}
