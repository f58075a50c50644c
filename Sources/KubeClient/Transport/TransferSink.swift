/// What the transport is to do after it delivered bytes.
enum TransferFlow: Sendable {
  case goOn
  /// Deliver the same bytes again once the reader has caught up.
  case pause
  /// End the transfer: the answer is larger than the sink takes.
  case stop
}

/// The receiving end of one transfer, called on the transport's thread, in order: head, bytes, end.
///
/// Every transfer that was handed to the transport is finished exactly once, whatever happens.
protocol TransferSink: AnyObject, Sendable {
  /// The head of the final answer has arrived.
  func received(_ head: ResponseHead)
  /// A field behind the body has arrived, and is in the head now.
  func received(trailersIn head: ResponseHead)
  /// A part of the body has arrived.
  func received(_ bytes: Span<UInt8>) -> TransferFlow
  /// The transfer is over; nil when the answer is complete.
  func finished(_ failure: TransferFailure?)
}

extension TransferSink {
  /// Most answers have nothing behind their body.
  func received(trailersIn head: ResponseHead) {}
}
