import Synchronization
import Telemetry

/// Finished spans that wait to be sent; what finds no room is counted and forgotten, so that nobody ever waits for a collector.
final class SpanBuffer: SpanExporter, Sendable {
  /// Spans that wait: with a kilobyte or two each, some megabytes.
  ///
  /// The default of OpenTelemetry's SDKs, as are the others of this file and of ``SpanDelivery``.
  static let limit = 2_048
  /// Spans of one request: well below the 4 MiB that gRPC servers take.
  static let batchSize = 512

  private struct State {
    var spans: [FinishedSpan] = []
    var isClosed = false
  }

  /// Rings when a batch is full, when somebody asks with ``ring()``, and for the last time, before its end, when the buffer is closed.
  let bell: AsyncStream<Void>
  private let clapper: AsyncStream<Void>.Continuation
  private let dropped: Counter
  private let state = Mutex(State())

  /// - Parameter dropped: counts the spans that found no room.
  init(dropped: Counter) {
    self.dropped = dropped
    // One ring says it all: whoever hears it takes everything.
    (bell, clapper) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Takes a span in, where there is room.
  func export(_ span: FinishedSpan) {
    let count = state.withLock { state -> Int? in
      guard !state.isClosed, state.spans.count < Self.limit else { return nil }
      state.spans.append(span)
      return state.spans.count
    }
    guard let count else { return dropped.increment() }
    if count.isMultiple(of: Self.batchSize) { ring() }
  }

  /// The spans that wait longest, at most a batch; nil where none wait.
  func take() -> [FinishedSpan]? {
    state.withLock { state in
      guard !state.spans.isEmpty else { return nil }
      let batch = Array(state.spans.prefix(Self.batchSize))
      state.spans.removeFirst(batch.count)
      return batch
    }
  }

  /// Asks for what waits to be sent now.
  func ring() { clapper.yield() }

  /// Takes nothing more in.
  func close() {
    state.withLock { $0.isClosed = true }
    ring()
    clapper.finish()
  }
}
