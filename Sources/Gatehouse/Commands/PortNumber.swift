import ArgumentParser

/// Port numbers on command lines.
enum PortNumber {
  /// Reads a port; 0 asks for a free one.
  ///
  /// - Throws: a `ValidationError` that names what is accepted.
  static func parse(_ text: String) throws -> UInt16 {
    guard let port = UInt16(text) else { throw ValidationError("a port is a number from 0 to 65535") }
    return port
  }
}
