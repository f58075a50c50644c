import FoundationEssentials
import SwiftProtobuf
import Telemetry

/// Spans as OTLP has them.
enum ExportRequest {
  typealias Message = Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest
  typealias KeyValue = Opentelemetry_Proto_Common_V1_KeyValue
  typealias Span = Opentelemetry_Proto_Trace_V1_Span

  /// The longest text of a value or a status in bytes, so that a batch stays a small part of what a server takes; reasons of failures
  /// may hold whatever a server said.
  static let textLimit = 1_024

  /// One request with these spans.
  static func make(_ spans: [FinishedSpan], _ source: TraceSource) -> Message {
    .with {
      $0.resourceSpans = [
        .with {
          $0.resource.attributes = keyValues(source.resource)
          $0.scopeSpans = [
            .with {
              $0.scope.name = source.tracer
              $0.scope.version = source.version
              $0.spans = spans.map(span)
            }
          ]
        }
      ]
    }
  }

  private static func span(_ span: FinishedSpan) -> Span {
    .with {
      $0.traceID = Data(span.context.traceID.bytes)
      $0.spanID = Data(span.context.spanID.bytes)
      if let parent = span.parent { $0.parentSpanID = Data(parent.bytes) }
      $0.flags = span.context.flags
      $0.name = span.name
      $0.kind = span.kind == .server ? .server : .internal
      $0.startTimeUnixNano = span.start.unixNanoseconds
      $0.endTimeUnixNano = span.end.unixNanoseconds
      $0.attributes = keyValues(span.attributes)
      $0.events = span.events.map(event)
      $0.links = span.links.map(link)
      $0.status = status(span.status)
    }
  }

  private static func event(_ event: FinishedSpan.Event) -> Span.Event {
    .with {
      $0.timeUnixNano = event.time.unixNanoseconds
      $0.name = event.name
      $0.attributes = keyValues(event.attributes)
    }
  }

  private static func link(_ link: FinishedSpan.Link) -> Span.Link {
    .with {
      $0.traceID = Data(link.context.traceID.bytes)
      $0.spanID = Data(link.context.spanID.bytes)
      $0.flags = link.context.flags
      $0.attributes = keyValues(link.attributes)
    }
  }

  private static func status(_ status: FinishedSpan.Status) -> Opentelemetry_Proto_Trace_V1_Status {
    .with {
      switch status {
      case .unset: break
      case .ok(let text): ($0.code, $0.message) = (.ok, cut(text))
      case .error(let text): ($0.code, $0.message) = (.error, cut(text))
      }
    }
  }

  /// In the order of their names, so that the same span is always the same bytes.
  private static func keyValues(_ values: [String: FinishedSpan.Value]) -> [KeyValue] {
    values.sorted { $0.key < $1.key }.map { key, value in
      .with {
        $0.key = key
        switch value {
        case .string(let text): $0.value.stringValue = cut(text)
        case .int(let number): $0.value.intValue = number
        case .double(let number): $0.value.doubleValue = number
        case .bool(let truth): $0.value.boolValue = truth
        }
      }
    }
  }

  /// The text, or as much of its beginning as the limit lets through without cutting a character.
  private static func cut(_ text: String) -> String {
    guard text.utf8.count > textLimit else { return text }
    var end = text.utf8.index(text.startIndex, offsetBy: textLimit)
    while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    return String(text[..<end])
  }
}

extension TraceContext {
  /// The flags of W3C Trace Context.
  fileprivate var flags: UInt32 { isSampled ? 1 : 0 }
}

extension WallTime {
  /// Nanoseconds since 1970; a clock that shows an earlier time shows 1970.
  fileprivate var unixNanoseconds: UInt64 {
    UInt64(max(0, seconds)) &* 1_000_000_000 &+ UInt64(nanoseconds)
  }
}
