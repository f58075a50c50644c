internal import SwiftProtobuf

extension Message {
  /// Reads a request.
  /// - Throws: `INTERNAL` for bytes that are not such a message, as gRPC's table of status codes has it.
  init(request bytes: [UInt8]) throws(GRPCStatus) {
    do {
      try self.init(serializedBytes: bytes)
    } catch {
      throw GRPCStatus(.internalError, "the request is no \(Self.protoMessageName): \(error)")
    }
  }

  /// Writes an answer.
  func answer() throws(GRPCStatus) -> [UInt8] {
    do {
      return try serializedBytes()
    } catch {
      throw GRPCStatus(.internalError, "the answer cannot be written: \(error)")
    }
  }
}
